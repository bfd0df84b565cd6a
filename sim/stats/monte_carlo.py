"""Monte Carlo standard errors (MCSE): how far an estimate may lie from what endless simulation would give.

Source : Morris, White, Crowther, Statistics in Medicine 2019;38:2074–2102 (proportions); Cochran, Sampling
Techniques, 3rd ed. 1977, chapters 5 and 6 (strata, ratios). All are NaN where nothing was observed.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def proportion_mcse(rate: float, number: int) -> float:
    """sqrt(p (1 - p) / number): error of a share of independent trials or patients."""
    if number == 0:
        return float("nan")
    return float(np.sqrt(max(rate * (1.0 - rate), 0.0) / number))


def stratified_mcse(responders: ArrayLike, patients: ArrayLike) -> float:
    """Error of the pooled response rate when each stratum has a fixed number of patients and a rate of its own.

    responders, patients : (strata,) totals over all trials; empty strata do not count.
    Formula              : sqrt(sum of w^2 p (1 - p) / m), w = m / sum of m, p = responders / m.
    """
    x, m = np.asarray(responders, dtype=np.float64), np.asarray(patients, dtype=np.float64)
    x, m = x[m > 0], m[m > 0]
    if m.size == 0:
        return float("nan")
    rate, weight = x / m, m / m.sum()
    return float(np.sqrt(np.sum(weight**2 * rate * (1.0 - rate) / m)))


def ratio_mcse(responders: ArrayLike, patients: ArrayLike, trials: ArrayLike = 1) -> float:
    """Error of sum(responders) / sum(patients) when the number of patients is random: trials are the clusters.

    responders, patients : (rows,) per trial; patients of one trial may depend on each other.
    trials               : how many trials each row stands for.
    Formula              : sqrt(T / (T - 1) * sum of (x - R m)^2) / sum of m; NaN for fewer than two trials.
    """
    x, m = np.asarray(responders, dtype=np.float64), np.asarray(patients, dtype=np.float64)
    times = np.broadcast_to(np.asarray(trials, dtype=np.float64), m.shape)
    number, total = float(times.sum()), float((times * m).sum())
    if number < 2 or total == 0:
        return float("nan")
    residual = x - (times * x).sum() / total * m
    return float(np.sqrt(number / (number - 1.0) * np.sum(times * residual**2)) / total)


def mean_mcse(values: ArrayLike, trials: ArrayLike = 1) -> float:
    """Error of the mean of independent values; NaN for fewer than two.

    trials : how many trials each value stands for.
    """
    y = np.asarray(values, dtype=np.float64)
    times = np.broadcast_to(np.asarray(trials, dtype=np.float64), y.shape)
    number = float(times.sum())
    if number < 2:
        return float("nan")
    residual = y - (times * y).sum() / number
    return float(np.sqrt((times * residual**2).sum() / (number - 1.0) / number))
