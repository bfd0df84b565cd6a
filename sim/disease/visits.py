"""The clinic: scheduled and unscheduled visits, and the two infusions."""

import math
from typing import Final

from sim.config.disease import SECOND_INFUSIONS
from sim.config.observation import SCHEDULED, T_CELLS_ALONE
from sim.core.clock import NEVER, clinic_minute, day_of
from sim.core.decisions import Decision
from sim.core.draws import exponential_quantile, uniform, uniforms
from sim.core.errors import LimitError
from sim.core.uncounted import compiled
from sim.disease.activity import look
from sim.disease.log import note
from sim.disease.orders import give_orders, hemoglobin_added, neutrophils_factor, platelets_added, recognise
from sim.disease.state import WEEK_24, Event, Happening
from sim.observations import measure
from sim.observations.visit import UNSCHEDULED, Record

_VISIT: Final = int(Event.VISIT)
_UNSCHEDULED: Final = int(Event.UNSCHEDULED)
_INFUSION: Final = int(Event.INFUSION)
_END: Final = int(Event.END)
_CELLS_ON: Final = int(Event.CELLS_ON_1)
_CELLS_OFF: Final = int(Event.CELLS_OFF_1)
_JITTER: Final = int(Decision.VISIT_JITTER)
_MISSED: Final = int(Decision.VISIT_MISSED)
_REACTION: Final = int(Decision.INFUSION_REACTION)
_CELL_TIMES: Final = int(Decision.CELL_TIMES)
_LOG_VISIT: Final = int(Happening.VISIT)
_LOG_MISSED: Final = int(Happening.MISSED)
_LOG_UNSCHEDULED: Final = int(Happening.UNSCHEDULED)
_LOG_INFUSION: Final = int(Happening.INFUSION)
_LOG_CANCELLED: Final = int(Happening.INFUSION_CANCELLED)
_LOG_REACTION: Final = int(Happening.REACTION)

NOMINAL_DAYS: Final = (0, 3, 7, 28, 56, 84, 87, 91, 112, 140, 168, 182, 365, 548, 731, 1096, 1826)
"""Planned days of the scheduled visits; those from 87 to 168 count from the second infusion (nominally day 84)."""
_W12: Final = 5
_W16: Final = 8
_W24: Final = WEEK_24
_T_CELLS_ALONE: Final = tuple(SCHEDULED.index(name) for name in T_CELLS_ALONE)
_SECOND_NOMINAL: Final = 84
LAST_INFUSION_DAY: Final = 112
"""A second infusion that would come later is cancelled."""
GIVEN: Final = 0
INFECTION: Final = 1
RESCUE: Final = 2
FLARE: Final = 3
"""Whether there is a second infusion, and why not: codes of `cancelled` in the state."""
_AFTER_FLARE: Final = SECOND_INFUSIONS.index("withheld_after_flare")

_day_of = compiled(day_of)
_clinic_minute = compiled(clinic_minute)


@compiled
def plan_visits(state: Record, p: Record, o: Record) -> None:
    """Which scheduled visits are missed (never D0 and W12), and how far from their planned day the others are."""
    seed, trial, candidate = state.seed, state.trial, state.candidate
    for first in range(0, p.visits, 4):
        missed = uniforms(seed, trial, candidate, _MISSED, first)
        jitter = uniforms(seed, trial, candidate, _JITTER, first)
        for lane in range(4):
            number = first + lane
            state.missed[number] = missed[lane] < o.p_missed and number not in (0, _W12)
            state.jitter[number] = _jitter(o, number, jitter[lane]) if number < p.visits else 0


@compiled
def _jitter(o: Record, number: int, u: float) -> int:
    """Days from the planned day, cut to the window: width/2 normal(u), rounded, without the quantile."""
    outside, days = min(u, 1.0 - u), 0
    while days + 1 <= o.window[number] and outside < o.further[number, days]:
        days += 1
    return days if u > 0.5 else -days


@compiled
def held_day(state: Record, number: int, base: int) -> int:
    """Day on which a scheduled visit is (to be) held."""
    return base + NOMINAL_DAYS[number] + state.jitter[number]


@compiled
def new_row(state: Record, visits: Record, number: int, planned_day: int, attended: int) -> Record:
    """A visit of today in the patient's record, not yet filled."""
    if state.rows >= visits.size:
        raise LimitError("more visits of one patient than there is room for")
    visit = visits[state.rows]
    state.rows += 1
    visit.number = number
    visit.planned_day = planned_day
    visit.day = _day_of(state.minute)
    visit.minute = state.minute
    visit.attended = attended
    visit.flare = 0
    visit.flare_domains = 0
    visit.immunosuppressant = 0
    visit.pga = math.nan
    return visit


