"""Keys and people: is every row somebody's, once, and does everybody have his rows?"""

import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.cells import suggestion
from sim.calculator.findings import Examination
from sim.calculator.needed import LINEAGES

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

SCHEDULE: Final = {
    **{"SCR": -7, "D0": 0, "D3": 3, "W1": 7, "W4": 28, "W8": 56, "W12": 84},
    **{"W12D3": 87, "W13": 91, "W16": 112, "W20": 140, "W24": 168},
}
"""Scheduled visits and their nominal days, in order (NCT04835883); study day 0 is that of the first infusion."""
LONG_TERM: Final = {"Y0.5": 182, "Y1": 365, "Y1.5": 548, "Y2": 731, "Y3": 1096, "Y5": 1826}
"""Visits of the follow-up and their nominal days."""
_UNSCHEDULED: Final = re.compile(r"U[1-9]\d*")
_KEYS: Final = (
    ("candidates", ("trial", "candidate")),
    ("candidates", ("trial", "subject")),
    ("visits", ("trial", "subject", "visit")),
    ("infusions", ("trial", "subject", "infusion")),
)


def lookup(wanted: Integers, among: Integers, values: NDArray[Any], missing: Any) -> NDArray[Any]:
    """The value of each wanted key; `missing` where it is not among them. Of equal keys the first counts."""
    if not len(among):
        return np.full(len(wanted), missing, dtype=values.dtype)
    order = np.argsort(among, kind="stable")
    place = np.minimum(np.searchsorted(among[order], wanted), len(among) - 1)
    hit = (among[order][place] == wanted) & (wanted >= 0)
    return np.where(hit, values[order][place], missing)


def infused(found: Examination) -> Integers:
    """Keys of those who received the first infusion, ascending."""
    if not found.has("infusions", "trial", "subject", "infusion", "day"):
        return np.zeros(0, dtype=np.int64)
    infusions = found.tables["infusions"]
    given = (infusions["infusion"] == 1) & ~np.isnan(infusions["day"])
    known = found.keys("infusions")[given]
    return np.unique(known[known >= 0])


def check_people(found: Examination) -> None:
    """Note duplicate keys, unknown names, and subjects who are in one table and not in another."""
    for table, columns in _KEYS:
        if found.has(table, *columns):
            _duplicates(found, table, columns)
    if found.has("events", "trial", "subject", "day", "kind"):
        _equal_events(found)
    if found.has("visits", "visit"):
        _visit_names(found)
    if found.has("infusions", "infusion"):
        number = found.tables["infusions"]["infusion"]
        found.note_rows(
            "unknown_infusion",
            "infusions",
            lambda row: f"{number[row]:g} is neither 1 nor 2",
            column="infusion",
            rows=~np.isnan(number) & ~np.isin(number, (1, 2)),
        )
    if found.has("candidates", "trial", "subject"):
        _membership(found)
        _persons(found)


def _duplicates(found: Examination, table: str, columns: tuple[str, ...]) -> None:
    data = found.tables[table]
    codes = [_code(data[name]) for name in columns]
    known = np.all([code >= 0 for code in codes], axis=0)
    place = np.flatnonzero(known)
    order = place[np.lexsort([code[place] for code in codes[::-1]])]
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for code in codes:
        same &= code[order][1:] == code[order][:-1]
    text = f"a second row of the same {', '.join(columns)}"
    found.note_rows("duplicate_key", table, text, column=columns[-1], rows=np.sort(order[1:][same]))


def _code(values: NDArray[Any]) -> Integers:
    """Whole numbers that are equal where the values are; -1 where a value is missing."""
    if values.dtype.kind != "U":
        return np.where(np.isnan(values), -1, np.nan_to_num(values)).astype(np.int64)
    distinct, code = np.unique(values, return_inverse=True)
    return np.where(distinct == "", -1, np.arange(len(distinct)))[code]


