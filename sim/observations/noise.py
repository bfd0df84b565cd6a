"""Measurement noise as a function of (candidate, analyte, day): no value depends on which others were taken.

Slow noise is a stationary Ornstein-Uhlenbeck process with unit SD, laid out on anchors every 64 days from day
-64 by exact autoregressive steps, and filled in between by halving with the exact conditional normal: so a day
takes few draws, however far from the others it lies. After day 210 it is independent from day to day.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core import draws
from sim.core.decisions import ANALYTE_SPAN, ANCHOR_SPAN, DAY_OFFSET, DAY_SPAN, Decision
from sim.core.uncounted import compiled, inlined
from sim.observations.parameters import HALVINGS, N_ANALYTES
from sim.observations.visit import Record

FIRST_ANCHOR_DAY: Final = -64
SPACING: Final = 1 << HALVINGS
"""Days between anchors: they lie on days -64, 0, 64, 128, 192 and 256."""
LAST_SLOW_DAY: Final = 210
"""After it visits are months apart, and each day has a stationary value of its own."""

_ANCHOR: Final = int(Decision.NOISE_ANCHOR)
_BRIDGE: Final = int(Decision.NOISE_BRIDGE)
_FAST: Final = int(Decision.NOISE_FAST)
_LATER: Final = int(Decision.NOISE_LATER)

_SPLIT: Final = 4
"""Values of an anchor are 4 rows apart; those between are 16 days apart."""
_STRETCHES: Final = 5
_LAID: Final = _SPLIT * _STRETCHES + 1
"""Number of the last anchor that is laid out."""
_IS_SPLIT: Final = _LAID + 1
"""For each stretch between two anchors, its number where the values between are laid out."""
_DAYS: Final = _IS_SPLIT + _STRETCHES
"""Day asked for last before day 0, on day 0, and after it; in the fourth row, that of the fast uniforms."""
_FAST_DAY: Final = _DAYS + 3
_VALUES: Final = _FAST_DAY + 1
"""Noise of these three days, and fast uniforms."""
_UNIFORMS: Final = _VALUES + 3
_ROWS: Final = _UNIFORMS + 1
_NOTHING: Final = -1e6

NOISE: Final = np.dtype(
    [
        ("seed", "i8"),
        ("trial", "i8"),
        ("candidate", "i8"),
        ("kept", "f8", (_ROWS, N_ANALYTES)),  # what is laid out, and what was asked for last
    ],
    align=True,
)
"""The noise of one candidate: the address of its draws, and work space."""


def new_noise(size: int = 1) -> NDArray[np.void]:
    """Noise of nobody yet; see `begin`."""
    noise = np.zeros(size, NOISE)
    noise["kept"] = _NOTHING
    return noise


@compiled
def begin(noise: Record, seed: int, trial: int, candidate: int) -> None:
    """Make it the noise of a candidate, of which nothing is laid out yet."""
    noise.seed, noise.trial, noise.candidate = seed, trial, candidate
    for row in range(_LAID, _VALUES):
        for analyte in range(N_ANALYTES):
            noise.kept[row, analyte] = _NOTHING


@inlined
def _uniforms(noise: Record, decision: int, index: int) -> tuple[float, float, float, float]:
    return draws.uniforms(noise.seed, noise.trial, noise.candidate, decision, index)


@inlined
def _normal(noise: Record, decision: int, index: int) -> float:
    return draws.normal(noise.seed, noise.trial, noise.candidate, decision, index)


@compiled
def _lay_anchors(noise: Record, o: Record, analyte: int, last: int) -> None:
    """Lay out anchors to number `last`: the two that screening and day 0 read, those of the 24 weeks, the last."""
    kept, keep, spread = noise.kept, o.anchor_keep[analyte], o.anchor_spread[analyte]
    if kept[_LAID, analyte] < 1:
        u0, u1, _, _ = _uniforms(noise, _ANCHOR, ANCHOR_SPAN * analyte)
        z = draws.normal_quantile(u0)
        kept[0, analyte] = z
        kept[_SPLIT, analyte] = keep * z + spread * draws.normal_quantile(u1)
        kept[_LAID, analyte] = 1
    if last > 1:
        first, last = int(kept[_LAID, analyte]) + 1, max(last, 4)
        fresh = _uniforms(noise, _ANCHOR, ANCHOR_SPAN * analyte + 4)
        for number in range(first, last + 1):
            z = keep * kept[_SPLIT * (number - 1), analyte] + spread * draws.normal_quantile(fresh[number - 2])
            kept[_SPLIT * number, analyte] = z
        kept[_LAID, analyte] = last


@compiled
def _split(noise: Record, o: Record, analyte: int, stretch: int) -> None:
    """Lay out the three values 16 days apart between two anchors."""
    kept = noise.kept
    if kept[_LAID, analyte] <= stretch:
        _lay_anchors(noise, o, analyte, stretch + 1)
    row, half = _SPLIT * stretch, SPACING >> 1
    day = FIRST_ANCHOR_DAY + SPACING * stretch + half
    here, before, after = bridge(analyte, day, noise.seed, noise.trial, noise.candidate)
    left, right = kept[row, analyte], kept[row + _SPLIT, analyte]
    middle = midway(o, analyte, 0, left, right, draws.normal_quantile(here))
    kept[row + 1, analyte] = midway(o, analyte, 1, left, middle, draws.normal_quantile(before))
    kept[row + 2, analyte] = middle
    kept[row + 3, analyte] = midway(o, analyte, 1, middle, right, draws.normal_quantile(after))
    kept[_IS_SPLIT + stretch, analyte] = stretch


@compiled
def slow(noise: Record, o: Record, analyte: int, day: int) -> float:
    """Slow noise of an analyte on a day from -64 on, standard normal over candidates."""
    if day > LAST_SLOW_DAY:
        return _normal(noise, _LATER, ANALYTE_SPAN * (day + DAY_OFFSET) + analyte)
    return _between(noise, o, analyte, day, math.inf)


@compiled
def _between(noise: Record, o: Record, analyte: int, day: int, least: float) -> float:
    """Slow noise up to LAST_SLOW_DAY; infinity as soon as it is certain to be above `least`.

    No normal is beyond FARTHEST, so a value between two known ones is bounded: middle = weight (left + right)
    + spread z with weight <= 1/2, hence >= min(left, right, 0) - spread FARTHEST, and so on for what follows.
    """
    kept, offset = noise.kept, day - FIRST_ANCHOR_DAY
    stretch, row, rest, half = offset >> HALVINGS, offset >> 4, offset & 15, 8
    if offset & (SPACING - 1) == 0:
        if kept[_LAID, analyte] < stretch:
            _lay_anchors(noise, o, analyte, stretch)
    elif kept[_IS_SPLIT + stretch, analyte] != stretch:
        _split(noise, o, analyte, stretch)
    left, right = kept[row, analyte], kept[row + 1, analyte]
    for level in range(2, HALVINGS, 2):
        if rest == 0:
            break
        if min(left, right, 0.0) - o.bridge_reach[analyte, level] > least:
            return math.inf
        here, before, after = bridge(analyte, day - rest + half, noise.seed, noise.trial, noise.candidate)
        middle = midway(o, analyte, level, left, right, draws.normal_quantile(here))
        if rest >= half:
            left, rest, fresh = middle, rest - half, after
        else:
            right, fresh = middle, before
        half >>= 1
        if rest == 0:
            break
        if min(left, right, 0.0) - o.bridge_reach[analyte, level + 1] > least:
            return math.inf
        middle = midway(o, analyte, level + 1, left, right, draws.normal_quantile(fresh))
        if rest >= half:
            left, rest = middle, rest - half
        else:
            right = middle
        half >>= 1
    return math.inf if left > least else left


@inlined
def bridge(analyte: int, day: int, seed: int, trial: int, candidate: int) -> tuple[float, float, float]:
    """Uniforms for the day midway between two known ones, and for those midway before and after it."""
    index = 4 * (DAY_SPAN * analyte + day + DAY_OFFSET)
    here, before, after, _ = draws.uniforms(seed, trial, candidate, _BRIDGE, index)
    return here, before, after


@inlined
def midway(o: Record, analyte: int, level: int, left: float, right: float, z: float) -> float:
    """The value on the day midway between two known ones, with the exact conditional normal."""
    return o.bridge_weight[analyte, level] * (left + right) + o.bridge_spread[analyte, level] * z


@compiled
def surely_above(noise: Record, o: Record, analyte: int, day: int, limit: float) -> bool:
    """Whether `log_noise` is above a limit for certain, with as few draws as that takes; False is open."""
    if day > LAST_SLOW_DAY or o.slow_sd[analyte] == 0.0:
        return False
    least = (limit + draws.FARTHEST * o.fast_sd[analyte]) / o.slow_sd[analyte]
    return bool(_between(noise, o, analyte, day, least) == math.inf)


@compiled
def fast(noise: Record, analyte: int, day: int) -> float:
    """Fast noise of an analyte on a day: a standard normal of its own."""
    return _normal(noise, _FAST, ANALYTE_SPAN * (day + DAY_OFFSET) + analyte)


@inlined
def _fast_of_group(noise: Record, analyte: int, day: int) -> float:
    """The same as `fast`; the four analytes of a block keep its numbers for each other."""
    kept, group = noise.kept, analyte & ~3
    if kept[_FAST_DAY, group] != day:
        index = ANALYTE_SPAN * (day + DAY_OFFSET) + group
        fresh = _uniforms(noise, _FAST, index)
        for lane in range(4):
            kept[_UNIFORMS, group + lane] = fresh[lane]
        kept[_FAST_DAY, group] = day
    return draws.normal_quantile(kept[_UNIFORMS, analyte])


@compiled
def log_noise(noise: Record, o: Record, analyte: int, day: int) -> float:
    """Slow and fast noise together, on the log scale; what was asked for last is kept."""
    kept, slot = noise.kept, 1 if day == 0 else (0 if day < 0 else 2)
    if kept[_DAYS + slot, analyte] == day:
        return kept[_VALUES + slot, analyte]
    total = 0.0
    if o.slow_sd[analyte] > 0.0:
        total += o.slow_sd[analyte] * slow(noise, o, analyte, day)
    if o.fast_sd[analyte] > 0.0:
        total += o.fast_sd[analyte] * _fast_of_group(noise, analyte, day)
    kept[_DAYS + slot, analyte] = day
    kept[_VALUES + slot, analyte] = total
    return total
