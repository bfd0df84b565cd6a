"""Clinical instruments as pure functions: no randomness, no configuration, of use by themselves."""
