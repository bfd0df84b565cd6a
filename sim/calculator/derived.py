"""Derived columns of visits: recomputed from their inputs, compared, and never trusted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.findings import Examination, number, ranges, subject_keys
from sim.calculator.people import lookup
from sim.config.analysis import Analysis
from sim.core.tables import Table
from sim.endpoints.sledai_endpoints import CLINICAL_COLUMNS, MEASUREMENTS
from sim.instruments.score import score
from sim.instruments.sledai import LABORATORY

Flags = NDArray[np.bool_]

_ROUNDED: Final = 0.5
"""A recorded filtration rate may be rounded to whole numbers."""
_KEYS: Final = ("trial", "subject", "visit", "day", "attended")
_COMPARED: Final = (
    *(*_KEYS, *MEASUREMENTS, *CLINICAL_COLUMNS, "serum_creatinine", "egfr", "sledai2k", "prednisone_dose"),
    *(f"sledai_{name}" for name in LABORATORY),
)


@dataclass(frozen=True)
class Compared:
    """One derived column: visits with both values, how many of them differ, and which of the two is used.

    filled : visits at which nothing was recorded and the recomputation is used, of columns used as recorded.
    """

    column: str
    visits: int
    differ: int
    rule: str
    filled: int = 0

    def __str__(self) -> str:
        more = f"; worked out at {self.filled:,} visits without one" if self.filled else ""
        return f"{self.column}: {self.rule}; differs in {self.differ:,} of {self.visits:,} visits{more}"


def compare_derived(found: Examination, analysis: Analysis) -> list[Compared]:
    """Compare `egfr`, `sledai2k`, the laboratory descriptors and the dose of a visit with their recomputation."""
    if not found.has("visits", *_KEYS) or not found.has("candidates", "trial", "subject", "age", "sex"):
        return []
    columns = (*(f"sledai_{name}" for name in LABORATORY), "egfr", "sledai2k")
    present = [name for name in columns if found.has("visits", name)]
    visits, order = _in_order(found)
    compared = []
    if present:
        again = _scored(visits, analysis)
        for name in present:
            compared.append(compare(found, name, visits[name], again[name], order, "derived_differs"))
    if found.has("visits", "prednisone_dose") and found.has("dosing", "trial", "subject", "start_day", "dose"):
        dose = _dose_of_day(found, visits)
        compared.append(compare(found, "prednisone_dose", visits["prednisone_dose"], dose, order, "dose_differs"))
    return compared


def _in_order(found: Examination) -> tuple[Table, NDArray[np.int64]]:
    """The attended visits by subject and day, with every column the scores read, and their rows in the file."""
    visits, candidates = found.tables["visits"], found.tables["candidates"]
    rows = np.flatnonzero((visits["attended"] == 1) & ~np.isnan(visits["day"]) & (found.keys("visits") >= 0))
    order = rows[np.lexsort((visits["day"][rows], found.keys("visits")[rows]))]
    taken = visits.only(name for name in visits if name in _COMPARED).where(order)
    own = found.keys("candidates")
    person = {
        "age": lookup(subject_keys(taken), own, candidates["age"], np.nan),
        "sex": lookup(subject_keys(taken), own, candidates["sex"], ""),
    }
    absent: dict[str, NDArray[np.generic]] = {}
    for name in (*MEASUREMENTS, "serum_creatinine"):
        if name not in visits and name != "cellular_casts":
            absent[name] = np.full(taken.length, np.nan)
    for name in (*CLINICAL_COLUMNS, "cellular_casts"):
        if name not in visits:
            absent[name] = np.full(taken.length, -1, dtype=np.int8)
    return taken.adding(person | absent), order


def _scored(visits: Table, analysis: Analysis) -> Table:
    _, subject = np.unique(subject_keys(visits), return_inverse=True)
    return score(
        visits,
        subject.astype(np.int64),
        equation=analysis.egfr_equation,
        c3_limit=analysis.c3_lower_limit,
        c4_limit=analysis.c4_lower_limit,
        anti_dsdna_limit=analysis.anti_dsdna_upper_limit,
        serology_days=(analysis.serology_days_before, analysis.serology_days_after),
        creatinine_excretion=analysis.creatinine_excretion,
    )


def _dose_of_day(found: Examination, visits: Table) -> NDArray[np.float64]:
    """The dose in force on the day of each visit from day 0 on; NaN before it and where none is recorded."""
    dosing = found.tables["dosing"]
    known = np.flatnonzero((found.keys("dosing") >= 0) & ~np.isnan(dosing["start_day"]))
    order = known[np.lexsort((dosing["start_day"][known], found.keys("dosing")[known]))]
    subjects, own = np.unique(found.keys("dosing")[order], return_inverse=True)
    span = 1.0e6
    place_of = np.searchsorted(subjects, subject_keys(visits))
    inside = np.minimum(place_of, max(len(subjects) - 1, 0))
    last = (
        np.searchsorted(own * span + dosing["start_day"][order], inside * span + visits["day"], side="right") - 1
    )
    place = np.maximum(last, 0)
    if not len(order):
        return np.full(visits.length, np.nan)
    fits = (last >= 0) & (subjects[inside] == subject_keys(visits)) & (own[place] == inside) & (visits["day"] >= 0)
    return np.where(fits, dosing["dose"][order][place], np.nan)


def compare(
    found: Examination,
    name: str,
    recorded: NDArray[np.generic],
    again: NDArray[np.generic],
    order: NDArray[np.int64],
    kind: str,
    show: Callable[[float], str] = number,
) -> Compared:
    """Count the visits at which what is recorded is not what comes out again, and note them.

    order : row of the file of each value. show : how a value is written in an example.
    """
    left, right = (np.where(_known(values), values, np.nan).astype(np.float64) for values in (recorded, again))
    both = ~np.isnan(left) & ~np.isnan(right)
    differs = both & (np.abs(left - right) > (_ROUNDED if name == "egfr" else 0.0) + 1e-9)
    rule = "as recorded" if kind == "grade_differs" else "recomputed"
    result = Compared(name, int(both.sum()), int(differs.sum()), rule)
    if result.differ:
        first = int(np.argmin(np.where(differs, order, np.iinfo(np.int64).max)))
        example = f"row {order[first] + 1} has {show(left[first])}, recomputed {show(right[first])}"
        counted = f"differs in {result.differ:,} of {result.visits:,} visits"
        rows = ranges(np.sort(order[differs]) + 1)
        found.note(kind, "visits", f"{rule}; {counted} (rows {rows}); {example}", column=name)
    return result


def _known(values: NDArray[np.generic]) -> Flags:
    return np.asarray(values != -1 if values.dtype == np.int8 else ~np.isnan(values.astype(np.float64)))
