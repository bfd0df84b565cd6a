"""How far other readings of the record and other assumptions move power, on the same trials: a tornado."""

from typing import Any

import numpy as np

from sim.core.tables import Table, rows_of
from sim.report.figure import Figure, Panel
from sim.report.figures.bars import bar_layout, bars
from sim.report.numbers import different, first_level, picked
from sim.report.style import AMBER, GOOD, INK, SKY, WITHOUT, line_at, percent, plain
from sim.words.rows import chosen_effect, labelled

_MOST = 12
_KINDS = {"reading": SKY, "assumption": AMBER, "world": GOOD}


def readings(found: Table) -> Figure | None:
    """For each primary endpoint (each where none is primary) the alternatives that move its power most.

    Rows at the first level and the first population are taken, under neutral or else the last effect.
    """
    if not found.length:
        return None
    effect = chosen_effect(different(found, "effect"))
    chosen = picked(first_level(found), effect=effect)
    chosen = chosen.where(chosen["kind"] != "base")
    groups: dict[str, list[dict[str, Any]]] = {}
    first: dict[str, str] = {}
    for row in rows_of(chosen):
        if row["population"] == first.setdefault(row["endpoint"], row["population"]) and not np.isnan(
            row["power_change"]
        ):
            groups.setdefault(row["endpoint"], []).append(row)
    primary = {name: rows for name, rows in groups.items() if name.startswith("P")} or groups
    shown = {
        name: sorted(rows, key=lambda row: -abs(row["power_change"]))[:_MOST] for name, rows in primary.items()
    }
    if not shown:
        return None
    columns = (
        "endpoint",
        "population",
        "alternative",
        "kind",
        "words",
        "power",
        "power_mcse",
        "power_change",
        "power_change_mcse",
    )
    return Figure(
        "readings",
        "Readings and assumptions that move the answer most",
        f"Change of power under “{effect}” when one reading or assumption is exchanged for another, on the same "
        f"trials; bars: "
        f"95 % limits of the simulation. The {_MOST} that move most are drawn; all stand in the data. X and a "
        "number: the reading in docs/decisions.md. "
        "A world takes one cause away from the course of the same patients; it is no belief and not in the model "
        "range.",
        " ".join(f"{name}: {_in_words(rows)}." for name, rows in shown.items()),
        [_panel(name, rows) for name, rows in shown.items()],
        columns,
        [tuple(row[column] for column in columns) for rows in groups.values() for row in rows],
        key=[
            (kind, colour)
            for kind, colour in _KINDS.items()
            if any(row["kind"] == kind for rows in shown.values() for row in rows)
        ],
        across=2,
    )


def value_readings(found: Table) -> Figure | None:
    """The same of changes and times, a panel for each variable, by the exact test."""
    exact = found.where(found["rule"] != "t_test")
    return readings(
        exact.adding({"endpoint": np.where(exact["variable"] == "", exact["endpoint"], exact["variable"])})
    )


def _in_words(rows: list[dict[str, Any]]) -> str:
    return ", ".join(f"{row['alternative']} {100 * row['power_change']:+.1f} points" for row in rows[:5])


def _panel(name: str, rows: list[dict[str, Any]]) -> Panel:
    names = [plain(row["alternative"].replace("_", " ")) for row in rows]
    colours = [_KINDS.get(row["kind"], WITHOUT) for row in rows]
    changes, errors = ([row[column] for row in rows] for column in ("power_change", "power_change_mcse"))
    trace = bars(names, changes, errors, colours)
    trace["customdata"] = [[row["power"], plain(row["words"])] for row in rows]
    trace["hovertemplate"] = "%{y}: %{x:+.1%}<br>power %{customdata[0]:.1%}<br>%{customdata[1]}<extra></extra>"
    x = percent("change of power", nticks=5, tickangle=0)
    shape = line_at(0.0, vertical=True, colour=INK, dash="solid")
    whole = bar_layout(x, len(rows), shapes=[shape])
    return Panel(labelled(name, rows[0]["population"]), [trace], whole)
