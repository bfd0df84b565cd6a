"""SLEDAI-2K: 24 descriptors, each present or absent, weighted; 0 to 105 points.

Source: Gladman 2002, Journal of Rheumatology 29:288; names of the descriptors are those of the visits table.
A descriptor is a nullable flag: 1 present, 0 absent, -1 not known. An abnormality with another cause is recorded
as absent by whoever attributes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Nullable = NDArray[np.int8]

SOURCE: Final = "Gladman 2002, Journal of Rheumatology 29:288"


@dataclass(frozen=True)
class Descriptor:
    """One descriptor: name, points, organ group, and what it takes in our words."""

    name: str
    weight: int
    group: str
    definition: str
    source: str = SOURCE


DESCRIPTORS: Final = (
    Descriptor("seizure", 8, "nervous", "seizure of recent onset; no metabolic, infectious, drug or old cause"),
    Descriptor(
        "psychosis", 8, "nervous", "perception of reality so disturbed that normal life fails; no uremia, drug"
    ),
    Descriptor(
        "organic_brain_syndrome",
        8,
        "nervous",
        "sudden, fluctuating loss of orientation, memory or intellect: clouded consciousness with two of "
        "disturbed perception, incoherent speech, disturbed sleep, changed activity; no metabolic, infectious or "
        "drug cause",
    ),
    Descriptor(
        "visual_disturbance",
        8,
        "nervous",
        "retinal change of lupus: cytoid body, hemorrhage, exudate, optic neuritis; no hypertension, infection",
    ),
    Descriptor("cranial_nerve_disorder", 8, "nervous", "new sensory or motor neuropathy of a cranial nerve"),
    Descriptor("lupus_headache", 8, "nervous", "severe persistent headache that opioids do not relieve"),
    Descriptor("cva", 8, "nervous", "new cerebrovascular accident; no arteriosclerosis or hypertension"),
    Descriptor(
        "vasculitis",
        8,
        "vascular",
        "ulcer, gangrene, tender finger nodules, periungual infarction, splinter hemorrhages, or proof by "
        "biopsy or angiogram",
    ),
    Descriptor("arthritis", 4, "musculoskeletal", "at least two joints with pain and signs of inflammation"),
    Descriptor(
        "myositis",
        4,
        "musculoskeletal",
        "proximal pain or weakness with raised muscle enzymes, an electromyogram or a biopsy that shows it",
    ),
    Descriptor("urinary_casts", 4, "renal", "heme-granular or red-cell casts"),
    Descriptor("hematuria", 4, "renal", "more than 5 red cells per high-power field; no stone, infection, menses"),
    Descriptor("proteinuria", 4, "renal", "more than 0.5 g in 24 hours; here UPCR above 0.5 mg/mg"),
    Descriptor("pyuria", 4, "renal", "more than 5 white cells per high-power field; no infection"),
    Descriptor("rash", 2, "skin", "rash of inflammatory type"),
    Descriptor("alopecia", 2, "skin", "abnormal loss of hair, patchy or diffuse"),
    Descriptor("mucosal_ulcers", 2, "skin", "oral or nasal ulcers"),
    Descriptor("pleurisy", 2, "serosal", "pleuritic pain with rub, effusion or thickening"),
    Descriptor("pericarditis", 2, "serosal", "pericardial pain with rub, effusion, or proof by ECG or ultrasound"),
    Descriptor("low_complement", 2, "serologic", "C3 or C4 below the laboratory's lower limit"),
    Descriptor("increased_dna_binding", 2, "serologic", "anti-dsDNA above the laboratory's upper limit"),
    Descriptor("fever", 1, "constitutional", "above 38 °C; no infection"),
    Descriptor("thrombocytopenia", 1, "hematologic", "platelets below 100 × 10⁹/L; no drug"),
    Descriptor("leukopenia", 1, "hematologic", "leukocytes below 3.0 × 10⁹/L; no drug"),
)
NAMES: Final = tuple(descriptor.name for descriptor in DESCRIPTORS)
LABORATORY: Final = {
    "urinary_casts": ("cellular_casts",),
    "hematuria": ("urine_rbc",),
    "proteinuria": ("upcr",),
    "pyuria": ("urine_wbc",),
    "low_complement": ("c3", "c4"),
    "increased_dna_binding": ("anti_dsdna",),
    "thrombocytopenia": ("platelets",),
    "leukopenia": ("wbc",),
}
"""Descriptors that follow from measurements, and the columns of the visits table that each one reads."""
SUMS: Final = {
    "total": NAMES,
    "clinical": tuple(item.name for item in DESCRIPTORS if item.group != "serologic"),
    "renal": tuple(item.name for item in DESCRIPTORS if item.group == "renal"),
    "serologic": tuple(item.name for item in DESCRIPTORS if item.group == "serologic"),
    "hematologic": tuple(item.name for item in DESCRIPTORS if item.group == "hematologic"),
}


def _above(value: Floats, limit: float) -> Nullable:
    return np.where(np.isnan(value), -1, value > limit + 1e-9).astype(np.int8)


def _below(value: Floats, limit: float) -> Nullable:
    return np.where(np.isnan(value), -1, value < limit - 1e-9).astype(np.int8)


def hematuria(urine_rbc: Floats) -> Nullable:
    """More than 5 red cells per high-power field."""
    return _above(urine_rbc, 5.0)


def proteinuria(upcr: Floats) -> Nullable:
    """UPCR above 0.5 mg/mg, taken as 0.5 g in 24 hours (reading X29)."""
    return _above(upcr, 0.5)


def pyuria(urine_wbc: Floats) -> Nullable:
    """More than 5 white cells per high-power field."""
    return _above(urine_wbc, 5.0)


def low_complement(c3: Floats, c4: Floats, *, c3_limit: float = 90.0, c4_limit: float = 10.0) -> Nullable:
    """C3 or C4 below the limit (mg/dL): one low value is enough, a missing one leaves a normal other unknown."""
    low_c3, low_c4 = _below(c3, c3_limit), _below(c4, c4_limit)
    unknown = (low_c3 == -1) | (low_c4 == -1)
    return np.where((low_c3 == 1) | (low_c4 == 1), 1, np.where(unknown, -1, 0)).astype(np.int8)


def increased_dna_binding(anti_dsdna: Floats, *, limit: float = 15.0) -> Nullable:
    """Anti-dsDNA above the laboratory's upper limit (IU/mL)."""
    return _above(anti_dsdna, limit)


