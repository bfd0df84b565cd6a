"""Measurement noise as a function of (candidate, analyte, day): no value depends on which others were taken.

Slow noise is a stationary Ornstein-Uhlenbeck process with unit SD, laid out on anchors every 8 days from day
-48 by exact autoregressive steps, and filled in between by halving with the exact conditional normal. After day
210 it is independent from day to day.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core import draws
from sim.core.compiled import compiled, inlined
from sim.core.decisions import ANALYTE_SPAN, DAY_OFFSET, DAY_SPAN, SLOTS, Decision
from sim.observations.parameters import N_ANALYTES
from sim.observations.visit import Record

FIRST_ANCHOR_DAY: Final = -48
ANCHORS: Final = 36
"""Anchors on days -48, -40, …, 232: beyond the last possible day of the 24 weeks."""

_ANCHOR: Final = int(Decision.NOISE_ANCHOR)
_BRIDGE: Final = int(Decision.NOISE_BRIDGE)
_FAST: Final = int(Decision.NOISE_FAST)
_LATER: Final = int(Decision.NOISE_LATER)
LAST_SLOW_DAY: Final = 210
"""After it visits are months apart, and each day has a stationary value of its own."""

Anchors = NDArray[np.float64]
"""Workspace of one candidate: anchors laid out so far, and in the last column how many."""


def new_anchors(*shape: int) -> Anchors:
    """An empty workspace (analytes, anchors + 1), or an array of them."""
    return np.zeros((*shape, N_ANALYTES, ANCHORS + 1))


@compiled
def forget(anchors: Anchors) -> None:
    """Make a workspace ready for another candidate."""
    for analyte in range(anchors.shape[0]):
        anchors[analyte, ANCHORS] = 0.0


@compiled
def _lay_anchors(
    anchors: Anchors, o: Record, analyte: int, last: int, seed: int, trial: int, candidate: int
) -> None:
    """Lay anchors out, four at a time, until number `last` is there."""
    count = int(anchors[analyte, ANCHORS])
    keep, spread = o.anchor_keep[analyte], o.anchor_spread[analyte]
    while count <= last:
        u0, u1, u2, u3 = draws.uniforms(seed, trial, candidate, _ANCHOR, SLOTS * analyte + count)
        z = draws.normal_quantile(u0)
        if count > 0:
            z = keep * anchors[analyte, count - 1] + spread * z
        anchors[analyte, count] = z
        z = keep * z + spread * draws.normal_quantile(u1)
        anchors[analyte, count + 1] = z
        z = keep * z + spread * draws.normal_quantile(u2)
        anchors[analyte, count + 2] = z
        anchors[analyte, count + 3] = keep * z + spread * draws.normal_quantile(u3)
        count += 4
    anchors[analyte, ANCHORS] = count


@compiled
def slow(anchors: Anchors, o: Record, analyte: int, day: int, seed: int, trial: int, candidate: int) -> float:
    """Slow noise of an analyte on a day from -48 on, standard normal over candidates."""
    if day > LAST_SLOW_DAY:
        return draws.normal(seed, trial, candidate, _LATER, ANALYTE_SPAN * (day + DAY_OFFSET) + analyte)
    left, right, rest = _neighbours(anchors, o, analyte, day, seed, trial, candidate)
    start, distance = day - rest, 4
    for level in range(3):
        if rest == 0:
            break
        middle = _middle(o, analyte, level, left, right, start + distance, seed, trial, candidate)
        if rest >= distance:
            left, start, rest = middle, start + distance, rest - distance
        else:
            right = middle
        distance >>= 1
    return left


@inlined
def _neighbours(
    anchors: Anchors, o: Record, analyte: int, day: int, seed: int, trial: int, candidate: int
) -> tuple[float, float, int]:
    """The anchors to the left and right of a day, and how many days it lies from the left one."""
    offset = day - FIRST_ANCHOR_DAY
    number, rest = offset >> 3, offset & 7
    if int(anchors[analyte, ANCHORS]) <= number + 1:
        _lay_anchors(anchors, o, analyte, number + 1, seed, trial, candidate)
    return anchors[analyte, number], anchors[analyte, number + 1], rest


@inlined
def _middle(
    o: Record, analyte: int, level: int, left: float, right: float, day: int, seed: int, trial: int, candidate: int
) -> float:
    """The value on the day midway between two known ones, with the exact conditional normal."""
    z = draws.normal(seed, trial, candidate, _BRIDGE, DAY_SPAN * analyte + day + DAY_OFFSET)
    return o.bridge_weight[analyte, level] * (left + right) + o.bridge_spread[analyte, level] * z


@compiled
def surely_above(
    anchors: Anchors, o: Record, analyte: int, day: int, limit: float, seed: int, trial: int, candidate: int
) -> bool:
    """Whether `log_noise` is above a limit for certain, with no more draws than that takes; False leaves it open.

    No normal is beyond FARTHEST, so a value between two known ones is bounded: middle = weight (left + right)
    + spread z with weight <= 1/2, hence >= min(left, right, 0) - spread FARTHEST, and so on for what follows.
    """
    if day > LAST_SLOW_DAY or o.slow_sd[analyte] == 0.0:
        return False
    left, right, rest = _neighbours(anchors, o, analyte, day, seed, trial, candidate)
    start, distance = day - rest, 4
    least = (limit + draws.FARTHEST * o.fast_sd[analyte]) / o.slow_sd[analyte]
    for level in range(3):
        if rest == 0:
            break
        if min(left, right, 0.0) - o.bridge_reach[analyte, level] > least:
            return True
        middle = _middle(o, analyte, level, left, right, start + distance, seed, trial, candidate)
        if rest >= distance:
            left, start, rest = middle, start + distance, rest - distance
        else:
            right = middle
        distance >>= 1
    return bool(left > least)


@compiled
def fast(analyte: int, day: int, seed: int, trial: int, candidate: int) -> float:
    """Fast noise of an analyte on a day: a standard normal of its own."""
    return draws.normal(seed, trial, candidate, _FAST, 32 * (day + DAY_OFFSET) + analyte)


@compiled
def log_noise(anchors: Anchors, o: Record, analyte: int, day: int, seed: int, trial: int, candidate: int) -> float:
    """Slow and fast noise together, on the log scale."""
    total = 0.0
    if o.slow_sd[analyte] > 0.0:
        total += o.slow_sd[analyte] * slow(anchors, o, analyte, day, seed, trial, candidate)
    if o.fast_sd[analyte] > 0.0:
        total += o.fast_sd[analyte] * fast(analyte, day, seed, trial, candidate)
    return total
