"""Rubin's rules: one estimate from several completed data sets."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


@dataclass(frozen=True)
class Combined:
    """A combined estimate with its standard error and interval; freedom: degrees of freedom of the t interval."""

    estimate: float
    standard_error: float
    freedom: float
    low: float
    high: float


def combined(estimates: ArrayLike, variances: ArrayLike, confidence: float = 0.95) -> Combined:
    """Combine the estimates of m completed data sets, each with the variance that it has there.

    The variance is the mean variance W plus (1 + 1/m) times the variance B between the estimates; degrees of
    freedom (m - 1)(1 + W / ((1 + 1/m) B))².
    Errors : ValueError for fewer than two estimates, for lists of two lengths, for a negative variance.
    Source : Rubin, Multiple Imputation for Nonresponse in Surveys, 1987, chapter 3.
    """
    q, u = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if q.ndim != 1 or q.shape != u.shape or len(q) < 2:
        raise ValueError(f"estimates {q.shape} and variances {u.shape} must be two lists of one length from 2 on")
    if np.any(u < 0.0):
        raise ValueError("a variance is negative")
    within, between = float(u.mean()), (1.0 + 1.0 / len(q)) * float(q.var(ddof=1))
    error = math.sqrt(within + between)
    freedom = (len(q) - 1) * (1.0 + within / between) ** 2 if between > 0.0 else math.inf
    quantile = special.stdtrit(freedom, 0.5 + confidence / 2.0)
    if math.isinf(freedom):
        quantile = special.ndtri(0.5 + confidence / 2.0)
    half = float(quantile) * error
    mean = float(q.mean())
    return Combined(mean, error, freedom, mean - half, mean + half)
