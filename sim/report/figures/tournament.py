"""Endpoints against each other on the same patients."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.style import axis, effect_colours, layout, percent, plain


def tournament(found: Table) -> Figure | None:
    """Power of every endpoint under each effect at the first level, best on top; None without a row."""
    if not found.length:
        return None
    rows = found.where(found["alpha"] == found["alpha"][0])
    effects = list(dict.fromkeys(rows["effect"].tolist()))
    chosen = "neutral" if "neutral" in effects else effects[-1]
    own = rows.where(rows["effect"] == chosen)
    order = np.argsort(np.nan_to_num(own["power"], nan=-1.0), kind="stable")
    names = [_label(own, k) for k in order]
    colours = effect_colours(effects)
    traces = [
        _points(rows.where(rows["effect"] == effect), effect, colours[effect], k)
        for k, effect in enumerate(effects)
    ]
    y = axis("", categoryorder="array", categoryarray=names, ticks="")
    x = percent("power", range=[-0.02, 1.02])
    columns = (
        "endpoint",
        "population",
        "effect",
        "kind",
        "n",
        "null_rate",
        "circular",
        "critical_value",
        "rate",
        "power",
        "power_mcse",
        "missing",
    )
    return Figure(
        "tournament",
        "Endpoints against each other",
        f"Power of each endpoint on the same patients, ordered by power under “{chosen}”; bars: two Monte Carlo "
        f"standard errors. "
        "Where an endpoint has no assumed benchmark the model's own rate without the cells stands in (marked *), "
        "which is circular.",
        "Dot plot of power by endpoint. "
        + "; ".join(f"{_label(own, k)} {100 * own['power'][k]:.0f} %" for k in order[::-1]),
        [Panel("", traces, layout(x, y, height=130 + 28 * len(names), showlegend=True))],
        columns,
        list(zip(*(rows[name].tolist() for name in columns), strict=True)),
        across=1,
    )


def _label(rows: Table, k: int) -> str:
    who = "" if rows["population"][k] == "all" else f" ({rows['population'][k]})"
    return plain(f"{rows['endpoint'][k]}{who}{' *' if rows['circular'][k] == 1 else ''}".replace("_", " "))


def _points(rows: Table, effect: str, colour: str, position: int) -> Trace:
    symbols = ("circle", "square", "diamond", "triangle-up")
    return {
        "type": "scatter",
        "mode": "markers",
        "name": plain(effect),
        "x": rows["power"],
        "y": [_label(rows, k) for k in range(rows.length)],
        "marker": {"color": colour, "size": 10, "symbol": symbols[position % 4]},
        "error_x": {
            "type": "data",
            "array": 2.0 * np.nan_to_num(rows["power_mcse"]),
            "color": colour,
            "thickness": 1.2,
            "width": 3,
        },
        "hovertemplate": f"%{{y}}, {plain(effect)}: power %{{x:.1%}}<extra></extra>",
    }
