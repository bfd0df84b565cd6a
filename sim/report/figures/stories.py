"""Three patients' stories: doses, infusions, flares and laboratory values of one patient of each example trial."""

from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.report.figure import Figure, Panel, Trace
from sim.report.patients import LAST_DAY, at_visit, dose_steps, effects_in, key_of, trial_of
from sim.report.style import ALARM, AMBER, INDIGO, INK, WITH, axis, layout

_ROLES = ("typical", "lucky", "unlucky")
_MARKS = {
    "flare": ("triangle-up", ALARM),
    "rescue": ("square", INK),
    "infection": ("circle-open", INDIGO),
    "adverse_event": ("circle-open", INDIGO),
    "withdrawal": ("x", INK),
    "lost_to_follow_up": ("x", INK),
    "death": ("cross", INK),
}

_UNITS = {
    "upcr": "UPCR, mg/mg",
    "platelets": "platelets, 10⁹/L",
    "hemoglobin": "hemoglobin, g/dL",
    "neutrophils": "neutrophils, 10⁹/L",
    "lymphocytes": "lymphocytes, 10⁹/L",
}


def stories(
    roles: Table,
    candidates: Table,
    visits: Table,
    dosing: Table,
    infusions: Table,
    events: Table,
    endpoints: Table,
) -> Figure:
    """One patient from each example trial: the middle one of the typical, the best of the lucky, the worst of the
    unlucky, by endpoints met and change of SLEDAI-2K.
    """
    effect = effects_in(visits)[-1]
    panels, rows = [], []
    for role in _ROLES:
        trial = trial_of(roles, role)
        own = [
            table.where((table["effect"] == effect) & (table["trial"] == trial))
            for table in (visits, dosing, infusions, events, endpoints)
        ]
        key = _chosen(own[0], own[4], role)
        if key is None:
            continue
        seen = [table.where(key_of(table) == key) for table in own]
        panels.append(_panel(role, key, seen, _laboratory(candidates, key)))
        rows += _rows(role, key, seen)
    return Figure(
        "stories",
        "Three patients' stories",
        "Of the typical trial the patient in the middle, of the lucky one the best, of the unlucky one the "
        "worst, by endpoints met and change of SLEDAI-2K. Diamonds are infusions; what else happened stands in "
        "the top line.",
        " ".join(_in_words(role, [row for row in rows if row[0] == role]) for role in _ROLES),
        panels,
        ("role", "trial", "subject", "subgroup", "day", "what", "value"),
        rows,
        across=1,
    )


