"""Earlier and later visits of the same subject, for rules that compare an assessment with another one.

Every function takes columns of one length, one row per attended visit, sorted by subject, then day, with no
missing day. A "place" is a position in these columns, -1 for none. No loop runs over subjects.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Nullable = NDArray[np.int8]

_TOLERANCE: Final = 1e-9


def _block(subject: NDArray[Any]) -> Integers:
    """Number of the subject of each row, from 0 in the order of the table."""
    if not len(subject):
        return np.zeros(0, dtype=np.int64)
    changes = np.concatenate(([False], subject[1:] != subject[:-1]))
    return np.cumsum(changes, dtype=np.int64)


def rows_before(subject: NDArray[Any], day: Floats, *, days: float = 0.0) -> Integers:
    """Place of the subject's last row before each row, at least `days` earlier; 0 days: the row before it."""
    block = _block(subject)
    limit = np.arange(len(day)) - 1
    waiting = np.flatnonzero(limit >= 0)
    while len(waiting):  # one turn for each visit that lies within `days`
        found = limit[waiting]
        same = block[found] == block[waiting]
        limit[waiting[~same]] = -1
        near = same & (day[waiting] - day[found] < days - _TOLERANCE)
        waiting = waiting[near]
        limit[waiting] -= 1
        waiting = waiting[limit[waiting] >= 0]
    return limit


def usable_until(subject: NDArray[Any], limit: Integers, usable: Flags) -> Integers:
    """Place of the subject's last usable row at or before a place (of rows_before); -1 for none."""
    if usable.all():
        return limit
    last = np.maximum.accumulate(np.where(usable, np.arange(len(limit)), -1))
    found = np.where(limit < 0, -1, last[limit])
    return np.where((found >= 0) & (subject[found] == subject), found, -1)


def earlier(subject: NDArray[Any], day: Floats, usable: Flags, *, days: float = 0.0) -> Integers:
    """Place of the last usable visit before each row, at least `days` earlier; 0 days: any row before it."""
    return usable_until(subject, rows_before(subject, day, days=days), usable)


def later(subject: NDArray[Any], day: Floats, usable: Flags, *, days: float = 0.0) -> Integers:
    """Place of the first usable visit after each row, at least `days` later; 0 days: any row after it."""
    found = earlier(subject[::-1], -day[::-1], usable[::-1], days=days)[::-1]
    return np.where(found < 0, -1, len(day) - 1 - found)


def value_at(values: NDArray[Any], places: Integers) -> Floats:
    """The number at each place; NaN where the place is -1."""
    if not len(values):
        return np.full(len(places), np.nan)
    return np.where(places < 0, np.nan, values[np.maximum(places, 0)].astype(np.float64))


def flag_at(flags: NDArray[Any], places: Integers) -> Nullable:
    """The flag or small code at each place; -1 where the place is -1."""
    if not len(flags):
        return np.full(len(places), -1, dtype=np.int8)
    return np.where(places < 0, -1, flags[np.maximum(places, 0)]).astype(np.int8)


def previous_value(subject: NDArray[Any], day: Floats, values: Floats, *, days: float = 0.0) -> Floats:
    """The subject's last known value at least `days` earlier (0: at any row before); NaN where there is none."""
    return value_at(values, earlier(subject, day, ~np.isnan(values), days=days))


def baseline_value(subject: NDArray[Any], baseline: Flags, values: Floats) -> Floats:
    """The value of the subject's D0 on every row of the subject; NaN where D0 or its value is missing.

    baseline : marks D0, at most one row of a subject. Nothing replaces a missing D0.
    """
    block = _block(subject)
    of_subject = np.full(int(block.max(initial=-1)) + 1, np.nan)
    of_subject[block[baseline]] = values[baseline]
    return of_subject[block]


def running_minimum(subject: NDArray[Any], values: Floats) -> Floats:
    """Smallest known value of the subject up to and including each row; NaN before the first known one."""
    return -running_maximum(subject, -values)


def running_maximum(subject: NDArray[Any], values: Floats) -> Floats:
    """Largest known value of the subject up to and including each row; NaN before the first known one."""
    block = _block(subject)
    largest = values.astype(np.float64)
    longest = int(np.bincount(block).max(initial=0)) if len(block) else 0
    step = 1
    while step < longest:
        same = block[step:] == block[:-step]
        merged = np.where(same, np.fmax(largest[step:], largest[:-step]), largest[step:])
        largest = np.concatenate((largest[:step], merged))
        step *= 2
    return largest


def ever(subject: NDArray[Any], flags: Flags) -> Flags:
    """Was the flag true at this row of the subject or at one before it?"""
    return np.asarray(running_maximum(subject, flags.astype(np.float64)) == 1.0)


def starts(subject: NDArray[Any], day: Floats, flags: Flags) -> Flags:
    """First rows of stretches of true rows: true here and not true at the subject's row before."""
    everywhere = np.ones(len(day), dtype=np.bool_)
    return np.asarray(flags & (flag_at(flags, earlier(subject, day, everywhere)) != 1), dtype=np.bool_)


def event_within(
    subject: Integers, day: Floats, event_subject: Integers, event_day: Floats, *, days: float | Floats
) -> Flags:
    """Had the subject an event on the day of the visit or at most `days` before it?

    event_subject, event_day : (events,), any order; subject and event_subject are whole numbers from 0.
    days                     : one number, or one per visit (NaN: no event counts).
    """
    if not len(event_day):
        return np.zeros(len(day), dtype=np.bool_)
    has = np.zeros(max(int(subject.max(initial=0)), int(event_subject.max())) + 1, dtype=np.bool_)
    has[event_subject] = True
    asked = np.flatnonzero(has[subject])  # few subjects have one
    whose, when, least = subject[asked], day[asked], np.broadcast_to(days, len(day))[asked]
    order = np.lexsort((event_day, event_subject))
    event_subject, event_day = event_subject[order], event_day[order]
    first = min(float(when.min(initial=0.0)), float(event_day.min()))
    span = max(float(when.max(initial=0.0)), float(event_day.max())) - first + 1.0
    clock = event_subject * span + (event_day - first)
    last = np.searchsorted(clock, whose * span + (when - first) + _TOLERANCE, side="right") - 1
    place = np.maximum(last, 0)
    recent = when - event_day[place] <= least + _TOLERANCE
    within = np.zeros(len(day), dtype=np.bool_)
    within[asked] = (last >= 0) & (event_subject[place] == whose) & recent
    return within
