"""Hematologic improvement without ongoing treatment at week 24 (P2)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.component import Component, holds, participation, told, unknown, without
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict, window_end
from sim.instruments import hematologic_response as rules
from sim.instruments.visit_order import event_within

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Nullable = NDArray[np.int8]


@dataclass(frozen=True)
class Lineage:
    """A cell lineage: the criterion that qualifies it, its measurement, what spoils a value, and for how long.

    spoiled_by : (kind of event, its detail or "", days after it), the day of the event included.
    """

    criterion: str
    column: str
    spoiled_by: tuple[tuple[str, str, int], ...]


LINEAGES: Final = (
    Lineage("I5_1E", "hemoglobin", (("transfusion", "red_cells", 7),)),
    Lineage("I5_1N", "neutrophils", (("gcsf", "", 14),)),
    Lineage("I5_1P", "platelets", (("transfusion", "platelets", 7), ("rescue", "ivig", 28))),
    Lineage("I5_1L", "lymphocytes", ()),
)
"""The first three have a response in the record; the lymphocytes have none (reading X05)."""
_LYMPHOCYTES: Final = 3
_WEEK_24: Final = ("W24", WEEK_24)
_EIGHT_WEEKS: Final = (("W20", 140), ("W16", 112))
_LITERAL_UNIT_INCREASE: Final = 500.0


def hematologic_improvement(data: DataSet, analysis: Analysis) -> Verdict:
    """A qualifying lineage improved at week 24, without rescue or a dose above that of day 0 (P2; LC).

    The pre-treatment value is the mean of the usable ones of SCR and D0. The window of rescue, transfusion,
    G-CSF and dose ends at day 168, or at the attended W24 where that is later.
    Readings : X01 (neutrophils), X02 (which lineages), X03 (when), X04 (treatment), X05 (lymphocytes alone).
    """
    qualifying = qualifying_lineages(data)
    lymphocytes_only = qualifying[_LYMPHOCYTES] & ~qualifying[:_LYMPHOCYTES].any(axis=0)
    counted = _counted(qualifying, lymphocytes_only, analysis)
    week_24 = data.day_at(data.at("W24"))
    improved = _improved_in_time(data, analysis, counted, window_end(week_24))
    judged_by_none = np.asarray(~counted.any(axis=0), dtype=np.bool_)
    population = data.subjects["subgroup"] == "LC"
    if analysis.lymphopenia_only == "excluded":
        population = population & ~(lymphocytes_only & judged_by_none)
    return verdict(
        population,
        ended(data, WEEK_24),
        happened(data, "rescue", week_24),
        happened(data, "transfusion", week_24),
        happened(data, "gcsf", week_24),
        fails("dose", _dose_raised(data, analysis, window_end(week_24))),
        fails("no_response_definition", judged_by_none),
        fails("missing", (improved == -1) | np.isnan(data.daily[:, 0])),
        fails("hematologic_response", improved == 0),
    )


def explain_hematologic_improvement(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of P2, in the order of its reasons; a lineage is shown for those in whom it counts.

    Under the readings `eight_weeks` and `any_time` of X03 the values of week 24 are shown beside an answer that
    looks at other visits, too.
    """
    qualifying = qualifying_lineages(data)
    lymphocytes_only = qualifying[_LYMPHOCYTES] & ~qualifying[:_LYMPHOCYTES].any(axis=0)
    counted = _counted(qualifying, lymphocytes_only, analysis)
    week_24 = data.day_at(data.at("W24"))
    last_day = window_end(week_24)
    improved = _improved_in_time(data, analysis, counted, last_day)
    counts = counted.sum(axis=0).astype(np.float64)
    one = np.ones(data.size)
    answer = np.where(improved == -1, -1, improved == 1).astype(np.int8)
    return (
        participation(data, WEEK_24),
        *(without(data, kind, week_24) for kind in ("rescue", "transfusion", "gcsf")),
        _explained_dose(data, analysis, last_day),
        Component("lineages_judged", "no_response_definition", counts, ">=", one, (counts >= 1).astype(np.int8)),
        holds("lineages_measured", "missing", (improved != -1) & ~np.isnan(data.daily[:, 0])),
        *_explained_lineages(data, analysis, counted),
        Component("improvement", "hematologic_response", unknown(data.size), "", unknown(data.size), answer),
    )


