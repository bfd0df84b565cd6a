"""Decision rules: how many responders make a trial a success.

One rule so far, `exact_binomial`: each trial is decided on the patients it has, by the critical value for that
number; fewer than `min_n` evaluated patients are no success, whatever they did.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.stats import binomial

Counts = NDArray[Any]
Flags = NDArray[np.bool_]

UNREACHABLE: Final = np.iinfo(np.int64).max
"""Stands for "no number of responders succeeds" where whole numbers are needed."""


def exact_binomial_threshold(n: int, null_rate: float, alpha: float, min_n: int) -> int | None:
    """Fewest responders of n evaluated patients that succeed; None where no number does.

    None when the exact one-sided test cannot reject `null_rate` at `alpha` with n patients, or n < min_n.
    """
    return None if n < min_n else binomial.critical_value(n, null_rate, alpha)


def exact_binomial_rule(responders: Counts, n: Counts, null_rate: float, alpha: float, min_n: int) -> Flags:
    """Is the trial a success? Each trial on its own n.

    responders, n : (trials,) whole numbers, 0 <= responders <= n.
    Result        : (trials,) bool; False where there is no critical value or n < min_n.
    """
    sizes, position = np.unique(n, return_inverse=True)
    needed = [exact_binomial_threshold(int(size), null_rate, alpha, min_n) for size in sizes]
    thresholds = np.array([UNREACHABLE if value is None else value for value in needed], dtype=np.int64)
    return np.asarray(responders >= thresholds[position.reshape(-1)], dtype=np.bool_)


Rule = Callable[[Counts, Counts, float, float, int], Flags]
Threshold = Callable[[int, float, float, int], int | None]

RULES: Final[dict[str, tuple[Rule, Threshold]]] = {
    "exact_binomial": (exact_binomial_rule, exact_binomial_threshold),
}
"""Configuration word -> (decision on columns, fewest successful responders for one n)."""
