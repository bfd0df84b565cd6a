"""How many responders a trial has, and how many it needs."""

import math

import numpy as np

from sim.core.tables import Row, Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import all_decide, effects_of, needed_words
from sim.report.style import INK, WITHOUT, axis, effect_colours, faded, layout, note, percent, plain
from sim.words.rows import headline_rows, label_of


def responder_counts(power: Table, responders: Table) -> Figure:
    """For each endpoint the responders of the trials without and with the cells; a view for each effect."""
    acting = [name for name in effects_of(power) if name != "none"]
    headlines = list({row["endpoint"]: row for row in headline_rows(power)}.values())
    panels, rows = [], []
    for row in headlines:
        shares = {effect: _shares(responders, row, effect) for effect in ("none", *acting)}
        panels.append(
            Panel(
                f"{label_of(row)}: {needed_words(row)}",
                _bars(shares, acting),
                _layout(row, shares, all_decide(responders, row)),
            )
        )
        rows += [
            (row["endpoint"], row["population"], effect, x, share)
            for effect, found in shares.items()
            for x, share in found.items()
        ]
    return Figure(
        "responder_counts",
        "How many responders the trials have, and how many they need",
        "Each bar is the share of virtual trials with that many responders: grey if the cells do nothing, in "
        "colour with "
        "them. Trials from the dashed line on succeed; there is no line where a rule decides on the first "
        "patients or in stages.",
        "Bars of the number of responders for each endpoint. "
        + "; ".join(
            f"{label_of(row)}: {needed_words(row)}, power {100 * row['power']:.0f} % under {row['effect']}"
            for row in headline_rows(power)
        ),
        panels,
        ("endpoint", "population", "effect", "responders", "share_of_trials"),
        rows,
        views=_starting_with_neutral(acting),
        key=[("cells do nothing", WITHOUT), *effect_colours(acting).items()],
    )


def _starting_with_neutral(acting: list[str]) -> list[str]:
    return sorted(acting, key=lambda name: name != "neutral") if len(acting) > 1 else acting


def _shares(responders: Table, row: Row, effect: str) -> dict[int, float]:
    rows = (responders["endpoint"] == row["endpoint"]) & (responders["population"] == row["population"])
    counts = responders.where(rows & (responders["effect"] == effect))
    if not counts.length:
        return {}
    trials = np.bincount(counts["responders"], weights=counts["trials"])
    highest = max(len(trials) - 1, int(counts["n"].max()))
    return {x: float(trials[x] / trials.sum()) if x < len(trials) else 0.0 for x in range(highest + 1)}


def _bars(shares: dict[str, dict[int, float]], acting: list[str]) -> list[Trace]:
    colours = effect_colours(acting)
    traces = [_bar("cells do nothing", shares["none"], "#c9c9c9", WITHOUT, None)]
    return traces + [
        _bar(plain(name), shares[name], faded(colours[name], 0.8), colours[name], name) for name in acting
    ]


def _bar(name: str, shares: dict[int, float], colour: str, edge: str, view: str | None) -> Trace:
    trace: Trace = {
        "type": "bar",
        "name": name,
        "x": list(shares),
        "y": list(shares.values()),
        "marker": {"color": colour, "line": {"color": edge, "width": 1}},
        "hovertemplate": f"{name}: %{{y:.1%}} of trials<br>have %{{x}} responders<extra></extra>",
    }
    return trace if view is None else {**trace, "view": view}


def _layout(row: Row, shares: dict[str, dict[int, float]], planned: bool) -> dict[str, object]:
    highest = max((max(found, default=0) for found in shares.values()), default=0)
    top = max((max(found.values(), default=0.0) for found in shares.values()), default=0.0)
    shapes, notes = [], []
    if not math.isnan(row["critical_value"]) and planned:
        at = row["critical_value"] - 0.5
        shapes.append(
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"color": INK, "width": 1.5, "dash": "dash"},
            }
        )
        notes.append(
            note(
                at,
                1,
                "succeeds →",
                yref="paper",
                xanchor="right" if at > 0.65 * highest else "left",
                yanchor="bottom",
                font={"size": 12, "color": INK},
            )
        )
    x = axis("responders in a trial", dtick=1 if highest <= 12 else None, range=[-0.6, highest + 0.6])
    y = percent("share of trials", range=[0, 1.05 * top if top else 1])
    return layout(
        x,
        y,
        height=290,
        margin={"l": 56, "r": 18, "t": 24, "b": 48},
        barmode="group",
        bargap=0.15,
        shapes=shapes,
        annotations=notes,
    )
