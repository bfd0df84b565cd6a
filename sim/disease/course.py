"""One patient's course: what is next, and what it does. Both clocks of the trial drive these two functions.

    while not state.done:
        minute, kind = next_event(state)
        apply(state, kind, minute, …)

Between two events every quantity has a closed form and every hazard is constant, so nothing is stepped. The
order of events within one minute is the order of `Event`.
"""

import math
from typing import Final

from sim.core.clock import MINUTES_PER_DAY, NEVER, clinic_minute, day_of
from sim.core.decisions import SLOTS, Clock, Decision
from sim.core.draws import normal, normal_quantile, uniform, uniforms
from sim.core.exponential import exp
from sim.core.uncounted import compiled, inlined
from sim.disease.activity import rebase, update_set_points
from sim.disease.drift import drift_to, start_drift
from sim.disease.flares import flare
from sim.disease.hazards import rang, refresh, start_clocks
from sim.disease.log import note
from sim.disease.pulse import end_pulse
from sim.disease.state import LAST_DAY, LONG_AGO, N_CLOCKS, N_EVENTS, WEEK_24, Event, Happening
from sim.disease.steroid import long_term_step, pause, start_taper, taper_due
from sim.disease.visits import (
    NOMINAL_DAYS,
    draw_cell_times,
    following,
    infusion,
    new_row,
    plan_second_infusion,
    plan_visits,
    scheduled_visit,
    tells_of_cells,
    unscheduled_visit,
)
from sim.observations import measure
from sim.observations.visit import Record, at_enrolment

_ON_1: Final = int(Event.CELLS_ON_1)
_OFF_1: Final = int(Event.CELLS_OFF_1)
_PULSE_OFF: Final = int(Event.PULSE_OFF)
_TICK: Final = int(Event.TICK)
_VISIT: Final = int(Event.VISIT)
_UNSCHEDULED: Final = int(Event.UNSCHEDULED)
_TAPER: Final = int(Event.TAPER)
_LONG_TERM_STEP: Final = int(Event.LONG_TERM_STEP)
_INFUSION: Final = int(Event.INFUSION)
_END: Final = int(Event.END)
_SERIOUS: Final = int(Clock.SERIOUS_INFECTION)
_MILD: Final = int(Clock.MILD_INFECTION)
_ADVERSE: Final = int(Clock.ADVERSE_EVENT)
_DEATH: Final = int(Clock.DEATH)
_DROPOUT: Final = int(Clock.DROPOUT)
_PREGNANCY: Final = int(Clock.PREGNANCY)
_DAMAGE: Final = int(Clock.RENAL_DAMAGE)
_TREND: Final = int(Decision.TREND)
_CELLS: Final = int(Decision.CELLS)
_DETAIL: Final = int(Decision.EVENT_DETAIL)
_W12: Final = 5

_day_of = compiled(day_of)
_clinic_minute = compiled(clinic_minute)


@compiled
def start(
    state: Record,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    noise: Record,
    frailty: float,
) -> None:
    """An enrolled person at minute 0: everything that is drawn once, and what is due first.

    frailty : factor of the person's flare rates (frailty.py); 1 where all are equal.
    """
    state.frailty = frailty
    state.seed, state.trial, state.candidate = noise.seed, noise.trial, noise.candidate
    state.minute = 0
    state.done = 0
    state.entries = 0
    state.end_day = LAST_DAY
    for kind in range(N_EVENTS):
        state.due[kind] = NEVER
    start_drift(state, p)
    _start_activity(state, person, p)
    _start_records(state, person)
    start_clocks(state, person, p)
    refresh(state, person, p, o, 0)
    start_taper(state, person, p)
    at_enrolment(visits[0], person, p.screening_day_LN if person.subgroup == 0 else p.screening_day_LC)
    if p.told == 1:
        visits[0].pga = measure.global_assessment(o, visits[0], noise)
    state.rows = 1
    plan_visits(state, p, o)
    if tells_of_cells(state, p):
        for j in range(2):
            draw_cell_times(state, p, j)
    state.due[_TICK] = p.tick * MINUTES_PER_DAY
    state.due[_VISIT] = _clinic_minute(0)
    state.due[_INFUSION] = _clinic_minute(0)
    if p.visits > WEEK_24 + 1:
        state.due[_LONG_TERM_STEP] = _clinic_minute(NOMINAL_DAYS[WEEK_24] + p.long_interval)
    else:
        state.due[_END] = _clinic_minute(LAST_DAY)


