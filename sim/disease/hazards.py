"""Fourteen random clocks: each has a budget of unit hazard, spent at a rate held constant between refreshes."""

import math
from typing import Final

from sim.core.clock import DAYS_PER_YEAR, MINUTES_PER_DAY, NEVER, day_of
from sim.core.decisions import CLOCK_SPAN, SLOTS, Clock, Decision
from sim.core.draws import exponential_quantile, uniform, uniforms
from sim.core.errors import LimitError
from sim.core.exponential import exp
from sim.core.uncounted import compiled, inlined
from sim.disease.activity import look
from sim.disease.dose_effects import dose_row, flare_cover, serious_infections
from sim.disease.state import DOSES, N_CLOCKS
from sim.observations.measure import true_lymphocytes
from sim.observations.visit import Record

_WAITING: Final = int(Decision.WAITING)
_SERIOUS: Final = int(Clock.SERIOUS_INFECTION)
_MILD: Final = int(Clock.MILD_INFECTION)
_ADVERSE: Final = int(Clock.ADVERSE_EVENT)
_DEATH: Final = int(Clock.DEATH)
_DROPOUT: Final = int(Clock.DROPOUT)
_PREGNANCY: Final = int(Clock.PREGNANCY)
_DAMAGE: Final = int(Clock.RENAL_DAMAGE)
_SDI: Final = int(Clock.DAMAGE_INDEX)
_ONLY_TOLD: Final = (_MILD, _ADVERSE, _SDI)
_R: Final = 0
_X: Final = 1
_H_P: Final = 4
_H_N: Final = 5
_H_L: Final = 6
_H_E: Final = 7

_day_of = compiled(day_of)


@compiled
def draw_budget(state: Record, clock: int) -> None:
    """The unit hazard until the clock's next ring."""
    if state.count[clock] >= SLOTS:
        raise LimitError("a clock rang more than 64 times in one patient")
    index = CLOCK_SPAN * state.count[clock] + clock
    state.budget[clock] = exponential_quantile(uniform(state.seed, state.trial, state.candidate, _WAITING, index))


@compiled
def dose_fall(state: Record, p: Record, minute: int) -> float:
    """1 - dose / highest dose of the days that end today (the window counts today)."""
    first = _day_of(minute) - p.window + 1
    number = state.doses
    highest = state.dose_of[number % DOSES]
    while state.dose_from[number % DOSES] > first:
        number -= 1
        highest = max(highest, state.dose_of[number % DOSES])
    return 1.0 - state.dose / highest if highest > 0.0 else 0.0


@compiled
def note_dose(state: Record, today: int) -> None:
    """A new dose is in force from today on; the last one of a day is that day's."""
    if state.dose_from[state.doses % DOSES] < today:
        state.doses += 1
    state.dose_of[state.doses % DOSES] = state.dose
    state.dose_from[state.doses % DOSES] = today


@compiled
def _set_rates(state: Record, person: Record, p: Record, o: Record, minute: int) -> None:
    """Rates per day from the activity and the dose of this minute; a silent clock's rate stays 0."""
    if state.dose != state.rated_dose:
        _set_steady_rates(state, person, p)
    look(state, p, minute)
    seen, rate, silent = state.seen, state.rate, state.silent
    renal = min(seen[_R], p.log_cap)
    extrarenal = min(seen[_X], p.log_cap)
    hematologic = min(max(seen[_H_P], seen[_H_N], seen[_H_L], seen[_H_E]), p.log_cap)
    cover = state.dose_cover
    fall = dose_fall(state, p, minute)
    if fall > 0.0:
        cover *= exp(p.taper_effect * fall)
    cover *= state.frailty / DAYS_PER_YEAR
    for domain in range(3):
        activity = renal if domain == 0 else (hematologic if domain == 1 else extrarenal)
        factor = exp(p.activity_exponent * activity) * cover
        rate[2 * domain] = p.flare_rate[2 * domain] * factor
        rate[2 * domain + 1] = p.flare_rate[2 * domain + 1] * factor
    if silent[_SERIOUS] == 0:
        lymphoid = exp(min(seen[_H_L], p.log_cap))
        rate[_SERIOUS] = _serious_rate(state, person, p, o, lymphoid) / DAYS_PER_YEAR
    if silent[_DEATH] == 0:
        worst = max(0.0, renal, hematologic, extrarenal)
        rate[_DEATH] = p.death_rate * exp(p.death_activity * worst) / DAYS_PER_YEAR
    if silent[_DAMAGE] == 0 and person.subgroup == 0:
        rate[_DAMAGE] = p.damage_rate * exp(renal) / DAYS_PER_YEAR


@compiled
def _serious_rate(state: Record, person: Record, p: Record, o: Record, lymphoid: float) -> float:
    """Serious infections a year, at a (capped) activity of the lymphocytes."""
    serious = state.dose_serious
    if true_lymphocytes(o, person, lymphoid, state.dose) < p.lymphopenia_below:
        serious *= p.serious_lymphopenia
    if state.immunosuppressed == 1:
        serious *= p.serious_immunosuppressant
    return serious


