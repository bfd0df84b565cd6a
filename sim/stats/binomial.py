"""The exact one-sided binomial test, and the power it has when patients differ.

A trial of n patients succeeds with at least c responders, c being the smallest number for which
P(X >= c | n, null rate) <= alpha. Tails are regularised incomplete beta functions:
P(X >= c | n, p) = I_p(c, n - c + 1).
"""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

_TIE: Final = 1e-12
"""A tail equal to alpha rejects; the last bits of the beta function must not decide (n = 1, 0.05 against 0.05)."""


def upper_tail(count: ArrayLike, n: ArrayLike, rate: ArrayLike) -> Floats:
    """P(X >= count) for X binomial(n, rate).

    count, n : whole numbers of one shape (or broadcast); count <= 0 gives 1, count > n gives 0.
    rate     : probability of response.
    """
    count_, n_, rate_ = np.broadcast_arrays(
        np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64), np.asarray(rate, dtype=np.float64)
    )
    inside = (count_ > 0) & (count_ <= n_)
    first = np.where(inside, count_, 1.0)
    second = np.where(inside, n_ - count_ + 1.0, 1.0)
    tail = np.where(inside, special.betainc(first, second, rate_), np.where(count_ > n_, 0.0, 1.0))
    return np.asarray(tail, dtype=np.float64)


@lru_cache(maxsize=65536)
def critical_value(n: int, null_rate: float, alpha: float) -> int | None:
    """Fewest responders out of n that reject `null_rate` at one-sided level `alpha`, by enumeration.

    Every count from 0 to n is looked at. None where no number of responders rejects, also for n = 0.
    Errors : ValueError for a negative n.

    >>> critical_value(10, 0.5, 0.05), critical_value(2, 0.5, 0.05)
    (9, None)
    """
    if n < 0:
        raise ValueError(f"n is {n}; a number of patients is not negative")
    rejects = np.flatnonzero(upper_tail(np.arange(n + 1), n, null_rate) <= alpha * (1.0 + _TIE))
    return int(rejects[0]) if rejects.size else None


def power(n: int, critical: int | None, rate: float) -> float:
    """P(at least `critical` responders) of n patients who respond with `rate`; 0 without a critical value."""
    return 0.0 if critical is None else float(upper_tail(critical, n, rate))


def attained_size(n: int, null_rate: float, alpha: float) -> float:
    """Exact probability of rejection under the null rate: at most alpha, 0 where nothing rejects."""
    return power(n, critical_value(n, null_rate, alpha), null_rate)


def rate_for_power(n: int, critical: int | None, wanted: float) -> float:
    """The true response rate at which the test has power `wanted`, in closed form.

    The inverse of I_p(c, n - c + 1) in p. NaN without a critical value.
    """
    if critical is None:
        return float("nan")
    return float(special.betaincinv(critical, n - critical + 1, wanted))


def poisson_binomial(rates: ArrayLike) -> Floats:
    """Distribution of the number of responders when patient i responds with rates[i], independently.

    rates  : (n,) probabilities; n = 0 is allowed.
    Result : (n + 1,) probabilities of 0 … n responders, by adding one patient after the other.
    Source : Wang, Statistica Sinica 1993;3:295–312 (the distribution).
    """
    distribution: Floats = np.ones(1)
    for rate in np.asarray(rates, dtype=np.float64):
        grown = np.zeros(distribution.size + 1)
        grown[:-1] = distribution * (1.0 - rate)
        grown[1:] += distribution * rate
        distribution = grown
    return distribution


def power_poisson_binomial(rates: ArrayLike, critical: int | None) -> float:
    """P(at least `critical` responders) when patient i responds with rates[i]; 0 without a critical value."""
    if critical is None:
        return 0.0
    tail: Any = poisson_binomial(rates)[max(critical, 0) :]
    return min(1.0, float(tail.sum()))
