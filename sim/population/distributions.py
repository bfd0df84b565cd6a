"""Quantile functions for compiled code: every quantity is the quantile of one addressed uniform."""

import math
from typing import Any, Final

from sim.core.draws import normal_quantile
from sim.core.exponential import exp
from sim.core.uncounted import compiled

_ROOT_HALF: Final = math.sqrt(0.5)
_SMALLEST: Final = 2.0**-53


@compiled
def normal_probability(z: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * math.erfc(-z * _ROOT_HALF)


@compiled
def open_interval(p: float) -> float:
    """A probability kept strictly between 0 and 1, so that its quantile is finite."""
    return min(max(p, _SMALLEST), 1.0 - _SMALLEST)


@compiled
def truncated_normal(p: float, mean: float, sd: float, low: float, high: float) -> float:
    """Quantile of a normal distribution cut to [low, high]; either may be infinite."""
    below = normal_probability((low - mean) / sd)
    inside = normal_probability((high - mean) / sd) - below
    value = mean + sd * normal_quantile(open_interval(below + p * inside))
    return min(max(value, low), high)


@compiled
def lognormal(z: float, median: float, log_sd: float) -> float:
    """Lognormal value at standard normal z."""
    return median * exp(log_sd * z)


@compiled
def truncated_lognormal(p: float, median: float, log_sd: float, low: float, high: float) -> float:
    """Quantile of a lognormal distribution cut to [low, high]; low > 0, high may be infinite."""
    below = normal_probability(math.log(low / median) / log_sd)
    inside = normal_probability(math.log(high / median) / log_sd) - below
    value = median * exp(log_sd * normal_quantile(open_interval(below + p * inside)))
    return min(max(value, low), high)


@compiled
def level(p: float, cumulative: Any) -> int:
    """Position of the level that p falls into; cumulative : (levels,), rising to 1."""
    position = 0
    while position < cumulative.size - 1 and p >= cumulative[position]:
        position += 1
    return position


@compiled
def _crossing(target: float, probabilities: Any) -> int:
    """Largest position whose probability does not exceed target, below the last position."""
    low, high = 0, probabilities.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if probabilities[middle] <= target:
            low = middle
        else:
            high = middle
    return low


@compiled
def tabulated_quantile(p: float, upper: float, step: float, probabilities: Any) -> float:
    """Quantile of a distribution given by its distribution function, cut to [0, upper].

    probabilities : (points,), the distribution function at 0, step, 2·step …; linear in between.
    """
    place = min(upper / step, probabilities.size - 1.0)
    cell = min(int(place), probabilities.size - 2)
    at_upper = probabilities[cell] + (place - cell) * (probabilities[cell + 1] - probabilities[cell])
    target = p * at_upper
    cell = _crossing(target, probabilities)
    width = probabilities[cell + 1] - probabilities[cell]
    inner = (target - probabilities[cell]) / width if width > 0.0 else 0.0
    return min(step * (cell + inner), upper)
