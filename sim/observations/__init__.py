"""Measurement: noise, rounding, and what an attended visit records of the latent truth."""
