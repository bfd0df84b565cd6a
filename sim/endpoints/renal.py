"""Renal response at week 24 (P3)."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit, neighbour
from sim.endpoints.component import Component, holds, participation, told, without
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import WEEK_12, WEEK_24, Verdict, ended, fails, happened, verdict, window_end
from sim.endpoints.steroid_endpoints import LIMIT
from sim.instruments.kidney import egfr
from sim.instruments.nullable import negated
from sim.instruments.renal_response import (
    confirmed_decrease,
    egfr_decreased,
    egfr_preserved,
    steroid_excess,
    upcr_response,
)
from sim.instruments.steroid import days_above, longest_run_above

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Nullable = NDArray[np.int8]

REPEAT_WITHIN: Final = 28
"""Days within which a repeated sample confirms a decrease."""


def renal_response(data: DataSet, analysis: Analysis) -> Verdict:
    """UPCR of at most 0.5, a preserved filtration rate, no rescue, no steroid excess from day 84 (P3; LN).

    Needs UPCR and creatinine at the visit of week 24, and the creatinine of D0 where the rate is below 60.
    Readings : X23 (what "or" joins), X24 (confirmed), X25 (excess); any rescue counts as rescue for nephritis.
    """
    filtration = filtration_at_visits(data, analysis)
    upcr = data.measured("upcr")
    chosen = _assessment(data, analysis, filtration)
    day = data.day_at(chosen)
    upcr_fails = upcr_response(take(upcr, chosen)) != 1
    preserved = egfr_preserved(take(filtration, chosen)) == 1
    decreased = _decreased(data, analysis, filtration, chosen)
    left = ended(data, WEEK_24)
    rescue, excess = happened(data, "rescue", day), fails("dose", _excess(data, analysis, day))
    unknown = (chosen < 0) | np.isnan(data.daily[:, WEEK_12])
    population = data.subjects["subgroup"] == "LN"
    if analysis.renal_precedence == "as_written":
        # "UPCR and eGFR" is one way to respond, "no decrease, no rescue and no excess" the other.
        first_way = (chosen >= 0) & ~upcr_fails & preserved
        missing = fails("missing", unknown | (decreased == -1))
        others = (rescue, excess, missing, fails("egfr", decreased != 0))
        return verdict(population, left, *(np.where(first_way, 0, codes).astype(np.int8) for codes in others))
    missing = fails("missing", unknown | (~preserved & (decreased == -1)))
    lost = fails("egfr", ~preserved & (decreased != 0))
    return verdict(population, left, rescue, excess, missing, fails("upcr", upcr_fails), lost)


def explain_renal_response(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of P3, in the order of its reasons; under `as_written` (X23) one part decides: either way held."""
    filtration = filtration_at_visits(data, analysis)
    chosen = _assessment(data, analysis, filtration)
    day, upcr = data.day_at(chosen), take(data.measured("upcr"), chosen)
    rate, baseline = take(filtration, chosen), take(filtration, data.at("D0"))
    single, decreased = egfr_decreased(rate, baseline), _decreased(data, analysis, filtration, chosen)
    preserved = egfr_preserved(rate)
    known = (chosen >= 0) & ~np.isnan(data.daily[:, WEEK_12]) & ((preserved == 1) | (decreased != -1))
    least = np.full(data.size, 60.0)
    parts = (
        participation(data, WEEK_24),
        without(data, "rescue", day),
        *_explained_excess(data, analysis, day),
        holds("assessment_day", "missing", known, day),
        Component("upcr", "upcr", upcr, "<=", np.full(data.size, 0.5), upcr_response(upcr)),
        told("egfr_day_0", baseline),
        Component("egfr", "", rate, ">=", least, preserved),
        Component("egfr_no_fall_of_20_percent", "", rate, ">=", 0.8 * baseline, negated(single)),
        holds("egfr_or_no_confirmed_fall", "egfr", (preserved == 1) | (decreased == 0)),
    )
    if analysis.renal_precedence != "as_written":
        return parts
    either = holds("either_way", "either_way", renal_response(data, analysis).responder == 1)
    return (*(replace(part, reason="") for part in parts), either)


