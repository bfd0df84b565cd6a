"""Power over the number of patients, with its sawtooth."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.style import MUTED, WITHOUT, axis, effect_colours, layout, line_at, note, percent, plain


def sample_size(found: Table) -> Figure | None:
    """A panel for each endpoint at the first level and the planned split; None where the table has no such row."""
    rows = (
        found.where((found["planned_split"] == 1) & (found["alpha"] == found["alpha"][0]))
        if found.length
        else found
    )
    if not rows.length:
        return None
    endpoints = list(dict.fromkeys(rows["endpoint"].tolist()))
    effects = list(dict.fromkeys(rows["effect"].tolist()))
    wanted = float(rows["wanted_power"][0])
    columns = ("endpoint", "population", "effect", "n", "critical_value", "attained_size", "power", "power_mcse")
    return Figure(
        "sample_size",
        "Power over the number of patients",
        "Power rises in teeth: where one more patient needs one more responder it falls. The grey line is the "
        "exact probability of success "
        f"at the benchmark. Dotted: the power that is wanted, {100 * wanted:.0f} %. From another run: exact at "
        f"the rates simulated there.",
        "Sawtooth lines of power over the number of patients for " + ", ".join(endpoints) + ".",
        [_panel(rows.where(rows["endpoint"] == name), name, effects, wanted) for name in endpoints],
        columns,
        list(zip(*(rows[name].tolist() for name in columns), strict=True)),
        key=[*effect_colours(effects).items(), ("size at the benchmark", "#b0b0b0")],
        across=1 if len(endpoints) == 1 else 2,
    )


def _panel(rows: Table, name: str, effects: list[str], wanted: float) -> Panel:
    colours = effect_colours(effects)
    traces: list[Trace] = []
    for effect in effects:
        own = rows.where(rows["effect"] == effect)
        order = np.argsort(own["n"], kind="stable")
        traces.append(_line(own.where(order), "power", plain(effect), colours[effect]))
    first = rows.where(rows["effect"] == effects[0])
    first = first.where(np.argsort(first["n"], kind="stable"))
    traces.append(_line(first, "attained_size", "size at the benchmark", "#b0b0b0"))
    aim = note(1, wanted, f"{100 * wanted:.0f} %", xref="paper", xanchor="right", yanchor="bottom")
    shape: dict[str, Any] = line_at(wanted, vertical=False, colour=MUTED, dash="dot")
    y = percent("probability of success", range=[0, 1.02])
    return Panel(
        name,
        traces,
        layout(axis("patients", rangemode="tozero"), y, height=340, shapes=[shape], annotations=[aim]),
    )


def _line(rows: Table, column: str, name: str, colour: str) -> Trace:
    thin = column != "power"
    return {
        "type": "scatter",
        "mode": "lines" if thin else "lines+markers",
        "name": name,
        "x": rows["n"],
        "y": rows[column],
        "marker": {"size": 4},
        "line": {"color": colour or WITHOUT, "width": 1.5 if thin else 2},
        "customdata": rows["critical_value"],
        "hovertemplate": f"{name}: n = %{{x}}, %{{customdata}} needed<br>%{{y:.1%}}<extra></extra>",
    }