@compiled
def _take_state(state: Record, p: Record, o: Record, visit: Record) -> None:
    """The patient as the visit finds them, before orders."""
    look(state, p, state.minute)
    for k in range(8):
        visit.log_activity[k] = state.seen[k]
    visit.dose = state.dose
    visit.ordered_dose = state.dose
    visit.damage = state.damage
    visit.platelets_added = platelets_added(state, o, visit.day)
    visit.hemoglobin_added = hemoglobin_added(state, o, visit.day)
    visit.neutrophils_factor = neutrophils_factor(state, o, visit.day)
    visit.sdi = state.sdi
    visit.infused = state.infusions
    for item in range(9):
        visit.item_threshold[item] = state.item_threshold[item]
    visit.recent_items = 0
    visit.recent_cns = 0
    if visit.flare > 0 or visit.day - state.flare_recognised <= o.look_back:
        _look_back(state, o, visit)
    visit.cns = 1 << state.cns_item if state.cns_item >= 0 and state.minute < state.cns_until else 0


@compiled
def _look_back(state: Record, o: Record, visit: Record) -> None:
    """What flares brought that were recognised lately."""
    for item in range(9):
        if visit.day - state.item_recognised[item] <= o.look_back:
            visit.recent_items |= 1 << item
    for item in range(5):
        if visit.day - state.cns_recognised[item] <= o.look_back:
            visit.recent_cns |= 1 << item


@compiled
def assess(
    state: Record,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    visit: Record,
    log: Record,
    noise: Record,
) -> None:
    """An attended visit: recognise, measure, order."""
    recognise(state, visit, visit.day)
    state.due[_UNSCHEDULED] = NEVER
    _take_state(state, p, o, visit)
    if p.told == 1:
        visit.pga = measure.global_assessment(o, visit, noise)
    state.assessed_before = state.assessed
    state.assessed = state.rows - 1
    state.assessments += 1
    give_orders(state, person, p, o, visits, visit, log, noise)


@compiled
def following(o: Record, number: int) -> int:
    """The number of the next visit; by one reading of X32 there are none three and seven days after W12."""
    return _W16 if number == _W12 and o.first_only == 1.0 else number + 1


@compiled
def scheduled_visit(
    state: Record, person: Record, p: Record, o: Record, visits: Record, log: Record, noise: Record
) -> None:
    """The next visit of the schedule is due: attended or missed."""
    number = state.next_visit
    state.next_visit = following(o, number)
    if state.missed[number] == 1:
        new_row(state, visits, number, NOMINAL_DAYS[number], 0)
        note(state, log, _LOG_MISSED, number, 0, 0.0)
    else:
        visit = new_row(state, visits, number, NOMINAL_DAYS[number], 1)
        note(state, log, _LOG_VISIT, number, 0, 0.0)
        if number in _T_CELLS_ALONE:
            _take_state(state, p, o, visit)
        else:
            assess(state, person, p, o, visits, visit, log, noise)
    if number < _W12:
        state.due[_VISIT] = _clinic_minute(held_day(state, number + 1, 0))
    elif number == _W12:
        state.due[_VISIT] = NEVER
        if o.first_only == 1.0:
            _plan_next(state, o)
        why = _why_withheld(state, p)
        if why != GIVEN:
            _cancel(state, o, visits, log, why)
        else:
            wait = state.infection_day + p.pause
            plan_second_infusion(state, o, visits, log, max(_day_of(state.minute), wait))
    elif number < _W24:
        _plan_next(state, o)
    elif state.next_visit < p.visits:
        day = max(held_day(state, state.next_visit, 0), _day_of(state.minute) + 1)
        state.due[_VISIT] = _clinic_minute(day)
    else:
        state.due[_VISIT] = NEVER
        state.due[_END] = state.minute


@compiled
def _plan_next(state: Record, o: Record) -> None:
    """Visits after week 12 count from the second infusion, or from its nominal day if there was none.

    By the other reading of X32 they count from the first one, whatever becomes of the second.
    """
    base = 0
    if state.infusions == 2 and o.first_only == 0.0:
        base = state.infusion_day[1] - _SECOND_NOMINAL
    state.due[_VISIT] = _clinic_minute(held_day(state, state.next_visit, base))