@compiled
def responds(seed: int, trial: int, candidate: int, p_responder: float) -> bool:
    """Whether the cells act on a patient; who responds under a small probability does under a larger one."""
    return p_responder > 0.0 and uniform(seed, trial, candidate, _CELLS, 0) < p_responder


@compiled
def _start_activity(state: Record, person: Record, p: Record) -> None:
    """Trend under standard of care, response to cells, and the first set-points."""
    seed, trial, candidate = state.seed, state.trial, state.candidate
    p_improver = p.improver_LN if person.subgroup == 0 else p.improver_LC
    first = uniforms(seed, trial, candidate, _TREND, 0)
    second = uniforms(seed, trial, candidate, _TREND, 4)
    improver = first[0] < p_improver
    shared = p.shared_sd * normal_quantile(first[1])
    for domain in range(5):
        z = normal_quantile(first[2 + domain] if domain < 2 else second[domain - 2])
        if p.induction == 1.0:
            state.trend[domain] = min(p.induction_mean + p.induction_sd * z, p.induction_cap)
        elif improver:
            state.trend[domain] = shared + p.improver_log + p.improver_sd * z
        else:
            state.trend[domain] = shared + p.other_log + p.other_sd * z
    state.responder = 1 if responds(seed, trial, candidate, p.p_responder) else 0
    state.depth = 0.0
    if state.responder == 1:
        depth = exp(p.depth_log + p.depth_sd * normal(seed, trial, candidate, _CELLS, 1))
        state.depth = depth * p.cell_factor
    state.cells = 0
    state.immunosuppressed = 0
    state.rescued = 0
    state.since = 0
    state.refreshed = 0
    state.dose = person.prednisone_dose
    state.entry_dose = person.prednisone_dose
    state.doses = 0
    state.dose_of[0] = person.prednisone_dose
    state.dose_from[0] = LONG_AGO
    state.pulse = 0.0
    for k in range(8):
        state.log_activity[k] = person.log_activity[k]
    update_set_points(state, person, p)


@compiled
def _start_records(state: Record, person: Record) -> None:
    """Nothing has been recognised, given or counted yet."""
    state.pause_until = LONG_AGO
    state.assessments = 0
    for clock in range(6):
        state.pending[clock] = 0
    state.pending_items = 0
    state.pending_cns = 0
    state.mild_recognised = LONG_AGO
    state.flare_recognised = LONG_AGO
    for item in range(9):
        state.item_threshold[item] = person.item_threshold[item] if person.item_owned[item] == 1 else math.inf
        state.item_recognised[item] = LONG_AGO
    for item in range(5):
        state.cns_recognised[item] = LONG_AGO
    state.cns_item = -1
    state.cns_until = 0
    state.next_visit = 0
    state.unscheduled = 0
    state.infusions = 0
    state.cancelled = 0
    state.infection_day = LONG_AGO
    state.ivig_day = LONG_AGO
    state.ivig_before = 0.0
    state.transfusion_day = LONG_AGO
    state.transfusion_amount = 0.0
    state.gcsf_day = LONG_AGO
    state.damage = 1.0
    state.sdi = person.sdi


@compiled
def next_event(state: Record) -> tuple[int, int]:
    """Minute and kind of what happens next; kinds of the same minute in the order of `Event`."""
    ring, minute = state.first_ring, state.due[N_CLOCKS]
    for kind in range(N_CLOCKS + 1, N_EVENTS):
        minute = min(minute, state.due[kind])
    kind = 0 if ring <= minute else N_CLOCKS
    minute = min(minute, ring)
    while state.due[kind] != minute:
        kind += 1
    return minute, kind


@inlined
def apply(
    state: Record,
    kind: int,
    minute: int,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    log: Record,
    noise: Record,
) -> None:
    """Make an event happen."""
    state.minute = minute
    if p.drift > 0.0:
        drift_to(state, p, _day_of(minute))
    if kind < N_CLOCKS:
        _clock_rings(state, kind, person, p, o, visits, log)
    elif kind < _PULSE_OFF:
        _cells_switch(state, kind, person, p, log)
    elif kind == _PULSE_OFF:
        end_pulse(state, person, p, log)
    elif kind == _TICK:
        state.due[_TICK] = minute + p.tick * MINUTES_PER_DAY
        refresh(state, person, p, o, minute)
    elif kind == _VISIT:
        scheduled_visit(state, person, p, o, visits, log, noise)
    elif kind == _UNSCHEDULED:
        state.due[_UNSCHEDULED] = NEVER
        unscheduled_visit(state, person, p, o, visits, log, noise)
    elif kind == _TAPER:
        taper_due(state, person, p, o, visits, log, noise)
    elif kind == _LONG_TERM_STEP:
        long_term_step(state, person, p, o, visits, log, noise)
    elif kind == _INFUSION:
        infusion(state, p, o, log)
    else:
        note(state, log, Happening.END.value, 0, 0, 0.0)
        _end(state)
    if state.done == 1:
        leave_remaining_visits(state, p, o, visits)


