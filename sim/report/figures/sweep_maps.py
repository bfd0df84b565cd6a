"""Figures of a sweep: heat maps of power over cells and effects, and lines over the swept values."""

from collections.abc import Sequence
from typing import Any

from sim.report.cells import Cell, Difference
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import label_of
from sim.report.style import INK, axis, effect_colours, layout, line_at, percent, plain

_SCALE = [[0.0, "#f7fbff"], [0.25, "#c6dbef"], [0.5, "#6baed6"], [0.75, "#2171b5"], [1.0, "#08306b"]]
"""One hue from light to dark: order is seen without telling colours apart."""


def heat_map(cells: Sequence[Cell]) -> Figure:
    """Power of each endpoint: cells down, effects across, the numbers written in."""
    endpoints, effects = _names(cells, "endpoint"), _names(cells, "effect")
    labels = {row["endpoint"]: label_of(row) for cell in cells for row in cell.rows}
    panels = [_map(cells, endpoint, labels[endpoint], effects) for endpoint in endpoints]
    rows = [
        (
            cell.number,
            cell.title,
            row["endpoint"],
            row["population"],
            row["effect"],
            row["power"],
            row["power_mcse"],
        )
        for cell in cells
        for row in cell.rows
    ]
    return Figure(
        "heat_map",
        "Power in every cell of the sweep",
        "Darker is more. Each number is the share of trials that succeed, in percent.",
        "Heat maps of power, a line for each cell, a column for each effect. "
        + "; ".join(f"{row[1]}, {row[2]}, {row[4]}: {100 * row[5]:.0f} %" for row in rows[:40]),
        panels,
        ("cell", "swept", "endpoint", "population", "effect", "power", "power_mcse"),
        rows,
        across=2,
    )


def _names(cells: Sequence[Cell], column: str) -> list[str]:
    return list(dict.fromkeys(str(row[column]) for cell in cells for row in cell.rows))


def _map(cells: Sequence[Cell], endpoint: str, label: str, effects: list[str]) -> Panel:
    found = [{row["effect"]: row["power"] for row in cell.rows if row["endpoint"] == endpoint} for cell in cells]
    values = [[each.get(effect) for effect in effects] for each in found]
    trace: Trace = {
        "type": "heatmap",
        "z": values,
        "x": [plain(effect) for effect in effects],
        "y": [_two_lines(cell.title) for cell in cells],
        "text": [["" if value is None else f"{100 * value:.0f}" for value in line] for line in values],
        "texttemplate": "%{text}",
        "zmin": 0,
        "zmax": 1,
        "colorscale": _SCALE,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": "%{y}, %{x}: %{z:.1%}<extra></extra>",
    }
    x, y = axis("", type="category", side="top"), axis("", type="category", autorange="reversed")
    return Panel(
        label, [trace], layout(x, y, height=70 + 44 * len(cells), margin={"l": 56, "r": 18, "t": 36, "b": 10})
    )


def _two_lines(title: str) -> str:
    return plain(title).replace(", ", "<br>")


def small_multiples(cells: Sequence[Cell]) -> Figure | None:
    """Power over the first swept key, a line for each combination of the rest; None where no key was swept."""
    if not cells or not cells[0].swept:
        return None
    key = next(iter(cells[0].swept))
    endpoints, effects = _names(cells, "endpoint"), _names(cells, "effect")
    labels = {row["endpoint"]: label_of(row) for cell in cells for row in cell.rows}
    rest = list(dict.fromkeys(_rest(cell, key) for cell in cells))
    dashes = ("solid", "dash", "dot", "dashdot", "longdash")
    colours, panels, rows = effect_colours(effects), [], []
    for endpoint in endpoints:
        traces: list[Trace] = []
        for position, words in enumerate(rest):
            for effect in effects:
                points = [
                    (cell.swept[key], row)
                    for cell in cells if _rest(cell, key) == words
                    for row in cell.rows if (row["endpoint"], row["effect"]) == (endpoint, effect)
                ]  # fmt: skip
                rows += [
                    (endpoint, effect, words, value, row["power"], row["power_low"], row["power_high"])
                    for value, row in points
                ]
                traces.append(_line(points, f"{effect} {words}".strip(), colours[effect], dashes[position % 5]))
        x = axis(key, type="category")
        panels.append(
            Panel(labels[endpoint], traces, layout(x, percent("power", range=[-0.02, 1.02]), height=290))
        )
    others = "" if rest == [""] else " Dashes tell the other swept values apart; hover to read them."
    return Figure(
        "small_multiples",
        f"Power over {key}",
        f"Points with Wilson 95 % limits of the simulation, a colour for each assumption about the cells.{others}",
        f"Lines of power over {key} for each endpoint.",
        panels,
        ("endpoint", "effect", "other_keys", key, "power", "power_low", "power_high"),
        rows,
        key=list(colours.items()),
    )


def _rest(cell: Cell, key: str) -> str:
    return ", ".join(f"{name}={value}" for name, value in cell.swept.items() if name != key)


def _line(points: list[tuple[str, dict[str, Any]]], name: str, colour: str, dash: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": [plain(value) for value, _ in points],
        "y": [row["power"] for _, row in points],
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"size": 7},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [row["power_high"] - row["power"] for _, row in points],
            "arrayminus": [row["power"] - row["power_low"] for _, row in points],
            "color": colour,
            "thickness": 1,
            "width": 3,
        },
        "hovertemplate": f"{plain(name)}<br>%{{x}}: power %{{y:.1%}}<extra></extra>",
    }


def paired_differences(found: Sequence[Difference], first: Cell) -> Figure | None:
    """Power of each cell minus that of the first, with 95 % limits; None where there is one cell."""
    if not found:
        return None
    endpoints = list(dict.fromkeys(each.endpoint for each in found))
    effects = list(dict.fromkeys(each.effect for each in found))
    colours = effect_colours(effects)
    panels = [
        _forest([each for each in found if each.endpoint == name], name, effects, colours) for name in endpoints
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
        f"share their "
        "patients' random numbers, so that small differences can be seen.",
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


def _forest(found: list[Difference], endpoint: str, effects: list[str], colours: dict[str, str]) -> Panel:
    titles = list(dict.fromkeys(each.cell.title for each in found))
    traces: list[Trace] = []
    for position, effect in enumerate(effects):
        own = [each for each in found if each.effect == effect]
        shift = 0.16 * (position - (len(effects) - 1) / 2)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": plain(effect),
                "x": [each.value for each in own],
                "y": [titles.index(each.cell.title) + shift for each in own],
                "error_x": {
                    "type": "data",
                    "array": [1.96 * each.error for each in own],
                    "color": colours[effect],
                    "thickness": 1.2,
                    "width": 3,
                },
                "marker": {
                    "color": colours[effect],
                    "size": 8,
                    "symbol": ("circle", "square", "diamond", "triangle-up")[position % 4],
                },
                "hovertemplate": f"{plain(effect)}: %{{x:+.1%}}<extra></extra>",
            }
        )
    x = percent("difference of power", nticks=5)
    y = axis(
        "",
        tickvals=list(range(len(titles))),
        ticktext=[_two_lines(title) for title in titles],
        range=[len(titles) - 0.5, -0.5],
        ticks="",
        gridcolor="#ffffff",
    )
    shape: dict[str, Any] = line_at(0.0, vertical=True, colour=INK, dash="solid")
    return Panel(
        endpoint,
        traces,
        layout(x, y, height=90 + 62 * len(titles), shapes=[shape], margin={"l": 56, "r": 24, "t": 14, "b": 48}),
    )
