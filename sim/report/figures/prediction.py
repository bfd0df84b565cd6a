"""Where a running trial will end: the final number of responders, and the patients who are still open."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import chosen_effect
from sim.report.style import GOOD, INK, WITHOUT, axis, effect_colours, layout, line_at, note, percent, plain

_BETA = "beta-binomial"
_COLUMNS = (
    "endpoint", "population", "basis", "n", "critical_value", "final_responders", "probability",
    "predictive_probability",
)  # fmt: skip
_PEOPLE = ("endpoint", "effect", "subgroup", "subject", "read_out", "responder", "probability", "probability_mcse")


def prediction(found: Table) -> Figure | None:
    """A panel for each endpoint: the law of its final responders, a view for each basis; None if empty."""
    if not found.length:
        return None
    bases = list(dict.fromkeys(found["basis"].tolist()))
    first = chosen_effect([name for name in bases if name != _BETA] or bases)
    views = [first, *(name for name in bases if name != first)]
    endpoints = list(dict.fromkeys(found["endpoint"].tolist()))
    return Figure(
        "prediction",
        "Responders when the trial has ended",
        "Bars: how likely each final number is, from the patients there are. The line stands at the fewest "
        "responders that succeed; green bars lie at or beyond it and add up to the predictive probability of "
        "success.",
        _in_words(found, endpoints, first),
        [_panel(found.where(found["endpoint"] == name), name, views) for name in endpoints],
        _COLUMNS,
        list(zip(*(found[name].tolist() for name in _COLUMNS), strict=True)),
        views=[_view(name) for name in views],
        key=[("success", GOOD), ("no success", "#b9c4cc")],
    )


def _view(basis: str) -> str:
    return basis if basis == _BETA else f"effect {basis}"


def _in_words(found: Table, endpoints: list[str], basis: str) -> str:
    said = []
    for name in endpoints:
        own = found.where((found["endpoint"] == name) & (found["basis"] == basis))
        said.append(f"{name} under {basis}: {100 * own['predictive_probability'][0]:.0f} %")
    return "Bars of the final number of responders; predictive probability of success: " + "; ".join(said) + "."


def _panel(rows: Table, name: str, views: list[str]) -> Panel:
    critical, n = float(rows["critical_value"][0]), int(rows["n"][0])
    traces: list[Trace] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for view in views:
        own = rows.where(rows["basis"] == view)
        succeeds = own["final_responders"] >= critical
        traces.append(
            {
                "type": "bar",
                "view": _view(view),
                "name": plain(view),
                "x": own["final_responders"],
                "y": own["probability"],
                "marker": {"color": np.where(succeeds, GOOD, "#b9c4cc").tolist()},
                "hovertemplate": "%{x} responders: %{y:.1%}<extra></extra>",
            }
        )
    if not np.isnan(critical):
        shapes = [line_at(critical - 0.5, vertical=True)]
        left = critical > n / 2
        words = f"{critical:.0f} needed"
        notes = [note(critical - 0.5, 1, words, yref="paper", xanchor="right" if left else "left", yanchor="top")]
    who = "" if rows["population"][0] == "all" else f" ({rows['population'][0]})"
    step = 1 if n <= 12 else 2 if n <= 24 else 5
    x = axis(f"responders of {n}", dtick=step, tick0=0, range=[-0.6, n + 0.6], showgrid=False)
    y = percent("probability", range=[0, min(1.0, 1.15 * float(rows["probability"].max()))], nticks=5)
    return Panel(f"{name}{who}", traces, layout(x, y, height=290, shapes=shapes, annotations=notes, bargap=0.12))


def open_patients(people: Table) -> Figure | None:
    """For each endpoint the chance of each patient who is not read out; None where all are."""
    pending = people.where(
        (people["in_population"] == 1) & (people["read_out"] == 0) & ~np.isnan(people["probability"])
    )
    if not pending.length:
        return None
    effects = list(dict.fromkeys(pending["effect"].tolist()))
    first = chosen_effect(effects)
    views = [first, *(name for name in effects if name != first)]
    endpoints = list(dict.fromkeys(pending["endpoint"].tolist()))
    return Figure(
        "open_patients",
        "Patients whose outcome is not known yet",
        "Each point is a patient: the share of responders among the virtual patients most like it at its last "
        "visit, with 95 % limits of that share.",
        f"Dot plots of the chance of {len(set(pending['subject'].tolist()))} patients by endpoint.",
        [_people(pending.where(pending["endpoint"] == name), name, views) for name in endpoints],
        _PEOPLE,
        list(zip(*(pending[name].tolist() for name in _PEOPLE), strict=True)),
        views=[_view(name) for name in views],
    )


def _people(rows: Table, name: str, effects: list[str]) -> Panel:
    colours = effect_colours(effects)
    traces: list[Trace] = []
    for effect in effects:
        own = rows.where(rows["effect"] == effect)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "view": _view(effect),
                "name": plain(effect),
                "x": own["probability"],
                "y": [
                    plain(f"{who} {k}")
                    for who, k in zip(own["subgroup"].tolist(), own["subject"].tolist(), strict=True)
                ],
                "marker": {"color": colours[effect], "size": 10, "line": {"color": INK, "width": 1}},
                "error_x": {
                    "type": "data",
                    "array": 1.96 * np.nan_to_num(own["probability_mcse"]),
                    "color": WITHOUT,
                    "thickness": 1.2,
                    "width": 3,
                },
                "hovertemplate": "patient %{y}: %{x:.0%}<extra></extra>",
            }
        )
    x = percent("chance of response", range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1])
    y = axis("", type="category", autorange="reversed", ticks="")
    most = max(int((rows["effect"] == effect).sum()) for effect in effects)
    return Panel(name, traces, layout(x, y, height=90 + 26 * most))
