"""Paired differences of a sweep: each cell against the first, on the same trials where they were kept."""

from collections.abc import Sequence
from typing import Any

from sim.report.cells import Cell, Difference
from sim.report.figure import Figure, Panel, Trace
from sim.report.figures.sweep_maps import two_lines
from sim.report.style import INK, axis, effect_colours, layout, line_at, percent, plain


def paired_differences(found: Sequence[Difference], first: Cell) -> Figure | None:
    """Power of each cell minus that of the first, with 95 % limits; None where there is one cell."""
    if not found:
        return None
    endpoints = list(dict.fromkeys(each.endpoint for each in found))
    effects = list(dict.fromkeys(each.effect for each in found))
    colours = effect_colours(effects)
    most = max(abs(each.value) + 1.96 * each.error for each in found)
    limits = [-1.08 * most or -0.05, 1.08 * most or 0.05]
    panels = [
        _forest([each for each in found if each.endpoint == name], effects, colours, limits) for name in endpoints
    ]
    how = (
        "the same trials side by side"
        if all(each.paired for each in found)
        else "independent runs where trials were not kept, else from the same trials"
    )
    return Figure(
        "paired_differences",
        f"Difference from {first.title}",
        f"Power minus that of the first cell, with 95 % limits of the simulation from {how}. Cells of one seed "
        "share their patients' random numbers, so that small differences can be seen.",
        "Differences of power: "
        + "; ".join(
            f"{each.cell.title}, {each.endpoint}, {each.effect} {100 * each.value:+.1f} ± {100 * each.error:.1f} "
            f"points"
            for each in found[:40]
        ),
        panels,
        ("cell", "swept", "endpoint", "effect", "difference", "mcse", "paired"),
        [
            (each.cell.number, each.cell.title, each.endpoint, each.effect, each.value, each.error, each.paired)
            for each in found
        ],
        key=list(colours.items()),
        across=2,
    )


def _forest(found: list[Difference], effects: list[str], colours: dict[str, str], limits: list[float]) -> Panel:
    titles = list(dict.fromkeys(each.cell.title for each in found))
    traces = [_points(found, titles, effects, k, colours[effect]) for k, effect in enumerate(effects)]
    x = percent("difference of power", nticks=5, range=limits)
    y = axis(
        "",
        tickvals=list(range(len(titles))),
        ticktext=[two_lines(title) for title in titles],
        range=[len(titles) - 0.5, -0.5],
        ticks="",
        gridcolor="#ffffff",
    )
    shape: dict[str, Any] = line_at(0.0, vertical=True, colour=INK, dash="solid")
    height = 90 + (34 + 6 * len(effects)) * len(titles)
    whole = layout(x, y, height=height, shapes=[shape], margin={"l": 56, "r": 24, "t": 14, "b": 48})
    return Panel(found[0].label, traces, whole)


def _points(found: list[Difference], titles: list[str], effects: list[str], position: int, colour: str) -> Trace:
    """One effect: a point for each cell, beside the line of the cell."""
    effect = effects[position]
    own = [each for each in found if each.effect == effect]
    shift = 0.16 * (position - (len(effects) - 1) / 2)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(effect),
        "x": [each.value for each in own],
        "y": [titles.index(each.cell.title) + shift for each in own],
        "error_x": {
            "type": "data",
            "array": [1.96 * each.error for each in own],
            "color": colour,
            "thickness": 1.2,
            "width": 3,
        },
        "marker": {
            "color": colour,
            "size": 8,
            "symbol": ("circle", "square", "diamond", "triangle-up")[position % 4],
        },
        "hovertemplate": f"{plain(effect)}: %{{x:+.1%}}<extra></extra>",
    }
