"""How measurements run over the visits, without and with the cells."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import LAST_DAY, drawn_trials, effects_in, key_of, of_trials, quartiles
from sim.report.style import ALARM, WITH, WITHOUT, axis, faded, layout, line_at

_MEASURES = (
    ("upcr", "UPCR, mg/mg", "LN", 0.5),
    ("serum_creatinine", "creatinine, µmol/L", "LN", None),
    ("platelets", "platelets, 10⁹/L", "LC", None),
    ("sledai2k", "SLEDAI-2K", "all", None),
)


def trajectories(roles: Table, visits: Table) -> Figure:
    """Median and quartiles of four measurements at the planned visits of the drawn patients under each effect."""
    trials, effects = drawn_trials(roles), effects_in(visits)
    planned = of_trials(visits, trials)
    planned = planned.where(
        (planned["planned_day"] >= 0) & (planned["planned_day"] <= LAST_DAY) & planned["attended"]
    )
    panels, rows = [], []
    for column, name, population, threshold in _MEASURES:
        chosen = planned if population == "all" else planned.where(planned["subgroup"] == population)
        traces: list[Trace] = []
        for effect in effects:
            curve = _curve(chosen.where(chosen["effect"] == effect), column)
            traces += _traces(curve, effect)
            rows += [(column, population, effect, *point) for point in zip(*curve, strict=True)]
        shapes = [line_at(threshold, vertical=False, colour=ALARM, dash="dot")] if threshold else []
        x = axis("day", range=[-3, LAST_DAY + 3], tickvals=[0, 28, 56, 84, 112, 140, 168])
        y = axis(name, rangemode="tozero")
        people = "all patients" if population == "all" else population
        panels.append(Panel(f"{name} ({people})", traces, layout(x, y, height=300, shapes=shapes)))
    return Figure(
        "trajectories",
        "Measurements over 24 weeks",
        "Median (line) and middle half (band) of the virtual patients at each planned visit; both start from the "
        "same values. "
        "Those who have left the trial or missed the visit are not in it. Infusions at days 0 and 84.",
        "Median and quartiles of UPCR, creatinine, platelets and SLEDAI-2K over the visits, without and with the "
        "cells.",
        panels,
        ("variable", "population", "effect", "day", "quartile_1", "median", "quartile_3", "patients"),
        rows,
        across=2,
        key=[
            ("cells do nothing", WITHOUT),
            *((f"with cells ({name})", WITH) for name in effects if name != "none"),
        ],
    )


def _curve(rows: Table, column: str) -> tuple[Any, ...]:
    """Days, quartiles, median and number of patients at each planned visit."""
    known = rows.where(~np.isnan(rows[column].astype(np.float64)))
    days = np.unique(known["planned_day"])
    patients, place = np.unique(key_of(known), return_inverse=True)
    values = np.full((len(patients), len(days)), np.nan)
    values[place, np.searchsorted(days, known["planned_day"])] = known[column]
    low, middle, high = quartiles(values)
    return days, low, middle, high, (~np.isnan(values)).sum(axis=0)


def _traces(curve: tuple[Any, ...], effect: str) -> list[Trace]:
    days, low, middle, high, patients = curve
    inert = effect == "none"
    colour = WITHOUT if inert else WITH
    line = {"type": "scatter", "x": days}
    return [
        {**line, "y": low, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"},
        {
            **line,
            "y": high,
            "mode": "lines",
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": faded(colour, 0.18),
            "hoverinfo": "skip",
        },
        {
            **line,
            "y": middle,
            "mode": "lines+markers",
            "line": {"width": 2.5, "color": colour, "dash": "dash" if inert else "solid"},
            "marker": {"size": 6, "symbol": "circle-open" if inert else "circle", "color": colour},
            "customdata": patients,
            "hovertemplate": f"{effect}, day %{{x}}: median %{{y:.3g}}<br>%{{customdata}} patients<extra></extra>",
        },
    ]
