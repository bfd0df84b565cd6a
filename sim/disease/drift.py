"""Random drift of the latent activity: noise of the disease itself, on top of the relaxation.

    N_k(d) = sigma / sqrt(2 kappa_k) (O_k(d) - exp(-kappa_k d) O_k(0)),  d >= 0

O_k is a unit stationary Ornstein-Uhlenbeck process of rate kappa_k, laid out and bridged like the slow noise of
measurements, so that N_k has the variance of the exact transition from 0 and is a function of the day alone.
"""

from typing import Final

from sim.core.decisions import DAY_OFFSET, DAY_SPAN, Decision
from sim.core.draws import normal
from sim.core.exponential import exp
from sim.core.uncounted import compiled
from sim.observations.visit import Record

ANCHOR_SPAN: Final = 512
_ANCHOR: Final = int(Decision.DRIFT_ANCHOR)
_BRIDGE: Final = int(Decision.DRIFT_BRIDGE)


@compiled
def start_drift(state: Record, p: Record) -> None:
    """No drift on day 0, and the first two anchors where there will be one."""
    for k in range(8):
        state.drift[k] = 0.0
    state.drift_day = 0
    if p.drift > 0.0:
        _first_anchors(state, p)


@compiled
def drift_to(state: Record, p: Record, day: int) -> None:
    """Make `state.drift` that of a day from 0 on; it does not depend on the days asked for before."""
    if p.drift == 0.0 or day == state.drift_day:
        return
    _move_anchors(state, p, day >> 3)
    for k in range(8):
        process = _between(state, p, k, day)
        state.drift[k] = p.drift_scale[k] * (process - exp(-p.kappa[k] * day) * state.drift_origin[k])
    state.drift_day = day


@compiled
def _innovation(state: Record, k: int, number: int) -> float:
    return normal(state.seed, state.trial, state.candidate, _ANCHOR, ANCHOR_SPAN * k + number)


@compiled
def _first_anchors(state: Record, p: Record) -> None:
    state.drift_anchor = 0
    for k in range(8):
        state.drift_origin[k] = _innovation(state, k, 0)
        state.drift_left[k] = state.drift_origin[k]
        state.drift_right[k] = p.drift_keep[k] * state.drift_left[k] + p.drift_spread[k] * _innovation(state, k, 1)


@compiled
def _move_anchors(state: Record, p: Record, number: int) -> None:
    """Anchors `number` and the one after it to the left and right of what is asked for."""
    if number < state.drift_anchor:
        _first_anchors(state, p)
    while state.drift_anchor < number:
        state.drift_anchor += 1
        for k in range(8):
            fresh = _innovation(state, k, state.drift_anchor + 1)
            state.drift_left[k] = state.drift_right[k]
            state.drift_right[k] = p.drift_keep[k] * state.drift_left[k] + p.drift_spread[k] * fresh


@compiled
def _between(state: Record, p: Record, k: int, day: int) -> float:
    """The process on a day between two anchors, by halving with the exact conditional normal."""
    left, right = state.drift_left[k], state.drift_right[k]
    rest, start, distance = day & 7, day - (day & 7), 4
    for level in range(3):
        if rest == 0:
            break
        middle = start + distance
        z = normal(state.seed, state.trial, state.candidate, _BRIDGE, DAY_SPAN * k + middle + DAY_OFFSET)
        value = p.drift_weight[k, level] * (left + right) + p.drift_bridge[k, level] * z
        if rest >= distance:
            left, start, rest = value, middle, rest - distance
        else:
            right = value
        distance >>= 1
    return left
