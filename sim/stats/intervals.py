"""Confidence intervals of a proportion, vectorised.

With n = 0 nothing is excluded: the interval is 0 to 1. The lower limit is exactly 0 where nobody responds, the
upper exactly 1 where everybody does. Comparison of the three: Brown, Cai, DasGupta, Statistical Science
2001;16:101–133.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


def _counts(responders: ArrayLike, n: ArrayLike) -> Interval:
    x, total = np.broadcast_arrays(np.asarray(responders, dtype=np.float64), np.asarray(n, dtype=np.float64))
    if np.any((x < 0) | (x > total)):
        raise ValueError("responders must lie between 0 and n")
    return x, total


def _with_edges(low: Any, high: Any, x: Floats, n: Floats) -> Interval:
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def wilson(responders: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Score interval: (low, high) in the shape of the arguments.

    Errors : ValueError where responders are negative or more than n.
    Source : Wilson, JASA 1927;22:209–212.
    """
    x, total = _counts(responders, n)
    z = special.ndtri(0.5 + confidence / 2.0)
    m = np.maximum(total, 1.0)
    center = (x + z * z / 2.0) / (m + z * z)
    half = z / (m + z * z) * np.sqrt(x * (m - x) / m + z * z / 4.0)
    return _with_edges(np.maximum(center - half, 0.0), np.minimum(center + half, 1.0), x, total)


def clopper_pearson(responders: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact interval by inverting the two one-sided binomial tests: (low, high).

    Errors : ValueError where responders are negative or more than n.
    Source : Clopper, Pearson, Biometrika 1934;26:404–413.
    """
    x, total = _counts(responders, n)
    tail = (1.0 - confidence) / 2.0
    low = special.betaincinv(np.maximum(x, 1.0), total - x + 1.0, tail)
    high = special.betaincinv(x + 1.0, np.maximum(total - x, 1.0), 1.0 - tail)
    return _with_edges(low, high, x, total)


def jeffreys(responders: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Interval:
    """Equal-tailed interval of the Beta(1/2, 1/2) prior, ends set to 0 and 1 at the edges: (low, high).

    Errors : ValueError where responders are negative or more than n.
    Source : Brown, Cai, DasGupta 2001 (as above).
    """
    x, total = _counts(responders, n)
    tail = (1.0 - confidence) / 2.0
    low = special.betaincinv(x + 0.5, total - x + 0.5, tail)
    high = special.betaincinv(x + 0.5, total - x + 0.5, 1.0 - tail)
    return _with_edges(low, high, x, total)


def poisson(events: ArrayLike, confidence: float = 0.95) -> Interval:
    """Exact interval of an expected count by inverting the two one-sided Poisson tests: (low, high).

    Errors : ValueError where events are negative.
    Source : Garwood, Biometrika 1936;28:437–442.
    """
    x = np.asarray(events, dtype=np.float64)
    if np.any(x < 0):
        raise ValueError("events must not be negative")
    tail = (1.0 - confidence) / 2.0
    low = np.where(x == 0, 0.0, special.gammaincinv(np.maximum(x, 1.0), tail))
    return low, np.asarray(special.gammaincinv(x + 1.0, 1.0 - tail), dtype=np.float64)
