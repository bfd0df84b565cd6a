"""A response rate with a beta prior: its posterior, and the responders still to come.

With prior Beta(a, b) and x responders of n the posterior is Beta(a + x, b + n - x), and the number of responders
among m further patients is beta-binomial. Source: Spiegelhalter, Abrams, Myles, Bayesian Approaches to Clinical
Trials and Health-Care Evaluation, 2004, chapters 3 and 6.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Prior = tuple[float, float]

_TIE: Final = 1e-12


def posterior_mean(responders: ArrayLike, n: ArrayLike, prior: Prior) -> Floats:
    """(a + x) / (a + b + n).

    Errors : ValueError unless both parameters of the prior are positive.
    """
    a, b = _positive(prior)
    x, total = np.asarray(responders, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return np.asarray((a + x) / (a + b + total), dtype=np.float64)


def probability_above(rate: float, responders: ArrayLike, n: ArrayLike, prior: Prior) -> Floats:
    """P(true rate > rate | responders of n).

    Errors : as posterior_mean.
    """
    a, b = _positive(prior)
    x, total = np.asarray(responders, dtype=np.float64), np.asarray(n, dtype=np.float64)
    return np.asarray(special.betaincc(a + x, b + total - x, rate), dtype=np.float64)


def fewest_above(n: int, rate: float, certainty: float, prior: Prior) -> int | None:
    """Fewest responders of n with P(true rate > rate) >= certainty; None where not even n are enough.

    The probability grows with the responders, so the rule is "at least so many respond".

    >>> fewest_above(10, 0.5, 0.95, (1.0, 1.0))
    8
    """
    enough = np.flatnonzero(probability_above(rate, np.arange(n + 1), n, prior) >= certainty * (1.0 - _TIE))
    return int(enough[0]) if enough.size else None


def predictive(further: int, responders: ArrayLike, n: ArrayLike, prior: Prior) -> Floats:
    """Probabilities of 0 … further responders among patients still pending, given responders of n.

    Result : the shape of the arguments, and one axis of length further + 1.
    Errors : as posterior_mean.
    """
    a, b = _positive(prior)
    x, total = np.broadcast_arrays(np.asarray(responders, dtype=np.float64), np.asarray(n, dtype=np.float64))
    y: Any = np.arange(further + 1)
    first, second = (a + x)[..., None], (b + total - x)[..., None]
    logarithm = special.betaln(first + y, second + further - y) - special.betaln(first, second)
    return np.asarray(special.binom(further, y) * np.exp(logarithm), dtype=np.float64)


def probability_of_success(needed: int, n: int, responders: int, read_out: int, prior: Prior) -> float:
    """Predictive probability that at least `needed` of n respond, with `responders` of `read_out` known so far."""
    pending = n - read_out
    chances = predictive(pending, responders, read_out, prior)
    return float(min(1.0, chances[max(needed - responders, 0) :].sum()))


def _positive(prior: Prior) -> Prior:
    if not (prior[0] > 0.0 and prior[1] > 0.0):
        raise ValueError(f"prior {prior}: both parameters of a beta distribution are positive")
    return prior
