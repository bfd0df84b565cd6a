"""The corticosteroid of each day, laid out from the log of orders."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.clock import MINUTES_PER_DAY
from sim.core.compiled import compiled
from sim.disease.state import LAST_DAY, Happening, Reason
from sim.observations.visit import Record
from sim.trial.courses import Courses

_ORDER: Final = int(Happening.ORDER_DOSE)
_STEP: Final = int(Happening.STEP)
_STEROID_RESCUE: Final = int(Happening.STEROID_RESCUE)
_PULSE: Final = int(Happening.PULSE)
_BASELINE: Final = int(Reason.BASELINE)
_BY_TAPER: Final = int(Reason.TAPER)
_FOR_FLARE: Final = int(Reason.FLARE)
_FOR_RESCUE: Final = int(Reason.RESCUE)

Doses = NDArray[np.float64]
Reasons = NDArray[np.int8]


def daily(courses: Courses) -> tuple[Doses, Reasons]:
    """(courses, days from 0) dose of each day, mg/day, oral and intravenous together, and why (Reason).

    The days go to 211, or to the day after the last end of participation where that is later; the last dose
    carries forward.
    """
    days = max(LAST_DAY, int(courses.states["end_day"].max(initial=0))) + 2
    dose = np.empty((len(courses.states), days))
    reason = np.empty(dose.shape, np.int8)
    _lay_all(courses.log, courses.states["entries"], courses.states["entry_dose"], dose, reason)
    return dose, reason


@compiled
def _lay_all(log: Record, entries: NDArray[np.int64], entry_dose: Doses, dose: Doses, reason: Reasons) -> None:
    """Patients one after the other."""
    first = 0
    for i in range(entries.size):
        last = first + entries[i]
        lay(log[first:last], entry_dose[i], dose[i], reason[i])
        first = last


@compiled
def lay(log: Record, entry_dose: float, dose: Doses, reason: Reasons) -> None:
    """One patient: the oral dose in force, then the pulses on top. dose, reason : (days,), filled."""
    _lay_oral(log, entry_dose, dose, reason)
    _lay_pulses(log, dose, reason)


@compiled
def _lay_oral(log: Record, entry_dose: float, dose: Doses, reason: Reasons) -> None:
    """The dose of a day is the last one ordered for it; an order of the dose in force changes nothing."""
    current, why, start = entry_dose, _BASELINE, 0
    for entry in log:
        if entry.kind == _STEROID_RESCUE:
            why = _FOR_RESCUE
        elif entry.kind in (_ORDER, _STEP) and entry.value != current:
            today = entry.minute // MINUTES_PER_DAY
            dose[start:today] = current
            reason[start:today] = why
            current, start = entry.value, today
            why = _FOR_FLARE if entry.kind == _ORDER else _BY_TAPER
    dose[start:] = current
    reason[start:] = why


@compiled
def _lay_pulses(log: Record, dose: Doses, reason: Reasons) -> None:
    """A pulse counts on its calendar days; days of two pulses count once."""
    following = 0
    for entry in log:
        if entry.kind == _PULSE:
            today = entry.minute // MINUTES_PER_DAY
            for day in range(max(today, following), min(today + entry.a, dose.size)):
                dose[day] += entry.value
                reason[day] = _FOR_RESCUE
            following = today + entry.a
