"""A figure: what is drawn, what it says in words, and the numbers behind it."""

import csv
import io
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.core.tables import Table

Trace = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """One coordinate system: traces and layout as the plotting library reads them.

    A trace with a key `view` is seen in that view of the figure alone. words : said below the title.
    """

    title: str
    traces: Sequence[Trace]
    layout: Mapping[str, Any]
    words: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure of one or more panels.

    name    : word for files and ids. title, caption : text. alt : what a reader sees who cannot see it.
    columns : names of the columns of the data; rows : the data. views : names of the ways to look at it, the first
    is shown at first. key : names and colours that all panels share. across : how many panels may stand
    beside each other. drawing : SVG text in the place of panels.
    """

    name: str
    title: str
    caption: str
    alt: str
    panels: Sequence[Panel]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    views: Sequence[str] = ()
    key: Sequence[tuple[str, str]] = ()
    across: int = 3
    drawing: str = ""


def rows_of_columns(table: Table, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Some columns of a table as the data of a figure."""
    return list(zip(*(table[name].tolist() for name in columns), strict=True))


def csv_of(figure: Figure) -> str:
    """The data of a figure as comma-separated text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(figure.columns)
    writer.writerows([[_cell(value) for value in row] for row in figure.rows])
    return text.getvalue()


def specification(figure: Figure) -> dict[str, Any]:
    """What the page's program draws: panels, and for each view which traces are seen."""
    return {
        "name": figure.name,
        "title": figure.title,
        "panels": [_panel(panel, figure.views) for panel in figure.panels],
        "views": list(figure.views),
        "shown": [[_seen(panel.traces, view) for panel in figure.panels] for view in figure.views],
        "csv": csv_of(figure),
    }


def to_json(values: Any) -> str:
    """JSON that is safe inside a script element; numbers to six digits, missing ones null."""
    text = json.dumps(_plain(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _panel(panel: Panel, views: Sequence[str]) -> dict[str, Any]:
    first = views[0] if views else None
    traces = [
        {key: value for key, value in trace.items() if key != "view"} | {"visible": seen}
        for trace, seen in zip(panel.traces, _seen(panel.traces, first), strict=True)
    ]
    return {"title": panel.title, "data": traces, "layout": panel.layout}


def _seen(traces: Iterable[Trace], view: str | None) -> list[bool]:
    return [view is None or trace.get("view", view) == view for trace in traces]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(each) for each in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value


def _cell(value: Any) -> Any:
    plain = _plain(value)
    if plain is None:
        return ""
    return f"'{plain}" if isinstance(plain, str) and plain[:1] in "=+-@" and plain else plain
