"""One subject's record: who was infused, what was measured when, the daily dose, what happened."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.independent.rows import Data, Row

ENDS = ("death", "withdrawal", "lost_to_follow_up")
WINDOW = 7
CARRY = 35


@dataclass
class Subject:
    """The rows of one infused subject; `visits` are the attended ones in order of day."""

    trial: int
    number: int
    candidate: Row
    visits: list[Row] = field(default_factory=list)
    dosing: list[Row] = field(default_factory=list)
    infusions: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


def infused_subjects(data: Data) -> list[Subject]:
    """The full analysis set: everybody who received the first infusion, by trial and subject."""
    subjects: dict[tuple[int, int], Subject] = {}
    for row in data["candidates"]:
        if row["subject"] is not None:
            subjects[row["trial"], row["subject"]] = Subject(row["trial"], row["subject"], row)
    for row in data["visits"]:
        if row["attended"]:
            subjects[row["trial"], row["subject"]].visits.append(row)
    for table in ("dosing", "infusions", "events"):
        for row in data[table]:
            getattr(subjects[row["trial"], row["subject"]], table).append(row)
    for subject in subjects.values():
        subject.visits.sort(key=lambda row: row["day"])
        subject.dosing.sort(key=lambda row: row["start_day"])
        subject.events.sort(key=lambda row: row["day"])
    chosen = [subject for subject in subjects.values() if first_infusion_given(subject)]
    return sorted(chosen, key=lambda subject: (subject.trial, subject.number))


def first_infusion_given(subject: Subject) -> bool:
    return any(row["infusion"] == 1 and row["day"] is not None for row in subject.infusions)


def visit_named(subject: Subject, name: str) -> Row | None:
    """The attended visit of that name."""
    for visit in subject.visits:
        if visit["visit"] == name:
            return visit
    return None


def analysis_visit(subject: Subject, name: str, nominal: int, complete: Callable[[Row], bool]) -> Row | None:
    """The visit that a yes/no endpoint is judged on.

    The scheduled visit, on whatever day it was held; else the attended visit nearest to the nominal day within
    seven days (tie: the later); else the last one at most 35 days before; each only if `complete`.
    """
    scheduled = visit_named(subject, name)
    if scheduled is not None and complete(scheduled):
        return scheduled
    near = [v for v in subject.visits if abs(v["day"] - nominal) <= WINDOW and complete(v)]
    if near:
        return min(near, key=lambda v: (abs(v["day"] - nominal), -v["day"]))
    before = [v for v in subject.visits if nominal - CARRY <= v["day"] < nominal and complete(v)]
    return max(before, key=lambda v: v["day"]) if before else None


def dose_on(subject: Subject, day: int) -> float | None:
    """The dose of that day; after the last period the last dose carries forward; None before the first."""
    dose = None
    for period in subject.dosing:
        if period["start_day"] <= day:
            dose = period["dose"]
    return dose


def doses(subject: Subject, first: int, last: int) -> list[float | None]:
    """The dose of each day from `first` to `last`."""
    return [dose_on(subject, day) for day in range(first, last + 1)]


def ended_before(subject: Subject, day: int) -> str | None:
    """How participation ended, if it did before that day: the earliest end; on one day death goes first."""
    ends = [row for row in subject.events if row["kind"] in ENDS and row["day"] < day]
    return min(ends, key=lambda row: (row["day"], ENDS.index(row["kind"])))["kind"] if ends else None


def happened(subject: Subject, kind: str, first: int, last: int) -> bool:
    """Was an event of that kind recorded from day `first` to day `last`, both inclusive?"""
    return any(row["kind"] == kind and first <= row["day"] <= last for row in subject.events)
