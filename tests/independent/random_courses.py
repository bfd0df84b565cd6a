"""Random laboratory courses in which flares happen, because the values wander from visit to visit.

For comparing the rules that make flares and renal events out of measurements; doses and infusions are plain.
"""

import math
import random

from tests.independent.rows import (
    DOMAINS,
    PLANNED_DAY,
    Data,
    Row,
    candidate_row,
    event_row,
    infusion_row,
    visit_row,
)

WEEKLY = ("SCR", "D0", "D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")
GRADED = ("SCR", "D0", "W4", "W8", "W12", "W16", "W20", "W24")
START = {
    **{
        "upcr": (0.15, 0.3, 0.6, 1.0, 3.0),
        "serum_creatinine": (60.0, 85.0, 107.0, 150.0),
        "urine_rbc": (2.0, 8.0, 20.0),
    },
    **{
        "platelets": (15.0, 40.0, 60.0, 150.0),
        "neutrophils": (0.4, 0.7, 1.5),
        "hemoglobin": (7.0, 8.5, 10.0, 12.0),
    },
}
STEP = {
    **{"upcr": 0.7, "serum_creatinine": 0.22, "urine_rbc": 0.5},
    **{"platelets": 0.5, "neutrophils": 0.5, "hemoglobin": 0.13},
}
DIGITS = {"upcr": 2, "serum_creatinine": 0, "urine_rbc": 0, "platelets": 0, "neutrophils": 2, "hemoglobin": 1}


def random_courses(rng: random.Random, n_subjects: int) -> Data:
    """One data set of `n_subjects` subjects in one trial, half of each subgroup."""
    data: Data = {name: [] for name in ("candidates", "visits", "dosing", "infusions", "events")}
    for subject in range(n_subjects):
        subgroup = ("LN", "LC")[subject % 2]
        flags = {f"I5_1{lineage}": rng.random() < 0.6 if subgroup == "LC" else None for lineage in "ENLP"}
        data["candidates"].append(candidate_row(0, subject, candidate=subject, subgroup=subgroup, **flags))
        data["infusions"] += [infusion_row(0, subject, 1, 0), infusion_row(0, subject, 2, 84)]
        last = rng.choice((400, 400, 400, 100, 150))
        data["visits"] += course(rng, subject, subgroup, last)
        if last < 400:
            kind = rng.choice(("death", "withdrawal", "esrd"))
            data["events"].append(event_row(0, subject, last, kind, detail=None))
        while rng.random() < 0.3:
            planned = [day for day in PLANNED_DAY.values() if 0 <= day <= min(last, 168)]
            day = rng.choice(planned) if rng.random() < 0.5 else rng.randint(0, min(last, 168))
            detail = rng.choice(("red_cells", "platelets"))
            data["events"].append(event_row(0, subject, day, "transfusion", detail=detail))
    return data


def course(rng: random.Random, subject: int, subgroup: str, last: int) -> list[Row]:
    """One subject's attended visits to day `last`, some with unscheduled ones between."""
    days = {PLANNED_DAY[name]: name for name in WEEKLY if name in ("SCR", "D0") or rng.random() > 0.08}
    extra = sorted({rng.randint(1, 168) for _ in range(rng.choice((0, 1, 3)))} - set(days))
    days |= {day: f"U{number}" for number, day in enumerate(extra, start=1)}
    state = {name: math.log(rng.choice(values)) for name, values in START.items()}
    grades = {domain: rng.choice("BCDE") for domain in DOMAINS}
    rows = []
    for day in sorted(day for day in days if day <= last):
        calm = rng.random() < 0.3  # a value like the last one, so that something is confirmed
        for name, step in STEP.items():
            state[name] += 0.0 if day <= 0 or calm else rng.gauss(0.0, step)
        grades = {
            domain: grade if rng.random() > 0.08 else rng.choice("ABCDE") for domain, grade in grades.items()
        }
        values: Row = {name: round(math.exp(value), DIGITS[name]) for name, value in state.items()}
        values["cellular_casts"] = rng.random() < 0.1
        values = {name: None if rng.random() < 0.03 else value for name, value in values.items()}
        if days[day] in GRADED or days[day].startswith("U"):
            values |= {f"bilag_{domain}": None if rng.random() < 0.01 else grades[domain] for domain in DOMAINS}
        rows.append(visit_row(0, subject, days[day], day, subgroup=subgroup, sex="F", age=35.0, **values))
    return rows
