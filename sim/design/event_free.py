"""Free of an event at a day, against a reference: Kaplan-Meier, exact where nobody was censored before."""

import numpy as np
from numpy.typing import ArrayLike

from sim.stats import binomial
from sim.stats.survival import kaplan_meier


def highest_reference(n: int, alpha: float) -> float:
    """Not even n of n patients without an event reject a reference above this: alpha ** (1 / n).

    >>> round(highest_reference(10, 0.05), 3)
    0.741
    """
    if n < 1 or not 0.0 < alpha < 1.0:
        raise ValueError(f"n = {n} and alpha = {alpha}: there must be a patient, and alpha lie between 0 and 1")
    return float(alpha ** (1.0 / n))


def event_free_success(time: ArrayLike, event: ArrayLike, day: int, reference: float, alpha: float) -> bool:
    """Whether the share free of the event at `day` is shown to be above the reference, one-sided.

    time, event : (patients,); event False is censored at that time.
    Followed to the day or to their event all: exact binomial test. Else the lower log(-log) Greenwood limit of the
    Kaplan-Meier estimate; where the estimate is 1 (no event), the exact test on those who were followed so long.
    Errors      : ValueError where no outcome of so many patients could pass.
    """
    when, happens = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=np.bool_)
    n = len(when)
    if reference > highest_reference(n, alpha):
        raise ValueError(
            f"reference {reference:g}: no outcome of {n} patients can pass at alpha {alpha:g}; even {n} of {n} "
            f"without an event reject only references up to {highest_reference(n, alpha):.3f}"
        )
    had = happens & (when <= day)
    followed = had | (when >= day)
    if np.all(followed) or not had.any():
        free = int((followed & ~had).sum())
        return bool(binomial.upper_tail(free, int(followed.sum()), reference) <= alpha)
    curve = kaplan_meier(when, happens, confidence=1.0 - 2.0 * alpha)
    place = int(np.searchsorted(curve.time, day, side="right")) - 1
    return bool(curve.low[place] > reference)  # no limit (NaN) where nobody is left without the event
