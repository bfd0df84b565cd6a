"""BILAG-2004 of an outside data set: grades worked out again, compared, and filled in where none is recorded."""

import dataclasses
from collections.abc import Collection
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.derived import Compared, compare
from sim.calculator.findings import Examination, number
from sim.config.analysis import Analysis
from sim.core.tables import Table
from sim.endpoints.dataset import DataSet
from sim.endpoints.renal import filtration_at_visits
from sim.endpoints.sledai_endpoints import descriptors_at_visits
from sim.instruments.bilag import DOMAINS, GRADES, UNKNOWN, C, D, letters_of
from sim.instruments.bilag_items import FROM_SLEDAI, ITEM_DOMAINS, ITEMS, NEW, NOT_DONE, item_grade
from sim.instruments.bilag_renal import CHRONIC_LESIONS
from sim.instruments.bilag_visits import bilag_at_visits
from sim.instruments.nullable import any_of

Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

_NUMBERS: Final = {
    "renal": ("upcr", "serum_creatinine", "urine_rbc", "urine_wbc", "albumin", "systolic_bp", "diastolic_bp"),
    "haematological": ("hemoglobin", "reticulocytes", "wbc", "neutrophils", "lymphocytes", "platelets"),
}
_FLAGS: Final = {"renal": ("cellular_casts", "edema"), "haematological": ("coombs",)}
"""What the two domains are graded on that need measurements alone; the other seven need their items."""
_HISTORY: Final = {"renal": ("biopsy_age_days",), "haematological": ()}
ITEM: Final = "bilag_item_"


def items_of(domain: str) -> tuple[str, ...]:
    """The columns of the items of a domain; none for the kidney and the blood."""
    return tuple(f"{ITEM}{name}" for names in ITEMS.get(domain, {}).values() for name in names)


def gradable(candidates: Collection[str], visits: Collection[str]) -> tuple[str, ...]:
    """Domains whose grade follows from columns that a data set has: all measurements, or at least one item."""
    found = [name for name in ITEM_DOMAINS if any(column in visits for column in items_of(name))]
    for name, needed in _NUMBERS.items():
        inputs = {*needed, *_FLAGS[name]}
        if inputs <= set(visits) and set(_HISTORY[name]) <= set(candidates):
            found.append(name)
    return tuple(found)


def check_items(found: Examination) -> None:
    """Note codes of items that are none; they count as not looked for."""
    for column in (name for domain in ITEM_DOMAINS for name in items_of(domain)):
        if found.has("visits", column):
            code = found.tables["visits"][column]
            wrong = (code < 0) | (code > NEW)
            found.note_rows("unknown_category", "visits", partial(_no_code, code), column=column, rows=wrong)


def _no_code(code: NDArray[np.float64], row: int) -> str:
    return f"{number(code[row])} is no change of an item; allowed: 0 to {NEW}"


def complete(found: Examination, data: DataSet, analysis: Analysis) -> tuple[DataSet, list[Compared]]:
    """The data set with a grade wherever one is recorded or follows from what is there; and the comparison.

    A recorded grade is the physician's, who may know another cause, and counts; differences are noted. Whether a
    domain was ever affected before the trial is not in the tables: D and E are taken for one.
    """
    domains = gradable(tuple(data.subjects), tuple(data.visits))
    measured = _of_measurements(data, analysis) if set(domains) & set(_NUMBERS) else {}
    visits, compared = data.visits, []
    for name in domains:
        again = (
            _of_items(data, name) if name in ITEMS else np.where(_all_there(data, name), measured[name], UNKNOWN)
        )
        again = np.minimum(again, D).astype(np.int8)
        recorded = np.minimum(data.grades(name), D)
        result = compare(
            found, f"bilag_{name}", recorded, again, data.attended.rows, "grade_differs", show=_letter
        )
        open_place = (recorded == UNKNOWN) & (again != UNKNOWN)
        compared.append(dataclasses.replace(result, filled=int(open_place.sum())))
        visits = _filled(visits, f"bilag_{name}", data.attended.rows[open_place], again[open_place])
    _contradictions(found, data, analysis)
    return dataclasses.replace(data, visits=visits), compared


def _filled(visits: Table, column: str, rows: NDArray[np.int64], codes: Codes) -> Table:
    """The visits with grades written where none was."""
    grades = np.zeros(visits.length, "<U1")
    if column in visits:
        grades[:] = visits[column]
    grades[rows] = letters_of(codes)
    return visits.adding({column: grades})


def _letter(code: float) -> str:
    return "D or E" if code == D else GRADES[int(code)]


def _all_there(data: DataSet, domain: str) -> Flags:
    """Attended visits at which nothing is missing that the domain is graded on."""
    known = [~np.isnan(data.measured(name)) for name in _NUMBERS[domain]]
    known += [data.flags(name) != -1 for name in _FLAGS[domain]]
    return np.asarray(np.all(known, axis=0), dtype=np.bool_)


def _of_items(data: DataSet, domain: str) -> Codes:
    """A domain from its items: one without a column was looked for and not found, one without a value was not."""
    items: dict[str, Codes] = {}
    for column in items_of(domain):
        if column in data.attended:
            code = data.measured(column)
            known = (code >= 0) & (code <= NEW)
            items[column.removeprefix(ITEM)] = np.where(known, code, NOT_DONE).astype(np.int8)
    return item_grade(domain, items, np.ones(data.attended.length, np.int8))


def _of_measurements(data: DataSet, analysis: Analysis) -> dict[str, Codes]:
    """Codes of every attended visit with BILAG; only those of the kidney and the blood mean anything."""
    held = data.attended
    columns: dict[str, NDArray[Any]] = {"visit": held["visit"], "day": held["at_day"]}
    columns["attended"] = np.ones(held.length, dtype=np.bool_)
    for names in _NUMBERS.values():
        columns |= {name: data.measured(name) for name in names}
    for names in _FLAGS.values():
        columns |= {name: data.flags(name) for name in names}
    columns |= {f"sledai_{name}": flag for name, flag in descriptors_at_visits(data, analysis).items()}
    columns["egfr"] = filtration_at_visits(data, analysis)
    age = data.subjects.get("biopsy_age_days", np.full(data.size, np.nan)).astype(np.float64)
    lesions = data.subjects.get("biopsy_lesions", np.zeros(data.size, "<U3"))
    return bilag_at_visits(Table(columns), held["row"], {}, np.where(lesions == CHRONIC_LESIONS, np.nan, age))


def _contradictions(found: Examination, data: DataSet, analysis: Analysis) -> None:
    """A domain that is inactive (D or E) on a day on which SLEDAI-2K has a manifestation of it."""
    present = descriptors_at_visits(data, analysis)
    domain_of = {item: domain for domain in ITEM_DOMAINS for item in items_of(domain)}
    signs: dict[str, list[str]] = {name: [] for name in DOMAINS}
    for row in FROM_SLEDAI:
        signs[domain_of[f"{ITEM}{row.item}"]] += row.descriptors
    for domain, names in signs.items():
        grade = data.grades(domain)
        if names and f"bilag_{domain}" in data.attended:
            active = any_of(*(present[name] for name in names)) == 1
            rows = data.attended.rows[active & (grade > C)]
            text = f"inactive, and SLEDAI-2K has one of {', '.join(names)}"
            found.note_rows("grade_contradicts", "visits", text, column=f"bilag_{domain}", rows=np.sort(rows))
