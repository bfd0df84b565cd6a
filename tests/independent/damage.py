"""SLICC/ACR damage index (Gladman 1996, Arthritis & Rheumatism 39:363): what is irreversible, since diagnosis."""

TINY = 1e-9
LARGEST: dict[str, dict[str, int]] = {
    "ocular": {"cataract": 1, "retinal_change_or_optic_atrophy": 1},
    "neuropsychiatric": {
        **{"cognitive_impairment_or_psychosis": 1, "seizures": 1, "cva": 2, "neuropathy": 1},
        "transverse_myelitis": 1,
    },
    "renal": {"gfr_below_half": 1, "proteinuria": 1, "esrd": 3},
    "pulmonary": {
        **{"pulmonary_hypertension": 1, "fibrosis": 1, "shrinking_lung": 1, "pleural_fibrosis": 1},
        "infarction": 1,
    },
    "cardiovascular": {
        **{"angina_or_bypass": 1, "myocardial_infarction": 2, "cardiomyopathy": 1, "valvular_disease": 1},
        "pericarditis": 1,
    },
    "peripheral_vascular": {
        **{"claudication": 1, "minor_tissue_loss": 1, "significant_tissue_loss": 2},
        "venous_thrombosis": 1,
    },
    "gastrointestinal": {
        **{"infarction_or_resection": 2, "mesenteric_insufficiency": 1, "chronic_peritonitis": 1},
        **{"stricture": 1, "pancreatic_insufficiency": 1},
    },
    "musculoskeletal": {
        **{"atrophy": 1, "erosive_arthritis": 1, "osteoporotic_fracture": 1, "avascular_necrosis": 2},
        **{"osteomyelitis": 1, "tendon_rupture": 1},
    },
    "skin": {"scarring_alopecia": 1, "extensive_scarring": 1, "ulceration": 1},
    "gonadal": {"premature_failure": 1},
    "endocrine": {"diabetes": 1},
    "malignancy": {"malignancy": 2},
}
HALF_YEAR = 182


def index(counts: dict[str, dict[str, int]]) -> int:
    """The score of the damage counted by system and item; ESRD (3) replaces the other renal items.

    A second event counts only where the index allows two. An unknown system or item raises.
    """
    score = 0
    for system, items in counts.items():
        if system not in LARGEST or set(items) - set(LARGEST[system]):
            raise ValueError(f"{system} {sorted(items)}: not in the index")
        if system == "renal" and items.get("esrd", 0) > 0:
            score += 3
            continue
        score += sum(min(items[item], LARGEST[system][item]) for item in items)
    return score


def never_falling(scores: list[int | None]) -> list[int | None]:
    """Scores in order of day: damage once counted stays; an assessment not done stays unknown."""
    highest = 0
    course: list[int | None] = []
    for score in scores:
        highest = max(highest, score or 0)
        course.append(None if score is None else highest)
    return course


def lasting_proteinuria(samples: list[tuple[int, float | None]]) -> bool:
    """UPCR of 3.5 mg/mg or more (day, value) on two assessments at least half a year apart."""
    days = [day for day, upcr in samples if upcr is not None and upcr >= 3.5 - TINY]
    return bool(days) and max(days) - min(days) >= HALF_YEAR
