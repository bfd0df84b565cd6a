"""Measurement noise to within a thousandth, for questions whose answer is not close.

Most candidates miss a limit by far. A quantile from a table takes a third of the time of the exact one, and the
logarithm of a measured value is a sum of such quantiles, so no exponential is needed. `clear` says whether a sum
is far enough from a limit; where it is not, the caller measures (sim.observations.measure), so no verdict
depends on the table.
"""

import math
from statistics import NormalDist
from typing import Final

import numpy as np

from sim.core.compiled import compiled, inlined
from sim.core.decisions import ANALYTE_SPAN, DAY_OFFSET, DAY_SPAN, SLOTS, Decision
from sim.core.draws import normal_quantile, uniform, uniforms
from sim.observations.noise import FIRST_ANCHOR_DAY
from sim.observations.visit import Record

_CELLS: Final = 1024
_EDGE: Final = 10
"""Cells at either end where the quantile bends too much for a straight line."""
_NORMAL: Final = np.array([NormalDist().inv_cdf(min(max(k, 1), _CELLS - 1) / _CELLS) for k in range(_CELLS + 1)])
_LOG: Final = np.array([math.log1p(k / _CELLS) for k in range(_CELLS + 1)])
_LOG_2: Final = math.log(2.0)
_EXPONENT: Final = 52
_CELL: Final = 42
_REST: Final = (1 << _CELL) - 1
_REST_SHARE: Final = 2.0**-_CELL
"""A float above 0 in bits: exponent + 1023, then a cell of `_LOG` in ten bits, then the share of the cell."""
EXPONENTIAL_ERROR: Final = 1.5e-7
"""Most by which `near_exponential` is off (1.2e-7 in the middle of the first cell)."""
NORMAL_ERROR: Final = 5e-4
"""Most by which `near_normal` is off (4.1e-4 at the edges)."""
SLOW_ERROR: Final = 6.0 * NORMAL_ERROR
"""Most by which `near_slow` is off before day 0: up to eight anchors, whose weights have a square sum of 1,
add up to at most √8 times as much as one number, and each of three bridges adds at most one."""
ROUNDING: Final = 1e-9
"""Relative error of what is worked out in another order; far above the truth, 1e-15."""
_LARGEST: Final = 300.0
"""Logarithms beyond this are measured, lest an exponential overflows."""


@inlined
def near_normal(p: float) -> float:
    """The standard normal quantile of p to within NORMAL_ERROR, exact in the tails."""
    place = p * _CELLS
    cell = int(place)
    if cell < _EDGE or cell >= _CELLS - _EDGE:
        return _exact(p)
    low = _NORMAL[cell]
    return low + (place - cell) * (_NORMAL[cell + 1] - low)


@compiled
def _exact(p: float) -> float:
    return normal_quantile(p)


@inlined
def near_exponential(p: float) -> float:
    """The quantile of the standard exponential distribution to within EXPONENTIAL_ERROR, without a branch."""
    bits = np.float64(1.0 - p).view(np.int64)
    cell = (bits >> _CELL) & (_CELLS - 1)
    low = _LOG[cell]
    inside = low + (bits & _REST) * _REST_SHARE * (_LOG[cell + 1] - low)
    return (1023 - (bits >> _EXPONENT)) * _LOG_2 - inside


@compiled
def near_slow(o: Record, analyte: int, day: int, seed: int, trial: int, candidate: int) -> float:
    """Slow noise (sim.observations.noise.slow) of a day before day 0, to within SLOW_ERROR."""
    offset = day - FIRST_ANCHOR_DAY
    number, rest = offset >> 3, offset & 7
    keep, spread = o.anchor_keep[analyte], o.anchor_spread[analyte]
    left, right, count = 0.0, 0.0, 0
    while count <= number + 1:
        u0, u1, u2, u3 = uniforms(seed, trial, candidate, Decision.NOISE_ANCHOR, SLOTS * analyte + count)
        left, right = right, keep * right + (spread if count > 0 else 1.0) * near_normal(u0)
        if count <= number:
            left, right = right, keep * right + spread * near_normal(u1)
        if count < number:
            left, right = right, keep * right + spread * near_normal(u2)
        if count < number - 1:
            left, right = right, keep * right + spread * near_normal(u3)
        count += 4
    if rest == 0:
        return left
    first = DAY_SPAN * analyte + day - rest + DAY_OFFSET
    return _bridged(o, analyte, first, rest, left, right, seed, trial, candidate)


@inlined
def _bridged(
    o: Record,
    analyte: int,
    first: int,
    rest: int,
    left: float,
    right: float,
    seed: int,
    trial: int,
    candidate: int,
) -> float:
    """Between two anchors, `rest` days after the left one; `first` : index of that day, a multiple of 8."""
    weight, spread = o.bridge_weight, o.bridge_spread
    u0, u1, u2, u3 = uniforms(seed, trial, candidate, Decision.NOISE_BRIDGE, first + 4)
    middle = weight[analyte, 0] * (left + right) + spread[analyte, 0] * near_normal(u0)
    if rest == 4:
        return middle
    if rest < 4:
        right = middle
        _, u1, u2, u3 = uniforms(seed, trial, candidate, Decision.NOISE_BRIDGE, first)
    else:
        left = middle
    middle = weight[analyte, 1] * (left + right) + spread[analyte, 1] * near_normal(u2)
    if rest & 3 == 2:
        return middle
    if rest & 3 == 1:
        return weight[analyte, 2] * (left + middle) + spread[analyte, 2] * near_normal(u1)
    return weight[analyte, 2] * (middle + right) + spread[analyte, 2] * near_normal(u3)


@inlined
def near_noise(
    o: Record, analyte: int, slow_sd: float, fast_sd: float, day: int, seed: int, trial: int, candidate: int
) -> float:
    """Slow and fast noise together, on the log scale."""
    total = 0.0
    if slow_sd > 0.0:
        total += slow_sd * near_slow(o, analyte, day, seed, trial, candidate)
    if fast_sd > 0.0:
        index = ANALYTE_SPAN * (day + DAY_OFFSET) + analyte
        total += fast_sd * near_normal(uniform(seed, trial, candidate, Decision.NOISE_FAST, index))
    return total


@inlined
def clear(level: float, noise: float, limit: float, level_error: float, slow_sd: float, fast_sd: float) -> int:
    """1 where level + noise is above the limit whatever the errors are, -1 where it is below, 0 where it is close.

    level, limit : logarithms; level_error : most by which level is off.
    """
    error = level_error + SLOW_ERROR * slow_sd + NORMAL_ERROR * fast_sd + ROUNDING
    above = level + noise - limit
    if abs(level) < _LARGEST and abs(noise) < _LARGEST:
        if above > error:
            return 1
        if above < -error:
            return -1
    return 0
