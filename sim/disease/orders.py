"""What a physician orders at an attended visit, on what the visit measured and recognised."""

import math
from typing import Final

from sim.core.clock import day_of
from sim.core.compiled import compiled
from sim.core.decisions import DAY_OFFSET, Decision
from sim.core.draws import uniform
from sim.disease.activity import rebase, update_set_points
from sim.disease.hazards import refresh
from sim.disease.log import note
from sim.disease.pulse import give_pulse
from sim.disease.state import Happening
from sim.disease.steroid import hold_high, set_dose
from sim.observations import measure
from sim.observations.noise import Anchors
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
def _week12_probability(
    state: Record, person: Record, p: Record, o: Record, visits: Record, visit: Record, anchors: Anchors
) -> float:
    """Probability of an immunosuppressant for nephritis that is worse or has not improved by week 12."""
    if person.subgroup != 0 or visit.number != _W12:
        return 0.0
    before = 1
    for row in range(1, state.rows):
        if visits[row].attended == 1 and visits[row].day <= visit.day - 7:
            before = row
    seed, trial, candidate = state.seed, state.trial, state.candidate
    entry_upcr = measure.upcr(o, person, visits[1], anchors, seed, trial, candidate)
    entry_creatinine = measure.serum_creatinine(o, person, visits[1], anchors, seed, trial, candidate)
    upcr_low = measure.upcr(o, person, visits[before], anchors, seed, trial, candidate)
    creatinine_low = measure.serum_creatinine(o, person, visits[before], anchors, seed, trial, candidate)
    upcr_low = min(upcr_low, measure.upcr(o, person, visit, anchors, seed, trial, candidate))
    creatinine_low = min(
        creatinine_low, measure.serum_creatinine(o, person, visit, anchors, seed, trial, candidate)
    )
    if upcr_low > p.w12_upcr_rise * entry_upcr + _TOLERANCE:
        return p.w12_p_worse
    if creatinine_low > p.w12_creatinine_rise * entry_creatinine + _TOLERANCE:
        return p.w12_p_worse
    return p.w12_p_insufficient if upcr_low > (1.0 - p.w12_upcr_fall) * entry_upcr + _TOLERANCE else 0.0


@compiled
def _record_rescue(state: Record, person: Record, p: Record, o: Record) -> None:
    """From a recorded rescue on, drop-out is likelier."""
    state.rescued = 1
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
    anchors: Anchors,
) -> None:
    """All orders of one attended visit, in the clinic's order."""
    order = _flare_order(state, p, log, visit)
    probability = _week12_probability(state, person, p, o, visits, visit, anchors)
    raised = False
    if order >= 0:
        dose = _flare_dose(person, p, state.dose, order)
        limit = p.rescue_per_kg * person.weight
        raised = dose > limit + _TOLERANCE and dose > state.dose + _TOLERANCE
        set_dose(state, person, p, o, dose)
        hold_high(state, p)
        note(state, log, _ORDER_DOSE, order, 0, state.dose)
        if order == SEVERE:
            probability = max(probability, p.p_is_severe)
        elif order == SECOND:
            probability = max(probability, p.p_is_second)
    index = visit.day + DAY_OFFSET
    if probability > 0.0:
        u = uniform(state.seed, state.trial, state.candidate, _IMMUNOSUPPRESSANT, index)
        if u < probability:
            visit.immunosuppressant = 1
            _start_immunosuppressant(state, person, p, o, log)
    if raised:
        note(state, log, _STEROID_RESCUE, 0, 0, state.dose)
        _record_rescue(state, person, p, o)
    if order == SEVERE and _pulse_ordered(state, p, index):
        give_pulse(state, person, p, log)
        _record_rescue(state, person, p, o)
    if person.subgroup == 1:
        _rescue_cytopenia(state, person, p, o, visit, log, anchors)
    visit.ordered_dose = state.dose


@compiled
def _rescue_cytopenia(
    state: Record, person: Record, p: Record, o: Record, visit: Record, log: Record, anchors: Anchors
) -> None:
    """Immunoglobulins, transfusion or G-CSF for a count that is dangerous and has fallen."""
    seed, trial, candidate, day = state.seed, state.trial, state.candidate, visit.day
    platelets = measure.platelets(o, person, visit, anchors, seed, trial, candidate)
    hemoglobin = measure.hemoglobin(o, person, visit, anchors, seed, trial, candidate)
    if visit.number == 0:
        state.platelets_entry = platelets
        state.hemoglobin_entry = hemoglobin
    if platelets < p.lc_platelets - _TOLERANCE and day - state.ivig_day >= p.lc_interval:
        fallen = platelets <= (1.0 - p.lc_platelets_fall) * state.platelets_entry + _TOLERANCE
        if fallen or uniform(seed, trial, candidate, _BLEEDING, day + DAY_OFFSET) < p.lc_bleeding:
            state.ivig_before = platelets_added(state, o, day)
            state.ivig_day = day
            note(state, log, _IVIG, 0, 0, 0.0)
            _record_rescue(state, person, p, o)
    low = hemoglobin < p.lc_hemoglobin - _TOLERANCE
    fallen = hemoglobin <= state.hemoglobin_entry - p.lc_hemoglobin_fall + _TOLERANCE
    if low and fallen and day - state.transfusion_day >= p.lc_interval:
        state.transfusion_amount = hemoglobin_added(state, o, day) + o.transfusion_hemoglobin
        state.transfusion_day = day
        note(state, log, _TRANSFUSION, 0, 0, 0.0)
        _record_rescue(state, person, p, o)
    if day - state.gcsf_day >= p.lc_interval and _febrile_neutropenia(person, p, o, visit, anchors, state):
        state.gcsf_day = day
        note(state, log, _GCSF, 0, 0, 0.0)
        _record_rescue(state, person, p, o)


@compiled
def _febrile_neutropenia(
    person: Record, p: Record, o: Record, visit: Record, anchors: Anchors, state: Record
) -> bool:
    """Fever is rare and known at a glance, so it is asked for first."""
    seed, trial, candidate = state.seed, state.trial, state.candidate
    if not measure.item_present(o, visit, _FEVER, anchors, seed, trial, candidate):
        return False
    neutrophils = measure.neutrophils(o, person, visit, anchors, seed, trial, candidate)
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
