"""Putting a data set together: who a row belongs to, and the flares as the clinic records them."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Column, Table
from sim.instruments.recorded_sfi import FlareIndex, Orders, flare_codes
from sim.instruments.sfi import NO_FLARE, SEVERE
from sim.instruments.visit_order import event_within
from sim.screening.fill import Enrolled
from sim.trial.courses import Courses

_DOMAINS = np.array(["", "renal", "haematological", "renal, haematological", "extrarenal", "renal, extrarenal",
                     "haematological, extrarenal", "renal, haematological, extrarenal"])  # fmt: skip


def with_keys(table: Table, trial: Column, subject: Column) -> Table:
    """Replace `row` (a patient's position) by trial and subject."""
    row = table["row"]
    rest = {name: column for name, column in table.items() if name not in ("row", "place")}
    return Table({"trial": trial[row], "subject": subject[row], **rest})


def flares(courses: Courses, visits: Table, weight: Column, recorded: Table, index: FlareIndex) -> Table:
    """Flares with the severity of the flare index, judged on the visit and on its orders (reading X35).

    visits   : of all patients, all visits in order of time, with `row` and `place` (position among the patient's
               visits), every measurement and the scores; weight : (patients,), kg.
    recorded : events with `row`, `day` and `kind`; a renal flare is a new nephritis on the day that dates it.
    A recognised flare that is not severe by the index is recorded as moderate. The detail is the domains of the
    recognised flare, or `index` where nobody recognised one.
    """
    held = visits.where(np.flatnonzero(visits["attended"] == 1))
    row, day = held["row"], held["day"].astype(np.float64)
    seen = courses.visits[courses.visit_start[row] + held["place"]]
    orders = Orders(seen["flare"], seen["dose"], seen["ordered_dose"], weight[row], seen["immunosuppressant"] == 1)
    renal = recorded["kind"] == "renal_flare"
    nephritis = event_within(row, day, recorded["row"][renal], recorded["day"][renal].astype(np.float64), days=0)
    codes = flare_codes(held, row, orders, nephritis, index)
    found = codes != NO_FLARE
    detail = np.where(seen["flare"] > 0, _DOMAINS[seen["flare_domains"]], "index")
    return Table(
        {
            "row": row[found],
            "day": held["day"][found].astype(np.int64),
            "kind": np.full(int(found.sum()), "flare", "<U24"),
            "severity": np.where(codes == SEVERE, "severe", "moderate")[found].astype("<U8"),
            "domain": np.full(int(found.sum()), "", "<U20"),
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


def unmeasured(people: Table, names: Iterable[str]) -> Table:
    """Columns for numbers that nobody has shown yet, beside who the people are."""
    nobody = np.full(people.length, np.nan)
    return people.adding({name: nobody for name in names if name not in ("trial", "subject")})


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
