"""Two clocks on one patient: a compiled loop and SimPy."""
