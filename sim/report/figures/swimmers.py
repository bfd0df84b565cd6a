"""One trial at a glance: a line for each patient, from the first infusion to the end of observation."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import LAST_DAY, effects_in, trial_of
from sim.report.style import ALARM, AMBER, GOOD, INDIGO, INK, WITH, axis, layout

_ROLES = ("typical", "lucky", "unlucky")
_LIMIT = 7.5
_EVENTS = (
    ("flare", "flare", "triangle-up", ALARM),
    ("rescue", "rescue", "square", INK),
    ("infection", "infection", "circle-open", INDIGO),
    ("end of participation", "withdrawal", "x", INK),
    ("end of participation", "lost_to_follow_up", "x", INK),
    ("death", "death", "cross", INK),
)
_ENDPOINTS = ("P1", "P2", "P3", "S1", "S3")


def swimmers(
    roles: Table, visits: Table, dosing: Table, infusions: Table, events: Table, endpoints: Table
) -> Figure:
    """The patients of each example trial under the acting effect of the sample; a view for each trial."""
    effect = effects_in(visits)[-1]
    traces: list[Trace] = []
    rows: list[tuple[Any, ...]] = []
    most = 0
    for role in _ROLES:
        trial = trial_of(roles, role)
        own = [_own(table, effect, trial) for table in (visits, dosing, infusions, events, endpoints)]
        labels = _labels(own[0])
        most = max(most, *(place for place, _ in labels.values()), 0)
        traces += [{**trace, "view": role} for trace in _traces(labels, *own[1:])]
        rows += _rows(role, trial, labels, own[2], own[3])
    numbers = ", ".join(f"{role} {trial_of(roles, role)}" for role in _ROLES)
    return Figure(
        "swimmers",
        f"One trial, patient by patient ({'cells do nothing' if effect == 'none' else effect})",
        "A line for each patient, nephritis first: orange while the daily corticosteroid is above 7.5 mg, green "
        "from there down. To the right, "
        f"the endpoints that the patient meets. Numbers of the trials: {numbers}; each can be made again with "
        f"task=rerun.",
        "Horizontal lines of ten patients over 24 weeks with infusions, flares, rescue, infections and the "
        "endpoints met.",
        [_panel(traces, most)],
        ("role", "trial", "patient", "subgroup", "day", "what", "detail"),
        rows,
        views=_ROLES,
        across=1,
    )


def _panel(traces: list[Trace], most: int) -> Panel:
    """Most : the place of the last line."""
    x = axis("day", range=[-4, LAST_DAY + 5], tickvals=[0, 28, 56, 84, 112, 140, 168])
    ticks = list(range(most + 1))
    names = [f"{k + 1}" for k in ticks]
    y = axis("", range=[most + 0.6, -0.6], tickvals=ticks, ticktext=names, gridcolor="#ffffff", ticks="")
    margin = {"l": 30, "r": 124, "t": 14, "b": 48}
    return Panel("", traces, layout(x, y, height=120 + 38 * (most + 1), margin=margin, showlegend=True))


def _own(table: Table, effect: str, trial: int) -> Table:
    return table.where((table["effect"] == effect) & (table["trial"] == trial))


def _labels(visits: Table) -> dict[int, tuple[int, str]]:
    """Place and subgroup of each subject, nephritis first."""
    kinds = dict(zip(visits["subject"].tolist(), visits["subgroup"].tolist(), strict=True))
    order = sorted(kinds, key=lambda subject: (kinds[subject] != "LN", subject))
    return {subject: (place, kinds[subject]) for place, subject in enumerate(order)}


def _traces(
    labels: dict[int, tuple[int, str]], dosing: Table, infusions: Table, events: Table, endpoints: Table
) -> list[Trace]:
    high = dosing["dose"] > _LIMIT + 1e-9
    found = [
        _bars(labels, dosing.where(high), "above 7.5 mg/day", AMBER),
        _bars(labels, dosing.where(~high), "at most 7.5 mg/day", GOOD),
    ]
    given = infusions.where(~np.isnan(infusions["day"]))
    found.append(
        _marks(
            labels, given, "infusion", "diamond", WITH, [f"infusion {number:.0f}" for number in given["infusion"]]
        )
    )
    for name in dict.fromkeys(name for name, _, _, _ in _EVENTS):
        kinds = [kind for group, kind, _, _ in _EVENTS if group == name]
        symbol, colour = next((symbol, colour) for group, _, symbol, colour in _EVENTS if group == name)
        chosen = events.where(np.isin(events["kind"], kinds) & (events["day"] <= LAST_DAY))
        words = [
            " ".join(filter(None, each))
            for each in zip(chosen["severity"], chosen["kind"], chosen["detail"], strict=True)
        ]
        found.append(_marks(labels, chosen, name, symbol, colour, words))
    return [*found, _met(labels, endpoints)]


def _bars(labels: dict[int, tuple[int, str]], dosing: Table, name: str, colour: str) -> Trace:
    x: list[float | None] = []
    y: list[float | None] = []
    for subject, start, end in zip(
        *(dosing[key].tolist() for key in ("subject", "start_day", "end_day")), strict=True
    ):
        if start <= LAST_DAY and subject in labels:
            x += [start, min(end + 1, LAST_DAY), None]
            y += [labels[subject][0], labels[subject][0], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": colour, "width": 12},
        "opacity": 0.75,
        "hoverinfo": "skip",
    }


def _marks(
    labels: dict[int, tuple[int, str]], rows: Table, name: str, symbol: str, colour: str, words: list[str]
) -> Trace:
    known = [k for k, subject in enumerate(rows["subject"].tolist()) if subject in labels]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [rows["day"][k] for k in known],
        "y": [labels[int(rows["subject"][k])][0] for k in known],
        "text": [words[k] for k in known],
        "marker": {
            "symbol": symbol,
            "size": 12,
            "color": colour,
            "line": {
                "width": 2.5 if "open" in symbol else 1.5,
                "color": colour if "open" in symbol else "#ffffff",
            },
        },
        "hovertemplate": "day %{x}: %{text}<extra></extra>",
    }


def _met(labels: dict[int, tuple[int, str]], endpoints: Table) -> Trace:
    met: dict[int, list[str]] = {subject: [] for subject in labels}
    rows = endpoints.where((endpoints["responder"] == 1) & np.isin(endpoints["endpoint"], _ENDPOINTS))
    for subject, endpoint in zip(rows["subject"].tolist(), rows["endpoint"].tolist(), strict=True):
        met[subject].append(endpoint)
    return {
        "type": "scatter",
        "mode": "text",
        "showlegend": False,
        "x": [LAST_DAY + 2] * len(labels),
        "y": [place for place, _ in labels.values()],
        "text": [f"<b>{kind}</b>  {' '.join(met[subject]) or '–'}" for subject, (_, kind) in labels.items()],
        "textposition": "middle right",
        "textfont": {"size": 12},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _rows(
    role: str, trial: int, labels: dict[int, tuple[int, str]], infusions: Table, events: Table
) -> list[tuple[Any, ...]]:
    found = [
        (role, trial, labels[subject][0] + 1, labels[subject][1], day, "infusion", f"{number:.0f}")
        for subject, day, number in zip(
            *(infusions[key].tolist() for key in ("subject", "day", "infusion")), strict=True
        )
        if not np.isnan(day) and subject in labels
    ]
    columns = (events[key].tolist() for key in ("subject", "day", "kind", "severity", "detail"))
    found += [
        (
            role,
            trial,
            labels[subject][0] + 1,
            labels[subject][1],
            day,
            kind,
            " ".join(filter(None, (severity, detail))),
        )
        for subject, day, kind, severity, detail in zip(*columns, strict=True)
        if day <= LAST_DAY and subject in labels
    ]
    return sorted(found, key=lambda row: (row[2], row[4]))
