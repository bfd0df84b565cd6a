"""Simulated figures in the intervals that were accepted beforehand."""

import textwrap
from typing import Any

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.report.figure import Figure, Panel, Trace
from sim.report.style import ALARM, GOOD, INK, axis, layout, plain

_COLUMNS = ("id", "what", "figure", "accepted", "simulated", "error", "verdict", "basis", "low", "high", "value")
_WIDTH = 36


def validation(found: Table) -> Figure | None:
    """For each figure with a target its place in the accepted interval; None without one."""
    rows = [row for row in rows_of(found) if not np.isnan(row["low"])]
    if not rows:
        return None
    outside = [row["id"] for row in rows if not row["verdict"].startswith("inside")]
    return Figure(
        "validation",
        "Does the simulator give patients like those of the literature?",
        "Each line is one figure: the bar is its accepted interval, stretched to one length, the point the "
        "simulated figure, its line two Monte Carlo standard errors each way (often narrower than the point). "
        "A point on the bar agrees; what agreement is worth says the basis in the table below.",
        f"Points in bars: {len(rows) - len(outside)} of {len(rows)} figures inside their interval"
        + (f"; outside: {', '.join(outside)}." if outside else "."),
        [_panel(half) for half in (rows[: -(-len(rows) // 2)], rows[-(-len(rows) // 2) :]) if half],
        _COLUMNS,
        [tuple(row[name] for name in _COLUMNS) for row in rows],
        key=[("accepted interval", "#cfe6f5"), ("inside", GOOD), ("outside", ALARM)],
        across=2,
    )


def _panel(rows: list[Row]) -> Panel:
    names = [_name(row) for row in rows]
    bars: Trace = {
        "type": "bar",
        "orientation": "h",
        "x": [1.0] * len(rows),
        "y": names,
        "width": 0.62,
        "marker": {"color": "#cfe6f5"},
        "hoverinfo": "skip",
    }
    ends = {"tickvals": [0, 1], "ticktext": ["low", "high"], "tickangle": 0}
    x = axis("accepted interval", range=[-0.15, 1.15], **ends)
    y = axis(
        "", range=[len(rows) - 0.4, -0.6], ticks="", gridcolor="#ffffff", type="category", tickfont={"size": 11}
    )
    return Panel("", [bars, _points(rows, names)], layout(x, y, height=80 + 36 * len(rows)))


def _points(rows: list[Row], names: list[str]) -> Trace:
    width = [row["high"] - row["low"] for row in rows]
    place = [(row["value"] - row["low"]) / span for row, span in zip(rows, width, strict=True)]
    colours = [GOOD if row["verdict"].startswith("inside") else ALARM for row in rows]
    told: list[list[Any]] = [
        [plain(row["what"]), plain(row["figure"]), row["accepted"], row["simulated"]] for row in rows
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": place,
        "y": names,
        "marker": {"color": colours, "size": 9, "line": {"color": INK, "width": 1}},
        "error_x": {
            "type": "data",
            "array": [2 * row["value_mcse"] / span for row, span in zip(rows, width, strict=True)],
            "color": INK,
            "thickness": 1,
            "width": 0,
        },
        "customdata": told,
        "hovertemplate": "<b>%{customdata[0]}</b><br>target %{customdata[1]}<br>accepted %{customdata[2]}<br>"
        "simulated %{customdata[3]}<extra></extra>",
    }


def _name(row: Row) -> str:
    return "<br>".join(map(plain, textwrap.wrap(f"{row['id']}  {row['what']}", _WIDTH, drop_whitespace=True)))
