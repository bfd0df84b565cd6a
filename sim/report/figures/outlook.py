"""The trial under way: predictive probability of success, and the boundary that stops it for serious events."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace, rows_of_columns
from sim.report.style import ALARM, WITH, axis, layout, line_at, note, percent, probability

_COLUMNS = ("endpoint", "n", "read_out", "pending", "responders", "p_success")
_SCALE = [[0.0, "#f7fbff"], [0.5, "#6baed6"], [1.0, "#08306b"]]


def predictive(found: Table) -> Figure | None:
    """For each endpoint a map of responders by patients read out; None where the table has no row."""
    if not found.length:
        return None
    endpoints = list(dict.fromkeys(found["endpoint"].tolist()))
    return Figure(
        "predictive",
        "How the trial stands while outcomes come in",
        "Each field: so many patients read out, so many of them responders; the number is the probability in "
        "per cent that the trial still succeeds by the exact test, from these patients and the prior of the "
        "design alone. White: nearly lost, dark: nearly won.",
        "Triangular maps of the predictive probability of success for " + ", ".join(endpoints) + ".",
        [_map(found.where(found["endpoint"] == name), name) for name in endpoints],
        _COLUMNS,
        rows_of_columns(found, _COLUMNS),
        across=2,
    )


def _map(rows: Table, name: str) -> Panel:
    n = int(rows["n"][0])
    z = np.full((n + 1, n + 1), np.nan)
    z[rows["read_out"], rows["responders"]] = rows["p_success"]
    trace: Trace = {
        "type": "heatmap",
        "x": list(range(n + 1)),
        "y": list(range(n + 1)),
        "z": z,
        "text": [["" if np.isnan(value) else f"{100 * value:.0f}" for value in line] for line in z],
        "texttemplate": "%{text}",
        "textfont": {"size": 10},
        "zmin": 0,
        "zmax": 1,
        "colorscale": _SCALE,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "hoverongaps": False,
        "hovertemplate": "%{y} read out, %{x} responders: %{z:.0%}<extra></extra>",
    }
    x = axis("responders among them", tickvals=list(range(n + 1)), showgrid=False)
    y = axis("patients read out", tickvals=list(range(n + 1)), autorange="reversed", showgrid=False)
    return Panel(name, [trace], layout(x, y, height=130 + 24 * (n + 1)))


def stopping(boundary: Table, characteristics: Table) -> Figure | None:
    """The boundary, and how often it stops a trial by the true share of serious events; None if empty."""
    if not boundary.length:
        return None
    tolerated = float(boundary["tolerated"][0])
    rows: list[tuple[Any, ...]] = [
        ("boundary", treated, "", stop, "", "")
        for treated, stop in zip(boundary["treated"].tolist(), boundary["stop_at"].tolist(), strict=True)
    ]
    names = ("rate", "p_stop", "expected_treated")
    rows += [
        ("characteristics", "", rate, "", p, n)
        for rate, p, n in zip(*(characteristics[name].tolist() for name in names), strict=True)
    ]
    return Figure(
        "stopping",
        "When serious events would stop the trial",
        "Left: red stops the trial, by the fewest patients with a serious event that are written in it. "
        "Right: how often that happens, exactly, by the true share of patients with a serious event; dashed: "
        f"the share that is tolerated, {100 * tolerated:.0f} %. The boundary acts on no simulated trial.",
        "Steps of the stopping boundary; rising curve of the probability of stopping.",
        [_boundary(boundary), _chances(characteristics, tolerated)],
        ("what", "treated", "true_share", "stop_at", "p_stop", "expected_treated"),
        rows,
        across=2,
    )


def _boundary(found: Table) -> Panel:
    n = int(found["treated"].max())
    trace: Trace = {
        "type": "bar",
        "x": found["treated"],
        "y": n - found["stop_at"] + 0.5,
        "base": found["stop_at"] - 0.5,
        "width": 0.92,
        "marker": {"color": ALARM},
        "text": ["" if np.isnan(least) else f"≥ {least:.0f}" for least in found["stop_at"].tolist()],
        "textposition": "inside",
        "insidetextanchor": "start",
        "textangle": 0,
        "textfont": {"color": "#ffffff"},
        "customdata": found["stop_at"],
        "hovertemplate": "%{x} treated: stop from %{customdata} with a serious event<extra></extra>",
    }
    go = note(0.96, 0.06, "go on", xref="paper", yref="paper", xanchor="right")
    x = axis("patients treated", tickvals=list(range(1, n + 1)), range=[0.4, n + 0.6])
    y = axis("of them with a serious event", range=[-0.5, n], dtick=2, tick0=0)
    return Panel("The boundary", [trace], layout(x, y, height=320, annotations=[go]))


def _chances(found: Table, tolerated: float) -> Panel:
    trace: Trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": found["rate"],
        "y": found["p_stop"],
        "marker": {"color": WITH, "size": 8},
        "line": {"color": WITH, "width": 2},
        "customdata": found["expected_treated"],
        "hovertemplate": "share %{x:.0%}: stops with %{y:.1%}, %{customdata:.1f} treated<extra></extra>",
    }
    x = percent("true share of patients with a serious event", rangemode="tozero")
    y = probability("probability of stopping")
    return Panel(
        "How often it stops",
        [trace],
        layout(x, y, height=320, shapes=[line_at(tolerated, vertical=True, above=True)]),
    )
