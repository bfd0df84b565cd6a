"""Twin plots: the same patient at week 24 without the cells (across) and with them (up)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import LAST_VISIT, at_visit, drawn_trials, effects_in, of_trials, responses
from sim.report.style import ALARM, GRID, INK, MUTED, WITH, WITHOUT, axis, layout, line_at, plain

_CLASSES = (
    ("responds only with the cells", (False, True), WITH, "circle"),
    ("responds either way", (True, True), INK, "diamond-open"),
    ("does not respond either way", (False, False), WITHOUT, "circle-open"),
    ("responds only without", (True, False), ALARM, "x"),
)


_TICKS = tuple(step * 10.0**power for power in range(-2, 4) for step in (1, 2, 5))
_SPREAD = 0.3


@dataclass(frozen=True)
class _Measure:
    column: str
    name: str
    endpoint: str
    population: str
    log: bool
    threshold: float | None = None


_MEASURES = (
    _Measure("upcr", "UPCR, mg/mg", "P3", "LN", True, 0.5),
    _Measure("platelets", "platelets, 10⁹/L", "P2", "LC", True),
    _Measure("sledai2k", "SLEDAI-2K", "S3", "all", False),
)


def twins(roles: Table, visits: Table, endpoints: Table) -> Figure | None:
    """Week-24 values of the drawn patients in both worlds, by who responds; None without a second world."""
    effects = effects_in(visits)
    if len(effects) < 2:
        return None
    trials = drawn_trials(roles)
    visits, endpoints = of_trials(visits, trials), of_trials(endpoints, trials)
    panels, rows, counts = [], [], []
    for measure in _MEASURES:
        found = _pairs(measure, visits, endpoints, effects)
        panels.append(_panel(measure, found, effects[1]))
        rows += [(measure.endpoint, measure.column, *pair) for pair in found]
        counts.append(_counted(measure, endpoints, effects))
    return Figure(
        "twins",
        f"The same patients without and with the cells ({effects[1]})",
        f"Each point is one of {len({row[2:4] for row in rows})} virtual patients with a week-24 visit in both "
        "worlds; on the line the cells change nothing. " + " ".join(counts),
        "Scatter plots of week-24 values with the cells against those without. " + " ".join(counts),
        panels,
        (
            "endpoint",
            "variable",
            "trial",
            "subject",
            "without_cells",
            "with_cells",
            "responds_without",
            "responds_with",
        ),
        rows,
        key=[(name, colour) for name, _, colour, _ in _CLASSES],
    )


def _pairs(measure: _Measure, visits: Table, endpoints: Table, effects: list[str]) -> list[tuple[Any, ...]]:
    """Trial, subject, both values and both responses of each patient of the endpoint who has them."""
    before, after = (responses(endpoints, effect, measure.endpoint) for effect in effects)
    keys = np.array(sorted(set(before) & set(after)), np.int64)
    without, with_cells = (at_visit(visits, effect, LAST_VISIT, measure.column, keys) for effect in effects)
    return [
        (key // 1000, key % 1000, x, y, before[key], after[key])
        for key, x, y in zip(keys.tolist(), without.tolist(), with_cells.tolist(), strict=True)
        if not (np.isnan(x) or np.isnan(y))
    ]


def _counted(measure: _Measure, endpoints: Table, effects: list[str]) -> str:
    before, after = (responses(endpoints, effect, measure.endpoint) for effect in effects)
    both = sorted(set(before) & set(after))
    numbers = {pair: sum((before[key], after[key]) == pair for key in both) for _, pair, _, _ in _CLASSES}
    return (
        f"{measure.endpoint}: of {len(both)} patients {numbers[False, True]} respond only with the cells, "
        f"{numbers[True, True]} either way, {numbers[True, False]} only without."
    )


def _panel(measure: _Measure, found: list[tuple[Any, ...]], effect: str) -> Panel:
    values = [value for pair in found for value in pair[2:4]]
    ends = _ends(values, measure.log)
    traces: list[Trace] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": ends,
            "y": ends,
            "line": {"color": MUTED, "width": 1},
            "hoverinfo": "skip",
        }
    ]
    traces += [_points(measure, found, name, pair, colour, symbol) for name, pair, colour, symbol in _CLASSES]
    kind: dict[str, Any] = {"range": ends}
    if measure.log:
        kind = {"type": "log", "range": np.log10(ends).tolist(), "tickvals": _TICKS}
    shapes = (
        [line_at(measure.threshold, vertical=flag, colour=ALARM, dash="dot") for flag in (True, False)]
        if measure.threshold
        else []
    )
    x, y = axis(f"without: {measure.name}", **kind), axis(f"with {plain(effect)} cells: {measure.name}", **kind)
    title = f"{measure.endpoint}: {measure.name} at week 24"
    return Panel(title, traces, layout(x, y, height=340, shapes=shapes))


def _ends(values: list[float], log: bool) -> list[float]:
    if not values:
        return [0.1, 1.0]
    if log:
        return [0.85 * max(min(values), 0.01), 1.18 * max(*values, 0.02)]
    return [-0.8, max(values) + 0.8]


def _points(
    measure: _Measure, found: list[tuple[Any, ...]], name: str, pair: tuple[bool, bool], colour: str, symbol: str
) -> Trace:
    chosen = [row for row in found if row[4:] == pair]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [max(row[2], 0.01) if measure.log else row[2] + _aside(row) for row in chosen],
        "y": [max(row[3], 0.01) if measure.log else row[3] + _aside(row) for row in chosen],
        "customdata": [list(row[:4]) for row in chosen],
        "marker": {
            "color": colour,
            "symbol": symbol,
            "size": 8,
            "opacity": 0.85,
            "line": {"width": 1, "color": colour if "open" in symbol else GRID},
        },
        "hovertemplate": f"trial %{{customdata[0]}}, subject %{{customdata[1]}}<br>without %{{customdata[2]}}, "
        f"with %{{customdata[3]}}<br>"
        f"{name}<extra></extra>",
    }


def _aside(row: tuple[Any, ...]) -> float:
    """Whole numbers of a score would hide each other: points move along the diagonal, by less than a third."""
    return _SPREAD * ((7 * float(row[0]) + float(row[1])) * 0.618034 % 1.0 * 2.0 - 1.0)
