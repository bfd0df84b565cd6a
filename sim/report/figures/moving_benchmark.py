"""False go, and success, as the benchmark moves."""

import numpy as np

from sim.core.tables import Row, Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.style import (
    AMBER,
    INK,
    WITHOUT,
    effect_colours,
    faded,
    layout,
    line_at,
    percent,
    plain,
    probability,
)
from sim.words.rows import headline_rows, label_of


def moving_benchmark(power: Table, benchmarks: Table) -> Figure:
    """For each endpoint the share of trials that would succeed against each benchmark, under each effect."""
    headlines = list({row["endpoint"]: row for row in headline_rows(power)}.values())
    panels = [_panel(row, benchmarks) for row in headlines]
    columns = ("endpoint", "population", "effect", "alpha", "null_rate", "success", "success_mcse")
    rows = rows_of_columns(benchmarks, columns)
    return Figure(
        "moving_benchmark",
        "What a lower or higher benchmark would do",
        "The same trials, judged against another benchmark: a low one lets trials of inert cells pass (grey), a "
        "high one lets nothing pass. The line marks the assumed benchmark, the band its plausible range. The "
        "steps come from the whole number of responders; shadows: 95 % limits of the simulation.",
        "Falling step curves of success over the benchmark for each endpoint; the curve without cells is the "
        "rate of false go.",
        panels,
        columns,
        rows,
        key=_key(benchmarks),
    )


def _key(benchmarks: Table) -> list[tuple[str, str]]:
    effects = list(dict.fromkeys(benchmarks["effect"].tolist()))
    return [
        ("cells do nothing" if name == "none" else name, colour)
        for name, colour in effect_colours(effects).items()
    ]


def _panel(row: Row, benchmarks: Table) -> Panel:
    chosen = benchmarks.where(benchmarks["endpoint"] == row["endpoint"])
    effects = list(dict.fromkeys(chosen["effect"].tolist()))
    colours = effect_colours(effects)
    own = {name: chosen.where(chosen["effect"] == name) for name in effects}
    traces = [trace for name in effects for trace in _limits(own[name], colours[name])]
    traces += [_curve(own[name], name, colours[name]) for name in effects]
    band = {
        "type": "rect", "x0": row["benchmark_low"], "x1": row["benchmark_high"], "y0": 0, "y1": 1, "yref": "paper",
        "fillcolor": faded(AMBER, 0.14), "line": {"width": 0}, "layer": "below",
    }  # fmt: skip
    shapes = [band, line_at(row["null_rate"], vertical=True, colour=INK, above=True)]
    x = percent("benchmark", range=[0, 1], tickangle=0)
    y = probability("share of trials that succeed")
    return Panel(
        f"{label_of(row)}: benchmark {row['null_rate']:.2f}",
        traces,
        layout(x, y, height=290, margin={"l": 56, "r": 26, "t": 14, "b": 48}, shapes=shapes),
    )


def _limits(rows: Table, colour: str) -> list[Trace]:
    """The band of 95 % limits of the simulation, in the same steps as the curve."""
    same: Trace = {"type": "scatter", "mode": "lines", "x": rows["null_rate"], "hoverinfo": "skip"}
    same |= {"line": {"width": 0, "shape": "hv", "color": faded(colour, 0.14)}, "showlegend": False}
    low, high = (np.clip(rows["success"] + side * 1.96 * rows["success_mcse"], 0.0, 1.0) for side in (-1.0, 1.0))
    return [same | {"y": low}, same | {"y": high, "fill": "tonexty", "fillcolor": faded(colour, 0.14)}]


def _curve(rows: Table, effect: str, colour: str) -> Trace:
    inert = effect == "none"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "cells do nothing" if inert else plain(effect),
        "x": rows["null_rate"],
        "y": rows["success"],
        "line": {
            "color": WITHOUT if inert else colour,
            "width": 3 if inert else 1.8,
            "shape": "hv",
            "dash": "solid" if inert else "dot" if effect == "pessimistic" else "solid",
        },
        "hovertemplate": f"{plain(effect)}, benchmark %{{x:.2f}}<br>success %{{y:.1%}}<extra></extra>",
    }
