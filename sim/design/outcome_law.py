"""The exact law of the number of responders at given rates of the strata, and its error at estimated ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.stats import binomial

Floats = NDArray[np.float64]
Counts = NDArray[Any]


def responder_mass(counts: Counts, rates: Floats) -> Floats:
    """Probabilities of 0 … all responders of independent strata.

    counts, rates : (strata,) patients and response rate of each.
    """
    return binomial.poisson_binomial(np.repeat(rates, counts))


def mass_slope(counts: Counts, rates: Floats, stratum: int) -> Floats:
    """Derivative of responder_mass in the rate of one stratum: m (others and a responder - others and none)."""
    if counts[stratum] == 0:
        return np.zeros(int(counts.sum()) + 1)
    others = counts.copy()
    others[stratum] -= 1
    rest = responder_mass(others, rates)
    return np.asarray(counts[stratum] * (np.r_[0.0, rest] - np.r_[rest, 0.0]))


def outcome_law(counts: Counts, rates: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """Probability of each number of responders, and its standard error by the delta method.

    counts, rates, errors : (strata,) patients, estimated rates and their errors; NaN only in an empty stratum.
    """
    known, spread = np.nan_to_num(rates), np.nan_to_num(errors)
    slopes = np.array([mass_slope(counts, known, k) for k in range(len(counts))])
    return responder_mass(counts, known), np.sqrt(((slopes * spread[:, None]) ** 2).sum(axis=0))


def cell_law(counts: Counts, rates: Floats, errors: Floats) -> tuple[Floats, Floats]:
    """The same for each pair of responders of two strata: arrays of one row for each number of the first."""
    known, spread = np.nan_to_num(rates), np.nan_to_num(errors)
    each = [responder_mass(counts[k : k + 1], known[k : k + 1]) for k in (0, 1)]
    slope = [mass_slope(counts[k : k + 1], known[k : k + 1], 0) for k in (0, 1)]
    first = np.outer(slope[0], each[1]) * spread[0]
    second = np.outer(each[0], slope[1]) * spread[1]
    return np.outer(each[0], each[1]), np.hypot(first, second)
