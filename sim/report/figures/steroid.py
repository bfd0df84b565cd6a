"""The corticosteroid dose of each patient, day by day, with the limit that the endpoints ask for."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import (
    LAST_DAY,
    daily_doses,
    dose_steps,
    drawn_trials,
    effects_in,
    key_of,
    of_trials,
    quartiles,
)  # fmt: skip
from sim.report.style import ALARM, WITH, WITHOUT, axis, faded, layout, line_at, note

_LIMIT = 7.5
_LINES = 80
_TOP = 32.0


def steroid(roles: Table, dosing: Table) -> Figure:
    """Doses of the drawn patients under each effect: single patients, median and quartiles."""
    trials, effects = drawn_trials(roles), effects_in(dosing)
    dosing = of_trials(dosing, trials)
    panels, rows = [], []
    for effect in effects:
        chosen = dosing.where(dosing["effect"] == effect)
        keys = np.unique(key_of(chosen))
        low, middle, high = quartiles(daily_doses(chosen, keys))
        colour = WITHOUT if effect == "none" else WITH
        title = "cells do nothing" if effect == "none" else f"with cells ({effect})"
        panels.append(Panel(title, _traces(chosen, keys, (low, middle, high), colour), _layout()))
        rows += [(effect, day, low[day], middle[day], high[day]) for day in range(0, LAST_DAY + 1, 7)]
    return Figure(
        "steroid",
        "Corticosteroid: how the taper goes",
        f"Thin lines: up to {_LINES} of the virtual patients. Thick: median; band: middle half; higher doses "
        "are cut off. Below the dotted line, 7.5 mg a day, P1 asks for weeks 4 to 12 and S1 for weeks 12 to 24. "
        "The taper is the protocol's, so most patients get there without any help of the cells; flares bring "
        "them back.",
        "Daily dose over 24 weeks without and with the cells: " + _in_words(rows, effects),
        panels,
        ("effect", "day", "quartile_1", "median", "quartile_3"),
        rows,
        across=2,
    )


def _in_words(rows: list[tuple[Any, ...]], effects: list[str]) -> str:
    last = {row[0]: row[3] for row in rows}
    return "; ".join(f"median at week 24 under {effect} {last[effect]:g} mg" for effect in effects)


def _traces(dosing: Table, keys: Any, curve: tuple[Any, Any, Any], colour: str) -> list[Trace]:
    days: list[float | None] = []
    doses: list[float | None] = []
    for key in keys[:_LINES].tolist():
        x, y = dose_steps(dosing, key)
        days += [*x, None]
        doses += [*y, None]
    time = list(range(LAST_DAY + 1))
    low, middle, high = curve
    line = {"type": "scatter", "mode": "lines"}
    return [
        {
            **line,
            "x": days,
            "y": doses,
            "line": {"shape": "hv", "width": 0.8, "color": faded(colour, 0.28)},
            "hoverinfo": "skip",
        },
        {**line, "x": time, "y": low, "line": {"shape": "hv", "width": 0}, "hoverinfo": "skip"},
        {
            **line,
            "x": time,
            "y": high,
            "line": {"shape": "hv", "width": 0},
            "fill": "tonexty",
            "fillcolor": faded(colour, 0.25),
            "hoverinfo": "skip",
        },
        {
            **line,
            "x": time,
            "y": middle,
            "line": {"shape": "hv", "width": 3, "color": colour},
            "name": "median",
            "hovertemplate": "day %{x}: median %{y} mg<extra></extra>",
        },
    ]


def _layout() -> dict[str, Any]:
    x = axis("day", range=[0, LAST_DAY], tickvals=[0, 28, 56, 84, 112, 140, 168])
    y = axis("prednisone equivalent, mg/day", range=[0, _TOP])
    limit = note(LAST_DAY, _LIMIT, "7.5 mg", xanchor="right", yanchor="bottom", font={"size": 12, "color": ALARM})
    windows = [
        note(56, 1, "P1", yref="paper", yanchor="bottom"), note(126, 1, "S1", yref="paper", yanchor="bottom"),
    ]  # fmt: skip
    shapes = [line_at(_LIMIT, vertical=False, colour=ALARM, dash="dot")]
    shapes += [line_at(day, vertical=True, colour="#bdbdbd", dash="dot") for day in (28, 84)]
    return layout(
        x, y, height=330, margin={"l": 56, "r": 18, "t": 24, "b": 48}, shapes=shapes, annotations=[limit, *windows]
    )