def _chosen(visits: Table, endpoints: Table, role: str) -> int | None:
    """The patient by the number of endpoints met, then by the change of SLEDAI-2K: best, middle or worst."""
    keys = np.unique(key_of(visits))
    if not len(keys):
        return None
    met = np.bincount(
        np.searchsorted(keys, key_of(endpoints)), weights=endpoints["responder"] == 1, minlength=len(keys)
    )
    effect = str(visits["effect"][0])
    change = at_visit(visits, effect, "W24", "sledai2k", keys) - at_visit(visits, effect, "D0", "sledai2k", keys)
    order = np.lexsort((np.where(np.isnan(change), np.inf, change), -met))
    return int(keys[order[{"typical": len(keys) // 2, "lucky": 0, "unlucky": len(keys) - 1}[role]]])


def _laboratory(candidates: Table, key: int) -> tuple[str, str]:
    """The measurement that the patient was enrolled for: its column and its name."""
    enrolled = candidates.where(~np.isnan(candidates["subject"]))
    person = enrolled.where(key_of(enrolled) == key)
    lineages = (
        ("I5_1P", "platelets"),
        ("I5_1E", "hemoglobin"),
        ("I5_1N", "neutrophils"),
        ("I5_1L", "lymphocytes"),
    )
    found = [name for flag, name in lineages if person.length and person[flag][0] == 1]
    column = "upcr" if person.length and person["subgroup"][0] == "LN" else (found or ["platelets"])[0]
    return column, _UNITS[column]


def _panel(role: str, key: int, seen: list[Table], laboratory: tuple[str, str]) -> Panel:
    visits, dosing, infusions, events, endpoints = seen
    column, name = laboratory
    attended = visits.where(visits["attended"] & ~np.isnan(visits["day"]) & (visits["day"] <= LAST_DAY + 14))
    traces = [
        _doses(dosing, key),
        _measured(attended, "sledai2k", "y2", INK, "SLEDAI-2K"),
        _measured(attended, column, "y3", WITH, name),
        *_happened(infusions, events),
    ]
    x = axis("day", range=[-25, LAST_DAY + 16], tickvals=[0, 28, 56, 84, 112, 140, 168], anchor="y")
    axes = _axes("mg/day", "SLEDAI-2K", name)
    whole = layout(x, axes.pop("yaxis"), height=400, shapes=_infused(infusions))
    title = f"{role.capitalize()}: {_who(key, str(visits['subgroup'][0]), endpoints)}"
    return Panel(title, traces, whole | axes, _told(events))


def _who(key: int, kind: str, endpoints: Table) -> str:
    """The patient, and the endpoints that are met."""
    met = endpoints["endpoint"][endpoints["responder"] == 1].tolist()
    return f"trial {key // 1000}, subject {key % 1000} ({kind}); meets {', '.join(met) or 'no endpoint'}"


def _axes(*titles: str) -> dict[str, Any]:
    """Three panels above each other, from below, and a strip on top for what happened."""
    domains = ([0.0, 0.26], [0.33, 0.58], [0.65, 0.9])
    axes: dict[str, Any] = {
        f"yaxis{k + 1 if k else ''}": axis(
            title.replace(", ", ",<br>"), domain=domain, rangemode="tozero", nticks=4
        )
        for k, (title, domain) in enumerate(zip(titles, domains, strict=True))
    }
    return axes | {"yaxis4": {"domain": [0.93, 1.0], "range": [-1.2, 1.2], "visible": False}}


def _infused(infusions: Table) -> list[dict[str, Any]]:
    """A line through all panels on the day of each infusion."""
    return [
        {
            "type": "line",
            "x0": day,
            "x1": day,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"color": WITH, "width": 1, "dash": "dot"},
            "layer": "below",
        }
        for day in infusions["day"].tolist()
        if not np.isnan(day)
    ]


def _doses(dosing: Table, key: int) -> Trace:
    days, doses = dose_steps(dosing, key)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": days,
        "y": doses,
        "yaxis": "y",
        "fill": "tozeroy",
        "fillcolor": "rgba(230,159,0,0.25)",
        "line": {"shape": "hv", "color": AMBER, "width": 2},
        "hovertemplate": "day %{x}: %{y} mg<extra></extra>",
    }


def _told(events: Table) -> str:
    """What happened, in words."""
    chosen = events.where(np.isin(events["kind"], list(_MARKS)) & (events["day"] <= LAST_DAY + 14))
    columns = (chosen[name].tolist() for name in ("day", "severity", "kind", "detail"))
    words = [
        f"day {day:.0f} {severity} {kind}{f' ({detail})' if detail else ''}".replace("_", " ").replace("  ", " ")
        for day, severity, kind, detail in zip(*columns, strict=True)
    ]
    return ("; ".join(words) or "No flare, rescue, infection or adverse event") + "."


def _measured(visits: Table, column: str, place: str, colour: str, name: str) -> Trace:
    values = visits[column].astype(np.float64)
    known = visits.where(~np.isnan(values))
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": known["day"],
        "y": known[column],
        "yaxis": place,
        "text": known["visit"],
        "cliponaxis": False,
        "line": {"color": colour, "width": 2},
        "marker": {"size": 6},
        "hovertemplate": f"%{{text}}, day %{{x}}: {name} %{{y}}<extra></extra>",
    }


def _happened(infusions: Table, events: Table) -> list[Trace]:
    given = infusions.where(~np.isnan(infusions["day"]))
    same = {
        "type": "scatter",
        "mode": "markers",
        "yaxis": "y4",
    }
    chosen = events.where(np.isin(events["kind"], list(_MARKS)) & (events["day"] <= LAST_DAY + 14))
    words = [
        " ".join(filter(None, each))
        for each in zip(chosen["severity"], chosen["kind"], chosen["detail"], strict=True)
    ]
    looks = [_MARKS[kind] for kind in chosen["kind"].tolist()]
    return [
        {
            **same,
            "mode": "markers",
            "x": given["day"],
            "y": [-0.4] * given.length,
            "text": [f"infusion {k:.0f}" for k in given["infusion"]],
            "marker": {"symbol": "diamond", "size": 12, "color": WITH},
            "hovertemplate": "day %{x}: %{text}<extra></extra>",
        },
        {
            **same,
            "x": chosen["day"],
            "y": [0.5] * chosen.length,
            "text": [text.replace("_", " ") for text in words],
            "marker": {
                "symbol": [symbol for symbol, _ in looks],
                "size": 12,
                "color": [colour for _, colour in looks],
            },
            "hovertemplate": "day %{x}: %{text}<extra></extra>",
        },
    ]


def _rows(role: str, key: int, seen: list[Table]) -> list[tuple[Any, ...]]:
    visits, dosing, infusions, events, _ = seen
    start = (role, key // 1000, key % 1000, str(visits["subgroup"][0]))
    found: list[tuple[Any, ...]] = [
        (*start, day, "infusion", number)
        for day, number in zip(infusions["day"], infusions["infusion"], strict=True)
        if not np.isnan(day)
    ]
    found += [
        (*start, day, "dose", dose)
        for day, dose in zip(dosing["start_day"], dosing["dose"], strict=True)
        if day <= LAST_DAY
    ]
    for column in ("sledai2k", *_UNITS):
        pairs = zip(visits["day"], visits[column].astype(np.float64), strict=True)
        found += [
            (*start, day, column, value)
            for day, value in pairs
            if not (np.isnan(day) or np.isnan(value)) and day <= LAST_DAY + 14
        ]
    columns = (events[name].tolist() for name in ("day", "kind", "severity", "detail"))
    found += [
        (*start, day, kind, " ".join(filter(None, rest)))
        for day, kind, *rest in zip(*columns, strict=True)
        if day <= LAST_DAY + 14
    ]
    return sorted(found, key=lambda row: (float(row[4]), str(row[5])))


def _in_words(role: str, rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return ""
    happened = [f"{row[6]} {row[5]} on day {row[4]:.0f}".replace("_", " ") for row in rows if row[5] in _MARKS]
    return f"{role.capitalize()}: {rows[0][3]} patient; {', '.join(happened) or 'no flare, rescue or infection'}."
