"""Waterfalls of change: each patient's change from baseline to week 24, in order."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import (
    FIRST_VISIT,
    LAST_VISIT,
    Floats,
    at_visit,
    drawn_trials,
    effects_in,
    of_trials,
    responses,
)
from sim.report.style import INK, WITH, WITHOUT, axis, layout

_TOP = 150.0
_MEASURES = (
    ("upcr", "P3", "UPCR, change in %", True),
    ("platelets", "P2", "platelets, change in 10⁹/L", False),
    ("sledai2k", "S3", "SLEDAI-2K, change in points", False),
)


def changes(roles: Table, visits: Table, endpoints: Table) -> Figure:
    """Sorted bars of the change to week 24 by response of the endpoint that reads it; a view for each effect."""
    trials, effects = drawn_trials(roles), effects_in(visits)
    visits, endpoints = of_trials(visits, trials), of_trials(endpoints, trials)
    panels, rows = [], []
    for column, endpoint, name, relative in _MEASURES:
        traces: list[Trace] = []
        for effect in effects[::-1]:
            answers = responses(endpoints, effect, endpoint)
            keys = np.array(sorted(answers), np.int64)
            change = _change(visits, effect, column, keys, relative)
            order = np.argsort(-change, kind="stable")[: int((~np.isnan(change)).sum())]
            shown = [(change[k], answers[int(keys[k])]) for k in order]
            traces += _bars(shown, effect)
            rows += [(effect, column, endpoint, rank + 1, *each) for rank, each in enumerate(shown)]
        people = {"P3": "LN", "P2": "LC"}.get(endpoint, "all")
        panels.append(Panel(f"{name} ({people})", traces, _layout(name)))
    return Figure(
        "changes",
        "Change from baseline to week 24, patient by patient",
        "Each bar is one virtual patient seen at both visits, ordered by change; blue bars respond by the "
        "endpoint (P3, P2, S3), grey ones "
        f"do not: a fall alone is not a response. Rises of UPCR are cut at {_TOP:.0f} %.",
        "Waterfall plots of the change of UPCR, platelets and SLEDAI-2K at week 24, coloured by response.",
        panels,
        ("effect", "variable", "endpoint", "rank", "change", "responds"),
        rows,
        views=[_view(effect) for effect in effects[::-1]],
        key=[("responds", WITH), ("does not respond", "#c9c9c9")],
    )


def _view(effect: str) -> str:
    return "cells do nothing" if effect == "none" else f"with cells ({effect})"


def _change(visits: Table, effect: str, column: str, keys: Any, relative: bool) -> Floats:
    first, last = (at_visit(visits, effect, visit, column, keys) for visit in (FIRST_VISIT, LAST_VISIT))
    if not relative:
        return last - first
    return np.minimum(100.0 * (last - first) / np.where(first > 0, first, np.nan), _TOP)


def _bars(shown: list[tuple[float, bool]], effect: str) -> list[Trace]:
    found = []
    for name, responds, colour, edge in (
        ("responds", True, WITH, WITH),
        ("does not respond", False, "#c9c9c9", WITHOUT),
    ):
        found.append(
            {
                "type": "bar",
                "view": _view(effect),
                "name": name,
                "x": [rank + 1 for rank, (_, answer) in enumerate(shown) if answer == responds],
                "y": [change for change, answer in shown if answer == responds],
                "marker": {"color": colour, "line": {"color": edge, "width": 0.3}},
                "hovertemplate": f"%{{y:+.3g}}, {name}<extra></extra>",
            }
        )
    return found


def _layout(name: str) -> dict[str, Any]:
    x = axis("patients in order of change", showticklabels=False, ticks="", showgrid=False)
    y = axis(name, zeroline=True, zerolinecolor=INK, zerolinewidth=1)
    return layout(x, y, height=300, bargap=0.08, barmode="overlay")
