"""Latent activity: log-activity relaxes exponentially to a set-point that is constant between events.

    log x(t) = m + (log x(s) - m) exp(-kappa (t - s))

with m = entry + trend + steroid - cells - rescue. Reading never moves the state, so the path does not depend
on how often it is looked at. What is seen is this and the random drift of the day (drift.py), if there is any.
The clinic's calendar is a grid of three hours, for which the exponentials stand in a table (parameters.py).
"""

import math
from typing import Final

from sim.core.clock import MINUTES_PER_DAY
from sim.core.exponential import exp
from sim.core.uncounted import compiled, inlined
from sim.disease.dose_effects import dose_row, log_left
from sim.disease.parameters import DECAY_ROWS, DECAY_STEP, DOMAIN_OF
from sim.observations.visit import Record

_DOMAIN_OF: Final = DOMAIN_OF
_R: Final = 0
_X: Final = 1
_FIRST_LINEAGE: Final = 4


@compiled
def relax(state: Record, p: Record, minute: int) -> None:
    """Log activities at a minute not before the last event, into `state.relaxed`."""
    since = minute - state.since
    row = since // DECAY_STEP
    if row < DECAY_ROWS and row * DECAY_STEP == since:
        for k in range(8):
            gap = state.log_activity[k] - state.set_point[k]
            state.relaxed[k] = state.set_point[k] + gap * p.decay[row, k]
    else:
        days = since / MINUTES_PER_DAY
        for k in range(8):
            gap = state.log_activity[k] - state.set_point[k]
            state.relaxed[k] = state.set_point[k] + gap * exp(-p.kappa[k] * days)


@compiled
def look(state: Record, p: Record, minute: int) -> None:
    """Log activities as everything sees them, with the drift of the day (0 where there is none): `state.seen`."""
    relax(state, p, minute)
    for k in range(8):
        state.seen[k] = state.relaxed[k] + state.drift[k]


@compiled
def rebase(state: Record, p: Record, minute: int) -> None:
    """Make `minute` the start of the relaxation."""
    relax(state, p, minute)
    for k in range(8):
        state.log_activity[k] = state.relaxed[k]
    state.since = minute


@inlined
def _log_left(p: Record, domain: int, row: int, dose: float) -> float:
    return p.log_left[row, domain] if row >= 0 else log_left(p, domain, dose)


@compiled
def update_set_points(state: Record, person: Record, p: Record) -> None:
    """Set-points from the terms now in force, a pulse among the doses; call `rebase` first."""
    dose, entry_dose = state.dose + state.pulse, person.prednisone_dose
    row, entry_row = dose_row(dose), dose_row(entry_dose)
    acting = 0.0
    if state.cells == 1:
        acting = 1.0
    elif state.cells == 2:
        acting = p.both
    for domain in range(5):
        shift = state.trend[domain] + _log_left(p, domain, row, dose) - _log_left(p, domain, entry_row, entry_dose)
        shift -= p.weight[domain] * state.depth * acting
        shift -= p.immunosuppressant_effect * state.immunosuppressed
        for k in range(8):
            if _DOMAIN_OF[k] == domain:
                state.set_point[k] = person.log_activity[k] + shift


@compiled
def jump(state: Record, p: Record, domain: int, size: float, minute: int) -> None:
    """A flare adds `size` to every activity of its domain (0 R, 1 H, 2 X), as it is seen."""
    rebase(state, p, minute)
    if domain == 0:
        _raise_activity(state, _R, size)
    elif domain == 2:
        _raise_activity(state, _X, size)
    else:
        for k in range(_FIRST_LINEAGE, 8):
            _raise_activity(state, k, size)


@compiled
def _raise_activity(state: Record, k: int, size: float) -> None:
    state.log_activity[k] = math.log(exp(state.log_activity[k] + state.drift[k]) + size) - state.drift[k]
