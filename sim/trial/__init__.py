"""The execution model: how the trial runs, on two clocks that give the same data set."""