def thrombocytopenia(platelets: Floats) -> Nullable:
    """Platelets below 100 × 10⁹/L."""
    return _below(platelets, 100.0)


def leukopenia(wbc: Floats) -> Nullable:
    """Leukocytes below 3.0 × 10⁹/L."""
    return _below(wbc, 3.0)


def laboratory_descriptors(
    visits: Mapping[str, NDArray[Any]],
    *,
    c3_limit: float = 90.0,
    c4_limit: float = 10.0,
    anti_dsdna_limit: float = 15.0,
) -> dict[str, Nullable]:
    """The eight descriptors of LABORATORY from the measurements of each visit, never from recorded flags."""
    return {
        "urinary_casts": np.asarray(visits["cellular_casts"]).astype(np.int8),
        "hematuria": hematuria(visits["urine_rbc"]),
        "proteinuria": proteinuria(visits["upcr"]),
        "pyuria": pyuria(visits["urine_wbc"]),
        "low_complement": low_complement(visits["c3"], visits["c4"], c3_limit=c3_limit, c4_limit=c4_limit),
        "increased_dna_binding": increased_dna_binding(visits["anti_dsdna"], limit=anti_dsdna_limit),
        "thrombocytopenia": thrombocytopenia(visits["platelets"]),
        "leukopenia": leukopenia(visits["wbc"]),
    }


def descriptors(
    visits: Mapping[str, NDArray[Any]],
    *,
    c3_limit: float = 90.0,
    c4_limit: float = 10.0,
    anti_dsdna_limit: float = 15.0,
) -> dict[str, Nullable]:
    """All 24 descriptors of each visit: from measurements where they follow from them, else as recorded.

    visits : columns `sledai_<descriptor>` (bool, or int8 with -1) for the 16 others, and those of LABORATORY.
    """
    measured = laboratory_descriptors(
        visits, c3_limit=c3_limit, c4_limit=c4_limit, anti_dsdna_limit=anti_dsdna_limit
    )
    return {
        name: measured[name] if name in measured else np.asarray(visits[f"sledai_{name}"]).astype(np.int8)
        for name in NAMES
    }


def sledai_2k(present: Mapping[str, Nullable], *, names: Sequence[str] = NAMES) -> tuple[Floats, Integers]:
    """Weighted sum of descriptors, and how many of them are not known.

    present : the descriptors, one length; names : those to add, by default all (SUMS has the usual sets).
    Returns : points, NaN where any of the named descriptors is unknown; number of unknown ones.
    """
    rows = len(present[names[0]])
    points, unknown = np.zeros(rows), np.zeros(rows, dtype=np.int64)
    for descriptor in DESCRIPTORS:
        if descriptor.name in names:
            flag = present[descriptor.name]
            points += descriptor.weight * (flag == 1)
            unknown += flag == -1
    points[unknown > 0] = np.nan
    return points, unknown


def nearest_serology(
    subject: Integers, day: Floats, baseline: Flags, value: Floats, *, days_before: int = 10, days_after: int = 3
) -> Floats:
    """A serology value for each visit: its own, else the subject's nearest one from 10 days before to 3 after.

    subject, day, baseline, value : (visits,), sorted by subject, then day; `baseline` marks D0, which takes
    nothing from after its own day. Of two equally near values the later one is taken. NaN where there is none.
    Source : the laboratory window of SLEDAI-2K (10 days, Gladman 2002) and three days for a late result.
    """
    rows = len(value)
    if not rows:
        return value
    place = np.arange(rows)
    known = ~np.isnan(value)
    before = np.maximum.accumulate(np.where(known, place, -1))
    after = np.minimum.accumulate(np.where(known, place, rows)[::-1])[::-1]
    distance_before = _distance(subject, day, before, before >= 0)
    distance_after = _distance(subject, day, after, after < rows)
    distance_before[distance_before > days_before] = np.inf
    distance_after[(distance_after > days_after) | (baseline & (distance_after > 0))] = np.inf
    source = np.where(distance_after <= distance_before, after, before)
    found = np.minimum(distance_before, distance_after) < np.inf
    return np.asarray(np.where(found, value[np.clip(source, 0, rows - 1)], np.nan), dtype=np.float64)


def _distance(subject: Integers, day: Floats, other: Integers, exists: Flags) -> Floats:
    """Days between each visit and another of the same subject; infinite where there is none."""
    other = np.clip(other, 0, len(day) - 1)
    same = exists & (subject[other] == subject)
    return np.where(same, np.abs(day[other] - day), np.inf)