def _explained_excess(data: DataSet, analysis: Analysis, assessment_day: Floats) -> list[Component]:
    """Days above the dose allowed, in all and in a row; which of them decides is reading X25."""
    daily = _counted_doses(data, assessment_day)
    total = days_above(daily, LIMIT).astype(np.float64)
    run = longest_run_above(daily, LIMIT).astype(np.float64)
    rule = analysis.steroid_excess
    parts = []
    if rule != "consecutive_7":
        parts.append(("days_above_7_5", total, 7.0))
    if rule != "total_7":
        parts.append(("days_above_7_5_in_a_row", run, 3.0 if rule == "aurora" else 7.0))
    return [
        Component(name, "dose", value, "<", np.full(data.size, limit), (value < limit).astype(np.int8))
        for name, value, limit in parts
    ]


def _assessment(data: DataSet, analysis: Analysis, filtration: Floats) -> Integers:
    """The visit of each subject at which week 24 is judged: it has UPCR and filtration rate."""
    return analysis_visit(
        data,
        ~np.isnan(data.measured("upcr")) & ~np.isnan(filtration),
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )


def filtration_at_visits(data: DataSet, analysis: Analysis) -> Floats:
    """Filtration rate at each attended visit, from creatinine, sex and age at baseline; never the recorded one.

    NaN where creatinine, age or sex is missing.
    """
    row = data.attended["row"]
    sex = data.subjects["sex"]
    age, female = np.where(sex == "", np.nan, data.subjects["age"]), sex == "F"
    return egfr(data.measured("serum_creatinine"), age[row], female[row], equation=analysis.egfr_equation)


def _decreased(data: DataSet, analysis: Analysis, filtration: Floats, chosen: Integers) -> Nullable:
    """A decrease from baseline at the assessment, confirmed by an adjacent sample unless one is enough."""
    baseline = take(filtration, data.at("D0"))
    at_assessment = egfr_decreased(take(filtration, chosen), baseline)
    if analysis.egfr_decrease == "single":
        return at_assessment
    measured = ~np.isnan(filtration)
    before = neighbour(data, chosen, measured, step=-1)
    after = neighbour(data, chosen, measured, step=1)
    late = data.day_at(after) > data.day_at(chosen) + REPEAT_WITHIN
    return confirmed_decrease(
        at_assessment,
        egfr_decreased(take(filtration, before), baseline),
        egfr_decreased(take(filtration, np.where(late, -1, after)), baseline),
    )


def _excess(data: DataSet, analysis: Analysis, assessment_day: Floats) -> Flags:
    """Steroid excess from day 84 to the day before day 168, or before the assessment where that is later."""
    return steroid_excess(_counted_doses(data, assessment_day), rule=analysis.steroid_excess)


def excess_day(data: DataSet, analysis: Analysis) -> Floats:
    """First day from 84 on by which the corticosteroid is an excess (X25); NaN for none."""
    above = data.daily[:, WEEK_12:] > LIMIT + 1e-9
    place = np.arange(1, above.shape[1] + 1)
    run = place - np.maximum.accumulate(np.where(above, 0, place), axis=1)
    total, rule = np.cumsum(above, axis=1), analysis.steroid_excess
    if rule == "total_7":
        reached = total >= 7
    elif rule == "consecutive_7":
        reached = run >= 7
    else:
        reached = (run >= 3) | (total >= 7)
    return np.where(reached.any(axis=1), WEEK_12 + reached.argmax(axis=1), np.nan).astype(np.float64)


def _counted_doses(data: DataSet, assessment_day: Floats) -> Floats:
    """Doses from day 84 on, zero from the day of the assessment on; mg/day, (subjects, days)."""
    days = np.arange(WEEK_12, data.daily.shape[1])
    counted = days[None, :] < window_end(assessment_day)[:, None]
    return np.where(counted, data.daily[:, WEEK_12:], 0.0)
