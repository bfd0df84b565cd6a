"""Power over the assumptions about the cells, a line for each of a few numbers of patients."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.bands import band
from sim.report.numbers import different, first_level, picked
from sim.report.style import layout, line_at, percent, plain, probability, series
from sim.words.rows import labelled

_SIZES = (5, 10, 15, 20, 30, 60)
_COLUMNS = ("endpoint", "population", "n", "effect", "rate", "power", "power_mcse")


def size_and_effect(found: Table) -> Figure | None:
    """A panel for each endpoint at the first level and the planned split; None where one effect stands alone."""
    rows = picked(first_level(found), planned_split=1)
    rows = rows.where(np.isin(rows["n"], _SIZES) & ~np.isnan(rows["power"]))
    if len(different(rows, "effect")) < 2:
        return None
    endpoints = different(rows, "endpoint")
    sizes = [n for n in _SIZES if np.any(rows["n"] == n)]
    return Figure(
        "size_and_effect",
        "Power over the effect of the cells, for few and for many patients",
        "Points: the response rate that an assumption about the cells gives, and the power there; a line for "
        "each number of patients. More patients help only where the rate stands clear of the benchmark "
        "(dashed): where it stands above the benchmark without the cells, more patients make a false go "
        "certain.",
        "Rising lines of power over the response rate for " + ", ".join(f"{n} patients" for n in sizes) + ".",
        [_panel(picked(rows, endpoint=name), name, sizes) for name in endpoints],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        key=[(f"{n} patients", series(k)["line"]["color"]) for k, n in enumerate(sizes)],
        across=2,
    )


def _panel(rows: Table, name: str, sizes: list[int]) -> Panel:
    traces: list[Trace] = []
    for k, n in enumerate(sizes):
        own = rows.where(rows["n"] == n)
        own = own.where(np.argsort(own["rate"], kind="stable"))
        traces += [
            band(own["rate"].tolist(), own["power"], own["power_mcse"], series(k)["line"]["color"]),
            _line(own, n, k),
        ]
    null_rate = float(rows["null_rate"][0])
    shape = line_at(null_rate, vertical=True, above=True)
    x = percent("response rate", range=[0, 1], tickangle=0)
    y = probability("power")
    title = f"{labelled(name, rows['population'][0])}: benchmark {null_rate:.2f}"
    return Panel(title, traces, layout(x, y, height=320, shapes=[shape]))


def _line(rows: Table, n: int, position: int) -> Trace:
    look = series(position)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": f"{n} patients",
        "x": rows["rate"],
        "y": rows["power"],
        "customdata": [plain(name) for name in rows["effect"].tolist()],
        "hovertemplate": f"<b>%{{customdata}}</b>, n = {n}<br>rate %{{x:.1%}}, power %{{y:.1%}}<extra></extra>",
        **look,
        "marker": look["marker"] | {"size": 7, "color": look["line"]["color"]},
    }
