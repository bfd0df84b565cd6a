"""S8, S10, O1 and O2: changes from baseline, one for each visit and measurement, never carried forward."""

import math
from collections.abc import Callable

from tests.independent.bilag import points, recorded
from tests.independent.hematologic import excluded
from tests.independent.readings import Readings
from tests.independent.renal import filtration
from tests.independent.rows import PLANNED_DAY, Row
from tests.independent.sledai import total
from tests.independent.subject import Subject, visit_named

RECORD_VISITS = ("D3", "W1", "W4", "W12", "W24")
KIDNEY_VISITS = ("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")
VISITS: dict[str, dict[str, tuple[str, ...]]] = {
    "S8": dict.fromkeys(("wbc", "platelets", "hemoglobin"), RECORD_VISITS),
    "S10": dict.fromkeys(("serum_creatinine", "egfr", "upcr", "log_upcr"), KIDNEY_VISITS),
    "O1": {"sledai2k": RECORD_VISITS, "sdi": RECORD_VISITS, "bilag": ("W4", "W12", "W24")},
    "O2": dict.fromkeys(("treg", "th17"), (*RECORD_VISITS, "Y0.5", "Y1", "Y1.5", "Y2", "Y3")),
}
POPULATION = {"S8": "LC", "S10": "LN", "O1": None, "O2": None}
SPOILT_BY = {"wbc": "N", "platelets": "P", "hemoglobin": "E"}
Value = float | None


def value_at(subject: Subject, row: Row, endpoint: str, variable: str, readings: Readings) -> Value:
    """What was measured at a visit; None if it was not, or if something given before spoilt it (S8)."""
    if endpoint == "S8":
        return None if excluded(subject, SPOILT_BY[variable], row["day"]) else row[variable]
    if variable == "egfr":
        return filtration(subject, row, readings)
    if variable == "sledai2k":
        return total(row, subject.visits, float(readings.X29))
    if variable == "bilag":
        grades = recorded(row)
        return None if grades is None else points(grades)
    return row["upcr" if variable == "log_upcr" else variable]


def assessment(subject: Subject, name: str, value: Callable[[Row], Value]) -> Row | None:
    """The scheduled visit, else the nearest within seven days of its day, two up to day 7 (tie: the later)."""
    scheduled = visit_named(subject, name)
    if scheduled is not None and value(scheduled) is not None:
        return scheduled
    nominal = PLANNED_DAY[name]
    window = 2 if nominal <= 7 else 7
    near = [
        row
        for row in subject.visits
        if row["day"] > 0 and abs(row["day"] - nominal) <= window and value(row) is not None
    ]
    return min(near, key=lambda row: (abs(row["day"] - nominal), -row["day"])) if near else None


def change(subject: Subject, endpoint: str, variable: str, name: str, readings: Readings) -> Value:
    """Difference from day 0 (`log_upcr`: log ratio); None without both values, or without a logarithm."""

    def value(row: Row) -> Value:
        return value_at(subject, row, endpoint, variable, readings)

    baseline = visit_named(subject, "D0")
    row = assessment(subject, name, value)
    if baseline is None or row is None or value(baseline) is None:
        return None
    before, after = value(baseline), value(row)
    if variable != "log_upcr":
        return after - before
    return math.log(after / before) if before > 0 and after > 0 else None


def changes(subject: Subject, endpoint: str, readings: Readings) -> list[tuple[str, str, bool, Value]]:
    """(variable, visit, in population, value) of every row of one subject and endpoint."""
    member = POPULATION[endpoint] in (None, subject.candidate["subgroup"])
    return [
        (variable, name, member, change(subject, endpoint, variable, name, readings) if member else None)
        for variable, names in VISITS[endpoint].items()
        for name in names
    ]