def _explained_dose(data: DataSet, analysis: Analysis, last_day: Floats) -> Component:
    """The highest dose from day 1 to the end of the window beside that of day 0 (reading X04)."""
    raised = _dose_raised(data, analysis, last_day)
    if analysis.ongoing_treatment != "no_dose_above_day_0":
        return holds("no_increase_for_flare", "dose", ~raised)
    days = np.arange(1, data.daily.shape[1])
    within = np.where(days[None, :] <= last_day[:, None], data.daily[:, 1:], np.nan)
    highest = np.asarray(np.fmax.reduce(within, axis=1), dtype=np.float64)
    return Component("highest_dose", "dose", highest, "<=", data.daily[:, 0], (~raised).astype(np.int8))


def _explained_lineages(data: DataSet, analysis: Analysis, counted: Flags) -> list[Component]:
    """For each lineage the value before treatment, and the one at week 24 beside the least that is improvement."""
    before = [_pretreatment(data, lineage) for lineage in LINEAGES]
    chosen = _assessment(data, analysis, counted, "W24", WEEK_24)
    values = [take(data.measured(lineage.column), chosen) for lineage in LINEAGES]
    answers = _answers(values, before, analysis)
    parts = [told("assessment_day", data.day_at(chosen))]
    for lineage, shown, pre, value, answer in zip(LINEAGES, counted, before, values, answers, strict=True):
        least = _least(lineage.column, pre, analysis)
        parts.append(told(f"{lineage.column}_before", pre, shown))
        parts.append(Component(lineage.column, "", value, ">=", least, answer, shown))
    return parts


def _least(column: str, before: Floats, analysis: Analysis) -> Floats:
    """The lowest value that is an improvement, in the unit of the column."""
    if column == "hemoglobin":
        return before + 1.5
    if column == "platelets":
        return np.where(before > 20.0 + 1e-9, before + 30.0, np.maximum(before + 20.0, 2.0 * before))
    literal = column == "neutrophils" and analysis.neutrophil_increase == "billions_per_liter"
    return np.maximum(2.0 * before, before + (_LITERAL_UNIT_INCREASE if literal else 0.5))


def qualifying_lineages(data: DataSet) -> Flags:
    """(lineages, subjects): did the lineage qualify at screening, as recorded, else by the SCR values?"""
    screening = data.at("SCR")
    value = {
        name: take(data.measured(name), screening)
        for name in ("hemoglobin", "neutrophils", "platelets", "lymphocytes", "reticulocytes")
    }
    derived = {
        "I5_1E": rules.hemolytic_anemia(value["hemoglobin"], value["reticulocytes"]),
        "I5_1N": rules.neutropenia(value["neutrophils"]),
        "I5_1P": rules.thrombocytopenia(value["platelets"]),
        "I5_1L": rules.lymphopenia(value["lymphocytes"]),
    }
    unknown = np.full(data.size, -1, dtype=np.int8)
    answers = []
    for lineage in LINEAGES:
        recorded = data.subjects.get(lineage.criterion, unknown).astype(np.int8)
        answers.append(np.where(recorded == -1, derived[lineage.criterion], recorded) == 1)
    return np.array(answers, dtype=np.bool_).reshape(len(LINEAGES), data.size)


