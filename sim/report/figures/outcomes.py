"""Every outcome of the trial: how likely it is, and the verdict of each rule on it."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.numbers import chosen_first, different, picked, view_of
from sim.report.questions.decisions import RULES
from sim.report.style import ALARM, AMBER, GOOD, INK, axis, effect_colours, layout, percent, plain
from sim.words.rows import labelled

_VERDICTS = {"stop": (ALARM, "S"), "consider": (AMBER, "C"), "go": (GOOD, "G")}
_COLUMNS = (
    "endpoint", "population", "effect", "n", "responders", *RULES, "estimate", "low", "high", "p_above_benchmark",
    "p_above_target", "probability", "probability_mcse", "frequency",
)  # fmt: skip


def outcomes(found: Table) -> Figure | None:
    """A panel for each endpoint: bars of probability above the verdicts of the rules; None if empty."""
    if not found.length:
        return None
    effects, endpoints = different(found, "effect"), different(found, "endpoint")
    views = chosen_first(effects)
    colours = effect_colours(effects)
    return Figure(
        "outcomes",
        "Every outcome the trial can have",
        "Bars: how likely each number of responders is, exact at the simulated rates; lines: 95 % limits of "
        "the simulation. Below: the verdict of each rule on it (S stop, C consider, G go): one-sided binomial "
        "test; "
        "posterior probability above the benchmark; lower exact limit; benchmark and target together.",
        _in_words(found, endpoints),
        [_panel(picked(found, endpoint=name), name, views, colours) for name in endpoints],
        _COLUMNS,
        rows_of_columns(found, _COLUMNS),
        views=[view_of(name) for name in views],
        key=[("go", GOOD), ("consider", AMBER), ("stop", ALARM)],
        across=2,
    )


def _in_words(found: Table, endpoints: list[str]) -> str:
    said = []
    for name in endpoints:
        own = picked(found, endpoint=name, exact_binomial="go")
        least = f"go from {own['responders'].min()} of {own['n'][0]}" if own.length else "never go"
        said.append(f"{name}: {least} by the exact test.")
    return " ".join(said)


def _panel(rows: Table, name: str, effects: list[str], colours: dict[str, str]) -> Panel:
    traces: list[Trace] = [
        _bars(picked(rows, effect=effect), effect, colours[effect]) | {"view": view_of(effect)}
        for effect in effects
    ]
    traces.append(_verdicts(picked(rows, effect=effects[0])))
    n = int(rows["n"][0])
    most = float(rows["probability"].max())
    x = axis(f"responders of {n}", tickvals=list(range(n + 1)), range=[-0.6, n + 0.6], anchor="y2", showgrid=False)
    y = percent("probability", domain=[0.42, 1.0], range=[0, min(1.15 * most, 1.02)], nticks=5)
    below = axis("", domain=[0.0, 0.34], tickvals=[0, 1, 2, 3], ticktext=list(RULES.values()), ticks="",
                 range=[3.5, -0.5], showgrid=False)  # fmt: skip
    return Panel(
        labelled(name, rows["population"][0]), traces, layout(x, y, height=360, yaxis2=below, bargap=0.15)
    )


def _bars(rows: Table, effect: str, colour: str) -> Trace:
    return {
        "type": "bar",
        "name": plain(effect),
        "x": rows["responders"],
        "y": rows["probability"],
        "marker": {"color": colour},
        "error_y": {
            "type": "data",
            "array": 1.96 * rows["probability_mcse"],
            "color": INK,
            "thickness": 1,
            "width": 3,
        },
        "customdata": np.stack([rows["p_above_benchmark"], rows["p_above_target"], rows["frequency"]], axis=1),
        "hovertemplate": f"%{{x}} responders, {plain(effect)}: %{{y:.1%}} (simulated %{{customdata[2]:.1%}})<br>"
        "P(rate > benchmark) %{customdata[0]:.3f}, P(rate > target) %{customdata[1]:.3f}<extra></extra>",
    }


def _verdicts(rows: Table) -> Trace:
    """The verdicts as a map of three colours, each with its letter."""
    words = list(_VERDICTS)
    codes = [[words.index(verdict) for verdict in rows[rule].tolist()] for rule in RULES]
    letters = [[_VERDICTS[words[code]][1] for code in line] for line in codes]
    scale = [[(k + side) / 3, colour] for k, (colour, _) in enumerate(_VERDICTS.values()) for side in (0, 1)]
    return {
        "type": "heatmap",
        "x": rows["responders"],
        "y": [0, 1, 2, 3],
        "z": codes,
        "text": letters,
        "texttemplate": "%{text}",
        "textfont": {"size": 11, "color": INK},
        "zmin": -0.5,
        "zmax": 2.5,
        "colorscale": scale,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "yaxis": "y2",
        "hoverinfo": "skip",
    }
