"""Power of each endpoint over the assumptions about the cells."""

import math

from sim.core.tables import Row, Table, rows_of
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import effects_of
from sim.report.style import MUTED, axis, layout, line_at, note, plain, probability, series
from sim.words.rows import label_of

_WANTED = 0.8
_COLUMNS = ("endpoint", "population", "alpha", "effect", "power", "power_mcse", "power_low", "power_high")


def power_by_effect(power: Table) -> Figure:
    """Lines over the effects in their order, with Wilson 95 % limits; a view for each level of the test."""
    effects = effects_of(power)
    rows = _first_population(power)
    if "none" not in effects:
        effects, rows = ["none", *effects], [*_inert(rows, effects[0]), *rows]
    levels = list(dict.fromkeys(row["alpha"] for row in rows))
    traces = [trace for alpha in levels for trace in _lines(rows, alpha)]
    return Figure(
        "power_by_effect",
        "Power of each endpoint under each assumption about the cells",
        "Points with the Wilson 95 % interval of the simulation. Under “none” the cells do nothing: success "
        "there is a false go, a property of benchmark and model together.",
        "Lines over the effects. "
        + "; ".join(
            f"{label_of(row)} under {row['effect']} {100 * row['power']:.1f} %"
            for row in rows
            if row["alpha"] == levels[0]
        ),
        [_panel(traces, effects)],
        _COLUMNS,
        [tuple(row[name] for name in _COLUMNS) for row in rows],
        views=[_view(alpha) for alpha in levels],
        across=1,
    )


def _panel(traces: list[Trace], effects: list[str]) -> Panel:
    x = axis(
        "assumption about the cells",
        type="category",
        categoryarray=[plain(name) for name in effects],
        categoryorder="array",
        range=[-0.3, len(effects) - 0.7],
    )
    y = probability("power: share of trials that succeed")
    aim = line_at(_WANTED, vertical=False, colour=MUTED, dash="dot")
    wanted = note(0, _WANTED, "80 %, the usual aim", xref="paper", xanchor="left", yanchor="bottom")
    return Panel("", traces, layout(x, y, height=430, showlegend=True, shapes=[aim], annotations=[wanted]))


def _view(alpha: float) -> str:
    return f"one-sided level {alpha:g}"


def _first_population(power: Table) -> list[Row]:
    first: dict[str, str] = {}
    return [
        row for row in rows_of(power) if row["population"] == first.setdefault(row["endpoint"], row["population"])
    ]


def _inert(rows: list[Row], effect: str) -> list[Row]:
    """The same endpoints without the cells, from what a run of one effect says of its inert twin."""
    found = []
    for row in rows:
        if row["effect"] == effect:
            power, error = row["false_go_inert"], row["false_go_inert_mcse"]
            limits = {"power_low": max(power - 1.96 * error, 0.0), "power_high": min(power + 1.96 * error, 1.0)}
            found.append(
                row | {"effect": "none", "power": power, "power_mcse": error, "response_rate": math.nan} | limits
            )
    return found


def _lines(rows: list[Row], alpha: float) -> list[Trace]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["endpoint"], [])
        if row["alpha"] == alpha:
            groups[row["endpoint"]].append(row)
    return [_line(group, position, alpha) for position, group in enumerate(groups.values()) if group]


def _line(group: list[Row], position: int, alpha: float) -> Trace:
    look = series(position)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "view": _view(alpha),
        "name": plain(label_of(group[0])),
        "x": [plain(row["effect"]) for row in group],
        "y": [row["power"] for row in group],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [row["power_high"] - row["power"] for row in group],
            "arrayminus": [row["power"] - row["power_low"] for row in group],
            "color": look["line"]["color"],
            "thickness": 1.2,
            "width": 4,
        },
        "customdata": [[row["power_mcse"], row["response_rate"]] for row in group],
        "hovertemplate": f"<b>{plain(label_of(group[0]))}</b>, %{{x}}<br>power %{{y:.1%}} ± "
        f"%{{customdata[0]:.1%}}<br>response rate %{{customdata[1]:.1%}}<extra></extra>",
        **look,
    }