def _counted(qualifying: Flags, lymphocytes_only: Flags, analysis: Analysis) -> Flags:
    """(lineages, subjects): which lineages are judged."""
    counted = qualifying.copy()
    if analysis.lineages == "any":
        counted[:_LYMPHOCYTES] = True
    counted[_LYMPHOCYTES] = lymphocytes_only & (analysis.lymphopenia_only == "doubled")
    return counted


def _pretreatment(data: DataSet, lineage: Lineage) -> Floats:
    value = unspoiled(data, lineage.column, lineage.spoiled_by)
    return rules.pretreatment(take(value, data.at("SCR")), take(value, data.at("D0")))


def unspoiled(data: DataSet, column: str, spoiled_by: tuple[tuple[str, str, int], ...]) -> Floats:
    """A measurement at each attended visit; NaN where a treatment has spoiled it (see Lineage)."""
    value = data.measured(column)
    for kind, detail, days in spoiled_by:
        value = np.where(_soon_after(data, kind, detail, days), np.nan, value)
    return value


def _soon_after(data: DataSet, kind: str, detail: str, days: int) -> Flags:
    """Attended visits held on the day of an event of the kind or at most `days` after it."""
    row, event_day = data.events_of(kind, *((detail,) if detail else ()))
    return event_within(data.attended["row"], data.attended["at_day"], row, event_day, days=days)


def _answers(values: list[Floats], before: list[Floats], analysis: Analysis) -> Nullable:
    """(lineages, rows): did each lineage improve by its own rule? The order is that of LINEAGES."""
    literal = analysis.neutrophil_increase == "billions_per_liter"
    hemoglobin, neutrophils, platelets, lymphocytes = zip(values, before, strict=True)
    return np.stack(
        [
            rules.hemoglobin_improved(*hemoglobin),
            rules.neutrophils_improved(*neutrophils, increase=_LITERAL_UNIT_INCREASE if literal else 0.5),
            rules.platelets_improved(*platelets),
            rules.lymphocytes_improved(*lymphocytes),
        ]
    )


def _improved_in_time(data: DataSet, analysis: Analysis, counted: Flags, last_day: Floats) -> Nullable:
    """Did the counted lineages improve when the reading asks for it: 1, 0, -1 where that is missing?"""
    before = [_pretreatment(data, lineage) for lineage in LINEAGES]
    values = [data.measured(lineage.column) for lineage in LINEAGES]
    if analysis.hematologic_duration == "any_time":
        return _improved_once(data, analysis, counted, values, before, last_day)
    persistent = np.ones(counted.shape, dtype=np.int8)
    for visit, nominal_day in (
        _WEEK_24,
        *(_EIGHT_WEEKS if analysis.hematologic_duration == "eight_weeks" else ()),
    ):
        chosen = _assessment(data, analysis, counted, visit, nominal_day)
        answers = _answers([take(value, chosen) for value in values], before, analysis)
        persistent = np.minimum(persistent, answers)
    return _combined(persistent, counted, analysis)


def _assessment(data: DataSet, analysis: Analysis, counted: Flags, visit: str, nominal_day: int) -> Integers:
    """The visit of each subject that stands for a nominal day: it has every lineage that counts."""
    row = data.attended["row"]
    usable = np.ones(len(row), dtype=np.bool_)
    for lineage, lineage_counted in zip(LINEAGES, counted, strict=True):
        usable &= ~lineage_counted[row] | ~np.isnan(data.measured(lineage.column))
    return analysis_visit(
        data,
        usable,
        visit=visit,
        nominal_day=nominal_day,
        window_days=analysis.visit_window_days,
        carry_days=min(analysis.carry_days, nominal_day - 1),
    )


def _improved_once(
    data: DataSet,
    analysis: Analysis,
    counted: Flags,
    values: list[Floats],
    before: list[Floats],
    last_day: Floats,
) -> Nullable:
    """Improved at any one attended visit from day 1 to the last day given."""
    row, day = data.attended["row"], data.attended["at_day"]
    within = np.flatnonzero((day >= 1) & (day <= last_day[row]))
    seen = row[within]
    answers = _answers([value[within] for value in values], [pre[seen] for pre in before], analysis)
    best = np.full(data.size, -1, dtype=np.int8)
    np.maximum.at(best, seen, _combined(answers, counted[:, seen], analysis))
    return best


