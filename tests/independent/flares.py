"""Flares and renal events worked out from what was measured, one subject at a time.

`visits` are a subject's attended visits in order of day; samples of protein and creatinine count from day 0 on.
Every rule looks back only, apart from the samples that confirm. Each function gives the day on which the event is
recorded, or None.
"""

import math
from collections.abc import Callable
from itertools import pairwise

from tests.independent.bilag import NOT_RENAL, new_grades
from tests.independent.flare_readings import USUAL_FLARES, FlareReadings
from tests.independent.readings import Readings
from tests.independent.rows import Row

TINY = 1e-9
USUAL = Readings()
CONFIRM_DAYS = 7
SUSTAINED_DAYS = 28
Sample = tuple[int, float]


def samples(visits: list[Row], column: str) -> list[Sample]:
    """(day, value) of each measured visit from day 0 on."""
    return [(row["day"], row[column]) for row in visits if row["day"] >= 0 and row[column] is not None]


def confirming(measured: list[Sample], day: int, called: frozenset[int] = frozenset()) -> Sample | None:
    """The first sample at least seven days after that day; or the very next one, if its day is in `called`."""
    following = [sample for sample in measured if sample[0] > day]
    if following and following[0][0] in called:
        return following[0]
    return next((sample for sample in following if sample[0] >= day + CONFIRM_DAYS), None)


def lowest(values: list[float], nadir: str) -> float | None:
    """The nadir: the geometric mean of the lowest two consecutive samples, or the lowest sample."""
    if nadir == "single":
        return min(values, default=None)
    return min((math.sqrt(first * second) for first, second in pairwise(values)), default=None)


def proteinuric_limit(measured: list[Sample], readings: FlareReadings) -> Callable[[float], bool] | None:
    """The rule for the sample after these; None as long as there is no nadir.

    After a response (two consecutive samples at most 0.7): over 1.0 from a nadir below 0.2, else over 2.0; without
    one, twice the nadir and 1.5 times day 0. `response_only`: one sample is a response, the nadir is at most 1.0,
    and without a response there is no flare. `multiples`: at least 1.0 from a nadir below 0.5, 2.0 from one below
    1.0, else twice the nadir.
    """
    values = [value for _, value in measured]
    nadir = lowest(values, readings.nadir)
    if nadir is None:
        return None
    if readings.proteinuric == "multiples":
        least = 1.0 if nadir < 0.5 - TINY else 2.0 if nadir < 1.0 - TINY else 2 * nadir
        return lambda value: value >= least - TINY
    alone = readings.proteinuric == "response_only"
    responded = min(values) <= 0.7 + TINY if alone else any(max(pair) <= 0.7 + TINY for pair in pairwise(values))
    if responded and not (alone and nadir > 1.0 + TINY):
        limit = 1.0 if nadir < 0.2 - TINY else 2.0
        return lambda value: value > limit + TINY
    if alone or measured[0][0] != 0:
        return None
    floor = max(2 * nadir, 1.5 * values[0])
    return lambda value: value >= floor - TINY


def proteinuric_flare(visits: list[Row], readings: FlareReadings = USUAL_FLARES) -> int | None:
    """Day of the first sample over the limit that the next one, at least seven days later, confirms.

    With `multiples` the very next sample confirms if it is of an unscheduled visit up to 28 days later.
    """
    measured = samples(visits, "upcr")
    for i, (day, value) in enumerate(measured):
        exceeds = proteinuric_limit(measured[:i], readings)
        if exceeds is None or not exceeds(value):
            continue
        called = {row["day"] for row in visits if row["visit"].startswith("U") and row["day"] <= day + 28}
        later = confirming(measured, day, frozenset(called if readings.proteinuric == "multiples" else ()))
        if later is not None and exceeds(later[1]):
            return later[0] if readings.dated == "confirmation" else day
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


def nephritic_flare(visits: list[Row], readings: FlareReadings = USUAL_FLARES) -> int | None:
    """Creatinine 1.25 times its lowest since day 0 and at least 106 µmol/L, confirmed, with an active urine."""
    measured = samples(visits, "serum_creatinine")
    for i, (day, value) in enumerate(measured):
        if i == 0:
            continue
        limit = max(1.25 * min(earlier for _, earlier in measured[:i]), 106.0)
        later = confirming(measured, day)
        if value < limit - TINY or later is None or later[1] < limit - TINY:
            continue
        if active_urine(visits, [row["day"] for row in visits].index(day)):
            return later[0] if readings.dated == "confirmation" else day
    return None


