"""SLE responder indices at week 24 (S4, S5, S6)."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.component import Component, holds, participation, told, without
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.endpoints.sledai_endpoints import sledai_at_visits
from sim.instruments.bilag import DOMAINS, UNKNOWN, count_new
from sim.instruments.nullable import negated
from sim.instruments.pga import WORSENING, pga_worsened
from sim.instruments.sri import sledai_reduced
from sim.instruments.visit_order import flag_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

MOST_NEW_A: Final = 0
MOST_NEW_B: Final = 1
"""Domains of BILAG-2004 that may be new at A, and at B, without being a worsening."""


def responder_index_4(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-4 at week 24 in those with a baseline SLEDAI-2K of at least 4 (S4).

    Reading : X21, the record calls it "index 4 (SRI5)" and asks for four points; the option asks for five.
    """
    return _responder_index(data, analysis, 4.0, _points_of_s4(analysis))


def responder_index_5(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-5 at week 24 in those with a baseline SLEDAI-2K of at least 5 (S5)."""
    return _responder_index(data, analysis, 5.0, 5.0)


def responder_index_6(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-6 at week 24 in those with a baseline SLEDAI-2K of at least 6 (S6)."""
    return _responder_index(data, analysis, 6.0, 6.0)


def explain_responder_index_4(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S4, in the order of its reasons."""
    return _explained(data, analysis, _points_of_s4(analysis))


def explain_responder_index_5(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S5, in the order of its reasons."""
    return _explained(data, analysis, 5.0)


def explain_responder_index_6(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S6, in the order of its reasons."""
    return _explained(data, analysis, 6.0)


def _points_of_s4(analysis: Analysis) -> float:
    return 5.0 if analysis.lowest_responder_index == "sri_5" else 4.0


@dataclass(frozen=True)
class _Assessed:
    """What the three indices look at; (subjects,) each.

    day   : of the assessment, NaN for none. known : it exists, and D0 has a global assessment and nine grades.
    score, pga : (D0, assessment), NaN where missing. new_a, new_b : numbers of domains.
    """

    day: Floats
    known: Flags
    score: tuple[Floats, Floats]
    pga: tuple[Floats, Floats]
    new_a: Integers
    new_b: Integers


def _responder_index(data: DataSet, analysis: Analysis, lowest: float, points: float) -> Verdict:
    """Fall of SLEDAI-2K, no worse global assessment, no new BILAG A and fewer than two new B; no rescue.

    The visit needs SLEDAI-2K, the global assessment and all nine BILAG domains, and so does D0: nothing replaces
    what it lacks. Without a baseline SLEDAI-2K nobody is in the population.
    """
    seen = _assessed(data, analysis)
    baseline, score = seen.score
    return verdict(
        baseline >= lowest - 1e-9,
        ended(data, WEEK_24),
        happened(data, "rescue", seen.day),
        fails("missing", ~seen.known),
        fails("sledai", sledai_reduced(score, baseline, points=points) != 1),
        fails("pga", pga_worsened(seen.pga[1], seen.pga[0]) != 0),
        fails("bilag", (seen.new_a > MOST_NEW_A) | (seen.new_b > MOST_NEW_B)),
    )


def _explained(data: DataSet, analysis: Analysis, points: float) -> tuple[Component, ...]:
    seen = _assessed(data, analysis)
    (baseline, score), (before, pga) = seen.score, seen.pga
    worse, fallen = pga_worsened(pga, before), sledai_reduced(score, baseline, points=points)
    return (
        participation(data, WEEK_24),
        without(data, "rescue", seen.day),
        holds("assessment_day", "missing", seen.known, seen.day),
        told("sledai2k_day_0", baseline),
        told("sledai2k_week_24", score),
        _part("sledai2k_fall", "sledai", baseline - score, ">=", points, fallen),
        told("pga_day_0", before),
        _part("pga_rise", "pga", pga - before, "<", WORSENING, negated(worse)),
        _counted("bilag_new_a", seen, seen.new_a, MOST_NEW_A),
        _counted("bilag_new_b", seen, seen.new_b, MOST_NEW_B),
    )


def _counted(name: str, seen: _Assessed, number: Integers, most: int) -> Component:
    value = np.where(seen.known, number.astype(np.float64), np.nan)
    return _part(name, "bilag", value, "<=", float(most), np.where(seen.known, number <= most, -1))


def _part(
    name: str, reason: str, value: Floats, relation: str, threshold: float, met: NDArray[np.generic]
) -> Component:
    return Component(name, reason, value, relation, np.full(len(value), threshold), met.astype(np.int8))


def _assessed(data: DataSet, analysis: Analysis) -> _Assessed:
    key = ("responder index", analysis)
    if key not in data.memo:
        data.memo[key] = _assess(data, analysis)
    seen: _Assessed = data.memo[key]
    return seen


def _assess(data: DataSet, analysis: Analysis) -> _Assessed:
    score, pga = sledai_at_visits(data, analysis), data.measured("pga")
    grades = {name: data.grades(name) for name in DOMAINS}
    usable = ~np.isnan(score) & ~np.isnan(pga)
    for codes in grades.values():
        usable &= codes != UNKNOWN
    chosen = analysis_visit(
        data,
        usable,
        visit="W24",
        nominal_day=WEEK_24,
        window_days=analysis.visit_window_days,
        carry_days=analysis.carry_days,
    )
    start = data.at("D0")
    new_a, new_b = count_new(
        {name: flag_at(codes, chosen) for name, codes in grades.items()},
        {name: flag_at(codes, start) for name, codes in grades.items()},
    )
    return _Assessed(
        day=data.day_at(chosen),
        known=(chosen >= 0) & (flag_at(usable, start) == 1),
        score=(take(score, start), take(score, chosen)),
        pga=(take(pga, start), take(pga, chosen)),
        new_a=new_a,
        new_b=new_b,
    )
