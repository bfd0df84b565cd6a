"""Many trials: chunks, workers, stores of finished trials, and counts that add up in any order."""
