"""SLE responder indices at week 24 (S4, S5, S6)."""

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.analysis_visit import analysis_visit
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import WEEK_24, Verdict, ended, fails, happened, verdict
from sim.endpoints.sledai_endpoints import sledai_at_visits
from sim.instruments.bilag import DOMAINS, UNKNOWN
from sim.instruments.sri import sri_components
from sim.instruments.visit_order import flag_at

Codes = NDArray[np.int8]


def responder_index_4(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-4 at week 24 in those with a baseline SLEDAI-2K of at least 4 (S4).

    Reading : X21, the record calls it "index 4 (SRI5)" and asks for four points; the option asks for five.
    """
    return _responder_index(data, analysis, 4.0, 5.0 if analysis.lowest_responder_index == "sri_5" else 4.0)


def responder_index_5(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-5 at week 24 in those with a baseline SLEDAI-2K of at least 5 (S5)."""
    return _responder_index(data, analysis, 5.0, 5.0)


def responder_index_6(data: DataSet, analysis: Analysis) -> Verdict:
    """SRI-6 at week 24 in those with a baseline SLEDAI-2K of at least 6 (S6)."""
    return _responder_index(data, analysis, 6.0, 6.0)


def _responder_index(data: DataSet, analysis: Analysis, lowest: float, points: float) -> Verdict:
    """Fall of SLEDAI-2K, no worse global assessment, no new BILAG A and fewer than two new B; no rescue.

    The visit needs SLEDAI-2K, the global assessment and all nine BILAG domains; nothing replaces what D0 lacks.
    """
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
    baseline = take(score, start)
    components = sri_components(
        take(score, chosen),
        baseline,
        take(pga, chosen),
        take(pga, start),
        {name: flag_at(codes, chosen) for name, codes in grades.items()},
        {name: flag_at(codes, start) for name, codes in grades.items()},
        points=points,
    )
    unknown = np.any([flag == -1 for flag in components.values()], axis=0)
    return verdict(
        baseline >= lowest - 1e-9,
        ended(data, WEEK_24),
        happened(data, "rescue", data.day_at(chosen)),
        fails("missing", (chosen < 0) | unknown),
        *(fails(name, flag == 0) for name, flag in components.items()),
    )
