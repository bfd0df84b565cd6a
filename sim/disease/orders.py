"""What a physician orders at an attended visit, on what the visit measured and recognised."""

import math
from typing import Final

from sim.core.clock import day_of
from sim.core.decisions import DAY_OFFSET, Decision
from sim.core.draws import uniform
from sim.core.uncounted import compiled
from sim.disease.activity import rebase, update_set_points
from sim.disease.hazards import note_rescue, refresh
from sim.disease.log import note
from sim.disease.pulse import give_pulse
from sim.disease.state import Happening
from sim.disease.steroid import hold_high, set_dose
from sim.observations import measure
from sim.observations.visit import Record

_IMMUNOSUPPRESSANT: Final = int(Decision.ORDER_IMMUNOSUPPRESSANT)
_BLEEDING: Final = int(Decision.BLEEDING)
_ORDER_PULSE: Final = int(Decision.ORDER_PULSE)
_RECOGNISED: Final = int(Happening.RECOGNISED)
_ORDER_DOSE: Final = int(Happening.ORDER_DOSE)
_STARTED: Final = int(Happening.IMMUNOSUPPRESSANT)
_STEROID_RESCUE: Final = int(Happening.STEROID_RESCUE)
_IVIG: Final = int(Happening.IVIG)
_TRANSFUSION: Final = int(Happening.TRANSFUSION)
_GCSF: Final = int(Happening.GCSF)
_DAY_0: Final = 1
"""Row of the visit of day 0; the screening visit precedes it."""
_W12: Final = 5
_FEVER: Final = measure.FEVER
_TOLERANCE: Final = 1e-9

MILD: Final = 0
SEVERE: Final = 1
SECOND: Final = 2

_day_of = compiled(day_of)


@compiled
def recognise(state: Record, visit: Record, day: int) -> None:
    """Pending flares become known: into the visit's record, and their new items into the look-back."""
    visit.flare = 0
    visit.flare_domains = 0
    for clock in range(6):
        if state.pending[clock] > 0:
            visit.flare_domains |= 1 << (clock >> 1)
            visit.flare = max(visit.flare, 2 - (clock & 1))
    for item in range(9):
        if (state.pending_items >> item) & 1:
            state.item_recognised[item] = day
    for item in range(5):
        if (state.pending_cns >> item) & 1:
            state.cns_recognised[item] = day
    state.pending_items = 0
    state.pending_cns = 0


@compiled
def _flare_order(state: Record, p: Record, log: Record, visit: Record) -> int:
    """Severity of the order for the pending flares, which are then no longer pending; -1 without any."""
    if visit.flare == 0:
        return -1
    milds = state.pending[1] + state.pending[3] + state.pending[5]
    order = MILD
    if visit.flare == 2:
        order = SEVERE
    elif milds > 1 or visit.day - state.mild_recognised <= p.second_days:
        order = SECOND
    for clock in range(6):
        for _ in range(state.pending[clock]):
            note(state, log, _RECOGNISED, clock, 1 if order != MILD else 0, 0.0)
        state.pending[clock] = 0
    if milds > 0:
        state.mild_recognised = visit.day
    state.flare_recognised = visit.day
    return order


@compiled
def _flare_dose(person: Record, p: Record, dose: float, order: int) -> float:
    """Daily dose ordered for a flare, never below the present one."""
    if order == MILD:
        return max(dose, min(p.mild_factor * dose, p.mild_limit))
    return max(dose, 5.0 * math.floor(p.severe_per_kg * person.weight / 5.0 + 0.5))


@compiled
def _week12_order(
    u: float, state: Record, person: Record, p: Record, o: Record, visits: Record, visit: Record, noise: Record
) -> bool:
    """Whether a uniform asks for an immunosuppressant: nephritis that is worse or has not improved by week 12."""
    if u >= p.w12_p_worse and u >= p.w12_p_insufficient:
        return False
    last = visits[_last_a_week_before(state, visits, visit)]
    fall, rise = 1.0 - p.w12_upcr_fall, p.w12_upcr_rise
    worse = _upcr_above(rise, person, o, visits, last, visit, noise)
    worse = worse or _creatinine_above(p.w12_creatinine_rise, person, o, visits, last, visit, noise)
    if worse:
        return u < p.w12_p_worse
    return u < p.w12_p_insufficient and _upcr_above(fall, person, o, visits, last, visit, noise)


