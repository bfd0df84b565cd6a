"""Endpoints on the SLEDAI-2K score: a fall of at least four points (S3)."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.component import Component, holds, participation, told, without
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.instruments.conversions import proteinuria_g_day
from sim.instruments.sledai import LABORATORY, NAMES, descriptors, nearest_serology, sledai_2k

Floats = NDArray[np.float64]
Nullable = NDArray[np.int8]

POINTS: Final = 4.0
SEROLOGY: Final = ("c3", "c4", "anti_dsdna")
CLINICAL_COLUMNS: Final = tuple(f"sledai_{name}" for name in NAMES if name not in LABORATORY)
MEASUREMENTS: Final = tuple(column for columns in LABORATORY.values() for column in columns)


def sledai_reduction(data: DataSet, analysis: Analysis) -> Verdict:
    """SLEDAI-2K at week 24 at least four points below that of D0 (S3), without rescue.

    Population : baseline of at least four points, or everybody who has one (reading X22); nothing replaces a
                 missing baseline.
    """
    score = sledai_at_visits(data, analysis)
    baseline = take(score, data.at("D0"))
    chosen = _assessment(data, analysis, score)
    lowest = POINTS if analysis.sledai_population == "baseline_at_least_4" else 0.0
    kept_up = ~(baseline - take(score, chosen) >= POINTS - 1e-9)
    return verdict(
        baseline >= lowest - 1e-9,
        ended(data, WEEK_24),
        happened(data, "rescue", data.day_at(chosen)),
        fails("missing", chosen < 0),
        fails("sledai", kept_up),
    )


def explain_sledai_reduction(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S3, in the order of its reasons."""
    score = sledai_at_visits(data, analysis)
    chosen = _assessment(data, analysis, score)
    baseline, week_24, day = take(score, data.at("D0")), take(score, chosen), data.day_at(chosen)
    fall = baseline - week_24
    enough = np.where(np.isnan(fall), -1, fall >= POINTS - 1e-9).astype(np.int8)
    return (
        participation(data, WEEK_24),
        without(data, "rescue", day),
        holds("assessment_day", "missing", chosen >= 0, day),
        told("sledai2k_day_0", baseline),
        told("sledai2k_week_24", week_24),
        Component("sledai2k_fall", "sledai", fall, ">=", np.full(data.size, POINTS), enough),
    )


def _assessment(data: DataSet, analysis: Analysis, score: Floats) -> NDArray[np.int64]:
    """The visit of each subject at which the score of week 24 is taken."""
    return analysis_visit(
        data,
        ~np.isnan(score),
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )


def sledai_at_visits(data: DataSet, analysis: Analysis) -> Floats:
    """SLEDAI-2K of each attended visit, recomputed; NaN where any descriptor is unknown."""
    key = "sledai", _limits(analysis)
    if key not in data.memo:
        data.memo[key] = sledai_2k(descriptors_at_visits(data, analysis))[0]
    score: Floats = data.memo[key]
    return score


def _limits(analysis: Analysis) -> tuple[float, ...]:
    """All of the analysis that the descriptors depend on."""
    limits = analysis.c3_lower_limit, analysis.c4_lower_limit, analysis.anti_dsdna_upper_limit
    return *limits, analysis.serology_days_before, analysis.serology_days_after, analysis.creatinine_excretion


def descriptors_at_visits(data: DataSet, analysis: Analysis) -> dict[str, Nullable]:
    """The 24 descriptors of each attended visit: from measurements where they follow from them, else as recorded.

    Serology that was not taken at a visit is that of the nearest one in the window of `analysis`. Proteinuria of
    24 hours is the ratio times the creatinine excreted in a day (reading X29).
    """
    key = "descriptors", _limits(analysis)
    if key in data.memo:
        known: dict[str, Nullable] = data.memo[key]
        return known
    visits: dict[str, NDArray[Any]] = {name: data.measured(name) for name in MEASUREMENTS}
    visits["upcr"] = proteinuria_g_day(visits["upcr"], creatinine_excretion=analysis.creatinine_excretion)
    baseline = np.zeros(data.attended.length, dtype=np.bool_)
    at_baseline = data.at("D0")
    baseline[at_baseline[at_baseline >= 0]] = True
    for name in SEROLOGY:
        visits[name] = nearest_serology(
            data.attended["row"],
            data.attended["at_day"],
            baseline,
            visits[name],
            days_before=analysis.serology_days_before,
            days_after=analysis.serology_days_after,
        )
    for name in (*CLINICAL_COLUMNS, "cellular_casts"):
        visits[name] = data.flags(name)
    present = descriptors(
        visits,
        c3_limit=analysis.c3_lower_limit,
        c4_limit=analysis.c4_lower_limit,
        anti_dsdna_limit=analysis.anti_dsdna_upper_limit,
    )
    data.memo[key] = present
    return present
