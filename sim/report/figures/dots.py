"""Points with the limits of the simulation: success with the cells beside that of inert ones, line by line."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Trace
from sim.report.numbers import chosen_first, different, view_of
from sim.report.style import GRID, WITHOUT, axis, effect_colours, layout, plain, probability


def dots(name: str, x: Any, y: Sequence[Any], error: Any, marker: dict[str, Any], **more: Any) -> Trace:
    """A point for each line, with 1.96 standard errors each way; where the error is not known it has none."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(name),
        "x": x,
        "y": y,
        "marker": {"size": 10} | marker,
        "error_x": {
            "type": "data",
            "array": 1.96 * np.nan_to_num(error),
            "color": marker["color"],
            "thickness": 1.2,
            "width": 3,
        },
        "hovertemplate": f"%{{y}}, {plain(name)}: %{{x:.1%}}<extra></extra>",
    } | more


def views_of(rows: Table) -> tuple[list[str], dict[str, str]]:
    """The acting effects in the order of views, all where none acts, and their colours."""
    effects = different(rows, "effect")
    acting = [name for name in effects if name != "none"] or effects
    return (chosen_first(acting) if acting else []), effect_colours(acting)


def key_of(effects: Sequence[str], colours: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and colours of the acting effects, and those of inert cells."""
    return [*((name, colours[name]) for name in effects if name != "none"), ("cells do nothing", WITHOUT)]


def success_and_false_go(rows: Table, lines: Sequence[str], effect: str, colour: str, **more: Any) -> list[Trace]:
    """Open and grey the success of inert cells, filled that under an effect, in the view of the effect.

    rows : a table with `power`, `false_go_inert` and their errors; lines : the name of each row.
    """
    open_circle: dict[str, Any] = {"color": WITHOUT, "symbol": "circle-open", "line": {"width": 2}}
    pairs = [("false_go_inert", "cells do nothing", open_circle)]
    pairs += [("power", effect, {"color": colour})] if effect != "none" else []
    return [
        dots(name, rows[column], lines, rows[f"{column}_mcse"], marker, view=view_of(effect), **more)
        for column, name, marker in pairs
    ]


def dot_layout(title: str, lines: int, **more: Any) -> dict[str, Any]:
    """The layout of a panel of dots: probabilities across, a line for each name, the first on top."""
    y = axis("", ticks="", autorange="reversed", gridcolor=GRID, type="category", tickfont={"size": 12})
    return layout(probability(title), y, height=90 + 27 * lines, **more)
