"""Nasty but valid random data sets, so that the twin and the simulator's calculator can be compared.

Values are drawn from the neighbourhood of the thresholds, days from that of the windows' ends. Derived columns
carry nonsense, because a calculator must not trust them. Memory grows with the subjects (some 20 wide rows each):
draw many data sets of about a thousand subjects rather than one of 100,000.
"""

import random
from collections.abc import Sequence
from typing import Any

from tests.independent.random_history import Course, course, dosing_rows
from tests.independent.rows import (
    CLINICAL_DESCRIPTORS,
    DOMAINS,
    LABORATORY_DESCRIPTORS,
    LINEAGES,
    WITHOUT_SEROLOGY,
    Data,
    Row,
    candidate_row,
    event_row,
    infusion_row,
    visit_row,
)

SUBJECTS_PER_TRIAL = 10

BEFORE: dict[str, Sequence[float]] = {
    "hemoglobin": (7.9, 8.0, 8.2, 8.3, 9.9, 10.0, 10.1, 12.0),
    "reticulocytes": (1.0, 2.5, 2.6, 4.0),
    "neutrophils": (0.35, 0.4, 0.5, 0.6, 0.8, 0.99, 1.0, 1.01, 3.0),
    "lymphocytes": (0.4, 0.5, 0.7, 1.49, 1.5, 2.0),
    "platelets": (5, 10, 15, 19, 20, 21, 22, 49, 50, 69, 70, 99, 100, 220),
    "upcr": (0.5, 0.51, 1.0, 2.0, 3.6),
    "serum_creatinine": (53.0, 60.0, 88.0, 100.0, 106.0, 107.0, 150.0, 250.0),
}
CHANGE: dict[str, Sequence[float]] = {
    "hemoglobin": (-1.0, 0.0, 1.4, 1.5, 1.6, 3.0),
    "reticulocytes": (0.0,),
    "neutrophils": (0.0, 0.3, 0.49, 0.5, 0.51, 0.6, 1.0, 2.0),
    "lymphocytes": (0.0, 0.4, 0.49, 0.5, 0.7, 1.5),
    "platelets": (-10, 0, 19, 20, 21, 29, 29.5, 30, 31, 50, 100),
}
LATER: dict[str, Sequence[float]] = {
    "upcr": (0.1, 0.29, 0.3, 0.4, 0.49, 0.5, 0.1 + 0.4, 0.5 + 5e-10, 0.51, 0.8, 1.5),
}
CREATININE_RATIO = (0.7, 1.0, 1.05, 1.2, 1.204, 1.205, 1.3, 1.6, 2.0, 2.1)
ANYWHERE: dict[str, Sequence[float]] = {
    "urine_rbc": (0, 2, 4, 5, 6, 10, 11, 30),
    "urine_wbc": (0, 2, 3, 4, 5, 6),
    "wbc": (0.9, 2.99, 3.0, 3.01, 4.0, 6.5),
    "pga": (0.0, 0.3, 0.9, 1.0, 1.1, 1.2, 2.0, 2.6),
    "sdi": (0, 1, 2),
    "treg": (3.0, 5.5, 8.2),
    "th17": (0.5, 1.2, 2.4),
    "albumin": (22.0, 29.9, 30.0, 41.0),
    "systolic_bp": (118.0, 141.0, 171.0),
    "diastolic_bp": (75.0, 91.0, 111.0),
    "proteinuria_24h": (0.1, 0.6, 3.6),
}
SEROLOGY: dict[str, Sequence[float]] = {
    "c3": (60.0, 89.0, 90.0, 91.0, 110.0, 120.0),
    "c4": (5.0, 9.9, 10.0, 10.1, 20.0, 30.0),
    "anti_dsdna": (1.0, 5.0, 14.9, 15.0, 15.1, 80.0),
}


def random_data_set(rng: random.Random, n_subjects: int) -> Data:
    """About `n_subjects` enrolled subjects in trials of ten, with screen failures and never-infused ones.

    `rng` is Python's own generator, so that one seed gives one data set everywhere.
    """
    data: Data = {name: [] for name in ("candidates", "visits", "dosing", "infusions", "events")}
    for number in range(n_subjects):
        trial, subject = divmod(number, SUBJECTS_PER_TRIAL)
        if rng.random() < 0.1:
            data["candidates"].append(candidate_row(trial, None, subgroup=rng.choice(("LN", "LC"))))
        add_subject(data, rng, trial, subject)
    arrivals: dict[int, int] = {}
    for row in data["candidates"]:
        row["candidate"] = arrivals.get(row["trial"], 0)
        arrivals[row["trial"]] = row["candidate"] + 1
    return data