@compiled
def unscheduled_visit(
    state: Record, person: Record, p: Record, o: Record, visits: Record, log: Record, noise: Record
) -> None:
    """A patient comes because of a flare."""
    state.unscheduled += 1
    visit = new_row(state, visits, UNSCHEDULED + state.unscheduled, -1, 1)
    note(state, log, _LOG_UNSCHEDULED, state.unscheduled, 0, 0.0)
    assess(state, person, p, o, visits, visit, log, noise)


@compiled
def plan_second_infusion(state: Record, o: Record, visits: Record, log: Record, day: int) -> None:
    """Give the second infusion on a day, or cancel it if that is too late; nominal visit days then serve."""
    if day <= LAST_INFUSION_DAY:
        state.due[_INFUSION] = _clinic_minute(day)
    else:
        _cancel(state, o, visits, log, INFECTION)


@compiled
def _why_withheld(state: Record, p: Record) -> int:
    """What stops it by the other readings of X41: a recorded rescue, or a recognised flare, since day 0."""
    if p.withheld == _AFTER_FLARE and state.flare_recognised >= 0:
        return FLARE
    return RESCUE if p.withheld != 0 and state.rescued == 1 else GIVEN


@compiled
def _cancel(state: Record, o: Record, visits: Record, log: Record, why: int) -> None:
    """No second infusion; later visits are planned around their nominal days, and missed where these are past."""
    state.due[_INFUSION] = NEVER
    state.cancelled = why
    note(state, log, _LOG_CANCELLED, 1, why - INFECTION, 0.0)
    if o.first_only == 1.0:
        return
    _plan_next(state, o)
    while state.due[_VISIT] < state.minute and state.next_visit < _W24:
        new_row(state, visits, state.next_visit, NOMINAL_DAYS[state.next_visit], 0)
        note(state, log, _LOG_MISSED, state.next_visit, 0, 0.0)
        state.next_visit += 1
        _plan_next(state, o)


@compiled
def infusion(state: Record, p: Record, o: Record, log: Record) -> None:
    """Cells are given: when they will act is drawn; visits after week 12 count from the second."""
    j = state.infusions
    state.infusion_day[j] = _day_of(state.minute)
    state.infusions += 1
    state.due[_INFUSION] = NEVER
    note(state, log, _LOG_INFUSION, j, 0, 0.0)
    if tells_of_cells(state, p):
        state.due[_CELLS_ON + j] = state.minute + state.lag[j]
        state.due[_CELLS_OFF + j] = state.minute + state.duration[j]
    if p.told == 1:
        _react(state, p, log, j)
    if j == 1 and o.first_only == 0.0:
        _plan_next(state, o)


@compiled
def tells_of_cells(state: Record, p: Record) -> bool:
    """Whether cells act, or somebody is told when cells that do nothing would."""
    return bool(state.depth > 0.0 or p.told == 1)


@compiled
def _react(state: Record, p: Record, log: Record, j: int) -> None:
    """Now and then a reaction to infusion j, which is recorded and changes nothing."""
    whether, severity, day, _ = uniforms(state.seed, state.trial, state.candidate, _REACTION, 4 * j)
    if whether < p.reaction:
        grade = 0 if severity < p.reaction_severity[0] else 1
        if severity >= p.reaction_severity[0] + p.reaction_severity[1]:
            grade = 2
        note(state, log, _LOG_REACTION, j, grade, float(_day_of(state.minute) + (1 if day >= 0.5 else 0)))


@compiled
def draw_cell_times(state: Record, p: Record, j: int) -> None:
    """Lag to onset (gamma with shape 2) and duration of action (Weibull with shape 2) of infusion j."""
    first, second, third, _ = uniforms(state.seed, state.trial, state.candidate, _CELL_TIMES, 4 * j)
    lag = p.lag_mean / 2.0 * (exponential_quantile(first) + exponential_quantile(second))
    duration = p.duration * math.sqrt(exponential_quantile(third))
    if j == 1 and p.p_sensitised > 0.0 and _sensitised(state, p):
        duration *= p.sensitised
    state.lag[j] = math.ceil(lag * 1440.0)
    state.duration[j] = math.ceil((lag + duration) * 1440.0)


@compiled
def _sensitised(state: Record, p: Record) -> bool:
    return uniform(state.seed, state.trial, state.candidate, Decision.CELLS.value, 2) < p.p_sensitised
