"""Fourteen random clocks: each has a budget of unit hazard, spent at a rate held constant between refreshes."""

import math
from typing import Final

from sim.core.clock import DAYS_PER_YEAR, MINUTES_PER_DAY, NEVER, day_of
from sim.core.compiled import compiled
from sim.core.decisions import SLOTS, Clock, Decision
from sim.core.draws import exponential_quantile, uniform
from sim.core.errors import LimitError
from sim.disease.activity import log_hematologic, seen_log_activity
from sim.disease.state import N_CLOCKS, RECENT
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
_H_L: Final = 6

_day_of = compiled(day_of)


@compiled
def draw_budget(state: Record, clock: int) -> None:
    """The unit hazard until the clock's next ring."""
    if state.count[clock] >= SLOTS:
        raise LimitError("a clock rang more than 64 times in one patient")
    index = SLOTS * clock + state.count[clock]
    state.budget[clock] = exponential_quantile(uniform(state.seed, state.trial, state.candidate, _WAITING, index))


@compiled
def dose_fall(state: Record, p: Record, person: Record, minute: int) -> float:
    """1 - dose / highest dose of the days that end today (the window counts today)."""
    today = _day_of(minute)
    note_doses(state, today)
    highest = _highest_kept(state) if p.window == RECENT else _highest_dose(state, person, today, p.window)
    return 1.0 - state.dose / highest if highest > 0.0 else 0.0


@compiled
def _highest_kept(state: Record) -> float:
    """The highest dose of the last 28 days: of all that the state keeps, days to come hold the dose of entry."""
    recent = state.recent_dose
    first, second, third, fourth = 0.0, 0.0, 0.0, 0.0
    for slot in range(0, RECENT, 4):
        first, second = max(first, recent[slot]), max(second, recent[slot + 1])
        third, fourth = max(third, recent[slot + 2]), max(fourth, recent[slot + 3])
    return max(first, second, third, fourth)


@compiled
def _highest_dose(state: Record, person: Record, today: int, days: int) -> float:
    highest = person.prednisone_dose if today - days + 1 < 0 else 0.0
    for day in range(max(today - days + 1, 0), today + 1):
        highest = max(highest, state.recent_dose[day % RECENT])
    return highest


@compiled
def note_doses(state: Record, today: int) -> None:
    """The oral dose in force is that of every day up to today that has none noted yet."""
    for day in range(max(state.dose_day + 1, today - RECENT + 1), today + 1):
        state.recent_dose[day % RECENT] = state.dose
    state.dose_day = today


@compiled
def _set_rates(state: Record, person: Record, p: Record, o: Record, minute: int) -> None:
    """Rates per day from the activity and the dose of this minute."""
    if state.dose != state.rated_dose:
        _rate_dose(state, p)
    highest = math.log(p.cap)
    renal = min(seen_log_activity(state, p, 0, minute), highest)
    extrarenal = min(seen_log_activity(state, p, 1, minute), highest)
    lymphoid = min(seen_log_activity(state, p, _H_L, minute), highest)
    hematologic = min(log_hematologic(state, p, minute), highest)
    dose, rate = state.dose, state.rate
    cover = state.dose_cover * math.exp(p.taper_effect * dose_fall(state, p, person, minute))
    cover *= state.frailty
    for domain in range(3):
        activity = renal if domain == 0 else (hematologic if domain == 1 else extrarenal)
        factor = math.exp(p.activity_exponent * activity) * cover
        rate[2 * domain] = p.flare_rate[2 * domain] * factor
        rate[2 * domain + 1] = p.flare_rate[2 * domain + 1] * factor
    serious = state.dose_serious
    if true_lymphocytes(o, person, math.exp(lymphoid), dose) < p.lymphopenia_below:
        serious *= p.serious_lymphopenia
    if state.immunosuppressed == 1:
        serious *= p.serious_immunosuppressant
    rate[_SERIOUS] = serious
    rate[_MILD] = state.dose_mild
    rate[_ADVERSE] = p.adverse_rate
    rate[_DEATH] = p.death_rate * math.exp(p.death_activity * max(0.0, renal, hematologic, extrarenal))
    rate[_DROPOUT] = p.dropout_rate * (p.dropout_after_rescue if state.rescued == 1 else 1.0)
    fertile = person.female == 1 and person.age <= p.pregnancy_age
    rate[_PREGNANCY] = p.pregnancy_rate if fertile else 0.0
    rate[_DAMAGE] = p.damage_rate * math.exp(renal) if person.subgroup == 0 else 0.0
    rate[_SDI] = p.sdi_rate
    for clock in range(N_CLOCKS):
        rate[clock] /= DAYS_PER_YEAR


@compiled
def _rate_dose(state: Record, p: Record) -> None:
    """What the dose does to the rates, kept until it changes."""
    dose = state.dose
    state.rated_dose = dose
    state.dose_cover = ((p.flare_reference + p.dose_offset) / (dose + p.dose_offset)) ** p.dose_exponent
    state.dose_serious = p.serious_rate * math.exp(p.serious_dose * (dose - p.clock_reference))
    state.dose_mild = p.mild_rate * math.exp(p.mild_dose * (dose - p.clock_reference))


@compiled
def refresh(state: Record, person: Record, p: Record, o: Record, minute: int) -> None:
    """Spend the budgets up to now, set the rates anew, and reckon when each clock would ring."""
    days = (minute - state.refreshed) / MINUTES_PER_DAY
    for clock in range(N_CLOCKS):
        state.budget[clock] = max(state.budget[clock] - state.rate[clock] * days, 0.0)
    state.refreshed = minute
    _set_rates(state, person, p, o, minute)
    for clock in range(N_CLOCKS):
        reckon(state, clock, minute)


@compiled
def reckon(state: Record, clock: int, minute: int) -> None:
    """When a clock rings if its rate stays; `minute` is the last refresh."""
    rate = state.rate[clock]
    if rate <= 0.0:
        state.due[clock] = NEVER
    else:
        wait = state.budget[clock] / rate * MINUTES_PER_DAY
        state.due[clock] = NEVER if wait > 1e12 else math.ceil(minute + wait)


@compiled
def rang(state: Record, clock: int, minute: int) -> None:
    """A clock has rung: count it, draw the next budget, without refreshing the others."""
    state.count[clock] += 1
    draw_budget(state, clock)
    # The budget is reckoned from the last refresh, so what was spent since then is added to it.
    state.budget[clock] += state.rate[clock] * (minute - state.refreshed) / MINUTES_PER_DAY
    reckon(state, clock, state.refreshed)
