"""Columns of what happens to a subject: visits, dosing, infusions, events."""

from typing import Final

from sim.core.dictionary.bilag_items import BILAG_ITEMS, item
from sim.core.dictionary.entry import SUBGROUP, SUBJECT, TRIAL, Entry, day, flag, level, real, word

_SLEDAI: Final = (
    "seizure",
    "psychosis",
    "organic_brain_syndrome",
    "visual_disturbance",
    "cranial_nerve_disorder",
    "lupus_headache",
    "cva",
    "vasculitis",
    "arthritis",
    "myositis",
    "urinary_casts",
    "hematuria",
    "proteinuria",
    "pyuria",
    "rash",
    "alopecia",
    "mucosal_ulcers",
    "pleurisy",
    "pericarditis",
    "low_complement",
    "increased_dna_binding",
    "fever",
    "thrombocytopenia",
    "leukopenia",
)
_BILAG: Final = (
    "constitutional",
    "mucocutaneous",
    "neuropsychiatric",
    "musculoskeletal",
    "cardiorespiratory",
    "gastrointestinal",
    "ophthalmic",
    "renal",
    "haematological",
)
_FIRST, _LAST = -60, 2000


def _score(name: str, label: str, high: float) -> Entry:
    return Entry(name, "int16", "1", label, nullable=True, low=0, high=high)


VISITS: Final = (
    TRIAL,
    SUBJECT,
    Entry("visit", "word", "", "Name of the visit", nullable=False),
    day("planned_day", "Planned study day; null for an unscheduled visit", _FIRST, _LAST, nullable=True),
    day("day", "Study day on which it was held; null if missed", _FIRST, _LAST, nullable=True),
    flag("attended", "Whether it was held", nullable=False),
    SUBGROUP,
    real("age", "year", "Age at baseline", 15, 90),
    level("sex", "Sex", "F", "M"),
    real("weight", "kg", "Body weight at baseline", 30, 160),
    real("prednisone_dose", "mg/day", "Corticosteroid dose of the day, prednisone equivalent", 0, 1500),
    real("upcr", "mg/mg", "Urine protein-creatinine ratio", 0, 50),
    real("proteinuria_24h", "g/24 h", "Proteinuria of 24 hours", 0, 40),
    real("serum_creatinine", "µmol/L", "Serum creatinine", 20, 1500),
    real("egfr", "mL/min/1.73 m^2", "Estimated glomerular filtration rate", 1, 200),
    real("urine_rbc", "cells/hpf", "Urine red cells", 0, 5000),
    real("urine_wbc", "cells/hpf", "Urine white cells", 0, 5000),
    flag("cellular_casts", "Cellular casts in urine"),
    real("hemoglobin", "g/dL", "Hemoglobin", 2, 20),
    real("reticulocytes", "%", "Reticulocytes", 0, 40),
    real("wbc", "10^9/L", "White cells", 0, 60),
    real("neutrophils", "10^9/L", "Neutrophils", 0, 50),
    real("lymphocytes", "10^9/L", "Lymphocytes", 0, 15),
    real("platelets", "10^9/L", "Platelets", 0, 1500),
    real("c3", "mg/dL", "Complement C3", 0, 300),
    real("c4", "mg/dL", "Complement C4", 0, 100),
    real("anti_dsdna", "IU/mL", "Anti-dsDNA antibody", 0, 20_000),
    real("pga", "0 to 3", "Physician global assessment", 0, 3),
    _score("sdi", "SLICC/ACR damage index", 47),
    real("treg", "% of CD4+ T cells", "Regulatory T cells", 0, 40),
    real("th17", "% of CD4+ T cells", "Th17 cells", 0, 40),
    real("albumin", "g/L", "Serum albumin", 5, 60),
    real("systolic_bp", "mmHg", "Systolic blood pressure", 60, 260),
    real("diastolic_bp", "mmHg", "Diastolic blood pressure", 30, 160),
    flag("edema", "Nephrotic edema"),
    flag("coombs", "Direct Coombs test positive"),
    *(flag(f"sledai_{name}", f"SLEDAI-2K descriptor {name.replace('_', ' ')}") for name in _SLEDAI),
    *(level(f"bilag_{name}", f"BILAG-2004 grade, {name}", *"ABCDE", nullable=True) for name in _BILAG),
    *(item(name) for name in BILAG_ITEMS),
    flag("new_activity", "New feature of disease activity since the previous assessment"),
    flag("immunosuppressant_stable", "Maintenance immunosuppressants tolerated and at standard dose"),
    _score("sledai2k", "SLEDAI-2K score", 105),
    flag("lldas", "Lupus low disease activity state"),
)

DOSING: Final = (
    TRIAL,
    SUBJECT,
    day("start_day", "First study day of the period", _FIRST, _LAST),
    day("end_day", "Last study day of the period", _FIRST, _LAST),
    real("dose", "mg/day", "Daily corticosteroid dose, prednisone equivalent", 0, 1500),
    level(
        "reason",
        "Why the dose was ordered",
        "baseline",
        "taper",
        "flare",
        "rescue",
        "adverse_event",
    ),
)

INFUSIONS: Final = (
    TRIAL,
    SUBJECT,
    Entry("infusion", "int16", "1", "First or second infusion", nullable=False, low=1, high=2),
    day("planned_day", "Planned study day", 0, 400),
    day("day", "Study day on which it was given; null if not given", 0, 400, nullable=True),
    real("cells_per_kg", "cells/kg", "Cells per body weight", 0, 2e7),
    word("reason_not_given", "Why it was not given; null if given"),
)

EVENTS: Final = (
    TRIAL,
    SUBJECT,
    day("day", "Study day on which it was recorded", _FIRST, _LAST),
    level(
        "kind",
        "What happened",
        "flare",
        "renal_flare",
        "extrarenal_flare",
        "hematologic_flare",
        "rescue",
        "transfusion",
        "gcsf",
        "doubling_of_creatinine",
        "esrd",
        "infection",
        "adverse_event",
        "infusion_reaction",
        "withdrawal",
        "lost_to_follow_up",
        "death",
    ),
    level("severity", "Severity; null where it has none", "mild", "moderate", "severe", nullable=True),
    level("domain", "BILAG domain", *_BILAG, nullable=True),
    word("detail", "Trigger, drug, lineage, reason or term"),
)

LOG: Final = (
    TRIAL,
    Entry("effect", "word", "", "Assumption about the cells", nullable=False),
    SUBJECT,
    day("day", "Study day", _FIRST, _LAST),
    Entry("minute", "int32", "minute", "Minutes from 00:00 of study day 0", nullable=False),
    Entry("kind", "word", "", "What happened", nullable=False),
    Entry(
        "words", "text", "", "What happened, with its numbers; `latent` where nobody could see it", nullable=False
    ),
)
