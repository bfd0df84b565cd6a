"""Figures of a sweep: heat maps of power over cells and effects, and lines over the swept values."""

from collections.abc import Sequence
from typing import Any

from sim.core.tables import Row
from sim.report.cells import Cell
from sim.report.figure import Figure, Panel, Trace
from sim.report.headlines import Headline
from sim.report.numbers import chosen_first
from sim.report.style import axis, effect_colours, layout, plain, probability, series
from sim.words.rows import label_of

_SCALE = [[0.0, "#f7fbff"], [0.25, "#c6dbef"], [0.5, "#6baed6"], [0.75, "#2171b5"], [1.0, "#08306b"]]
"""One hue from light to dark: order is seen without telling colours apart."""


def heat_map(cells: Sequence[Cell], headline: Headline) -> Figure:
    """The number of each panel: down, what was swept; across, the last of several keys, else the effects.

    Of several keys and several effects, each effect is a view.
    """
    endpoints, effects = _names(cells, "endpoint"), _names(cells, "effect")
    labels = {row["endpoint"]: label_of(row) for cell in cells for row in cell.rows}
    names = ("endpoint", "population", "effect", "power", "power_mcse")
    pairs = [(cell, row) for cell in cells for row in cell.rows]
    views = chosen_first(effects) if len(cells[0].swept) > 1 and len(effects) > 1 else []
    return Figure(
        "heat_map",
        f"{_capital(headline.name)} in every cell of the sweep",
        f"Darker is more. Each number is {headline.words}, in {headline.unit or 'percent'}; the table above has "
        "more.",
        f"Heat maps of {headline.name} over what was swept. "
        + "; ".join(
            f"{cell.title}, {labels[row['endpoint']]}, {row['effect']}: {headline.short(row)}"
            for cell, row in pairs[:40]
        ),
        [_panel(cells, endpoint, labels[endpoint], headline, views) for endpoint in endpoints],
        ("cell", "swept", *names),
        [(cell.number, cell.title, *(row[name] for name in names)) for cell, row in pairs],
        views=views,
        across=2,
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _names(cells: Sequence[Cell], column: str) -> list[str]:
    return list(dict.fromkeys(str(row[column]) for cell in cells for row in cell.rows))


def _panel(cells: Sequence[Cell], endpoint: str, label: str, headline: Headline, views: Sequence[str]) -> Panel:
    keys = list(cells[0].swept)
    last = keys[-1] if len(keys) > 1 else None
    pairs = [(cell, row) for cell in cells for row in cell.rows if row["endpoint"] == endpoint]
    if views:
        own = [(view, [pair for pair in pairs if pair[1]["effect"] == view]) for view in views]
        traces = [_map(chosen, last, headline, cells) | {"view": view} for view, chosen in own]
    else:
        traces = [_map(pairs, last, headline, cells)]
    most = max((len(str(word)) for word in traces[0]["x"]), default=0) * len(traces[0]["x"])
    x = axis(plain(last or ""), type="category", side="top", tickangle=0 if most <= 50 else 90, showgrid=False)
    y = axis("", type="category", autorange="reversed", showgrid=False)
    margin = {"l": 56, "r": 18, "t": 36, "b": 10}
    tall = (110 if last else 90) + 44 * len(traces[0]["y"])
    return Panel(label, traces, layout(x, y, height=tall, margin=margin))


def _map(pairs: Sequence[tuple[Cell, Row]], last: str | None, headline: Headline, cells: Sequence[Cell]) -> Trace:
    """Cells and their rows as fields: across the values of a key, or the effects where there is none."""
    found: dict[tuple[str, str], Row] = {}
    for cell, row in pairs:
        down = ", ".join(f"{key}={value}" for key, value in cell.swept.items() if key != last)
        found[down, str(row["effect"]) if last is None else cell.swept[last]] = row
    downs, columns = (list(dict.fromkeys(place[k] for place in found)) for k in (0, 1))
    fields = [[found.get((down, across)) for across in columns] for down in downs]
    return {
        "type": "heatmap",
        "z": [[None if row is None else _reached(row) for row in line] for line in fields],
        "x": [plain(across) for across in columns],
        "y": [two_lines(down or "no swept key") for down in downs],
        "text": [["" if row is None else plain(headline.short(row)) for row in line] for line in fields],
        "texttemplate": "%{text}",
        "zmin": 0,
        "zmax": _most(cells) if headline.unit else 1,
        "colorscale": _SCALE,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertemplate": f"%{{y}}, %{{x}}: %{{z{_shown(headline)}}}<extra></extra>",
    }


def _most(cells: Sequence[Cell]) -> float:
    """The largest number of all cells, so that a colour means the same in all panels."""
    return max((_reached(row) for cell in cells for row in cell.rows), default=1.0)


def _reached(row: Row) -> float:
    """The number, or the largest that was looked at where it is more than that."""
    beyond = row["power"] != row["power"] and "limit" in row
    return float(row["limit"] if beyond else row["power"])


def _shown(headline: Headline) -> str:
    """How the plotting library writes the number."""
    return ":.0f" if headline.unit else ":.1%"


def two_lines(title: str) -> str:
    """The name of a cell, a line for each swept key."""
    return plain(title).replace(", ", "<br>")


def small_multiples(cells: Sequence[Cell], headline: Headline) -> Figure | None:
    """The number over the first swept key; a colour for each combination of the rest or, with several effects, a
    view.

    None where no key was swept.
    """
    if not cells or not cells[0].swept:
        return None
    key = next(iter(cells[0].swept))
    endpoints, effects = _names(cells, "endpoint"), _names(cells, "effect")
    labels = {row["endpoint"]: label_of(row) for cell in cells for row in cell.rows}
    rest = list(dict.fromkeys(_rest(cell, key) for cell in cells))
    by_effect = len(effects) > 1
    colours = (
        effect_colours(effects)
        if by_effect
        else {words: series(k)["line"]["color"] for k, words in enumerate(rest)}
    )
    panels, rows = [], []
    for endpoint in endpoints:
        traces: list[Trace] = []
        for words in rest:
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
                view = {"view": words} if by_effect and len(rest) > 1 else {}
                traces.append(
                    _line(points, f"{effect} {words}".strip(), colours[effect if by_effect else words], headline)
                    | view
                )
        y = probability(headline.name)
        if headline.unit:
            y = axis(headline.name, range=[0, 1.08 * _most(cells)])
        panels.append(Panel(labels[endpoint], traces, layout(axis(key, type="category"), y, height=290)))
    what = "line of the key above" if by_effect else "combination of the other swept values"
    return Figure(
        "small_multiples",
        f"{_capital(headline.name)} over {key}",
        f"{_capital(headline.words)}. Lines: 95 % limits of the simulation; a colour for each {what}.",
        f"Lines of {headline.name} over {key}, a panel for each of {', '.join(labels.values())}.",
        panels,
        ("endpoint", "effect", "other_keys", key, "power", "power_low", "power_high"),
        rows,
        views=rest if by_effect and len(rest) > 1 else (),
        key=list(colours.items()) if by_effect or len(rest) > 1 else [],
    )


def _rest(cell: Cell, key: str) -> str:
    return ", ".join(f"{name}={value}" for name, value in cell.swept.items() if name != key)


def _line(points: list[tuple[str, dict[str, Any]]], name: str, colour: str, headline: Headline) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": [plain(value) for value, _ in points],
        "y": [row["power"] for _, row in points],
        "line": {"color": colour, "width": 2},
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
        "hovertemplate": f"{plain(name)}<br>%{{x}}: {headline.name} %{{y{_shown(headline)}}}<extra></extra>",
    }
