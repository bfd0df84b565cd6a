"""One figure a file; each is a pure function from tables to a Figure."""
