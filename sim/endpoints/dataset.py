"""A data set as the endpoints read it: who is analysed, and vectorised answers to "at which visit", "which day".

The subjects are those who received the first infusion (the full analysis set), sorted by trial and subject; the
position of a subject in that order is its row in every array here. Visits are the attended ones, sorted by
subject and day, whatever the order of the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.instruments.bilag import UNKNOWN, codes_of
from sim.instruments.steroid import daily_doses

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

COURSE_END: Final = 210
"""Last day on which the visit of week 24 is held in a simulated course."""
_NO_ROW: Final = -1
_SPAN: Final = 1.0e5
"""More days than any record has, so that subject and day make one number that sorts."""


NO_COLUMNS: Final[Mapping[str, NDArray[Any]]] = MappingProxyType({})


class Chosen(Mapping[str, NDArray[Any]]):
    """Rows of a table in an order, each column taken when it is first asked for, and some columns more.

    A data set has a hundred columns, of which an analysis reads few.
    """

    def __init__(self, table: Table, rows: Integers, more: Mapping[str, NDArray[Any]] = NO_COLUMNS) -> None:
        self._table, self.rows, self._columns, self.length = table, rows, dict(more), len(rows)

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._columns:
            self._columns[name] = self._table[name][self.rows]
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._table), **dict.fromkeys(self._columns)})

    def __len__(self) -> int:
        return len(self._table.keys() | self._columns.keys())

    def __contains__(self, name: object) -> bool:
        return name in self._columns or name in self._table


@dataclass(frozen=True)
class DataSet:
    """The tables of one data set; column names and units are those of the data model.

    candidates : one row per person screened; `subject` is NaN for a screen failure.
    visits     : one row per visit, missed ones (attended False, or without a day) are not read.
    dosing     : periods of one daily dose; infusions : planned infusions; events : what the clinic recorded.
    doses      : (subjects, 211 days or more) the daily doses, mg/day, where whoever made the data set has them as
                 a matrix; None takes them from dosing.
    Missing values follow sim.core.tables. A visits column that is absent is missing at every visit.
    """

    candidates: Table
    visits: Table
    dosing: Table
    infusions: Table
    events: Table
    doses: Floats | None = None

    @cached_property
    def subjects(self) -> Chosen:
        """Rows of candidates of those infused, sorted by trial and subject: the full analysis set.

        Errors : InputError where an infused subject has no row, or more than one, in candidates.
        """
        infused = (self.infusions["infusion"] == 1) & ~np.isnan(self.infusions["day"].astype(np.float64))
        keys = np.unique(_key(self.infusions["trial"][infused], self.infusions["subject"][infused]))
        enrolled = np.flatnonzero(~np.isnan(self.candidates["subject"].astype(np.float64)))
        candidate_keys = _key(self.candidates["trial"][enrolled], self.candidates["subject"][enrolled])
        order = np.argsort(candidate_keys, kind="stable")
        first = np.searchsorted(candidate_keys[order], keys, side="left")
        count = np.searchsorted(candidate_keys[order], keys, side="right") - first
        wrong = np.flatnonzero(count != 1)
        if len(wrong):
            trial, subject = divmod(int(keys[wrong[0]]), _SUBJECTS)
            raise InputError(
                f"candidates: trial {trial}, subject {subject} was infused and has {count[wrong[0]]} rows; "
                f"one is needed ({len(wrong)} such subjects)"
            )
        return Chosen(self.candidates, enrolled[order[first]])

    @property
    def size(self) -> int:
        """Number of subjects in the full analysis set."""
        return self.subjects.length

    @cached_property
    def _keys(self) -> Integers:
        return _key(self.subjects["trial"], self.subjects["subject"])

    def rows_of(self, table: Table) -> Integers:
        """Row of the subject of each row of a table; -1 for somebody outside the full analysis set."""
        keys = _key(table["trial"], table["subject"])
        if not len(self._keys):
            return np.full(len(keys), _NO_ROW)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, place, _NO_ROW)

    @cached_property
    def attended(self) -> Chosen:
        """Attended visits sorted by subject, day and name, with `row`, `at_day` (float) and `name_key` added."""
        row = self.rows_of(self.visits)
        day = self.visits["day"].astype(np.float64)
        held = np.flatnonzero((row != _NO_ROW) & (self.visits["attended"] == 1) & ~np.isnan(day))
        name_key = _name_keys(self.visits["visit"][held])
        order = np.lexsort((name_key, day[held], row[held]))
        taken = held[order]
        keys = {"row": row[taken], "at_day": day[taken], "name_key": name_key[order]}
        return Chosen(self.visits, taken, keys)

    def at(self, visit: str) -> Integers:
        """For each subject the position of an attended visit in `attended`; -1 where there is none."""
        if visit not in self._visit_places:
            places = np.flatnonzero(self.attended["name_key"] == _name_keys(np.array([visit]))[0])
            found = np.full(self.size, _NO_ROW)
            found[self.attended["row"][places]] = places
            self._visit_places[visit] = found
        return self._visit_places[visit]

    @cached_property
    def _visit_places(self) -> dict[str, Integers]:
        return {}

    def measured(self, column: str) -> Floats:
        """A measurement at each attended visit; NaN throughout where the table has no such column."""
        if column not in self.attended:
            return np.full(self.attended.length, np.nan)
        return self.attended[column].astype(np.float64, copy=False)

    def flags(self, column: str) -> NDArray[np.int8]:
        """A nullable flag at each attended visit; -1 throughout where the table has no such column."""
        if column not in self.attended:
            return np.full(self.attended.length, -1, np.int8)
        return self.attended[column].astype(np.int8, copy=False)

    def grades(self, domain: str) -> NDArray[np.int8]:
        """BILAG-2004 codes of a domain at each attended visit as recorded; -1 where it was not assessed."""
        key = f"bilag_{domain}"
        if key not in self.memo:
            known = key in self.attended
            unknown = np.full(self.attended.length, UNKNOWN, np.int8)
            self.memo[key] = codes_of(self.attended[key]) if known else unknown
        grades: NDArray[np.int8] = self.memo[key]
        return grades

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What several endpoints need, computed once."""
        return {}

    def day_at(self, places: Integers) -> Floats:
        """Day of the visit each subject's place points to; NaN where the place is -1."""
        return take(self.attended["at_day"], places)

    @cached_property
    def event_rows(self) -> Integers:
        """Row of the subject of each event; -1 for somebody outside the full analysis set."""
        return self.rows_of(self.events)

    @cached_property
    def _events_by_kind(self) -> dict[str, Integers]:
        return {}

    def event_places(self, kind: str) -> Integers:
        """Positions in `events` of the events of a kind that happened to the full analysis set."""
        if kind not in self._events_by_kind:
            here = (self.events["kind"] == kind) & (self.event_rows != _NO_ROW)
            self._events_by_kind[kind] = np.flatnonzero(here)
        return self._events_by_kind[kind]

    def events_of(self, kind: str, *details: str) -> tuple[Integers, Floats]:
        """Subject row and day of each event of a kind, of the given details if any are named."""
        places = self.event_places(kind)
        if details:
            places = places[np.isin(self.events["detail"][places], details)]
        return self.event_rows[places], self.events["day"][places].astype(np.float64)

    def first_day(
        self, kind: str, *, low: float = -np.inf, high: float | Floats = np.inf, severity: str = ""
    ) -> Floats:
        """First day of an event of a kind between two days (both included), per subject; NaN where none.

        high : one day, or one per subject; severity : of that severity alone.
        """
        row, day = self.events_of(kind)
        if severity:
            known = self.events.get("severity", np.zeros(self.events.length, "<U1"))
            graded = known[self.event_places(kind)] == severity
            row, day = row[graded], day[graded]
        within = (day >= low) & (day <= np.broadcast_to(high, self.size)[row])
        first = np.full(self.size, np.inf)
        np.minimum.at(first, row[within], day[within])
        return np.where(np.isinf(first), np.nan, first)

    @cached_property
    def daily(self) -> Floats:
        """Dose of each subject on each day from 0 to at least 210, mg/day prednisone; (subjects, days).

        The last dose carries forward where a record ends earlier; NaN only before a first period.
        """
        if self.doses is not None:
            return self.doses
        row = self.rows_of(self.dosing)
        known = row != _NO_ROW
        week_24 = self.day_at(self.at("W24"))
        last_day = int(np.nanmax(week_24, initial=COURSE_END))
        return daily_doses(
            row[known],
            self.dosing["start_day"][known].astype(np.float64),
            self.dosing["end_day"][known].astype(np.float64),
            self.dosing["dose"][known],
            subjects=self.size,
            last_day=last_day,
        )

    def dose_on(self, row: Integers, day: Floats) -> Floats:
        """Dose of a subject on a day, mg/day, also after the days of `daily`; NaN before a first period."""
        owner = self.rows_of(self.dosing)
        known = np.flatnonzero((owner != _NO_ROW) & (self.dosing["end_day"] >= 0))
        if not len(known):
            return np.full(len(row), np.nan)
        start = np.maximum(self.dosing["start_day"][known].astype(np.float64), 0.0)
        order = np.lexsort((start, owner[known]))
        clock = owner[known][order] * _SPAN + start[order]
        place = np.searchsorted(clock, row * _SPAN + day, side="right") - 1
        found = known[order][np.maximum(place, 0)]
        fits = (place >= 0) & (day >= 0) & (owner[found] == row)
        return np.where(fits, self.dosing["dose"][found].astype(np.float64), np.nan)


def take(values: NDArray[Any], places: Integers) -> Floats:
    """The value at each place as a float; NaN where the place is -1."""
    if not len(values):
        return np.full(len(places), np.nan)
    found = values[places].astype(np.float64, copy=False)
    found[places == _NO_ROW] = np.nan
    return found


_SUBJECTS: Final = 1 << 32


def _key(trial: NDArray[Any], subject: NDArray[Any]) -> Integers:
    return trial.astype(np.int64) * _SUBJECTS + subject.astype(np.int64)


def _name_keys(names: NDArray[np.str_]) -> Integers:
    """Visit names of up to 9 ASCII characters as whole numbers, which compare and sort fast."""
    width = names.dtype.itemsize // 4
    letters = np.ascontiguousarray(names).view(np.uint32).reshape(len(names), width)
    key = np.zeros(len(names), dtype=np.int64)
    for place in range(9):
        key = key * 128 + (letters[:, place].astype(np.int64) if place < width else 0)
    return key
