"""Power of a single trial from a bank, as tests ask for it; programs ask for every split at once."""

from sim.design.bank_algebra import power_grid


def power_of(strata, sizes, threshold):
    """Power of one trial with so many patients of each stratum, and its standard error."""
    power, error = power_grid(strata, sum(sizes), threshold)
    return float(power[sizes]), float(error[sizes])