@compiled
def start_clocks(state: Record, person: Record, p: Record) -> None:
    """First budgets. A clock is silent if it cannot ring before the end, or if nobody is told of its rings.

    It cannot where its budget would last to the end at the highest rate it can have; that is asked for rates that
    are dear to reckon. The highest dose is that of enrolment or what a physician orders for a flare.
    """
    for first in range(0, N_CLOCKS, 4):
        fresh = uniforms(state.seed, state.trial, state.candidate, _WAITING, first)
        for lane in range(min(4, N_CLOCKS - first)):
            clock = first + lane
            state.count[clock] = 0
            state.rate[clock] = 0.0
            state.silent[clock] = p.told == 0 and clock in _ONLY_TOLD
            state.budget[clock] = math.inf if state.silent[clock] else exponential_quantile(fresh[lane])
    highest = max(person.prednisone_dose, p.mild_limit, p.severe_per_kg * person.weight + 5.0)
    dear = highest if p.serious_dose > 0.0 else 0.0
    by_dose = exp(p.serious_dose * (dear - p.clock_reference))
    state.silent[_SERIOUS] = state.budget[_SERIOUS] > p.most_serious * by_dose
    state.silent[_DEATH] = state.budget[_DEATH] > p.most_death
    state.silent[_DAMAGE] = state.budget[_DAMAGE] > p.most_damage
    state.rated_dose = math.nan


@compiled
def _set_steady_rates(state: Record, person: Record, p: Record) -> None:
    """Rates, and factors of rates, that stay until the dose changes or a rescue is recorded."""
    dose = state.dose
    state.rated_dose = dose
    row = dose_row(dose)
    state.dose_cover = p.flare_cover[row] if row >= 0 else flare_cover(p, dose)
    state.dose_serious = p.serious_infections[row] if row >= 0 else serious_infections(p, dose)
    dropout = p.dropout_rate * (p.dropout_after_rescue if state.rescued == 1 else 1.0)
    fertile = person.female == 1 and person.age <= p.pregnancy_age
    state.rate[_DROPOUT] = dropout / DAYS_PER_YEAR
    state.rate[_PREGNANCY] = p.pregnancy_rate / DAYS_PER_YEAR if fertile else 0.0
    if p.told == 1:
        state.rate[_MILD] = p.mild_rate * exp(p.mild_dose * (dose - p.clock_reference)) / DAYS_PER_YEAR
        state.rate[_ADVERSE] = p.adverse_rate / DAYS_PER_YEAR
        state.rate[_SDI] = p.sdi_rate / DAYS_PER_YEAR


@compiled
def note_rescue(state: Record) -> None:
    """From a recorded rescue on, drop-out is likelier; `refresh` comes next."""
    state.rescued = 1
    state.rated_dose = math.nan


@compiled
def refresh(state: Record, person: Record, p: Record, o: Record, minute: int) -> None:
    """Spend the budgets up to now, set the rates anew, and reckon when each clock would ring."""
    days = (minute - state.refreshed) / MINUTES_PER_DAY
    for clock in range(N_CLOCKS):
        state.budget[clock] = max(state.budget[clock] - state.rate[clock] * days, 0.0)
    state.refreshed = minute
    _set_rates(state, person, p, o, minute)
    soon = False
    for clock in range(N_CLOCKS):
        state.due[clock] = NEVER
        soon |= _rings_soon(state, p, clock)
    state.first_ring = NEVER
    if soon:
        for clock in range(N_CLOCKS):
            reckon(state, p, clock, minute)
            state.first_ring = min(state.first_ring, state.due[clock])


@inlined
def _rings_soon(state: Record, p: Record, clock: int) -> bool:
    """Whether a clock may ring before a day after the next tick, which brings the next refresh."""
    return bool(state.budget[clock] <= state.rate[clock] * (p.tick + 1))


@compiled
def reckon(state: Record, p: Record, clock: int, minute: int) -> None:
    """When a clock rings if its rate stays and it rings soon; `minute` is the last refresh."""
    rate = state.rate[clock]
    if rate <= 0.0 or not _rings_soon(state, p, clock):
        state.due[clock] = NEVER
    else:
        wait = state.budget[clock] / rate * MINUTES_PER_DAY
        state.due[clock] = NEVER if wait > 1e12 else math.ceil(minute + wait)


@compiled
def rang(state: Record, p: Record, clock: int, minute: int) -> None:
    """A clock has rung: count it, draw the next budget, without refreshing the others."""
    state.count[clock] += 1
    draw_budget(state, clock)
    # The budget is reckoned from the last refresh, so what was spent since then is added to it.
    state.budget[clock] += state.rate[clock] * (minute - state.refreshed) / MINUTES_PER_DAY
    reckon(state, p, clock, state.refreshed)
    state.first_ring = NEVER
    for each in range(N_CLOCKS):
        state.first_ring = min(state.first_ring, state.due[each])
