"""Putting a data set together: who a row belongs to, and the flares as the clinic records them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Column, Table
from sim.instruments.sfi import modified_sfi_severe, severe_manifestation
from sim.observations.visit import CNS_ITEMS
from sim.screening.fill import Enrolled
from sim.trial.courses import Courses

_DOMAINS = np.array(["", "renal", "haematological", "renal, haematological", "extrarenal", "renal, extrarenal",
                     "haematological, extrarenal", "renal, haematological, extrarenal"])  # fmt: skip


def with_keys(table: Table, trial: Column, subject: Column) -> Table:
    """Replace `row` (a patient's position) by trial and subject."""
    row = table["row"]
    rest = {name: column for name, column in table.items() if name not in ("row", "place")}
    return Table({"trial": trial[row], "subject": subject[row], **rest})


def previous(row: NDArray[np.int64], attended: Column, values: Column) -> Column:
    """Value at the patient's last attended visit before each visit; NaN at the first. Rows in order of time."""
    places = np.arange(len(row))
    latest = np.maximum.accumulate(np.where(attended, places, -1))
    before = np.append(-1, latest[:-1])
    known = (before >= 0) & (row[np.maximum(before, 0)] == row)
    return np.asarray(np.where(known, values[np.maximum(before, 0)].astype(np.float64), np.nan))


def flares(courses: Courses, visits: Table, weight: Column) -> Table:
    """Recognised flares with the severity of the modified SFI, judged on the visit and on its orders.

    visits : of all patients, all visits in order of time, with `row` and `place` (position among the patient's
             visits) and every measurement; weight : (patients,), kg.
    A flare that is not severe by the index is recorded as moderate.
    """
    row, attended = visits["row"], visits["attended"]
    seen = courses.visits[courses.visit_start[row] + visits["place"]]
    found = attended & (seen["flare"] > 0)

    def new(name: str) -> Column:
        return np.asarray((visits[name] == 1) & (previous(row, attended, visits[name]) == 0.0))

    cns = np.logical_or.reduce([new(f"sledai_{name}") for name in CNS_ITEMS])
    hemolysis = (visits["hemoglobin"] <= 10.0 + 1e-9) & (visits["reticulocytes"] > 2.5 + 1e-9)
    nobody = np.zeros(len(row), bool)
    manifestation = severe_manifestation(
        cns, new("sledai_vasculitis"), new("sledai_myositis"), nobody,
        visits["platelets"], previous(row, attended, visits["platelets"]),
        visits["hemoglobin"], previous(row, attended, visits["hemoglobin"]), hemolysis,
    )  # fmt: skip
    severe = modified_sfi_severe(
        seen["flare"] == 2, seen["ordered_dose"], seen["dose"], weight[row], seen["immunosuppressant"] == 1,
        manifestation,
    )  # fmt: skip
    detail = _DOMAINS[seen["flare_domains"]]
    return Table(
        {
            "row": row[found],
            "day": visits["day"][found].astype(np.int64),
            "kind": np.full(int(found.sum()), "flare", "<U24"),
            "severity": np.where(severe, "severe", "moderate")[found].astype("<U8"),
            "domain": np.full(int(found.sum()), "", "<U16"),
            "detail": detail[found].astype("<U40"),
        }
    )


def replacing(outcomes: Table, others: Table) -> Table:
    """Endpoint rows with those of some subjects replaced; both sorted by trial, subject and endpoint."""
    if others.length == 0:
        return outcomes
    span = int(max(outcomes["subject"].max(), others["subject"].max())) + 1
    keys = outcomes["trial"].astype(np.int64) * span + outcomes["subject"]
    subjects = np.unique(others["trial"].astype(np.int64) * span + others["subject"])
    place = np.minimum(np.searchsorted(subjects, keys), len(subjects) - 1)
    rows = np.flatnonzero(subjects[place] == keys)
    columns = {}
    for name, column in outcomes.items():
        replaced = column.astype(np.promote_types(column.dtype, others[name].dtype))
        replaced[rows] = others[name]
        columns[name] = replaced
    return Table(columns)


def people(enrolled: Enrolled, subjects: Table, infused: NDArray[np.bool_]) -> Table:
    """Who the enrolled are, in small columns: subgroup (0 LN, 1 LC), infused, lymphopenia_only (int8)."""
    others = np.maximum.reduce([subjects[name] == 1 for name in ("I5_1E", "I5_1N", "I5_1P")])
    lymphopenia_only = (subjects["subgroup"] == "LC") & (subjects["I5_1L"] == 1) & ~others
    return Table(
        {
            "trial": enrolled.trial,
            "subject": enrolled.subject,
            "subgroup": enrolled.person["subgroup"].astype(np.int8),
            "infused": infused.astype(np.int8),
            "lymphopenia_only": lymphopenia_only.astype(np.int8),
        }
    )


def unanswered(people: Table, names: Sequence[str], number: str) -> Table:
    """Columns for answers to yes/no questions, nobody in their population; `number` alone is a number, missing."""
    columns: dict[str, Column] = {}
    for name in names:
        if name == number:
            columns[name] = np.full(people.length, np.nan)
        else:
            columns[name] = np.full(people.length, -1, np.int8)
            columns[f"{name}_missing"] = np.zeros(people.length, np.int8)
    return people.adding(columns)


def answered(bank: Table, found: Table) -> Table:
    """A bank with the answers of some of its patients replaced; both are sorted by trial and subject."""
    if not found.length:
        return bank
    span = int(max(bank["subject"].max(), found["subject"].max())) + 1
    rows = np.searchsorted(
        bank["trial"].astype(np.int64) * span + bank["subject"],
        found["trial"].astype(np.int64) * span + found["subject"].astype(np.int64),
    )
    columns = {}
    for name, column in found.items():
        if name not in ("trial", "subject"):
            columns[name] = bank[name].copy()
            columns[name][rows] = column
    return bank.adding(columns)


def in_order(events: Table) -> Table:
    """Events by patient, day, kind and detail."""
    order = np.lexsort((events["detail"], events["kind"], events["day"], events["row"]))
    return events.where(order)
