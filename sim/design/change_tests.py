"""Changes from baseline tested in many trials at once: exact signed-rank test, and t test, against a reference.

The reference is always given, never 0 by default: without the cells the changes are not 0 either. Where too few
values are known, or a test has nothing to say, p is 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from sim.stats.signed_rank import Direction, needed_sum, sign_distribution

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TOLERANCE: Final = 1e-9
"""Measured values nearer than this are equal."""
_TIE: Final = 1e-12
"""Relative; a p-value equal to alpha rejects, the last bits of the arithmetic notwithstanding."""


@dataclass(frozen=True)
class ChangeRule:
    """A one-sided test of values against a reference.

    p_values : (trials, patients) values (NaN unknown), reference, wanted direction, fewest known -> (trials,).
    size     : (n, alpha) -> probability of success of n known values at the reference, where `assumes` holds.
    smallest : n -> the smallest p-value that n values can have.
    """

    name: str
    words: str
    assumes: str
    p_values: Callable[[Floats, float, Direction, int], Floats]
    size: Callable[[int, float], float]
    smallest: Callable[[int], float]


def rejects(p_values: Floats, alpha: float) -> Flags:
    """(trials,) whether each p-value rejects."""
    return np.asarray(p_values <= alpha * (1.0 + _TIE))


def signed_rank_p_values(values: Floats, reference: float, direction: Direction, min_n: int) -> Floats:
    """Exact signed-rank test of each trial; all signs are enumerated, with the trial's own ties and zeros.

    As sim.stats.signed_rank.signed_rank trial by trial; trials of one pattern of ranks share their enumeration.
    """
    difference = values - reference if direction == "greater" else reference - values
    known = np.isfinite(difference)
    size = np.where(known, np.round(np.abs(difference) / _TOLERANCE) * _TOLERANCE, np.inf)
    doubled = np.rint(2.0 * stats.rankdata(size, axis=1)).astype(np.int64)
    doubled[~known | (np.abs(difference) <= _TOLERANCE)] = 0
    seen = np.where(difference > 0.0, doubled, 0).sum(axis=1)
    patterns, pattern = np.unique(np.sort(doubled, axis=1), axis=0, return_inverse=True)
    p = np.ones(len(values))
    for k, ranks in enumerate(patterns):
        rows = pattern.reshape(-1) == k
        tails = np.cumsum(sign_distribution(ranks[ranks > 0])[::-1])[::-1]
        p[rows] = np.minimum(tails[seen[rows]], 1.0)
    return np.where(known.sum(axis=1) >= min_n, p, 1.0)


def t_p_values(values: Floats, reference: float, direction: Direction, min_n: int) -> Floats:
    """Student's t test of each trial; values that are all equal show nothing."""
    difference = values - reference if direction == "greater" else reference - values
    known = np.isfinite(difference)
    n = known.sum(axis=1)
    divisor = np.maximum(n, 2)
    mean = np.where(known, difference, 0.0).sum(axis=1) / divisor
    spread = np.where(known, difference - mean[:, None], 0.0)
    usable = (n >= max(min_n, 2)) & (np.abs(spread).max(axis=1, initial=0.0) > _TOLERANCE)
    error = np.sqrt((spread**2).sum(axis=1) / (divisor - 1) / divisor)
    statistic = np.divide(mean, error, out=np.zeros(len(values)), where=usable)
    return np.where(usable, special.stdtr(divisor - 1, -statistic), 1.0)


def _rank_size(n: int, alpha: float) -> float:
    needed = needed_sum(n, alpha) if n else None
    return 0.0 if needed is None else float(sign_distribution(np.arange(1, n + 1))[needed:].sum())


CHANGE_RULES: Final = (
    ChangeRule(
        "signed_rank",
        "exact Wilcoxon signed-rank test",
        "changes symmetric around the reference",
        signed_rank_p_values,
        _rank_size,
        lambda n: 0.5**n,
    ),
    ChangeRule(
        "t_test",
        "Student's t test",
        "normal changes",
        t_p_values,
        lambda n, alpha: alpha if n >= 2 else 0.0,
        lambda n: 0.0 if n >= 2 else 1.0,
    ),
)
