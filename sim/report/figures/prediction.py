"""Where a running trial will end: the final number of responders, and the patients who are still open."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.dots import dots
from sim.report.numbers import chosen_first, different, picked, view_of
from sim.report.questions.prediction import BETA_BINOMIAL
from sim.report.style import GOOD, INK, axis, effect_colours, layout, line_at, note, percent, plain, probability
from sim.words.rows import chosen_effect, labelled

_COLUMNS = (
    "endpoint", "population", "basis", "n", "critical_value", "final_responders", "probability",
    "predictive_probability",
)  # fmt: skip
_ROOM = {"l": 56, "r": 18, "t": 24, "b": 48}
_PEOPLE = ("endpoint", "effect", "subgroup", "subject", "read_out", "responder", "probability", "probability_mcse")


def prediction(found: Table) -> Figure | None:
    """A panel for each endpoint: the law of its final responders, a view for each basis; None if empty."""
    if not found.length:
        return None
    bases, endpoints = different(found, "basis"), different(found, "endpoint")
    first = chosen_effect([name for name in bases if name != BETA_BINOMIAL] or bases)
    views = [first, *(name for name in bases if name != first)]
    return Figure(
        "prediction",
        "Responders when the trial has ended",
        "Bars: how likely each final number is, from the patients there are. The line stands at the fewest "
        "responders that succeed; green bars lie at or beyond it and add up to the predictive probability of "
        "success.",
        _in_words(found, endpoints, first),
        [_panel(picked(found, endpoint=name), name, views) for name in endpoints],
        _COLUMNS,
        rows_of_columns(found, _COLUMNS),
        views=[_view(name) for name in views],
        key=[("success", GOOD), ("no success", "#b9c4cc")],
    )


def _view(basis: str) -> str:
    return basis if basis == BETA_BINOMIAL else view_of(basis)


def _in_words(found: Table, endpoints: list[str], basis: str) -> str:
    said = []
    for name in endpoints:
        own = picked(found, endpoint=name, basis=basis)
        said.append(f"{name} under {basis}: {100 * own['predictive_probability'][0]:.0f} %")
    return "Bars of the final number of responders; predictive probability of success: " + "; ".join(said) + "."


def _panel(rows: Table, name: str, views: list[str]) -> Panel:
    critical, n = float(rows["critical_value"][0]), int(rows["n"][0])
    traces: list[Trace] = []
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for view in views:
        own = picked(rows, basis=view)
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
        notes = [
            note(critical - 0.5, 1, words, yref="paper", xanchor="right" if left else "left", yanchor="bottom")
        ]
    step = 1 if n <= 12 else 2 if n <= 24 else 5
    x = axis(f"responders of {n}", dtick=step, tick0=0, range=[-0.6, n + 0.6], showgrid=False)
    y = percent("probability", range=[0, min(1.0, 1.15 * float(rows["probability"].max()))], nticks=5)
    return Panel(
        labelled(name, rows["population"][0]),
        traces,
        layout(x, y, height=300, margin=_ROOM, shapes=shapes, annotations=notes, bargap=0.12),
    )


def open_patients(people: Table) -> Figure | None:
    """For each endpoint the chance of each patient who is not read out; None where all are."""
    pending = people.where(
        (people["in_population"] == 1) & (people["read_out"] == 0) & ~np.isnan(people["probability"])
    )
    if not pending.length:
        return None
    views, endpoints = chosen_first(different(pending, "effect")), different(pending, "endpoint")
    return Figure(
        "open_patients",
        "Patients whose outcome is not known yet",
        "Each point is a patient: the share of responders among the virtual patients most like it at its last "
        "visit, with 95 % limits of that share.",
        f"Dot plots of the chance of {len(set(pending['subject'].tolist()))} patients by endpoint.",
        [_people(picked(pending, endpoint=name), name, views) for name in endpoints],
        _PEOPLE,
        rows_of_columns(pending, _PEOPLE),
        views=[view_of(name) for name in views],
    )


def _people(rows: Table, name: str, effects: list[str]) -> Panel:
    colours = effect_colours(effects)
    traces: list[Trace] = []
    for effect in effects:
        own = picked(rows, effect=effect)
        who = zip(own["subgroup"].tolist(), own["subject"].tolist(), strict=True)
        names = [plain(f"{kind} {number}") for kind, number in who]
        look = {"color": colours[effect], "line": {"color": INK, "width": 1}}
        traces.append(dots(effect, own["probability"], names, own["probability_mcse"], look, view=view_of(effect)))
    x = probability("chance of response")
    y = axis("", type="category", autorange="reversed", ticks="")
    most = max(int((rows["effect"] == effect).sum()) for effect in effects)
    return Panel(name, traces, layout(x, y, height=90 + 26 * most))