def _combined(answers: Nullable, counted: Flags, analysis: Analysis) -> Nullable:
    """One answer from the lineages that count: any of them, or all; -1 where missing values leave it open."""
    some = (counted & (answers == 1)).any(axis=0)
    every = (~counted | (answers == 1)).all(axis=0)
    unknown = (counted & (answers == -1)).any(axis=0)
    if analysis.lineages == "all_qualifying":
        return np.where(unknown, -1, every).astype(np.int8)
    return np.where(some, 1, np.where(unknown, -1, 0)).astype(np.int8)


def _dose_raised(data: DataSet, analysis: Analysis, last_day: Floats) -> Flags:
    """Corticosteroid that counts as ongoing treatment, from day 1 to the end of the window (reading X04)."""
    daily = data.daily
    if analysis.ongoing_treatment == "no_dose_above_day_0":
        days = np.arange(1, daily.shape[1])
        above = (daily[:, 1:] > daily[:, :1] + 1e-9) & (days[None, :] <= last_day[:, None])
        return np.asarray(above.any(axis=1), dtype=np.bool_)
    row, start = data.rows_of(data.dosing), data.dosing["start_day"].astype(np.int64)
    flare = (row >= 0) & (data.dosing["reason"] == "flare") & (start >= 1)
    flare &= start <= np.append(last_day, -1.0)[row]
    row, start, dose = row[flare], start[flare], data.dosing["dose"][flare]
    raised = np.zeros(data.size, dtype=np.bool_)
    raised[row[dose > daily[row, start - 1] + 1e-9]] = True
    return raised


def raised_day(data: DataSet, analysis: Analysis) -> Floats:
    """First day from 1 on with the corticosteroid that counts as ongoing treatment (X04); NaN for none."""
    daily = data.daily
    if analysis.ongoing_treatment == "no_dose_above_day_0":
        above = daily[:, 1:] > daily[:, :1] + 1e-9
        return np.where(above.any(axis=1), 1.0 + above.argmax(axis=1), np.nan)
    row, start = data.rows_of(data.dosing), data.dosing["start_day"].astype(np.int64)
    flare = (row >= 0) & (data.dosing["reason"] == "flare") & (start >= 1) & (start < daily.shape[1])
    row, start, dose = row[flare], start[flare], data.dosing["dose"][flare]
    higher = dose > daily[row, start - 1] + 1e-9
    first = np.full(data.size, np.inf)
    np.minimum.at(first, row[higher], start[higher].astype(np.float64))
    return np.where(np.isinf(first), np.nan, first)


def closeness(data: DataSet, analysis: Analysis) -> Floats:
    """How far each attended visit is from improvement: log of the value over the least that is improvement.

    Of several lineages that count the nearest, or, where all must improve, the farthest; NaN where none is known.
    """
    qualifying = qualifying_lineages(data)
    lymphocytes_only = qualifying[_LYMPHOCYTES] & ~qualifying[:_LYMPHOCYTES].any(axis=0)
    counted = _counted(qualifying, lymphocytes_only, analysis)
    row = data.attended["row"]
    ratios = []
    for lineage, judged in zip(LINEAGES, counted, strict=True):
        least = _least(lineage.column, _pretreatment(data, lineage), analysis)[row]
        value = data.measured(lineage.column)
        known = judged[row] & (value > 0.0) & (least > 0.0)
        ratios.append(np.log(np.where(known, value / np.where(known, least, 1.0), np.nan)))
    combine = np.fmin if analysis.lineages == "all_qualifying" else np.fmax
    return np.asarray(combine.reduce(np.stack(ratios)), dtype=np.float64)
