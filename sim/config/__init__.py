"""Configuration: one module of frozen dataclasses for each group of conf/, each of which checks itself."""
