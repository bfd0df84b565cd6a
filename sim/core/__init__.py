"""Tables, clock, draws and errors; no clinical content."""
