"""Dosing: one dose for each day from day 0 to the end of participation."""

from typing import Final

import numpy as np

from sim.calculator.days import end_days
from sim.calculator.findings import Examination, number
from sim.calculator.people import infused, lookup
from sim.endpoints.intercurrent import ENDS

_LAST: Final = 168
_PERIODS: Final = ("trial", "subject", "start_day", "end_day")


def check_doses(found: Examination) -> None:
    """Note periods that run backwards, share days, leave gaps, begin too late or end too early."""
    if not found.has("dosing", *_PERIODS):
        return
    dosing = found.tables["dosing"]
    start, end, own = dosing["start_day"], dosing["end_day"], found.keys("dosing")
    found.note_rows(
        "period_reversed",
        "dosing",
        lambda row: f"ends on day {number(end[row])}, before it begins on day {number(start[row])}",
        column="end_day",
        rows=end < start,
    )
    rows = np.flatnonzero((end >= start) & (own >= 0))
    rows = rows[np.lexsort((end[rows], start[rows], own[rows]))]
    later, earlier = rows[1:], rows[:-1]
    before = np.full(dosing.length, np.nan)
    before[later] = np.where(own[later] == own[earlier], end[earlier], np.nan)
    found.note_rows(
        "dose_overlap",
        "dosing",
        lambda row: (
            f"begins on day {number(start[row])}, and the period before it ends on day {number(before[row])}"
        ),
        column="start_day",
        rows=start <= before,
    )
    found.note_rows(
        "dose_gap",
        "dosing",
        lambda row: (
            f"begins on day {number(start[row])}, and the period before it ends on day {number(before[row])}"
        ),
        column="start_day",
        rows=(start > before + 1) & (start > 0),
    )
    _first_and_last(found)


def _first_and_last(found: Examination) -> None:
    dosing = found.tables["dosing"]
    start, end, own = dosing["start_day"], dosing["end_day"], found.keys("dosing")
    rows = np.flatnonzero((end >= start) & (own >= 0) & np.isin(own, infused(found)))
    rows = rows[np.lexsort((start[rows], own[rows]))]
    _, first = np.unique(own[rows], return_index=True)
    opening = rows[first]
    closing = rows[np.append(first[1:], len(rows)) - 1] if len(rows) else rows
    found.note_rows(
        "dose_starts_late",
        "dosing",
        lambda row: f"the first period begins on day {number(start[row])}; day 0 has no dose",
        column="start_day",
        rows=np.sort(opening[start[opening] > 0]),
    )
    subjects, day = end_days(found, *ENDS)
    left = lookup(own[closing], subjects, day, np.nan)
    short = (end[closing] < _LAST) & ~(end[closing] >= left - 1)
    found.note_rows(
        "dose_ends_early",
        "dosing",
        lambda row: f"the last period ends on day {number(end[row])}; its dose is carried on to day {_LAST}",
        column="end_day",
        rows=np.sort(closing[short]),
    )
