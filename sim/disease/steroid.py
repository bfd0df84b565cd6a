"""The corticosteroid as a state machine: reduction steps, holds, skips, re-escalation and the way back.

The registry record names a 24-week taper and gives no schedule; what a physician does with it moves the steroid
endpoints more than any cell. All doses are oral, mg/day prednisone equivalent. Decisions read recorded
assessments only.
"""

import math
from typing import Final

from sim.core.clock import NEVER, clinic_minute, day_of
from sim.core.decisions import DAY_OFFSET, Decision
from sim.core.draws import uniform
from sim.core.uncounted import compiled
from sim.disease.activity import rebase, update_set_points
from sim.disease.hazards import note_dose, refresh
from sim.disease.log import note
from sim.disease.state import Event, Happening, Phase
from sim.observations import measure
from sim.observations.visit import Record

_TAPER: Final = int(Event.TAPER)
_LONG_TERM_STEP: Final = int(Event.LONG_TERM_STEP)
_STEPS: Final = int(Phase.STEPS)
_LAST: Final = int(Phase.LAST)
_HIGH: Final = int(Phase.HIGH)
_REDUCE: Final = int(Phase.REDUCE)
_OVER: Final = int(Phase.OVER)
_HOLD: Final = int(Decision.TAPER_HOLD)
_SKIP: Final = int(Decision.TAPER_SKIP)
_STEP: Final = int(Happening.STEP)
_HELD: Final = int(Happening.HELD)
_SKIPPED: Final = int(Happening.SKIPPED)
_WEEK: Final = 7
_TOLERANCE: Final = 1e-9

_day_of = compiled(day_of)
_clinic_minute = compiled(clinic_minute)


@compiled
def reduction(dose: float) -> float:
    """One reduction step: above 20 by 10 (not below 20), above 10 by 5 (not below 10), else by 2.5."""
    if dose > 20.0:
        return max(20.0, dose - 10.0)
    if dose > 10.0:
        return max(10.0, dose - 5.0)
    return max(0.0, dose - 2.5)


@compiled
def proportional_dose(p: Record, entry_dose: float, step: int) -> float:
    """Dose of step 0, 1, … of a proportional taper: rounded up to 2.5 mg, never above the entry dose."""
    dose = p.floor + p.remaining[step] * (entry_dose - p.floor)
    return min(entry_dose, 2.5 * math.ceil(dose / 2.5 - _TOLERANCE))


@compiled
def calendar_dose(p: Record, entry_dose: float, day: int) -> float:
    """Dose that the undisturbed calendar has on a day."""
    dose, step, due = entry_dose, 0, p.first_day
    while dose > p.floor and due <= day:
        dose = proportional_dose(p, entry_dose, step) if p.proportional == 1 else max(p.floor, reduction(dose))
        step += 1
        due += p.interval
    reached = due - p.interval if step > 0 else -p.last_delay
    if dose <= p.floor and day >= max(p.last_day, reached + p.last_delay):
        return min(dose, p.last_dose)
    return dose


@compiled
def set_dose(state: Record, person: Record, p: Record, o: Record, dose: float) -> None:
    """Order a daily oral dose from today on; set-points and hazards follow where it differs.

    The log keeps the orders: whoever calls notes one with the dose after it, and the tables lay out the days.
    """
    if dose == state.dose:
        return
    rebase(state, p, state.minute)
    state.dose = dose
    note_dose(state, _day_of(state.minute))
    update_set_points(state, person, p)
    refresh(state, person, p, o, state.minute)


@compiled
def start_taper(state: Record, person: Record, p: Record) -> None:
    """The first due day, or the last step alone where the entry dose is at the floor already."""
    state.step = 0
    if person.prednisone_dose <= p.floor:
        _leave_last_step(state, p, -p.last_delay)
    else:
        state.phase = _STEPS
        state.due[_TAPER] = _clinic_minute(p.first_day)


@compiled
def _leave_last_step(state: Record, p: Record, reached: int) -> None:
    state.phase = _LAST
    state.due[_TAPER] = _clinic_minute(max(p.last_day, reached + p.last_delay))


@compiled
def _pga(o: Record, visit: Record, noise: Record) -> float:
    """The global assessment of a visit, worked out where it is asked for first: a power run asks for few."""
    if math.isnan(visit.pga):
        visit.pga = measure.global_assessment(o, visit, noise)
    return visit.pga


