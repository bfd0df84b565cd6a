"""Power and false go over what the mixture of patients may be."""

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.figures.bands import band
from sim.report.numbers import chosen_first, different, first_level, picked, view_of
from sim.report.style import layout, percent, plain, probability, series
from sim.words.rows import labelled

_COLUMNS = (
    "risk", "level", "endpoint", "population", "effect", "n", "n_LN", "n_LC", "rate", "power", "power_mcse",
    "false_go_inert", "false_go_inert_mcse",
)  # fmt: skip
_TITLES = {
    "split": ("Unequal split, the number fixed", "share of LN among the enrolled"),
    "random composition": ("LN and LC left to chance", "expected share of LN"),
    "lymphopenia only": ("LC by lymphopenia alone", "share of the LC patients"),
    "never infused": ("Enrolled and never infused", "share of the enrolled"),
}


def composition(found: Table) -> Figure | None:
    """A panel for each risk, a line for each endpoint, a view for each effect; None without a row."""
    rows = first_level(found)
    if not rows.length:
        return None
    views, endpoints = chosen_first(different(rows, "effect")), different(rows, "endpoint")
    names = [_name(rows, name) for name in endpoints]
    return Figure(
        "composition",
        "What the mixture of patients does to power",
        "One thing varies in each panel, the rest stays as planned; bands: 95 % limits of the simulation. "
        "Steps come from the whole number of patients of an endpoint. “none” shows false go: success though "
        "the cells do nothing.",
        "Lines of power over the mixture for " + ", ".join(names) + ".",
        [_panel(picked(rows, risk=risk), risk, endpoints, views) for risk in different(rows, "risk")],
        _COLUMNS,
        rows_of_columns(rows, _COLUMNS),
        views=[view_of(name) for name in views],
        key=[(name, series(k)["line"]["color"]) for k, name in enumerate(names)],
        across=2,
    )


def _name(rows: Table, endpoint: str) -> str:
    return labelled(endpoint, picked(rows, endpoint=endpoint)["population"][0])


def _panel(rows: Table, risk: str, endpoints: list[str], effects: list[str]) -> Panel:
    traces: list[Trace] = []
    for effect in effects:
        for k, endpoint in enumerate(endpoints):
            own = picked(rows, effect=effect, endpoint=endpoint)
            own = own.where(~np.isnan(own["power"]))
            own = own.where(np.argsort(own["level"], kind="stable"))
            colour = series(k)["line"]["color"]
            pair = (
                band(own["level"].tolist(), own["power"], own["power_mcse"], colour),
                _line(own, _name(rows, endpoint), k),
            )
            traces += [trace | {"view": view_of(effect)} for trace in pair]
    title, label = _TITLES.get(risk, (risk, risk))
    least, most = float(rows["level"].min()), float(rows["level"].max())
    room = 0.03 * (most - least or 1.0)
    x = percent(label, range=[least - room, most + room])
    return Panel(title, traces, layout(x, probability("power"), height=310))


def _line(rows: Table, name: str, position: int) -> Trace:
    look = series(position)
    told = np.stack([rows["n_LN"], rows["n_LC"], rows["rate"]], axis=1)
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": plain(name),
        "x": rows["level"],
        "y": rows["power"],
        "customdata": told,
        "hovertemplate": f"<b>{plain(name)}</b> at %{{x:.0%}}<br>power %{{y:.1%}}, "
        "rate %{customdata[2]:.1%}<extra></extra>",
        **look,
        "marker": look["marker"] | {"size": 7, "color": look["line"]["color"]},
    }
