"""Days: visits, infusions and events in an order that can have happened."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.findings import Examination, number
from sim.calculator.people import LONG_TERM, SCHEDULE, infused, lookup
from sim.config.observation import T_CELLS_ALONE
from sim.core.columns import TABLES
from sim.core.tables import Column, Table
from sim.endpoints.intercurrent import ENDS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

FAR: Final = 35
"""Days from the planned day that no window and no late infusion explains: an infusion may be four weeks late."""
_NOT_MEASURED: Final = (
    *("trial", "subject", "visit", "planned_day", "day", "attended", "subgroup", "age", "sex", "weight"),
    "prednisone_dose",
)
MEASURED: Final = tuple(name for name in TABLES["visits"] if name not in _NOT_MEASURED)


def check_days(found: Examination) -> None:
    """Note visits, infusions and events whose days contradict each other."""
    if found.has("visits", "trial", "subject", "visit", "day", "attended"):
        _attendance(found)
        _visit_order(found)
        _plan(found)
    if found.has("infusions", "trial", "subject", "infusion", "day"):
        _infusions(found)
    if found.has("events", "trial", "subject", "day", "kind"):
        _ends(found)


def end_days(found: Examination, *kinds: str) -> tuple[Integers, Floats]:
    """Keys of the subjects with an end of one of these kinds, and the day of the earliest."""
    if not found.has("events", "trial", "subject", "day", "kind"):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    events = found.tables["events"]
    ended = np.isin(events["kind"], kinds) & ~np.isnan(events["day"])
    own, day = found.keys("events")[ended], events["day"][ended]
    order = np.lexsort((day, own))
    subjects, first = np.unique(own[order], return_index=True)
    return subjects, day[order][first]


def _attendance(found: Examination) -> None:
    visits = found.tables["visits"]
    attended, missed = visits["attended"] == 1, visits["attended"] == 0
    dated = ~np.isnan(visits["day"])
    undated = attended & ~dated & ~found.emptied("visits", "day")
    found.note_rows("attended_without_day", "visits", "was attended and has no day", column="day", rows=undated)
    found.note_rows("missed_with_day", "visits", "was missed and has a day", column="day", rows=missed & dated)
    there = {name: missed & _present(visits[name]) for name in MEASURED if name in visits}
    found.note_rows(
        "missed_with_measurements",
        "visits",
        lambda row: f"is false, and there are values of {_listed([name for name in there if there[name][row]])}",
        column="attended",
        rows=np.any(list(there.values()), axis=0) if there else np.zeros(visits.length, dtype=np.bool_),
    )


def _present(values: Column) -> Flags:
    """Where a column has a value."""
    if values.dtype.kind == "U":
        return np.asarray(values != "")
    return values != -1 if values.dtype == np.int8 else ~np.isnan(values)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more columns" if len(names) > 3 else "")


def _visit_order(found: Examination) -> None:
    visits = found.tables["visits"]
    own, day, nominal = found.keys("visits"), visits["day"], _nominal_days(visits)
    held, name = (visits["attended"] == 1) & ~np.isnan(day) & (own >= 0), visits["visit"]
    rows = np.flatnonzero(held & ~np.isnan(nominal))
    rows = rows[np.lexsort((nominal[rows], own[rows]))]
    later, earlier = rows[1:], rows[:-1]
    wrong = (own[later] == own[earlier]) & (nominal[later] > nominal[earlier]) & (day[later] <= day[earlier])
    before = dict(zip(later[wrong].tolist(), earlier[wrong].tolist(), strict=True))
    found.note_rows(
        "visits_out_of_order",
        "visits",
        lambda row: f"day {day[row]:g}, not after {name[before[row]]} on day {day[before[row]]:g}",
        column="day",
        rows=np.sort(later[wrong]),
    )
    rows = np.flatnonzero(held & ~np.isin(name, T_CELLS_ALONE))
    rows = rows[np.lexsort((rows, day[rows], own[rows]))]
    same = (own[rows[1:]] == own[rows[:-1]]) & (day[rows[1:]] == day[rows[:-1]])
    found.note_rows(
        "two_visits_one_day",
        "visits",
        "another attended visit on this day",
        column="day",
        rows=np.sort(rows[1:][same]),
    )


def _nominal_days(visits: Table) -> Floats:
    """Planned day of each visit; NaN for an unscheduled one."""
    nominal = np.full(visits.length, np.nan)
    for visit, planned in {**SCHEDULE, **LONG_TERM}.items():
        nominal[visits["visit"] == visit] = planned
    return nominal


def _plan(found: Examination) -> None:
    visits = found.tables["visits"]
    day, name, own = visits["day"], visits["visit"], found.keys("visits")
    held, nominal = (visits["attended"] == 1) & ~np.isnan(day), _nominal_days(visits)
    found.note_rows(
        "visit_far_from_plan",
        "visits",
        lambda row: f"day {number(day[row])}, planned for day {number(nominal[row])}",
        column="day",
        rows=held & (np.abs(day - nominal) > FAR),
    )
    if "planned_day" in visits:
        planned_day = visits["planned_day"]
        found.note_rows(
            "planned_day_differs",
            "visits",
            lambda row: f"{number(planned_day[row])}, the protocol's is {number(nominal[row])}",
            column="planned_day",
            rows=(np.abs(planned_day - nominal) > 0) & (nominal >= 0),
        )
    found.note_rows(
        "baseline_after_infusion",
        "visits",
        lambda row: f"day {number(day[row])} is after the first infusion",
        column="day",
        rows=held & np.isin(name, ("SCR", "D0")) & (day > 0),
    )
    if found.has("candidates", "trial", "subject"):
        candidates = found.keys("candidates")
        with_baseline = own[held & (name == "D0")]
        without = np.isin(candidates, infused(found)) & ~np.isin(candidates, with_baseline)
        found.note_rows("missing_baseline", "candidates", "has no attended D0", column="subject", rows=without)


def _infusions(found: Examination) -> None:
    infusions = found.tables["infusions"]
    own, which, day = found.keys("infusions"), infusions["infusion"], infusions["day"]
    given = ~np.isnan(day) & (own >= 0)
    first, second = given & (which == 1), given & (which == 2)
    found.note_rows(
        "infusion_not_day_0",
        "infusions",
        lambda row: f"day {number(day[row])}; all study days count from the first infusion, which is day 0",
        column="day",
        rows=first & (day != 0),
    )
    first_day = lookup(own, own[first], day[first], np.nan)
    found.note_rows(
        "infusion_order",
        "infusions",
        lambda row: f"infusion 2 on day {number(day[row])}, infusion 1 on day {number(first_day[row]) or 'none'}",
        column="day",
        rows=second & ~(day > first_day),
    )
    if "reason_not_given" in infusions:
        explained = infusions["reason_not_given"] != ""
        found.note_rows(
            "infusion_contradicts",
            "infusions",
            lambda row: f"given on day {number(day[row])}, and not given ({infusions['reason_not_given'][row]})",
            column="reason_not_given",
            rows=given & explained,
        )
        found.note_rows(
            "infusion_unexplained",
            "infusions",
            "neither a day nor a reason why it was not given",
            column="reason_not_given",
            rows=np.isnan(day) & ~explained,
        )


def _ends(found: Examination) -> None:
    """Nothing follows the end of participation, but death may."""
    subjects, day = end_days(found, *ENDS)
    text = "day {} is after the end of participation on day {}"
    for kind, table, column, counted in (
        ("visit_after_end", "visits", "day", "attended"),
        ("infusion_after_end", "infusions", "day", ""),
        ("dose_after_end", "dosing", "start_day", ""),
    ):
        if found.has(table, "trial", "subject", column, *([counted] if counted else [])):
            data = found.tables[table]
            end = lookup(found.keys(table), subjects, day, np.nan)
            late = data[column] > end
            if counted:
                late &= data[counted] == 1
            _late(found, kind, table, column, late, end, text)
    if found.has("dosing", "trial", "subject", "start_day", "end_day"):
        data = found.tables["dosing"]
        end = lookup(found.keys("dosing"), subjects, day, np.nan)
        late = (data["end_day"] > end) & ~(data["start_day"] > end)
        _late(found, "dose_beyond_end", "dosing", "end_day", late, end, text)
    _events_after(found, subjects, day)


def _late(found: Examination, kind: str, table: str, column: str, late: Flags, end: Floats, text: str) -> None:
    values = found.tables[table][column]
    found.note_rows(
        kind, table, lambda row: text.format(number(values[row]), number(end[row])), column=column, rows=late
    )


def _events_after(found: Examination, subjects: Integers, day: Floats) -> None:
    events: Table = found.tables["events"]
    own, kind = found.keys("events"), events["kind"]
    end = lookup(own, subjects, day, np.nan)
    dead, death_day = end_days(found, "death")
    death = lookup(own, dead, death_day, np.nan)
    ends = np.isin(kind, ENDS)
    late = (events["day"] > death) | ((events["day"] > end) & ~ends)
    _late(
        found, "event_after_end", "events", "day", late, np.fmin(end, death), "day {} is after the end on day {}"
    )
    place = np.flatnonzero(ends & (own >= 0))
    place = place[np.lexsort((events["day"][place], own[place]))]
    again = np.sort(place[1:][own[place[1:]] == own[place[:-1]]])
    found.note_rows(
        "several_ends",
        "events",
        "participation had ended already; the earliest end counts",
        column="kind",
        rows=again,
    )
    early = ends & (events["day"] < 0) & np.isin(own, infused(found))
    found.note_rows(
        "end_before_infusion",
        "events",
        lambda row: f"day {number(events['day'][row])} is before the first infusion on day 0",
        column="day",
        rows=early,
    )
