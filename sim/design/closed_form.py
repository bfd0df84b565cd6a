"""Exact power at given response rates: binomial in one stratum, Poisson-binomial over two.

Within a trial the patients are independent given how many of each stratum there are. Where those numbers vary
from trial to trial the power is the mixture over their observed distribution.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.design.tally import distinct, weighted_sum
from sim.stats import binomial

Floats = NDArray[np.float64]
Counts = NDArray[Any]


def exact_power(
    sizes: Counts,
    rates: Floats,
    rate_errors: Floats,
    threshold: Callable[[int], int | None],
    trials: Counts | int = 1,
) -> tuple[float, float]:
    """Probability of success over trials of these sizes, and its standard error by the delta method.

    sizes       : (rows, strata) evaluated patients.
    rates       : (strata,) response rate of each; NaN only in a stratum without patients.
    rate_errors : (strata,) standard errors of the rates, given the sizes.
    threshold   : fewest successful responders for a number of patients, None where there is none.
    trials      : how many trials each row stands for.
    Result      : (power, error). The error has a part from each estimated rate and, where sizes vary, one from
                  their estimated distribution; the parts are uncorrelated, since the error of a rate has mean
                  zero whatever the sizes. (NaN, NaN) without a trial.
    """
    if sizes.shape[0] == 0:
        return float("nan"), float("nan")
    rows, place = distinct(list(sizes.T))
    number = weighted_sum(place, np.broadcast_to(trials, len(sizes)), len(rows))
    shares = number / number.sum()
    known = np.nan_to_num(rates)
    parts = [_one_size(size, known, threshold) for size in sizes[rows].astype(np.int64)]
    powers = np.array([power for power, _ in parts])
    slopes = np.array([slope for _, slope in parts])
    power = float(shares @ powers)
    between = float(shares @ (powers - power) ** 2) / number.sum()
    within = float(np.sum((shares @ slopes * np.nan_to_num(rate_errors)) ** 2))
    return power, float(np.sqrt(between + within))


def _one_size(size: Counts, rates: Floats, threshold: Callable[[int], int | None]) -> tuple[float, Floats]:
    """Power for one composition, and its derivative in each rate: m P(exactly c - 1 among the others)."""
    critical = threshold(int(size.sum()))
    slopes = np.zeros(size.size)
    if critical is None:
        return 0.0, slopes
    for stratum in np.flatnonzero(size):
        others = size.copy()
        others[stratum] -= 1
        slopes[stratum] = size[stratum] * binomial.poisson_binomial(np.repeat(rates, others))[critical - 1]
    return binomial.power_poisson_binomial(np.repeat(rates, size), critical), slopes
