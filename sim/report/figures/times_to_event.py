"""Times to event of the drawn patients, with the numbers at risk. The estimates stand in the table."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.patients import LAST_DAY
from sim.report.style import WITH, WITHOUT, axis, faded, layout, note, probability

_TITLES = {
    "S7": "S7: without a severe flare (all)",
    "S9": "S9: without a hematologic flare (LC)",
    "S11": "S11: without treatment failure (LN)",
    "S12": "S12: complete remission (LN), competing events allowed for",
    "S13": "S13: without a renal flare (LN)",
}
_DAYS = (0, 28, 56, 84, 112, 140, 168)


def times_to_event(curves: Table) -> Figure | None:
    """Kaplan–Meier survival, and cumulative incidence where others compete; None without a curve."""
    names = [name for name in _TITLES if name in curves["endpoint"]]
    if not names:
        return None
    effects = sorted(dict.fromkeys(curves["effect"].tolist()), key=lambda name: name != "none")
    panels = [_panel(name, curves.where(curves["endpoint"] == name), effects) for name in names]
    columns = ("effect", "endpoint", "method", "time", "estimate", "low", "high", "at_risk")
    return Figure(
        "times_to_event",
        "Times to event",
        "Steps: Kaplan–Meier estimate of being without the event (S12: Aalen–Johansen cumulative incidence), "
        "with 95 % limits for this sample of patients; below, the numbers at risk without and with the cells. "
        "Events are found at visits, so every time is late by part of an interval.",
        "Step curves over 24 weeks without and with the cells for " + ", ".join(names) + ", with numbers at risk.",
        panels,
        columns,
        rows_of_columns(curves, columns),
        key=[
            ("cells do nothing", WITHOUT),
            *((f"with cells ({name})", WITH) for name in effects if name != "none"),
        ],
    )


def _panel(name: str, rows: Table, effects: list[str]) -> Panel:
    traces: list[Trace] = []
    notes: list[dict[str, Any]] = []
    for line, effect in enumerate(effects):
        curve = rows.where(rows["effect"] == effect)
        if curve.length:
            traces += _traces(curve, effect)
            notes += _at_risk(curve, effect, line)
    x = axis("day", range=[-4, LAST_DAY + 6], tickvals=_DAYS)
    y = probability("incidence" if name == "S12" else "without event")
    below = {"l": 64, "r": 18, "t": 14, "b": 104}
    return Panel(_TITLES[name], traces, layout(x, y, height=340, margin=below, annotations=notes))


def _traces(curve: Table, effect: str) -> list[Trace]:
    inert = effect == "none"
    colour = WITHOUT if inert else WITH
    days = np.append(curve["time"], LAST_DAY)
    low, middle, high = (np.append(curve[name], curve[name][-1]) for name in ("low", "estimate", "high"))
    line = {"type": "scatter", "mode": "lines", "x": days}
    return [
        {
            **line,
            "y": np.where(np.isnan(low), middle, low),
            "line": {"width": 0, "shape": "hv"},
            "hoverinfo": "skip",
        },
        {
            **line,
            "y": np.where(np.isnan(high), middle, high),
            "line": {"width": 0, "shape": "hv"},
            "fill": "tonexty",
            "fillcolor": faded(colour, 0.14),
            "hoverinfo": "skip",
        },
        {
            **line,
            "y": middle,
            "line": {"width": 2.5, "shape": "hv", "color": colour, "dash": "dash" if inert else "solid"},
            "hovertemplate": f"{effect}, day %{{x}}: %{{y:.1%}}<extra></extra>",
        },
    ]


def _at_risk(curve: Table, effect: str, line: int) -> list[dict[str, Any]]:
    """Numbers under observation just before some days, as a line of words below the axis."""
    colour = WITHOUT if effect == "none" else WITH
    place = np.searchsorted(curve["time"], _DAYS)
    numbers = [curve["at_risk"][k] if k < curve.length else 0.0 for k in place]
    same = {"yref": "paper", "yanchor": "top", "yshift": -52 - 18 * line, "font": {"size": 11, "color": colour}}
    words = [note(day, 0, f"{number:.0f}", **same) for day, number in zip(_DAYS, numbers, strict=True)]
    return [
        *words,
        note(0, 0, "without" if effect == "none" else "with", xref="paper", xanchor="right", xshift=-16, **same),
    ]
