"""Pulses of intravenous methylprednisolone for a recognised severe flare: they move set-points, not hazards."""

from typing import Final

from sim.core.clock import MINUTES_PER_DAY, NEVER
from sim.core.uncounted import compiled
from sim.disease.activity import rebase, update_set_points
from sim.disease.log import note
from sim.disease.state import Event, Happening
from sim.observations.visit import Record

_PULSE_OFF: Final = int(Event.PULSE_OFF)
_GIVEN: Final = int(Happening.PULSE)
_OVER: Final = int(Happening.PULSE_OFF)


@compiled
def give_pulse(state: Record, person: Record, p: Record, log: Record) -> None:
    """From now on for some days; a pulse that is running ends with this one and adds nothing to it."""
    rebase(state, p, state.minute)
    state.pulse = p.pulse_dose
    update_set_points(state, person, p)
    state.due[_PULSE_OFF] = state.minute + p.pulse_days * MINUTES_PER_DAY
    note(state, log, _GIVEN, p.pulse_days, 0, p.pulse_dose)


@compiled
def end_pulse(state: Record, person: Record, p: Record, log: Record) -> None:
    """The set-points are those of the oral dose again."""
    state.due[_PULSE_OFF] = NEVER
    rebase(state, p, state.minute)
    state.pulse = 0.0
    update_set_points(state, person, p)
    note(state, log, _OVER, 0, 0, 0.0)