def _equal_events(found: Examination) -> None:
    events = found.tables["events"]
    codes = np.stack([np.unique(values, return_inverse=True)[1] for values in events.values()])
    _, first = np.unique(codes, axis=1, return_index=True)
    repeated = np.ones(events.length, dtype=np.bool_)
    repeated[first] = False
    found.note_rows("duplicate_event", "events", "a second row alike in everything", column="kind", rows=repeated)


def _visit_names(found: Examination) -> None:
    names = found.tables["visits"]["visit"]
    known = (*SCHEDULE, *LONG_TERM)
    distinct, place = np.unique(names, return_inverse=True)
    strange = np.array(
        [name not in ("", *known) and not _UNSCHEDULED.fullmatch(name) for name in distinct.tolist()]
    )
    found.note_rows(
        "unknown_visit",
        "visits",
        lambda row: f"{str(names[row])!r} is no visit; {_visit_meant(str(names[row]))}",
        column="visit",
        rows=strange[place] if len(distinct) else strange,
    )


def _visit_meant(name: str) -> str:
    week = re.fullmatch(r"\s*w(?:ee)?k?\s*0*(\d+)\s*", name.lower())
    meant = f"W{week[1]}" if week else ""
    if meant in SCHEDULE:
        return f"did you mean {meant}?"
    return suggestion(name, (*SCHEDULE, *LONG_TERM)) + "; unscheduled visits are U1, U2, …"


def _membership(found: Examination) -> None:
    enrolled = found.keys("candidates")
    tables = [name for name in ("visits", "dosing", "infusions", "events") if found.has(name, "trial", "subject")]
    for name in tables:
        own = found.keys(name)
        strange = (own >= 0) & ~np.isin(own, enrolled)
        text = "candidates has no such subject"
        found.note_rows("unknown_subject", name, text, column="subject", rows=strange)
    treated = infused(found)
    if found.has("infusions", "trial", "subject"):
        without = (enrolled >= 0) & ~np.isin(enrolled, found.keys("infusions"))
        text = "has no row in infusions"
        found.note_rows("no_infusion_row", "candidates", text, column="subject", rows=without)
    if found.has("infusions", "trial", "subject", "infusion", "day") and not len(treated):
        found.note("nobody_infused", "infusions", "no subject has a day for infusion 1", column="day")
    for name in ("visits", "dosing"):
        if found.has(name, "trial", "subject"):
            without = np.isin(enrolled, treated) & ~np.isin(enrolled, found.keys(name))
            text = f"was treated and has no row in {name}"
            found.note_rows(f"no_{name}", "candidates", text, column="subject", rows=without)


def _persons(found: Examination) -> None:
    """What is known of a subject: the same everywhere, and enough."""
    candidates = found.tables["candidates"]
    own, enrolled = found.keys("candidates"), ~np.isnan(candidates["subject"])
    for name in ("subgroup", "sex"):
        if found.has("candidates", name) and found.has("visits", "trial", "subject", name):
            recorded = found.tables["visits"][name]
            known = lookup(found.keys("visits"), own, candidates[name], "")
            differs = (known != "") & (recorded != "") & (known != recorded)
            _differs(found, name, known, differs)
    if found.has("candidates", "eligible"):
        found.note_rows(
            "ineligible_enrolled",
            "candidates",
            "is not eligible and has a subject number",
            column="eligible",
            rows=enrolled & (candidates["eligible"] == 0),
        )
    treated = np.isin(own, infused(found)) & enrolled
    if found.has("candidates", "age"):
        found.note_rows(
            "person_unknown",
            "candidates",
            "is missing, so the filtration rate is unknown",
            column="age",
            rows=treated & np.isnan(candidates["age"]),
        )
    if found.has("candidates", "subgroup", *LINEAGES):
        none = treated & (candidates["subgroup"] == "LC")
        for name in LINEAGES:
            none &= candidates[name] == 0
        found.note_rows("no_lineage", "candidates", "no lineage qualifies", column="I5_1P", rows=none)


def _differs(found: Examination, name: str, known: NDArray[Any], differs: Flags) -> None:
    found.note_rows(
        "person_differs",
        "visits",
        lambda row: f"{found.tables['visits'][name][row]} here, {known[row]} in candidates",
        column=name,
        rows=differs,
    )
