"""Endpoints against each other on the same patients, and what the cells change in each patient."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.dots import dots
from sim.report.numbers import chosen_first, different, first_level, picked, view_of
from sim.report.style import (
    ALARM,
    GOOD,
    GRID,
    INK,
    axis,
    effect_colours,
    layout,
    line_at,
    percent,
    plain,
    probability,
)
from sim.words.rows import chosen_effect, labelled

_SYMBOLS = ("circle", "square", "diamond", "triangle-up")
_COLUMNS = (
    "endpoint", "population", "effect", "kind", "n", "null_rate", "circular", "critical_value", "rate", "power",
    "power_mcse", "missing",
)  # fmt: skip
_PAIRED = (
    "endpoint", "population", "effect", "difference", "difference_mcse", "benefit", "harm", "benefit_low",
    "benefit_high",
)  # fmt: skip


def tournament(found: Table) -> Figure | None:
    """Power of every endpoint under each effect at the first level, best on top; None without a row."""
    rows = first_level(found)
    if not rows.length:
        return None
    effects = different(rows, "effect")
    chosen = chosen_effect(effects)
    own = picked(rows, effect=chosen)
    order = np.argsort(np.nan_to_num(own["power"], nan=-1.0), kind="stable")
    names = [_label(own, k) for k in order]
    colours = effect_colours(effects)
    traces = [_points(picked(rows, effect=effect), effect, colours[effect], k) for k, effect in enumerate(effects)]
    y = axis("", categoryorder="array", categoryarray=names, ticks="", range=[-0.6, len(names) - 0.4])
    x = probability("power")
    return Figure(
        "tournament",
        "Endpoints against each other",
        f"Power of each endpoint on the same patients, ordered by power under “{chosen}”; lines: 95 % limits "
        "of the simulation, often narrower than the point. * : no benchmark is assumed and the model's own "
        "rate without the cells stands in, which is circular: its false go under “none” says nothing.",
        "Dot plot of power by endpoint. "
        + "; ".join(f"{_label(own, k)} {100 * own['power'][k]:.0f} %" for k in order[::-1]),
        [Panel("", traces, layout(x, y, height=110 + 28 * len(names)))],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        key=[("none: cells do nothing" if name == "none" else name, colour) for name, colour in colours.items()],
        across=1,
    )


def paired(found: Table) -> Figure | None:
    """For each yes/no endpoint who answers with the cells only and who without them only; None without pairs."""
    rows = picked(found, kind="yes/no")
    rows = first_level(rows.where((rows["effect"] != "none") & ~np.isnan(rows["benefit"])))
    if not rows.length:
        return None
    effects = chosen_first(different(rows, "effect"))
    views = [view_of(name) for name in effects]
    names = [_label(rows, k) for k in range(rows.length) if rows["effect"][k] == effects[0]]
    traces = [
        trace | {"view": view}
        for effect, view in zip(effects, views, strict=True)
        for trace in _sides(picked(rows, effect=effect))
    ]
    x = percent("share of the endpoint's population", range=[-0.12, 1.02], tickangle=0)
    y = axis("", ticks="", autorange="reversed", gridcolor=GRID, type="category")
    zero = line_at(0.0, vertical=True, dash="solid")
    return Figure(
        "paired",
        "What the cells change in each patient, twin against twin",
        "Right: patients who respond with the cells and would not without them, left of zero: the reverse. The "
        "line spans what the two response rates alone allow (Fréchet): a trial sees no more than that, because "
        "no patient lives twice.",
        f"Bars of benefit and harm under {effects[0]}. {_in_words(rows, effects[0])}",
        [Panel("", traces, layout(x, y, height=100 + 30 * len(names), barmode="overlay", shapes=[zero]))],
        _PAIRED,
        rows_of_columns(rows, _PAIRED),
        views=views,
        key=[("benefit", GOOD), ("harm", ALARM)],
        across=1,
    )


def _in_words(rows: Table, effect: str) -> str:
    return "; ".join(
        f"{_label(rows, k)} {100 * rows['benefit'][k]:.0f} % benefit, {100 * rows['harm'][k]:.0f} % harm"
        for k in range(rows.length)
        if rows["effect"][k] == effect
    )


def _sides(rows: Table) -> list[Trace]:
    names = [_label(rows, k) for k in range(rows.length)]
    limits = {
        "type": "data", "symmetric": False, "color": INK, "thickness": 1.2, "width": 5,
        "array": rows["benefit_high"] - rows["benefit"], "arrayminus": rows["benefit"] - rows["benefit_low"],
    }  # fmt: skip
    same: Trace = {"type": "bar", "orientation": "h", "y": names, "width": 0.6}
    told = np.stack([rows["harm"], rows["benefit_low"], rows["benefit_high"]], axis=1)
    hover = (
        "%{y}: benefit %{x:.1%}, harm %{customdata[0]:.1%}<br>limits %{customdata[1]:.1%} to %{customdata[2]:.1%}"
    )
    benefit = same | {
        "name": "benefit", "x": rows["benefit"], "marker": {"color": GOOD}, "error_x": limits, "customdata": told,
        "hovertemplate": f"{hover}<extra></extra>",
    }  # fmt: skip
    return [benefit, same | {"name": "harm", "x": -rows["harm"], "marker": {"color": ALARM}, "hoverinfo": "skip"}]


def _label(rows: Table, k: int) -> str:
    label = labelled(rows["endpoint"][k], rows["population"][k])
    return plain(f"{label}{' *' if rows['circular'][k] == 1 else ''}".replace("_", " "))


def _points(rows: Table, effect: str, colour: str, position: int) -> Trace:
    names = [_label(rows, k) for k in range(rows.length)]
    look = {"color": colour, "symbol": _SYMBOLS[position % 4]}
    return dots(effect, rows["power"], names, rows["power_mcse"], look)
