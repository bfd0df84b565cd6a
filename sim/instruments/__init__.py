"""Clinical instruments as pure functions: no randomness, no configuration, of use by themselves.

Each instrument is whole, as its paper has it. Nothing simulated asks for some parts (DORIS, dialysis, other
corticosteroids and units): they are for whoever brings a data set.
"""