@compiled
def _last_a_week_before(state: Record, visits: Record, visit: Record) -> int:
    """Row of the last attended visit at least 7 days before one."""
    before = _DAY_0
    for row in range(_DAY_0, state.rows):
        if visits[row].attended == 1 and visits[row].day <= visit.day - 7:
            before = row
    return before


@compiled
def _upcr_above(
    ratio: float, person: Record, o: Record, visits: Record, last: Record, visit: Record, noise: Record
) -> bool:
    """Urine protein/creatinine ratio above a multiple of day 0 at two visits."""
    limit = ratio * measure.upcr(o, person, visits[_DAY_0], noise) + _TOLERANCE
    if measure.upcr(o, person, visit, noise) <= limit:
        return False
    return bool(measure.upcr(o, person, last, noise) > limit)


@compiled
def _creatinine_above(
    ratio: float, person: Record, o: Record, visits: Record, last: Record, visit: Record, noise: Record
) -> bool:
    """Serum creatinine above a multiple of day 0 at two visits."""
    limit = ratio * measure.serum_creatinine(o, person, visits[_DAY_0], noise)
    if measure.serum_creatinine(o, person, visit, noise) <= limit + _TOLERANCE:
        return False
    return bool(measure.serum_creatinine(o, person, last, noise) > limit + _TOLERANCE)


@compiled
def _record_rescue(state: Record, person: Record, p: Record, o: Record) -> None:
    """From a recorded rescue on, drop-out is likelier."""
    note_rescue(state)
    refresh(state, person, p, o, state.minute)


@compiled
def _start_immunosuppressant(state: Record, person: Record, p: Record, o: Record, log: Record) -> None:
    note(state, log, _STARTED, 1 - state.immunosuppressed, 0, 0.0)
    if state.immunosuppressed == 0:
        rebase(state, p, state.minute)
        state.immunosuppressed = 1
        update_set_points(state, person, p)
    _record_rescue(state, person, p, o)


@compiled
def _pulse_ordered(state: Record, p: Record, index: int) -> bool:
    if p.p_pulse == 0.0:
        return False
    return uniform(state.seed, state.trial, state.candidate, _ORDER_PULSE, index) < p.p_pulse


@compiled
def give_orders(
    state: Record,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    visit: Record,
    log: Record,
    noise: Record,
) -> None:
    """All orders of one attended visit, in the clinic's order."""
    order = _flare_order(state, p, log, visit)
    probability = 0.0
    raised = False
    if order >= 0:
        dose = _flare_dose(person, p, state.dose, order)
        limit = p.rescue_per_kg * person.weight
        raised = dose > limit + _TOLERANCE and dose > state.dose + _TOLERANCE
        set_dose(state, person, p, o, dose)
        hold_high(state, p)
        note(state, log, _ORDER_DOSE, order, 0, state.dose)
        if order == SEVERE:
            probability = p.p_is_severe
        elif order == SECOND:
            probability = p.p_is_second
    index = visit.day + DAY_OFFSET
    week12 = person.subgroup == 0 and visit.number == _W12
    if week12 or probability > 0.0:
        u = uniform(state.seed, state.trial, state.candidate, _IMMUNOSUPPRESSANT, index)
        if u < probability or (week12 and _week12_order(u, state, person, p, o, visits, visit, noise)):
            visit.immunosuppressant = 1
            _start_immunosuppressant(state, person, p, o, log)
    if raised:
        note(state, log, _STEROID_RESCUE, 0, 0, state.dose)
        _record_rescue(state, person, p, o)
    if order == SEVERE and _pulse_ordered(state, p, index):
        give_pulse(state, person, p, log)
        _record_rescue(state, person, p, o)
    if person.subgroup == 1:
        _rescue_cytopenia(state, person, p, o, visits, visit, log, noise)
    visit.ordered_dose = state.dose


