"""How wide and how honest intervals from few patients are, and which events nobody sees."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.questions.estimation import METHODS, interval_rows
from sim.report.style import INK, layout, line_at, note, percent, probability, series

_COLUMNS = ("method", "n", "rate", "width", "coverage")


def intervals(found: Table) -> Figure | None:
    """Width and coverage over the true rate for each number of patients; None without a row."""
    if not found.length:
        return None
    rows = interval_rows(found)
    methods, sizes = list(dict.fromkeys(rows["method"].tolist())), sorted(set(rows["n"].tolist()))
    panels = [
        _panel(rows.where(rows["n"] == n), n, column, methods) for column in ("width", "coverage") for n in sizes
    ]
    return Figure(
        "intervals",
        "How wide and how honest 95 % intervals are",
        "Above: the width to be expected, exactly, by the true rate of response. Below: how often the interval "
        "holds the true rate; under the dotted line at 95 % it promises more than it keeps. The teeth come "
        "from the whole number of responders.",
        "Curves of expected width and coverage for "
        + ", ".join(METHODS.get(name, name) for name in methods)
        + ".",
        panels,
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        key=[(METHODS.get(name, name), series(k)["line"]["color"]) for k, name in enumerate(methods)],
        across=2,
    )


def _panel(rows: Table, n: int, column: str, methods: list[str]) -> Panel:
    wide = column == "width"
    traces = [_line(rows.where(rows["method"] == method), column, method, k) for k, method in enumerate(methods)]
    y = (
        percent("expected width", range=[0, 1], nticks=6)
        if wide
        else percent("coverage", range=[0.7, 1.005], nticks=6)
    )
    x = percent("true response rate", range=[0, 1], tickangle=0)
    shapes = [] if wide else [line_at(0.95, vertical=False, dash="dot")]
    title = f"{'Width' if wide else 'Coverage (from 70 %)'}, {n} patients"
    return Panel(title, traces, layout(x, y, height=290, shapes=shapes))


def _line(rows: Table, column: str, method: str, position: int) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": METHODS.get(method, method),
        "x": rows["rate"],
        "y": rows[column],
        "line": series(position)["line"] | {"width": 1.8},
        "hovertemplate": f"{METHODS.get(method, method)}, rate %{{x:.0%}}: %{{y:.1%}}<extra></extra>",
    }


def rare_events(found: Table) -> Figure | None:
    """The probability to see an adverse event at least once, by its true share; None without a row."""
    if not found.length:
        return None
    sizes = sorted(set(found["n"].tolist()))
    columns = ("n", "rate", "p_at_least_one", "upper_none")
    limits = {n: float(found["upper_none"][found["n"] == n][0]) for n in sizes}
    x = percent("true share of patients with the event", range=[0, 0.52])
    y = probability("probability to see it at least once")
    marks = [
        note(
            limits[n],
            0.02,
            f"{n}: up to {100 * limits[n]:.0f} %",
            textangle=-90,
            xanchor="right",
            yanchor="bottom",
        )
        for n in sizes
    ]
    shapes = [
        line_at(limit, vertical=True, colour=series(k)["line"]["color"], dash="dot")
        for k, limit in enumerate(limits.values())
    ]
    traces = [_seen(found.where(found["n"] == n), n, k) for k, n in enumerate(sizes)]
    return Figure(
        "rare_events",
        "Side effects that so few patients do not show",
        "Curves: how likely an adverse event is seen at least once among so many patients. Dotted: the share "
        "that none seen leaves possible (one-sided 95 % limit).",
        "Rising curves. " + "; ".join(f"none among {n} leaves up to {100 * limits[n]:.0f} %" for n in sizes) + ".",
        [Panel("", traces, layout(x, y, height=380, shapes=shapes, annotations=marks))],
        columns,
        rows_of_columns(found, columns),
        key=[(f"{n} patients", series(k)["line"]["color"]) for k, n in enumerate(sizes)],
        across=1,
    )


def _seen(rows: Table, n: int, position: int) -> Trace:
    look = series(position)
    rows = rows.where(np.argsort(rows["rate"], kind="stable"))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{n} patients",
        "x": rows["rate"],
        "y": rows["p_at_least_one"],
        "hovertemplate": f"{n} patients, share %{{x:.0%}}: seen with %{{y:.1%}}<extra></extra>",
        **look,
        "marker": look["marker"] | {"size": 8, "color": look["line"]["color"], "line": {"color": INK, "width": 0}},
    }
