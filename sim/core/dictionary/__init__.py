"""The columns of every table, with unit, label and plausible range."""