def renal_flare(visits: list[Row], readings: FlareReadings = USUAL_FLARES) -> tuple[int, str] | None:
    """(day, kind) of the first renal flare, the earlier of the two kinds."""
    days = {
        "proteinuric": proteinuric_flare(visits, readings),
        "nephritic": nephritic_flare(visits, readings),
    }
    found = [(day, kind) for kind, day in days.items() if day is not None]
    return min(found, key=lambda flare: flare[0]) if found else None


def extrarenal_flare(visits: list[Row], fewest_b: int = 2) -> int | None:
    """One new BILAG A or two new B outside the kidney, each against the last visit that graded the domain.

    `fewest_b`: another number of new B.
    """
    previous: dict[str, str] = {}
    for row in visits:
        grades = {domain: row[f"bilag_{domain}"] for domain in NOT_RENAL}
        grades = {domain: grade for domain, grade in grades.items() if grade is not None}
        shared = {domain: grade for domain, grade in grades.items() if domain in previous}
        new_a, new_b = new_grades(shared, previous)
        if row["day"] > 0 and (new_a >= 1 or new_b >= fewest_b):
            return row["day"]
        previous |= grades
    return None


def sustained(measured: list[Sample], beyond: Callable[[float], bool], rule: str) -> tuple[int, int] | None:
    """First and last day of the first run of at least 28 days; the last is the day on which it reached 28.

    `uninterrupted`: no sample between them speaks against it; `any_later`: two samples, whatever lies between.
    """
    start = None
    for day, value in measured:
        if not beyond(value):
            start = None if rule == "uninterrupted" else start
            continue
        start = day if start is None else start
        if day - start >= SUSTAINED_DAYS:
            return start, day
    return None


def sustained_doubling(visits: list[Row], events: list[Row], rule: str = "uninterrupted") -> int | None:
    """First day of creatinine at least twice that of day 0 for 28 days.

    The last samples need no confirmation if death or end-stage disease follows them.
    """
    measured = samples(visits, "serum_creatinine")
    if not measured or measured[0][0] != 0:
        return None
    limit = 2 * measured[0][1]
    run = sustained(measured, lambda value: value >= limit - TINY, rule)
    if run is not None:
        return run[0]
    ended = any(event["kind"] in ("death", "esrd") and event["day"] >= measured[-1][0] for event in events)
    first = None
    for day, value in reversed(measured):
        if value < limit - TINY:
            break
        first = day
    return first if ended else None


def end_stage(rates: list[Sample], rule: str = "uninterrupted") -> int | None:
    """Day on which eGFR (day, mL/min/1.73 m²) has been below 15 for 28 days."""
    run = sustained(rates, lambda value: value < 15 - TINY, rule)
    return None if run is None else run[1]


def told(met: list[bool | None]) -> bool | None:
    """Are all met? False if one is not, else unknown if one is."""
    return False if False in met else None if None in met else True


def remission(visit: Row, readings: Readings = USUAL) -> bool | None:
    """Complete remission at a visit: creatinine below 106 µmol/L, proteinuria below 0.3 g, normal sediment.

    Proteinuria is UPCR times the excretion of creatinine (X29). The sediment is red and white cells and casts, or
    red cells alone (X30). None if something unmeasured leaves it open.
    """
    creatinine, upcr, casts = visit["serum_creatinine"], visit["upcr"], visit["cellular_casts"]
    met = [
        None if creatinine is None else creatinine < 106 - TINY,
        None if upcr is None else upcr * float(readings.X29) < 0.3 - TINY,
    ]
    cells = ("urine_rbc",) if readings.X30 == "red_cells" else ("urine_rbc", "urine_wbc")
    met += [None if visit[name] is None else visit[name] <= 5 + TINY for name in cells]
    if readings.X30 == "cells_and_casts":
        met.append(None if casts is None else not casts)
    return told(met)


def first_remission(visits: list[Row], last: int = 168, readings: Readings = USUAL) -> int | None:
    """Day of the first visit in complete remission, from day 1 to `last`.

    Or (X30): of the first that the next visit which can tell confirms.
    """
    states = [(row["day"], remission(row, readings)) for row in visits]
    states = [(day, state) for day, state in states if state is not None]
    for place, (day, state) in enumerate(states):
        confirmed = readings.X30_seen == "once" or (place + 1 < len(states) and states[place + 1][1])
        if state and confirmed and 1 <= day <= last:
            return day
    return None
