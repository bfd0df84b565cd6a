"""Lupus low disease activity state at week 24 (S2)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.component import Component, holds, participation, unknown, without
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.endpoints.sledai_endpoints import descriptors_at_visits, sledai_at_visits
from sim.instruments import lldas
from sim.instruments.bilag import UNKNOWN
from sim.instruments.hematologic_response import hemolytic_anemia
from sim.instruments.nullable import all_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Nullable = NDArray[np.int8]

STRONG: Final = ("pulse", "cyclophosphamide")
"""Rescue that is not part of a standard maintenance treatment for four weeks."""


@dataclass(frozen=True)
class _Judged:
    """The state at the visit of week 24; (subjects,) each.

    day   : of the visit, NaN for none. known : it exists, and every component can be told.
    parts : the components by name, -1 without a visit. value : the number behind a component, where it has one.
    """

    day: Floats
    known: Flags
    parts: dict[str, Nullable]
    value: dict[str, Floats]


def low_disease_activity(data: DataSet, analysis: Analysis) -> Verdict:
    """All components of low disease activity at week 24, without rescue (S2).

    Needs SLEDAI-2K, the global assessment, BILAG gastrointestinal, hemolysis, new activity and stable treatment at
    the visit; the dose is the mean of the seven days that end there.
    Readings : X29, X37 (what the state is, and where new activity is read).
    """
    judged = _judged(data, analysis)
    return verdict(
        np.ones(data.size, dtype=np.bool_),
        ended(data, WEEK_24),
        happened(data, "rescue", judged.day),
        fails("missing", ~judged.known),
        *(fails(name, flag != 1) for name, flag in judged.parts.items()),
    )


def explain_low_disease_activity(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S2, in the order of its reasons."""
    judged = _judged(data, analysis)

    def limited(part: str, name: str, highest: float) -> Component:
        limit = np.full(data.size, highest)
        return Component(name, part, judged.value[part], "<=", limit, judged.parts[part])

    def told(part: str, name: str) -> Component:
        nothing = unknown(data.size)
        return Component(name, part, nothing, "", nothing, judged.parts[part])

    return (
        participation(data, WEEK_24),
        without(data, "rescue", judged.day),
        holds("assessment_day", "missing", judged.known, judged.day),
        limited("sledai", "sledai2k", lldas.HIGHEST_SLEDAI),
        told("major_organ", "no_major_organ"),
        told("new_activity", "no_new_activity"),
        limited("pga", "pga", lldas.HIGHEST_PGA),
        limited("dose", "mean_dose_of_7_days", lldas.HIGHEST_DOSE),
        told("immunosuppressant", "standard_treatment"),
    )


def _judged(data: DataSet, analysis: Analysis) -> _Judged:
    total = sledai_at_visits(data, analysis)
    pga, new = data.measured("pga"), _new_activity(data, analysis)
    hemolysis = hemolytic_anemia(data.measured("hemoglobin"), data.measured("reticulocytes"))
    gastrointestinal = data.grades("gastrointestinal")
    stable = data.flags("immunosuppressant_stable")
    usable = ~np.isnan(total) & ~np.isnan(pga) & (new != -1) & (hemolysis != -1)
    usable &= (gastrointestinal != UNKNOWN) & (stable != -1)
    chosen = analysis_visit(
        data,
        usable,
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )
    row = np.flatnonzero(chosen >= 0)
    at = chosen[row]
    parts, dose = _components(data, analysis, at)
    everybody = {name: _among(data.size, row, flag) for name, flag in parts.items()}
    return _Judged(
        day=data.day_at(chosen),
        known=np.asarray(np.all([flag != -1 for flag in everybody.values()], axis=0), dtype=np.bool_),
        parts=everybody,
        value={
            name: _numbers(data.size, row, value)
            for name, value in (("sledai", total[at]), ("pga", pga[at]), ("dose", dose))
        },
    )


def state_at_visits(data: DataSet, analysis: Analysis) -> Nullable:
    """The column `lldas` of each attended visit, recomputed: 1, 0, or -1 where a missing component decides."""
    parts, _ = _components(data, analysis, np.arange(data.attended.length))
    return all_of(*parts.values())


def _components(data: DataSet, analysis: Analysis, at: Integers) -> tuple[dict[str, Nullable], Floats]:
    """The components of the state at some attended visits, and the mean dose of the week that ends there."""
    row, day = data.attended["row"][at], data.attended["at_day"][at]
    present = {name: flag[at] for name, flag in descriptors_at_visits(data, analysis).items()}
    hemolysis = hemolytic_anemia(data.measured("hemoglobin")[at], data.measured("reticulocytes")[at])
    dose = _mean_dose(data, row, day)
    pulses = data.events_of("rescue", *STRONG)
    parts = lldas.lldas_components(
        sledai_at_visits(data, analysis)[at],
        lldas.major_organs_quiet(present, hemolysis, data.grades("gastrointestinal")[at]),
        _new_activity(data, analysis)[at],
        data.measured("pga")[at],
        dose,
        lldas.standard_treatment(data.flags("immunosuppressant_stable")[at], row, day, *pulses),
    )
    return parts, dose


def _mean_dose(data: DataSet, row: Integers, day: Floats) -> Floats:
    """Mean dose of the week that ends at each visit, years after the 24 weeks too."""
    dose = lldas.mean_dose(data.daily, row, day)
    late = day >= data.daily.shape[1]
    if data.doses is None and late.any():
        week = [data.dose_on(row[late], day[late] - back) for back in range(7)]
        dose[late] = sum(week[1:], week[0]) / 7.0
    return dose


def _among(size: int, row: Integers, flags: Nullable) -> Nullable:
    everybody = np.full(size, -1, dtype=np.int8)
    everybody[row] = flags
    return everybody


def _numbers(size: int, row: Integers, values: Floats) -> Floats:
    everybody = np.full(size, np.nan)
    everybody[row] = values
    return everybody


def _new_activity(data: DataSet, analysis: Analysis) -> Nullable:
    """As recorded; derived from descriptors where there is no such column; or by the reading on flares."""
    recorded = analysis.lldas_new_activity == "recorded"
    if recorded and "new_activity" in data.attended:
        return data.flags("new_activity")
    row, day = data.attended["row"], data.attended["at_day"]
    scheduled = ~np.char.startswith(data.attended["visit"].astype(np.str_), "U")
    if recorded:
        return lldas.new_activity(row, day, scheduled, descriptors_at_visits(data, analysis))
    return lldas.flare_since_previous_visit(row, day, scheduled, *data.events_of("flare"))
