"""Why patients respond on whom the cells do nothing: the share of responders when one cause is taken away."""

from typing import Any

import numpy as np

from sim.core.tables import Table, rows_of
from sim.report.figure import Figure, Panel
from sim.report.figures.bars import bar_layout, bars
from sim.report.style import GOOD, INK, WITHOUT, line_at, percent, plain
from sim.words.rows import labelled

_COLUMNS = (
    "endpoint",
    "population",
    "alternative",
    "response_rate",
    "response_rate_mcse",
    "rate_change",
    "rate_change_mcse",
)


def causes(found: Table) -> Figure | None:
    """For each endpoint the response without cells as declared, and in each world that lacks one cause of it.

    None where the readings hold no such world, or not the patients without cells.
    """
    worlds = found.where((found["effect"] == "none") & np.isin(found["kind"], ("base", "world")))
    if not worlds.length or not np.any(worlds["kind"] == "world"):
        return None
    groups: dict[str, list[dict[str, Any]]] = {}
    first: dict[str, tuple[str, float]] = {}
    for row in rows_of(worlds):
        place = (row["population"], row["alpha"])
        if place == first.setdefault(row["endpoint"], place) and not np.isnan(row["response_rate"]):
            groups.setdefault(row["endpoint"], []).append(row)
    return Figure(
        "causes",
        "Why patients respond although the cells do nothing",
        "Dark: the share of responders without any effect of the cells. Below, the same patients in worlds that "
        "lack one "
        "cause: a bar that is shorter shows what that cause contributes. Causes act together, so the parts do "
        "not add up.",
        " ".join(f"{name}: {_in_words(rows)}." for name, rows in groups.items()),
        [_panel(name, rows) for name, rows in groups.items()],
        _COLUMNS,
        [tuple(row[column] for column in _COLUMNS) for rows in groups.values() for row in rows],
        key=[("as declared", WITHOUT), ("one cause taken away", GOOD)],
    )


def _in_words(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{_name(row)} {100 * row['response_rate']:.0f} %" for row in rows)


def _name(row: dict[str, Any]) -> str:
    return plain(row["alternative"].replace("_", " "))


def _panel(name: str, rows: list[dict[str, Any]]) -> Panel:
    colours = [WITHOUT if row["kind"] == "base" else GOOD for row in rows]
    rates, errors = ([row[column] for row in rows] for column in ("response_rate", "response_rate_mcse"))
    trace = bars([_name(row) for row in rows], rates, errors, colours)
    trace["hovertemplate"] = "%{y}: %{x:.1%}<extra></extra>"
    x = percent("responders without cells", range=[0, 1.02], tickangle=0)
    base = next((row["response_rate"] for row in rows if row["kind"] == "base"), None)
    shapes = [] if base is None else [line_at(base, vertical=True, colour=INK, dash="dot")]
    whole = bar_layout(x, len(rows), shapes=shapes)
    return Panel(labelled(name, rows[0]["population"]), [trace], whole)
