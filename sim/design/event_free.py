"""Free of an event at a day, against a reference: Kaplan-Meier, exact where nobody was censored before."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.stats import binomial

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Counts = NDArray[Any]

_NEVER: Final = np.inf
"""Stands for "no number is enough"."""


def highest_reference(n: int, alpha: float) -> float:
    """Not even n of n patients without an event reject a reference above this: alpha ** (1 / n).

    >>> round(highest_reference(10, 0.05), 3)
    0.741
    """
    if n < 1 or not 0.0 < alpha < 1.0:
        raise ValueError(f"n = {n} and alpha = {alpha}: there must be a patient, and alpha lie between 0 and 1")
    return float(alpha ** (1.0 / n))


def event_free_successes(
    time: Floats, event: Flags, day: int, reference: float, alpha: float, min_n: int
) -> Flags:
    """(trials,) whether the share free of the event at `day` is shown to be above the reference, one-sided.

    time, event : (trials, patients); NaN for nobody, event False is censored at that time.
    Followed to the day or to their event all: exact binomial test. Else the lower log(-log) Greenwood limit of the
    Kaplan-Meier estimate; where the estimate is 1 (no event), the exact test on those who were followed so long.
    No success with fewer than min_n patients. (Neither passes a reference above highest_reference.)
    """
    known = np.isfinite(time)
    n, had = known.sum(axis=1), known & event & (time <= day)
    followed = had | (known & (time >= day))
    exact = (followed == known).all(axis=1) | ~had.any(axis=1)
    enough = _exact(followed.sum(axis=1) - had.sum(axis=1), followed.sum(axis=1), reference, alpha)
    shown = np.where(exact, enough, _lower_limits(time, had, n, alpha) > reference)
    return np.asarray(shown & (n >= max(min_n, 1)))


def _exact(free: Counts, n: Counts, reference: float, alpha: float) -> Flags:
    sizes, place = np.unique(n, return_inverse=True)
    found = [binomial.critical_value(int(size), reference, alpha) if size else None for size in sizes]
    needed = np.array([_NEVER if critical is None else float(critical) for critical in found])
    return np.asarray(free >= needed[place.reshape(-1)])


def _lower_limits(time: Floats, had: Flags, n: Counts, alpha: float) -> Floats:
    """Lower limits of the Kaplan-Meier estimates after the last event counted; NaN at estimates of 0 and 1.

    Patient by patient in the order of time, of one day the events first: what tied events contribute to estimate
    and variance one after the other is what they contribute together.
    """
    order = np.lexsort((~had, np.where(np.isnan(time), np.inf, time)), axis=1)
    happens = np.take_along_axis(had, order, axis=1)
    at_risk = np.maximum(n[:, None] - np.arange(time.shape[1])[None, :], 1)
    estimate = np.prod(1.0 - happens / at_risk, axis=1)
    left = np.maximum(at_risk - 1, 1)
    variance = np.where(happens & (at_risk > 1), 1.0 / (at_risk * left), 0.0).sum(axis=1)
    limits = np.full(len(n), np.nan)
    inside = (estimate > 0.0) & (estimate < 1.0 - 1e-12)
    half = special.ndtri(1.0 - alpha) * np.sqrt(variance[inside]) / np.abs(np.log(estimate[inside]))
    limits[inside] = estimate[inside] ** np.exp(half)
    return limits
