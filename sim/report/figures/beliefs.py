"""Power over the draws of what is believed, and which belief moves it."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import headline_rows_of, picked
from sim.report.style import INK, SKY, WITH, axis, layout, line_at, note, percent, plain, probability
from sim.words.rows import label_of

_BINS = np.linspace(0.0, 1.0, 21)
_PRIOR = "prior_"


def power_of_draws(assurance: Table, draws: Table) -> Figure:
    """A histogram of the closed-form power of the draws for each endpoint, with the assurance marked."""
    groups = {row["endpoint"]: (row, _own(draws, row)) for row in headline_rows_of(assurance)}
    rows: list[tuple[Any, ...]] = []
    for name, (_, own) in groups.items():
        rows += [
            (name, int(draw), float(power)) for draw, power in zip(own["draw"], own["exact_power"], strict=True)
        ]
    return Figure(
        "power_of_draws",
        "Power if one belief after the other were true",
        "Each draw of what is believed has a power of its own; bars: how many of the draws have it. The line "
        "is their mean over trials, the assurance. Where the bars lie at both ends, the answer hangs on what "
        "nobody knows, and a single figure of power hides that.",
        "Histograms of power over the draws. "
        + "; ".join(f"{name} assurance {100 * row['assurance']:.0f} %" for name, (row, _) in groups.items()),
        [_histogram(row, own) for row, own in groups.values()],
        ("endpoint", "draw", "exact_power"),
        rows,
    )


def _own(draws: Table, row: dict[str, Any]) -> Table:
    return picked(draws, **{name: row[name] for name in ("endpoint", "population", "alpha")})


def _histogram(row: dict[str, Any], own: Table) -> Panel:
    counts, _ = np.histogram(own["exact_power"][~np.isnan(own["exact_power"])], bins=_BINS)
    share = counts / max(counts.sum(), 1)
    trace: Trace = {
        "type": "bar",
        "x": (_BINS[:-1] + _BINS[1:]) / 2,
        "y": share,
        "width": 0.048,
        "marker": {"color": SKY, "line": {"color": WITH, "width": 1}},
        "hovertemplate": "power about %{x:.0%}: %{y:.0%} of the draws<extra></extra>",
    }
    mean = float(row["assurance"])
    words = f"assurance {100 * mean:.0f} %"
    mark = note(mean, 1.0, words, yref="paper", xanchor="left" if mean < 0.5 else "right", yanchor="bottom")
    x = probability("power of a draw")
    y = percent("share of draws", rangemode="tozero", nticks=5)
    shapes = [line_at(mean, vertical=True, colour=INK, above=True)]
    margin = {"l": 56, "r": 18, "t": 24, "b": 48}
    return Panel(
        label_of(row), [trace], layout(x, y, height=280, margin=margin, shapes=shapes, annotations=[mark])
    )


def beliefs(assurance: Table, draws: Table) -> Figure | None:
    """Rank correlation of each drawn value with the power of its draw; None with fewer than ten draws."""
    names = [name for name in draws if name.startswith(_PRIOR)]
    groups = {row["endpoint"]: (row, _own(draws, row)) for row in headline_rows_of(assurance)}
    found = {
        name: {prior: rank_correlation(own[prior], own["exact_power"]) for prior in names}
        for name, (_, own) in groups.items()
        if own.length >= 10
    }
    if not found or not names:
        return None
    rows = [
        (name, prior.removeprefix(_PRIOR), value) for name, each in found.items() for prior, value in each.items()
    ]
    return Figure(
        "beliefs",
        "Which belief moves power most",
        "Rank correlation of each uncertain value with the power of its draw (Spearman): right, a larger value "
        "makes success more likely. Longest bars first: what would be worth knowing before the trial. Grey "
        "lines: within them a correlation could be chance at this number of draws.",
        " ".join(f"{name}: {_in_words(each)}." for name, each in found.items()),
        [_bars(label_of(groups[name][0]), each, groups[name][1].length) for name, each in found.items()],
        ("endpoint", "value", "rank_correlation"),
        rows,
    )


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Spearman's rank correlation, ties at their mean rank; NaN where one side does not vary."""
    ranks = [_ranks(values) for values in (first, second)]
    if any(values.std() == 0.0 for values in ranks):
        return math.nan
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def _in_words(found: dict[str, float]) -> str:
    most = sorted(found.items(), key=lambda item: -abs(np.nan_to_num(item[1])))[:3]
    return ", ".join(f"{name.removeprefix(_PRIOR).replace('_', ' ')} {value:+.2f}" for name, value in most)


def _bars(title: str, found: dict[str, float], draws: int) -> Panel:
    order = sorted(found.items(), key=lambda item: -abs(np.nan_to_num(item[1])))
    trace: Trace = {
        "type": "bar",
        "orientation": "h",
        "y": [plain(name.removeprefix(_PRIOR).replace("_", " ")) for name, _ in order],
        "x": [value for _, value in order],
        "marker": {"color": WITH},
        "hovertemplate": "%{y}: %{x:+.2f}<extra></extra>",
    }
    chance = 1.96 / math.sqrt(draws - 1)
    shapes = [line_at(0.0, vertical=True, dash="solid")]
    shapes += [line_at(sign * chance, vertical=True, colour="#9a9a9a", dash="dot") for sign in (-1, 1)]
    x = axis("rank correlation with power", range=[-1, 1], tickvals=[-1, -0.5, 0, 0.5, 1])
    y = axis("", autorange="reversed", ticks="", gridcolor="#ffffff", type="category")
    return Panel(title, [trace], layout(x, y, height=90 + 24 * len(order), shapes=shapes))
