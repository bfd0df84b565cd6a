"""The same patients in other designs and worlds: power and false go side by side."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import chosen_effect
from sim.report.style import GRID, MUTED, WITHOUT, axis, effect_colours, layout, line_at, percent, plain

_COLUMNS = (
    "alternative", "kind", "endpoint", "population", "effect", "n", "n_treated", "rate", "control_rate", "power",
    "power_mcse", "false_go_inert", "false_go_inert_mcse", "n_for_power",
)  # fmt: skip


def alternatives(found: Table) -> Figure | None:
    """A panel for each endpoint: power of each design beside its false go; None without a row."""
    if not found.length:
        return None
    rows = found.where(found["alpha"] == found["alpha"][0])
    effects = [name for name in dict.fromkeys(rows["effect"].tolist()) if name != "none"]
    if not effects:
        return None
    first = chosen_effect(effects)
    views = [first, *(name for name in effects if name != first)]
    endpoints = list(dict.fromkeys(rows["endpoint"].tolist()))
    colours = effect_colours(effects)
    return Figure(
        "alternatives",
        "Other designs and other worlds, with the same number of patients",
        "Filled: power under the assumption that is shown; open, grey: success of the same design when the "
        "cells do nothing. What counts is the distance between the two: a design that moves both gains "
        "nothing. Dotted: power of the single arm as declared. Lines: 95 % limits of the simulation.",
        "Dot plots of power and false go by design. " + _in_words(rows, endpoints, first),
        [_panel(rows.where(rows["endpoint"] == name), name, views, colours) for name in endpoints],
        _COLUMNS,
        list(zip(*(rows[name].tolist() for name in _COLUMNS), strict=True)),
        views=[_view(name) for name in views],
        key=[*((f"power, {name}", colours[name]) for name in views), ("false go: cells do nothing", WITHOUT)],
        across=2,
    )


def _view(effect: str) -> str:
    return f"effect {effect}"


def _in_words(rows: Table, endpoints: list[str], effect: str) -> str:
    said = []
    for name in endpoints:
        own = rows.where((rows["endpoint"] == name) & (rows["effect"] == effect))
        parts = [f"{own['alternative'][k]} {100 * own['power'][k]:.0f} %" for k in range(own.length)]
        said.append(f"{name} under {effect}: {', '.join(parts)}.")
    return " ".join(said)


def _panel(rows: Table, name: str, effects: list[str], colours: dict[str, str]) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        own = rows.where(rows["effect"] == effect)
        traces += [
            trace | {"view": _view(effect)} for trace in (_inert(own), _power(own, effect, colours[effect]))
        ]
    single = rows.where((rows["kind"] == "single arm") & (rows["effect"] == effects[0]))
    shapes = [line_at(float(single["power"][0]), vertical=True, colour=MUTED, dash="dot")] if single.length else []
    who = "" if rows["population"][0] == "all" else f" ({rows['population'][0]})"
    names = list(dict.fromkeys(_names(rows)))
    x = percent("probability of success", range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1])
    y = axis("", ticks="", autorange="reversed", gridcolor=GRID, type="category", tickfont={"size": 12})
    return Panel(f"{name}{who}", traces, layout(x, y, height=90 + 27 * len(names), shapes=shapes))


def _names(rows: Table) -> list[str]:
    return [plain(name.replace("_", " ")) for name in rows["alternative"].tolist()]


def _power(rows: Table, effect: str, colour: str) -> Trace:
    return _points(rows, "power", plain(effect), {"color": colour, "size": 10})


def _inert(rows: Table) -> Trace:
    look = {"color": WITHOUT, "size": 10, "symbol": "circle-open", "line": {"width": 2}}
    return _points(rows, "false_go_inert", "false go", look)


def _points(rows: Table, column: str, name: str, marker: dict[str, object]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows[column],
        "y": _names(rows),
        "marker": marker,
        "error_x": {
            "type": "data",
            "array": 1.96 * np.nan_to_num(rows[f"{column}_mcse"]),
            "color": marker["color"],
            "thickness": 1.2,
            "width": 3,
        },
        "customdata": np.stack([rows["rate"], rows["control_rate"]], axis=1),
        "hovertemplate": f"%{{y}}<br>{name} %{{x:.1%}}<br>rate %{{customdata[0]:.1%}} against "
        "%{customdata[1]:.1%}<extra></extra>",
    }
