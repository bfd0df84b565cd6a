"""Flares and renal events worked out from what was measured, one subject at a time.

`visits` are a subject's attended visits in order of day; samples of protein and creatinine count from day 0 on.
Every rule looks back only, apart from the samples that confirm. Each function gives the day on which the event is
recorded, or None.
"""

import math
from collections.abc import Callable

from tests.independent.bilag import NOT_RENAL, new_grades
from tests.independent.rows import Row

TINY = 1e-9
CONFIRM_DAYS = 7
SUSTAINED_DAYS = 28
Sample = tuple[int, float]


def samples(visits: list[Row], column: str) -> list[Sample]:
    """(day, value) of each measured visit from day 0 on."""
    return [(row["day"], row[column]) for row in visits if row["day"] >= 0 and row[column] is not None]


def confirming(measured: list[Sample], day: int) -> float | None:
    """The first value at least seven days after that day."""
    for later, value in measured:
        if later >= day + CONFIRM_DAYS:
            return value
    return None


def proteinuric_limit(measured: list[Sample]) -> Callable[[float], bool] | None:
    """The rule for the sample after these; None as long as there is no nadir.

    The nadir is the geometric mean of the lowest two consecutive samples. After a response (two consecutive at
    most 0.7): over 1.0 from a nadir below 0.2, else over 2.0. Without: twice the nadir and 1.5 times day 0.
    """
    values = [value for _, value in measured]
    pairs = [(values[i], values[i + 1]) for i in range(len(values) - 1)]
    if not pairs:
        return None
    nadir = min(math.sqrt(first * second) for first, second in pairs)
    if any(max(pair) <= 0.7 + TINY for pair in pairs):
        limit = 1.0 if nadir < 0.2 - TINY else 2.0
        return lambda value: value > limit + TINY
    if measured[0][0] != 0:
        return None
    floor = max(2 * nadir, 1.5 * values[0])
    return lambda value: value >= floor - TINY


def proteinuric_flare(visits: list[Row]) -> int | None:
    """Day of the first sample over the limit that the next one, at least seven days later, confirms."""
    measured = samples(visits, "upcr")
    for i, (day, value) in enumerate(measured):
        exceeds = proteinuric_limit(measured[:i])
        if exceeds is None or not exceeds(value):
            continue
        later = confirming(measured, day)
        if later is not None and exceeds(later):
            return day
    return None


def active_urine(visits: list[Row], position: int) -> bool:
    """Over 10 red cells a field, newly or twice as many as before, or casts that were not there before."""
    now = visits[position]
    cells = [row["urine_rbc"] for row in visits[:position] if row["urine_rbc"] is not None]
    casts = [row["cellular_casts"] for row in visits[:position] if row["cellular_casts"] is not None]
    red = now["urine_rbc"]
    many = red is not None and bool(cells) and red > 10 + TINY
    if many and (cells[-1] <= 10 + TINY or red >= 2 * cells[-1] - TINY):
        return True
    return bool(now["cellular_casts"]) and bool(casts) and not casts[-1]


def nephritic_flare(visits: list[Row]) -> int | None:
    """Creatinine 1.25 times its lowest since day 0 and at least 106 µmol/L, confirmed, with an active urine."""
    measured = samples(visits, "serum_creatinine")
    for i, (day, value) in enumerate(measured):
        if i == 0:
            continue
        limit = max(1.25 * min(earlier for _, earlier in measured[:i]), 106.0)
        later = confirming(measured, day)
        if value < limit - TINY or later is None or later < limit - TINY:
            continue
        if active_urine(visits, [row["day"] for row in visits].index(day)):
            return day
    return None


def renal_flare(visits: list[Row]) -> tuple[int, str] | None:
    """(day, kind) of the first renal flare, the earlier of the two kinds."""
    days = {"proteinuric": proteinuric_flare(visits), "nephritic": nephritic_flare(visits)}
    found = [(day, kind) for kind, day in days.items() if day is not None]
    return min(found, key=lambda flare: flare[0]) if found else None


def extrarenal_flare(visits: list[Row]) -> int | None:
    """One new BILAG A or two new B outside the kidney, each against the last visit that graded the domain."""
    previous: dict[str, str] = {}
    for row in visits:
        grades = {domain: row[f"bilag_{domain}"] for domain in NOT_RENAL}
        grades = {domain: grade for domain, grade in grades.items() if grade is not None}
        shared = {domain: grade for domain, grade in grades.items() if domain in previous}
        new_a, new_b = new_grades(shared, previous)
        if row["day"] > 0 and (new_a >= 1 or new_b >= 2):
            return row["day"]
        previous |= grades
    return None


def sustained(measured: list[Sample], beyond: Callable[[float], bool]) -> tuple[int, int] | None:
    """First and last day of the first unbroken run of at least 28 days; the last is the day it reached 28."""
    start = None
    for day, value in measured:
        if not beyond(value):
            start = None
            continue
        start = day if start is None else start
        if day - start >= SUSTAINED_DAYS:
            return start, day
    return None


def sustained_doubling(visits: list[Row], events: list[Row]) -> int | None:
    """First day of creatinine at least twice that of day 0 for 28 days.

    The last samples need no confirmation if death or end-stage disease follows them.
    """
    measured = samples(visits, "serum_creatinine")
    if not measured or measured[0][0] != 0:
        return None
    limit = 2 * measured[0][1]
    run = sustained(measured, lambda value: value >= limit - TINY)
    if run is not None:
        return run[0]
    ended = any(event["kind"] in ("death", "esrd") and event["day"] >= measured[-1][0] for event in events)
    first = None
    for day, value in reversed(measured):
        if value < limit - TINY:
            break
        first = day
    return first if ended else None


def end_stage(rates: list[Sample]) -> int | None:
    """Day on which eGFR (day, mL/min/1.73 m²) has been below 15 for 28 days."""
    run = sustained(rates, lambda value: value < 15 - TINY)
    return None if run is None else run[1]


def remission(visit: Row) -> bool:
    """Complete remission at a visit: creatinine below 106 µmol/L, proteinuria below 0.3 g, normal sediment.

    Proteinuria is UPCR times 1.0. Something unmeasured is no remission.
    """
    measured = (visit["serum_creatinine"], visit["upcr"], visit["urine_rbc"], visit["urine_wbc"])
    if None in measured or visit["cellular_casts"] is not False:
        return False
    creatinine, upcr, red, white = measured
    return creatinine < 106 - TINY and upcr < 0.3 - TINY and red <= 5 + TINY and white <= 5 + TINY


def first_remission(visits: list[Row], last: int = 168) -> int | None:
    """Day of the first visit in complete remission, from day 1 to `last`."""
    return next((row["day"] for row in visits if 1 <= row["day"] <= last and remission(row)), None)