@compiled
def _rescue_cytopenia(
    state: Record,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    visit: Record,
    log: Record,
    noise: Record,
) -> None:
    """Immunoglobulins, transfusion or G-CSF for a count that is dangerous and has fallen."""
    day = visit.day
    if day - state.ivig_day >= p.lc_interval and _few_platelets(state, person, p, o, visits, visit, noise):
        state.ivig_before = platelets_added(state, o, day)
        state.ivig_day = day
        note(state, log, _IVIG, 0, 0, 0.0)
        _record_rescue(state, person, p, o)
    if day - state.transfusion_day >= p.lc_interval and _anemia(person, p, o, visits, visit, noise):
        state.transfusion_amount = hemoglobin_added(state, o, day) + o.transfusion_hemoglobin
        state.transfusion_day = day
        note(state, log, _TRANSFUSION, 0, 0, 0.0)
        _record_rescue(state, person, p, o)
    if day - state.gcsf_day >= p.lc_interval and _febrile_neutropenia(person, p, o, visit, noise):
        state.gcsf_day = day
        note(state, log, _GCSF, 0, 0, 0.0)
        _record_rescue(state, person, p, o)


@compiled
def _few_platelets(
    state: Record, person: Record, p: Record, o: Record, visits: Record, visit: Record, noise: Record
) -> bool:
    """Platelets below the threshold of treatment, and far below day 0 or with bleeding."""
    if measure.platelets_surely_from(o, person, visit, p.lc_platelets, noise):
        return False
    platelets = measure.platelets(o, person, visit, noise)
    if platelets >= p.lc_platelets - _TOLERANCE:
        return False
    entry = measure.platelets(o, person, visits[_DAY_0], noise)
    if platelets <= (1.0 - p.lc_platelets_fall) * entry + _TOLERANCE:
        return True
    return uniform(state.seed, state.trial, state.candidate, _BLEEDING, visit.day + DAY_OFFSET) < p.lc_bleeding


@compiled
def _anemia(person: Record, p: Record, o: Record, visits: Record, visit: Record, noise: Record) -> bool:
    """Hemoglobin below the threshold of transfusion, and below day 0."""
    if measure.hemoglobin_surely_from(o, person, visit, p.lc_hemoglobin, noise):
        return False
    hemoglobin = measure.hemoglobin(o, person, visit, noise)
    if hemoglobin >= p.lc_hemoglobin - _TOLERANCE:
        return False
    entry = measure.hemoglobin(o, person, visits[_DAY_0], noise)
    return bool(hemoglobin <= entry - p.lc_hemoglobin_fall + _TOLERANCE)


@compiled
def _febrile_neutropenia(person: Record, p: Record, o: Record, visit: Record, noise: Record) -> bool:
    """Fever is rare and known at a glance, so it is asked for first."""
    if not measure.item_present(o, visit, _FEVER, noise):
        return False
    neutrophils = measure.neutrophils(o, person, visit, noise)
    return bool(neutrophils < p.lc_neutrophils - _TOLERANCE)


@compiled
def platelets_added(state: Record, o: Record, day: int) -> float:
    """What immunoglobulins add to platelets on a day, 10^9/L."""
    since = day - state.ivig_day
    if since > 10_000:
        return 0.0
    added = state.ivig_before * 0.5 ** (since / o.ivig_half_time)
    if since >= o.ivig_delay:
        added += o.ivig_platelets * 0.5 ** ((since - o.ivig_delay) / o.ivig_half_time)
    return added


@compiled
def hemoglobin_added(state: Record, o: Record, day: int) -> float:
    """What transfusions add to hemoglobin on a day, g/dL."""
    since = day - state.transfusion_day
    return 0.0 if since > 10_000 else state.transfusion_amount * 0.5 ** (since / o.transfusion_half_time)


@compiled
def neutrophils_factor(state: Record, o: Record, day: int) -> float:
    """What G-CSF does to neutrophils on a day, a ratio."""
    since = day - state.gcsf_day
    return o.gcsf_factor if 0 < since <= o.gcsf_days else 1.0
