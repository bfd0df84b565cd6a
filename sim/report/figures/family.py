"""Claims of a trial with several endpoints, by procedure: with the cells and with inert ones."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.numbers import chosen_effect
from sim.report.style import GRID, INK, WITHOUT, axis, effect_colours, layout, line_at, percent, plain

_NAMES = {
    "separate": "each by itself",
    "all": "all must succeed",
    "fixed_sequence": "fixed sequence",
    "holm": "Holm",
    "tarone_holm": "Tarone–Holm",
    "gatekeeping": "gatekeeping",
}
_CLAIMS = {"any": "at least one claim", "all": "all claims"}
_COLUMNS = (
    "effect", "procedure", "alpha", "claim", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse",
    "error_independent", "error_bound",
)  # fmt: skip


def family(found: Table) -> Figure | None:
    """A panel for each claim: power by procedure under one effect, beside inert cells; None without a row."""
    if not found.length:
        return None
    rows = found.where(found["alpha"] == found["alpha"][0])
    effects = [name for name in dict.fromkeys(rows["effect"].tolist()) if name != "none"]
    effects = effects or ["none"]
    first = chosen_effect(effects)
    views = [first, *(name for name in effects if name != first)]
    claims = sorted(dict.fromkeys(rows["claim"].tolist()), key=lambda name: (name == "all", name != "any"))
    colours = effect_colours(effects)
    level = float(rows["alpha"][0])
    return Figure(
        "family",
        "What each procedure claims",
        "Filled: share of trials with the claim under the assumption that is shown; open, grey: the same "
        "procedure when the cells do nothing, a property of benchmarks and model. Cross: exact chance of any "
        f"claim where every rate is at its benchmark. Dotted: the level, {level:g}. Lines: 95 % limits of the "
        "simulation.",
        "Dot plots of claims by procedure. " + _in_words(rows, first),
        [_panel(rows.where(rows["claim"] == claim), claim, views, colours, level) for claim in claims],
        _COLUMNS,
        list(zip(*(rows[name].tolist() for name in _COLUMNS), strict=True)),
        views=[_view(name) for name in views],
        key=[*((name, colours[name]) for name in views), ("cells do nothing", WITHOUT)],
        across=2,
    )


def _view(effect: str) -> str:
    return f"effect {effect}"


def _in_words(rows: Table, effect: str) -> str:
    own = rows.where((rows["effect"] == effect) & (rows["claim"] == "any"))
    parts = [f"{_name(own['procedure'][k])} {100 * own['power'][k]:.0f} %" for k in range(own.length)]
    return f"At least one claim under {effect}: {', '.join(parts)}."


def _name(procedure: str) -> str:
    return _NAMES.get(procedure, procedure.replace("_", " "))


def _panel(rows: Table, claim: str, effects: list[str], colours: dict[str, str], level: float) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        own = rows.where(rows["effect"] == effect)
        found = [
            _points(
                own,
                "false_go_inert",
                "inert",
                {"color": WITHOUT, "size": 11, "symbol": "circle-open", "line": {"width": 2}},
            )
        ]
        found += (
            [_points(own, "power", plain(effect), {"color": colours[effect], "size": 11})]
            if effect != "none"
            else []
        )
        found += [_at_benchmarks(own)] if claim == "any" else []
        traces += [trace | {"view": _view(effect)} for trace in found]
    x = percent("share of trials", range=[-0.02, 1.02], tickvals=[0, 0.25, 0.5, 0.75, 1])
    y = axis("", ticks="", autorange="reversed", gridcolor=GRID, type="category")
    shape = line_at(level, vertical=True, colour=INK, dash="dot")
    return Panel(_CLAIMS.get(claim, claim), traces, layout(x, y, height=260, shapes=[shape]))


def _at_benchmarks(rows: Table) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "at the benchmarks",
        "x": rows["error_independent"],
        "y": [_name(name) for name in rows["procedure"].tolist()],
        "marker": {"color": INK, "size": 9, "symbol": "x-thin", "line": {"width": 2, "color": INK}},
        "hovertemplate": "%{y}, at the benchmarks: %{x:.1%}<extra></extra>",
    }


def _points(rows: Table, column: str, name: str, marker: dict[str, object]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": rows[column],
        "y": [_name(each) for each in rows["procedure"].tolist()],
        "marker": marker,
        "error_x": {
            "type": "data",
            "array": 1.96 * np.nan_to_num(rows[f"{column}_mcse"]),
            "color": marker["color"],
            "thickness": 1.2,
            "width": 3,
        },
        "hovertemplate": f"%{{y}}, {name}: %{{x:.1%}}<extra></extra>",
    }
