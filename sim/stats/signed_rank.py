"""Changes against a given reference value: exact Wilcoxon signed-rank test, and Student's t test.

One-sided, for changes that lie on the wanted side of the reference. The reference is always given (the mean of the
untreated twins, for example): a change is never compared with 0 by default, because without treatment it is not 0.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Direction = Literal["greater", "less"]
_TOLERANCE: Final = 1e-9
"""Measured values nearer than this are equal."""


@dataclass(frozen=True)
class SignedRank:
    """Sum of the ranks of the differences on the wanted side, and its exact one-sided p-value.

    n_zero : differences of 0; they have a rank and no sign (Pratt), so they are in the sum of neither side.
    """

    statistic: float
    p_value: float
    n: int
    n_zero: int


def signed_rank(changes: ArrayLike, reference: float, direction: Direction) -> SignedRank:
    """Exact conditional test: all 2^m signs of the m differences that are not 0 are equally likely.

    changes   : (patients,) one change each, none missing; ties share the mean of their ranks.
    Result    : the p-value is P(sum >= what was seen) over all signs, by convolution, not approximated.
    Errors    : ValueError without a change, for a missing one, or for a reference that is no number.
    Source    : Wilcoxon, Biometrics Bulletin 1945;1:80-83; zeros as Pratt, JASA 1959;54:655-667.
    """
    difference = _differences(changes, reference, direction)
    size = np.round(np.abs(difference) / _TOLERANCE) * _TOLERANCE
    ranks = stats.rankdata(size)
    zero = np.abs(difference) <= _TOLERANCE
    seen = float(ranks[(difference > 0) & ~zero].sum())
    doubled: NDArray[Any] = np.rint(2.0 * ranks[~zero]).astype(np.int64)
    ways = sign_distribution(doubled)
    tail = float(ways[round(2.0 * seen) :].sum())
    return SignedRank(seen, min(1.0, tail), difference.size, int(zero.sum()))


def sign_distribution(ranks: NDArray[Any]) -> NDArray[np.float64]:
    """Probabilities of each sum 0 … sum(ranks) when every whole rank is counted or not by a fair coin."""
    distribution = np.ones(1)
    for rank in ranks.tolist():
        grown = np.zeros(distribution.size + rank)
        grown[: distribution.size] += 0.5 * distribution
        grown[rank:] += 0.5 * distribution
        distribution = grown
    return distribution


def needed_sum(n: int, alpha: float) -> int | None:
    """Smallest rank sum of n different differences that rejects at one-sided alpha; None where none does.

    >>> needed_sum(10, 0.05), needed_sum(5, 0.05), needed_sum(4, 0.05)
    (45, 15, None)
    """
    tails = np.cumsum(sign_distribution(np.arange(1, n + 1))[::-1])[::-1]
    rejects = np.flatnonzero(tails <= alpha * (1.0 + 1e-12))
    return int(rejects[0]) if rejects.size else None


def t_test(changes: ArrayLike, reference: float, direction: Direction) -> tuple[float, float]:
    """Student's one-sample t statistic against the reference, and its one-sided p-value.

    Errors : ValueError as signed_rank, for fewer than two changes, and where all are equal.
    Source : Student, Biometrika 1908;6:1-25.
    """
    difference = _differences(changes, reference, direction)
    if difference.size < 2 or np.ptp(difference) <= _TOLERANCE:
        raise ValueError("a t test needs at least two changes that are not all equal")
    statistic = float(difference.mean() / (difference.std(ddof=1) / np.sqrt(difference.size)))
    return statistic, float(stats.t.sf(statistic, difference.size - 1))


def _differences(changes: ArrayLike, reference: float, direction: Direction) -> NDArray[np.float64]:
    values = np.asarray(changes, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError("changes must be one number for each patient, none missing")
    if not np.isfinite(reference):
        raise ValueError(f"reference {reference}: give the value that the changes are compared with")
    return values - reference if direction == "greater" else reference - values