def add_subject(data: Data, rng: random.Random, trial: int, subject: int) -> None:
    subgroup = rng.choice(("LN", "LC"))
    sex = "F" if rng.random() < 0.8 else "M"
    person = {"subgroup": subgroup, "sex": sex, "age": float(rng.randint(18, 70)), "weight": 56.0}
    data["candidates"].append(candidate_row(trial, subject, **person, **lineage_flags(rng, subgroup)))
    if rng.random() < 0.03:
        data["infusions"].append(infusion_row(trial, subject, 1, None, "withdrawal"))
        data["infusions"].append(infusion_row(trial, subject, 2, None, "withdrawal"))
        data["visits"].append(visit_row(trial, subject, "SCR", -7, **person))
        return
    history = course(rng)
    data["infusions"].append(infusion_row(trial, subject, 1, 0))
    why_not = None if history.second_infusion is not None else "withdrawal"
    data["infusions"].append(infusion_row(trial, subject, 2, history.second_infusion, why_not))
    data["dosing"] += dosing_rows(rng, trial, subject, history)
    data["events"] += [event_row(trial, subject, day, kind, **more) for day, kind, more in history.events]
    data["visits"] += visit_rows(rng, trial, subject, history, person)


def lineage_flags(rng: random.Random, subgroup: str) -> Row:
    """Which lineages qualified: as screening said, unknown, or only lymphocytes."""
    if subgroup == "LN":
        return dict.fromkeys(LINEAGES)
    kind = rng.random()
    if kind < 0.25:
        return dict.fromkeys(LINEAGES)
    if kind < 0.35:
        return {**dict.fromkeys(LINEAGES, False), "I5_1L": True}
    return {name: None if rng.random() < 0.1 else rng.random() < 0.45 for name in LINEAGES}


def visit_rows(rng: random.Random, trial: int, subject: int, history: Course, person: Row) -> list[Row]:
    """Every planned visit, missed ones without values, and the unscheduled ones."""
    base = {name: rng.choice(values) for name, values in BEFORE.items()}
    quality = rng.choice((0.0, 0.02, 0.02, 0.15))  # share of unmeasured values in this subject
    activity = rng.choice((0.01, 0.05, 0.15))  # share of clinical descriptors present
    # The subject's usual change from baseline; single visits differ from it
    steady = {name: rng.choice(values) for name, values in CHANGE.items()}
    ratio = rng.choice(CREATININE_RATIO)
    rows = []
    for name, day in history.visits:
        if day is None:
            rows.append(visit_row(trial, subject, name, None, **person))
            continue
        values = measurements(rng, name, day, base, steady, ratio)
        values |= findings(rng, activity if day <= 0 else activity / 2)
        for key in values:
            if rng.random() < (quality / 10 if key.startswith("sledai_") else quality):
                values[key] = None
        rows.append(visit_row(trial, subject, name, day, **person, **values, **nonsense(rng)))
    return rows


def measurements(
    rng: random.Random, name: str, day: int, base: Row, steady: dict[str, float], ratio: float
) -> dict[str, Any]:
    """Laboratory values and scales of one visit; a T-cell visit has hardly anything."""
    if name == "Y0.5" and rng.random() < 0.7:
        return {"treg": 4.0, "th17": 1.1}
    values: dict[str, Any] = {key: float(rng.choice(choices)) for key, choices in ANYWHERE.items()}
    if name not in WITHOUT_SEROLOGY and rng.random() > 0.1:
        values |= {key: rng.choice(choices) for key, choices in SEROLOGY.items()}
    for key, before in base.items():
        if day <= 0:
            value = before if rng.random() < 0.7 else rng.choice(BEFORE[key])
        elif key == "serum_creatinine":
            value = float(round(before * (ratio if rng.random() < 0.7 else rng.choice(CREATININE_RATIO))))
        elif key == "upcr":
            value = rng.choice(LATER[key])
        else:
            value = max(0.0, before + (steady[key] if rng.random() < 0.8 else rng.choice(CHANGE[key])))
        values[key] = float(value) if key == "upcr" else round(float(value), 2)
    return values


def findings(rng: random.Random, activity: float) -> dict[str, Any]:
    """What the physician recorded."""
    values: dict[str, Any] = {f"sledai_{name}": rng.random() < activity for name in CLINICAL_DESCRIPTORS}
    values |= {f"bilag_{name}": rng.choice("ABCDE" if rng.random() < 0.3 else "DE") for name in DOMAINS}
    values |= {"cellular_casts": rng.random() < 0.08, "edema": rng.random() < 0.05, "coombs": rng.random() < 0.1}
    return values | {"new_activity": rng.random() < 0.15, "immunosuppressant_stable": rng.random() < 0.9}


def nonsense(rng: random.Random) -> dict[str, Any]:
    """Derived columns that a calculator has to work out for itself."""
    wrong: dict[str, Any] = {f"sledai_{name}": rng.random() < 0.5 for name in LABORATORY_DESCRIPTORS}
    return wrong | {
        "sledai2k": float(rng.randint(0, 40)),
        "egfr": rng.uniform(5.0, 130.0),
        "lldas": rng.random() < 0.5,
    }
