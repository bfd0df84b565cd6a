"""Claims of a trial with several endpoints, by procedure: with the cells and with inert ones."""

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.dots import dot_layout, key_of, success_and_false_go, views_of
from sim.report.numbers import different, first_level, picked, view_of
from sim.report.questions.family import PROCEDURES
from sim.report.style import INK, line_at

_CLAIMS = {"any": "at least one claim", "all": "all claims"}
_COLUMNS = (
    "effect", "procedure", "alpha", "claim", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse",
    "error_independent", "error_bound",
)  # fmt: skip


def family(found: Table) -> Figure | None:
    """A panel for each claim: power by procedure under one effect, beside inert cells; None without a row."""
    rows = first_level(found)
    if not rows.length:
        return None
    (views, colours), level = views_of(rows), float(rows["alpha"][0])
    claims = sorted(different(rows, "claim"), key=lambda name: (name == "all", name != "any"))
    return Figure(
        "family",
        "What each procedure claims",
        "Filled: share of trials with the claim under the assumption that is shown; open, grey: the same "
        "procedure when the cells do nothing, a property of benchmarks and model. Cross: exact chance of any "
        f"claim where every rate is at its benchmark. Dotted: the level, {level:g}. Lines: 95 % limits of the "
        "simulation.",
        "Dot plots of claims by procedure. " + _in_words(rows, views[0]),
        [_panel(picked(rows, claim=claim), claim, views, colours, level) for claim in claims],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        views=[view_of(name) for name in views],
        key=key_of(views, colours),
        across=2,
    )


def _in_words(rows: Table, effect: str) -> str:
    own = picked(rows, effect=effect, claim="any")
    parts = [f"{_name(own['procedure'][k])} {100 * own['power'][k]:.0f} %" for k in range(own.length)]
    return f"At least one claim under {effect}: {', '.join(parts)}."


def _name(procedure: str) -> str:
    return PROCEDURES.get(procedure, procedure.replace("_", " "))


def _panel(rows: Table, claim: str, effects: list[str], colours: dict[str, str], level: float) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        own = picked(rows, effect=effect)
        names = [_name(each) for each in own["procedure"].tolist()]
        traces += success_and_false_go(own, names, effect, colours[effect])
        if claim == "any":
            traces.append(_at_benchmarks(own, names) | {"view": view_of(effect)})
    shape = line_at(level, vertical=True, colour=INK, dash="dot")
    whole = dot_layout("share of trials", len(different(rows, "procedure")), shapes=[shape])
    return Panel(_CLAIMS.get(claim, claim), traces, whole)


def _at_benchmarks(rows: Table, names: list[str]) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "at the benchmarks",
        "x": rows["error_independent"],
        "y": names,
        "marker": {"color": INK, "size": 9, "symbol": "x-thin", "line": {"width": 2, "color": INK}},
        "hovertemplate": "%{y}, at the benchmarks: %{x:.1%}<extra></extra>",
    }
