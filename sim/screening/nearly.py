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

from sim.core.decisions import ANALYTE_SPAN, ANCHOR_SPAN, DAY_OFFSET, Decision
from sim.core.draws import normal_quantile, uniform, uniforms
from sim.core.uncounted import compiled, inlined
from sim.observations.noise import FIRST_ANCHOR_DAY, SPACING, bridge, midway
from sim.observations.parameters import HALVINGS
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
SLOW_ERROR: Final = 7.5 * NORMAL_ERROR
"""Most by which `near_slow` is off before day 0: an anchor is at most √2 times as far off as one number, for the
squares of its two weights add up to 1, and each of six bridges adds at most one."""
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
    u0, u1, _, _ = uniforms(seed, trial, candidate, Decision.NOISE_ANCHOR, ANCHOR_SPAN * analyte)
    left = near_normal(u0)
    right = o.anchor_keep[analyte] * left + o.anchor_spread[analyte] * near_normal(u1)
    start, rest, half = FIRST_ANCHOR_DAY, day - FIRST_ANCHOR_DAY, SPACING >> 1
    for level in range(0, HALVINGS, 2):
        if rest == 0:
            break
        here, before, after = bridge(analyte, start + half, seed, trial, candidate)
        middle = midway(o, analyte, level, left, right, near_normal(here))
        if rest >= half:
            left, start, rest, fresh = middle, start + half, rest - half, after
        else:
            right, fresh = middle, before
        half >>= 1
        if rest == 0:
            break
        middle = midway(o, analyte, level + 1, left, right, near_normal(fresh))
        if rest >= half:
            left, start, rest = middle, start + half, rest - half
        else:
            right = middle
        half >>= 1
    return left


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