@compiled
def _end(state: Record) -> None:
    state.done = 1
    state.end_day = _day_of(state.minute)


@compiled
def leave_remaining_visits(state: Record, p: Record, o: Record, visits: Record) -> None:
    """Planned visits after the end of participation: not attended."""
    while state.next_visit < p.visits:
        new_row(state, visits, state.next_visit, NOMINAL_DAYS[state.next_visit], 0)
        state.next_visit = following(o, state.next_visit)


@compiled
def _cells_switch(state: Record, kind: int, person: Record, p: Record, log: Record) -> None:
    """Cells begin or cease to act. Where they do nothing, nothing is touched, not even the arithmetic."""
    state.due[kind] = NEVER
    on = kind < _OFF_1
    if on:
        note(state, log, Happening.CELLS_ON.value, kind - _ON_1, 0, 0.0)
    else:
        note(state, log, Happening.CELLS_OFF.value, kind - _OFF_1, 0, 0.0)
    state.cells += 1 if on else -1
    if state.depth > 0.0:
        rebase(state, p, state.minute)
        update_set_points(state, person, p)


@compiled
def _clock_rings(
    state: Record, clock: int, person: Record, p: Record, o: Record, visits: Record, log: Record
) -> None:
    """One of the random clocks rings: a flare, an infection, another event, or the end of participation."""
    index = SLOTS * clock + state.count[clock]
    if clock < _SERIOUS:
        flare(state, p, log, clock)
    elif clock == _SERIOUS:
        _serious_infection(state, p, o, visits, log, index)
    elif clock == _MILD:
        moderate = uniform(state.seed, state.trial, state.candidate, _DETAIL, 4 * index + 1) < p.mild_moderate
        note(state, log, Happening.MILD_INFECTION.value, state.count[clock], 1 if moderate else 0, 0.0)
    elif clock == _ADVERSE:
        note(state, log, Happening.ADVERSE_EVENT.value, state.count[clock], 0, 0.0)
    elif clock == _DEATH:
        note(state, log, Happening.DEATH.value, 0, 0, 0.0)
        _end(state)
    elif clock == _DROPOUT:
        _drop_out(state, p, log, index)
    elif clock == _PREGNANCY:
        note(state, log, Happening.PREGNANCY.value, 0, 0, 0.0)
        _end(state)
    elif clock == _DAMAGE:
        state.damage *= p.damage_factor
        note(state, log, Happening.RENAL_DAMAGE.value, 0, 0, state.damage)
    else:
        state.sdi += 1
        note(state, log, Happening.DAMAGE_INDEX.value, 0, 0, 0.0)
    rang(state, p, clock, state.minute)
    if clock < _SERIOUS:
        refresh(state, person, p, o, state.minute)


@compiled
def _serious_infection(state: Record, p: Record, o: Record, visits: Record, log: Record, index: int) -> None:
    """Fatal, or the taper and a waiting second infusion are put off."""
    today = _day_of(state.minute)
    state.infection_day = today
    note(state, log, Happening.SERIOUS_INFECTION.value, state.count[_SERIOUS], 0, 0.0)
    if uniform(state.seed, state.trial, state.candidate, _DETAIL, 4 * index) < p.fatality:
        note(state, log, Happening.DEATH.value, 1, 0, 0.0)
        _end(state)
        return
    pause(state, p, today)
    if state.infusions == 1 and state.next_visit > _W12 and state.cancelled == 0:
        plan_second_infusion(state, o, visits, log, today + p.pause)


@compiled
def _drop_out(state: Record, p: Record, log: Record, index: int) -> None:
    which, _, _, _ = uniforms(state.seed, state.trial, state.candidate, _DETAIL, 4 * index)
    reason = 0 if which < p.dropout_reasons[0] else 1
    if which >= p.dropout_reasons[0] + p.dropout_reasons[1]:
        reason = 2
    note(state, log, Happening.DROPOUT.value, reason, 0, 0.0)
    _end(state)