@compiled
def gate_closed(state: Record, p: Record, o: Record, visits: Record, noise: Record) -> bool:
    """PGA above that before treatment at the last two assessments, or clearly above at the last."""
    if state.assessments == 0:
        return False
    baseline = (_pga(o, visits[0], noise) + _pga(o, visits[1], noise)) / 2.0
    last = _pga(o, visits[state.assessed], noise) - baseline
    if last >= p.gate_one - _TOLERANCE:
        return True
    if state.assessments == 1 or last < p.gate_two - _TOLERANCE:
        return False
    return _pga(o, visits[state.assessed_before], noise) - baseline >= p.gate_two - _TOLERANCE


@compiled
def taper_due(
    state: Record, person: Record, p: Record, o: Record, visits: Record, log: Record, noise: Record
) -> None:
    """What is due today: an attempt at a step, or a reduction on the way back from a flare."""
    if state.phase in (_HIGH, _REDUCE):
        _reduce(state, person, p, o, log)
    else:
        _attempt(state, person, p, o, visits, log, noise)


@compiled
def _attempt(
    state: Record, person: Record, p: Record, o: Record, visits: Record, log: Record, noise: Record
) -> None:
    """A step of the schedule: held, skipped or done."""
    today = _day_of(state.minute)
    state.due[_TAPER] = NEVER
    if today > p.final_day:
        state.phase = _OVER
        return
    seed, trial, candidate, index = state.seed, state.trial, state.candidate, today + DAY_OFFSET
    if gate_closed(state, p, o, visits, noise) and uniform(seed, trial, candidate, _HOLD, index) < p.hold:
        state.due[_TAPER] = _clinic_minute(today + p.retry)
        note(state, log, _HELD, 0, 0, state.dose)
        return
    if uniform(seed, trial, candidate, _SKIP, index) < p.skip:
        state.due[_TAPER] = _clinic_minute(today + p.retry)
        note(state, log, _SKIPPED, 0, 0, state.dose)
        return
    if state.phase == _LAST:
        state.phase = _OVER
        set_dose(state, person, p, o, min(state.dose, p.last_dose, person.prednisone_dose))
    else:
        dose = max(p.floor, reduction(state.dose))
        if p.proportional == 1:
            dose = min(state.dose, proportional_dose(p, person.prednisone_dose, state.step))
        if p.catch_up == 1:
            dose = min(dose, calendar_dose(p, person.prednisone_dose, today))
        state.step += 1
        state.due[_TAPER] = _clinic_minute(today + p.interval)
        set_dose(state, person, p, o, dose)
        if state.dose <= p.floor:
            _leave_last_step(state, p, today)
    note(state, log, _STEP, 0, 0, state.dose)


@compiled
def _reduce(state: Record, person: Record, p: Record, o: Record, log: Record) -> None:
    """The way back after a flare: weekly, without gate, to the floor or the entry dose."""
    today = _day_of(state.minute)
    lowest = min(p.floor, person.prednisone_dose)
    state.phase = _REDUCE
    state.due[_TAPER] = _clinic_minute(today + _WEEK)
    set_dose(state, person, p, o, min(state.dose, max(lowest, reduction(state.dose))))
    if state.dose <= lowest:
        _leave_last_step(state, p, today)
    note(state, log, _STEP, 1, 0, state.dose)


@compiled
def long_term_step(
    state: Record, person: Record, p: Record, o: Record, visits: Record, log: Record, noise: Record
) -> None:
    """A reduction after the 24 weeks, unless a flare was recognised within an interval or PGA is high."""
    today = _day_of(state.minute)
    state.due[_LONG_TERM_STEP] = _clinic_minute(today + p.long_interval)
    if state.phase in (_HIGH, _REDUCE) or state.dose <= p.long_floor:
        return
    if today - state.flare_recognised <= p.long_interval or state.assessments == 0:
        return
    if _pga(o, visits[state.assessed], noise) > p.long_pga + _TOLERANCE:
        return
    set_dose(state, person, p, o, max(p.long_floor, state.dose - p.long_step))
    note(state, log, _STEP, 2, 0, state.dose)


@compiled
def hold_high(state: Record, p: Record) -> None:
    """A flare's dose is held from today; a new flare starts the days again."""
    state.phase = _HIGH
    state.due[_TAPER] = _clinic_minute(_day_of(state.minute) + p.hold_days)


@compiled
def pause(state: Record, p: Record, onset_day: int) -> None:
    """A serious infection moves the due day by the days its pause reaches beyond a running one."""
    until = onset_day + p.pause
    shift = until - max(state.pause_until, onset_day)
    if shift > 0 and state.due[_TAPER] != NEVER:
        state.due[_TAPER] += shift * 1440
    state.pause_until = max(state.pause_until, until)
