"""Rows of the data model with every column present, for hand-worked and for random data sets.

A row is a plain dict; a missing value is None. Nothing here scores anything.
"""

from typing import Any

Row = dict[str, Any]
Data = dict[str, list[Row]]

CNS = ("seizure", "psychosis", "organic_brain_syndrome", "visual_disturbance", "cranial_nerve_disorder")
DESCRIPTORS = (
    *CNS,
    *("lupus_headache", "cva", "vasculitis", "arthritis", "myositis", "urinary_casts", "hematuria"),
    *("proteinuria", "pyuria", "rash", "alopecia", "mucosal_ulcers", "pleurisy", "pericarditis"),
    *("low_complement", "increased_dna_binding", "fever", "thrombocytopenia", "leukopenia"),
)
LABORATORY_DESCRIPTORS = (
    *("urinary_casts", "hematuria", "proteinuria", "pyuria"),
    *("low_complement", "increased_dna_binding", "thrombocytopenia", "leukopenia"),
)
CLINICAL_DESCRIPTORS = tuple(name for name in DESCRIPTORS if name not in LABORATORY_DESCRIPTORS)
DOMAINS = (
    *("constitutional", "mucocutaneous", "neuropsychiatric", "musculoskeletal", "cardiorespiratory"),
    *("gastrointestinal", "ophthalmic", "renal", "haematological"),
)

VISIT_NUMBERS = (
    *("age", "weight", "prednisone_dose", "upcr", "proteinuria_24h", "serum_creatinine", "egfr", "urine_rbc"),
    *("urine_wbc", "hemoglobin", "reticulocytes", "wbc", "neutrophils", "lymphocytes", "platelets", "c3", "c4"),
    *("anti_dsdna", "pga", "sdi", "treg", "th17", "albumin", "systolic_bp", "diastolic_bp", "sledai2k"),
)
VISIT_FLAGS = (
    *("cellular_casts", "edema", "coombs", "new_activity", "immunosuppressant_stable", "lldas"),
    *(f"sledai_{name}" for name in DESCRIPTORS),
)
VISIT_TEXTS = ("subgroup", "sex", *(f"bilag_{name}" for name in DOMAINS))
LINEAGES = ("I5_1E", "I5_1N", "I5_1L", "I5_1P")

PLANNED_DAY = {
    **{"SCR": -7, "D0": 0, "D3": 3, "W1": 7, "W4": 28, "W8": 56, "W12": 84, "W12D3": 87, "W13": 91},
    **{"W16": 112, "W20": 140, "W24": 168, "Y0.5": 182, "Y1": 365, "Y1.5": 548, "Y2": 731, "Y3": 1096, "Y5": 1826},
}
WITHOUT_SEROLOGY = ("D3", "W1", "W12D3", "W13")


def candidate_row(trial: int, subject: int | None, **values: Any) -> Row:
    """A person screened; `subject` None is a screen failure."""
    row: Row = {
        "trial": trial,
        "candidate": 0,
        "subject": subject,
        "subgroup": "LN",
        "eligible": subject is not None,
    }
    row |= {"sex": "F", "age": 35.0, "weight": 56.0, "height": 160.0, **dict.fromkeys(LINEAGES)}
    return row | values


def visit_row(trial: int, subject: int, visit: str, day: int | None, **values: Any) -> Row:
    """A visit; `day` None is a missed one. Every measurement not given is missing."""
    row: Row = {"trial": trial, "subject": subject, "visit": visit, "planned_day": PLANNED_DAY.get(visit)}
    row |= {"day": day, "attended": day is not None}
    row |= dict.fromkeys((*VISIT_NUMBERS, *VISIT_FLAGS, *VISIT_TEXTS))
    return row | values


def dosing_row(trial: int, subject: int, start: int, end: int, dose: float, reason: str = "taper") -> Row:
    """A period of one daily dose, both days inclusive."""
    return {"trial": trial, "subject": subject, "start_day": start, "end_day": end, "dose": dose, "reason": reason}


def infusion_row(trial: int, subject: int, infusion: int, day: int | None, why_not: str | None = None) -> Row:
    """A planned infusion; `day` None is one that was not given."""
    row: Row = {"trial": trial, "subject": subject, "infusion": infusion, "planned_day": 84 * (infusion - 1)}
    return row | {"day": day, "cells_per_kg": None if day is None else 2.0e6, "reason_not_given": why_not}


def event_row(trial: int, subject: int, day: int, kind: str, **values: Any) -> Row:
    """A recorded event."""
    row: Row = {"trial": trial, "subject": subject, "day": day, "kind": kind}
    return row | {"severity": None, "domain": None, "detail": None} | values
