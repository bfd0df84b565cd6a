"""Hematologic flare in lupus cytopenia: relapse after improvement (Cheson 2006), BILAG, and the flare index.

Every route needs the next sample of the lineage to confirm it, and is recorded on that day.
"""

from collections.abc import Callable
from itertools import pairwise

from tests.independent.flare_readings import USUAL_FLARES, FlareReadings
from tests.independent.hematologic import COLUMN, before_treatment, improved, qualified
from tests.independent.lldas import hemolytic
from tests.independent.rows import Row
from tests.independent.subject import Subject

TINY = 1e-9
ENTRY: dict[str, Callable[[float], bool]] = {
    "E": lambda value: value <= 10 + TINY,
    "N": lambda value: value < 1.0 - TINY,
    "P": lambda value: value < 100 - TINY,
}


def halved(value: float, reference: float) -> bool:
    return value <= 0.5 * reference + TINY


def fallen(lineage: str, value: float, reference: float) -> bool:
    """By 30 % (platelets, neutrophils) or by 1 g/dL (hemoglobin)."""
    if lineage == "E":
        return value <= reference - 1.0 + TINY
    return value <= 0.7 * reference + TINY


def severe(lineage: str, value: float, reference: float, hemolysis: bool) -> bool:
    """The flare index: platelets below 60 and halved; with hemolysis, hemoglobin below 7 or down by over 3."""
    if lineage == "P":
        return value < 60 - TINY and halved(value, reference)
    return lineage == "E" and hemolysis and (value < 7 - TINY or value < reference - 3 - TINY)


def best(values: list[float], reading: str) -> float | None:
    """Mean of the best two consecutive values after day 0, or the best value."""
    if reading == "single":
        return max(values, default=None)
    pairs = [(first + second) / 2 for first, second in pairwise(values)]
    return max(pairs) if pairs else None


def transfused(subject: Subject, lineage: str, after: int, day: int) -> bool:
    detail = {"E": "red_cells", "P": "platelets"}.get(lineage)
    return any(
        event["kind"] == "transfusion" and event["detail"] == detail and after < event["day"] <= day
        for event in subject.events
    )


def relapse(
    subject: Subject, lineage: str, rows: list[Row], position: int, readings: FlareReadings
) -> Callable[[float], bool] | None:
    """What the value and the next one must be for a relapse at this visit; None without an improvement before."""
    column = COLUMN[lineage]
    before = before_treatment(subject, lineage)
    values = [row[column] for row in rows[:position] if row["day"] >= 1]
    if not qualified(subject, lineage) or before is None:
        return None
    if not any(improved(lineage, before, value) for value in values):
        return None
    top, in_range = best(values, readings.hematologic_best), ENTRY[lineage]
    if transfused(subject, lineage, rows[position - 1]["day"], rows[position]["day"]):
        return in_range
    if top is None:
        return None
    if lineage == "E":
        return lambda value: value <= top - 1.5 + TINY and in_range(value)
    return lambda value: halved(value, top) and in_range(value)


def had_improved(subject: Subject, lineage: str, rows: list[Row], position: int) -> bool:
    before = before_treatment(subject, lineage)
    if not qualified(subject, lineage) or before is None:
        return False
    earlier = [row[COLUMN[lineage]] for row in rows[:position] if row["day"] >= 1]
    return any(improved(lineage, before, value) for value in earlier)


def new_grade(row: Row, rows: list[Row]) -> Row | None:
    """The previous visit with a grade, if the grade of this one is a new A or a new B."""
    now = row["bilag_haematological"]
    earlier = [other for other in rows if other["day"] < row["day"] and other["bilag_haematological"] is not None]
    if now is None or not earlier:
        return None
    then = earlier[-1]["bilag_haematological"]
    fresh = (now == "A" and then != "A") or (now == "B" and then in ("C", "D", "E"))
    return earlier[-1] if fresh else None


def routes(
    subject: Subject, lineage: str, rows: list[Row], position: int, readings: FlareReadings
) -> list[Callable[[float], bool]]:
    """The conditions on this value and on the next, one for each route that is open at this visit."""
    column, row = COLUMN[lineage], rows[position]
    start = next((other[column] for other in rows if other["day"] == 0), None)

    def dropped(value: float, before: float | None) -> bool:
        if not readings.hematologic_fall_needed:
            return True
        known = before is not None and start is not None
        return known and fallen(lineage, value, before) and fallen(lineage, value, start)

    found = [relapse(subject, lineage, rows, position, readings)]
    reference = new_grade(row, subject.visits)
    after = rows[position + 1]["bilag_haematological"] if readings.hematologic_confirmed else None
    if reference and after in (None, "A", "B") and not had_improved(subject, lineage, rows, position):
        then = reference[column]
        found.append(lambda value: dropped(value, then))
    last, hemolysis = rows[position - 1][column], hemolytic(row) is True
    found.append(lambda value: severe(lineage, value, last, hemolysis) and dropped(value, last))
    return [condition for condition in found if condition is not None]


def hematologic_flare(subject: Subject, readings: FlareReadings = USUAL_FLARES) -> tuple[int, str] | None:
    """(day of the confirming sample, lineage E, N or P) of the first flare; without confirmation its first day."""
    found = []
    for lineage in "ENP":
        column = COLUMN[lineage]
        rows = [row for row in subject.visits if row["day"] >= 0 and row[column] is not None]
        for position in range(1, len(rows)):
            after = rows[position + 1] if position + 1 < len(rows) else None
            if readings.hematologic_confirmed and after is None:
                continue
            samples = [rows[position], after] if readings.hematologic_confirmed else [rows[position]]
            open_routes = routes(subject, lineage, rows, position, readings)
            if any(all(holds(row[column]) for row in samples) for holds in open_routes):
                found.append((samples[-1]["day"], lineage))
                break
    return min(found, key=lambda flare: flare[0]) if found else None
