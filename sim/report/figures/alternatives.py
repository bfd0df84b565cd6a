"""The same patients in other designs and worlds: power and false go side by side."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.dots import dot_layout, success_and_false_go, views_of
from sim.report.numbers import different, first_level, picked, view_of
from sim.report.style import MUTED, WITHOUT, line_at, plain
from sim.words.rows import labelled

_COLUMNS = (
    "alternative", "kind", "endpoint", "population", "effect", "n", "n_treated", "rate", "control_rate", "power",
    "power_mcse", "false_go_inert", "false_go_inert_mcse", "n_for_power",
)  # fmt: skip


def alternatives(found: Table) -> Figure | None:
    """A panel for each endpoint: power of each design beside its false go; None without a row."""
    rows = first_level(found)
    (views, colours), endpoints = views_of(rows), different(rows, "endpoint")
    if views in ([], ["none"]):
        return None
    return Figure(
        "alternatives",
        "Other designs and other worlds, with the same number of patients",
        "Filled: power under the assumption that is shown; open, grey: success of the same design when the "
        "cells do nothing. What counts is the distance between the two: a design that moves both gains "
        "nothing. Dotted: power of the single arm as declared. Lines: 95 % limits of the simulation.",
        "Dot plots of power and false go by design. " + _in_words(rows, endpoints, views[0]),
        [_panel(picked(rows, endpoint=name), name, views, colours) for name in endpoints],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        views=[view_of(name) for name in views],
        key=[*((f"power, {name}", colours[name]) for name in views), ("false go: cells do nothing", WITHOUT)],
        across=2,
    )


def _in_words(rows: Table, endpoints: list[str], effect: str) -> str:
    said = []
    for name in endpoints:
        own = picked(rows, endpoint=name, effect=effect)
        parts = [f"{own['alternative'][k]} {100 * own['power'][k]:.0f} %" for k in range(own.length)]
        said.append(f"{name} under {effect}: {', '.join(parts)}.")
    return " ".join(said)


def _panel(rows: Table, name: str, effects: list[str], colours: dict[str, str]) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        own = picked(rows, effect=effect)
        told = {
            "customdata": np.stack([own["rate"], own["control_rate"]], axis=1),
            "hovertemplate": "%{y}<br>success %{x:.1%}<br>rate %{customdata[0]:.1%} against %{customdata[1]:.1%}"
            "<extra></extra>",
        }
        traces += success_and_false_go(own, _names(own), effect, colours[effect], **told)
    single = picked(rows, kind="single arm", effect=effects[0])
    shapes = [line_at(float(single["power"][0]), vertical=True, colour=MUTED, dash="dot")] if single.length else []
    whole = dot_layout("probability of success", len(set(_names(rows))), shapes=shapes)
    return Panel(labelled(name, rows["population"][0]), traces, whole)


def _names(rows: Table) -> list[str]:
    return [plain(name.replace("_", " ")) for name in rows["alternative"].tolist()]
