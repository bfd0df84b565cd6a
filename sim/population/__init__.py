"""Virtual candidates: covariates, correlations and histories, each drawn at an address of its own."""
