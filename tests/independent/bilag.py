"""BILAG-2004 (Isenberg 2005, Rheumatology 44:902), one assessment at a time: nine domains, grades A to E.

An item's code is 0 not present, 1 improving, 2 same, 3 worse, 4 new, None not done. The renal and hematological
domains are in bilag_laboratory.py; this file has the seven that are graded by items, the codes, and what the
grades are compared for. Which items follow from the descriptors of SLEDAI-2K is assumed.
"""

from collections.abc import Iterable

from tests.independent.rows import DOMAINS, Row

TINY = 1e-9
ACTIVE = (2, 3, 4)
POINTS = {"A": 12, "B": 8, "C": 1, "D": 0, "E": 0}
NOT_RENAL = tuple(domain for domain in DOMAINS if domain != "renal")
Code = int | None
Codes = dict[str, Code]

ITEMS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "mucocutaneous": (
        (
            *("severe_eruption", "severe_angioedema", "severe_mucosal_ulceration", "severe_panniculitis"),
            "major_cutaneous_vasculitis",
        ),
        ("mild_eruption", "mild_panniculitis", "digital_infarcts", "severe_alopecia"),
        (
            *("mild_angioedema", "mild_mucosal_ulceration", "mild_alopecia", "periungual_erythema"),
            "splinter_hemorrhages",
        ),
    ),
    "neuropsychiatric": (
        (
            *("aseptic_meningitis", "cerebral_vasculitis", "demyelination", "myelopathy", "acute_confusion"),
            *("psychosis", "acute_polyradiculoneuropathy", "mononeuropathy", "cranial_neuropathy", "plexopathy"),
            *("polyneuropathy", "status_epilepticus", "cerebellar_ataxia"),
        ),
        (
            *("seizure_disorder", "cerebrovascular_disease", "cognitive_dysfunction", "movement_disorder"),
            *("autonomic_disorder", "lupus_headache", "intracranial_hypertension_headache"),
        ),
        (),
    ),
    "musculoskeletal": (
        ("severe_myositis", "severe_arthritis"),
        ("mild_myositis", "moderate_arthritis"),
        ("mild_arthritis",),
    ),
    "cardiorespiratory": (
        (
            *("myocarditis_with_failure", "arrhythmia", "valvular_dysfunction", "tamponade"),
            *("effusion_with_dyspnea", "pulmonary_hemorrhage", "alveolitis", "shrinking_lung", "aortitis"),
            "coronary_vasculitis",
        ),
        ("mild_myocarditis", "pleurisy_or_pericarditis"),
        (),
    ),
    "gastrointestinal": (
        ("peritonitis", "enteritis", "pseudo_obstruction", "acute_cholecystitis", "acute_pancreatitis"),
        ("serositis", "malabsorption", "protein_losing_enteropathy", "hepatitis"),
        (),
    ),
    "ophthalmic": (
        (
            *("orbital_inflammation", "severe_keratitis", "severe_posterior_uveitis", "severe_scleritis"),
            *("vaso_occlusion", "optic_neuritis", "anterior_ischemic_optic_neuropathy"),
        ),
        ("mild_keratitis", "anterior_uveitis", "mild_posterior_uveitis", "mild_scleritis"),
        ("episcleritis", "cotton_wool_spots"),
    ),
}
CONSTITUTIONAL_OTHERS = ("weight_loss", "lymphadenopathy", "anorexia")

FROM_DESCRIPTOR: dict[str, tuple[str, str, str, float | None]] = {
    # descriptor: domain, item, severe item, activity from which it is severe
    "arthritis": ("musculoskeletal", "moderate_arthritis", "severe_arthritis", 1.5),
    "myositis": ("musculoskeletal", "mild_myositis", "severe_myositis", 1.5),
    "rash": ("mucocutaneous", "mild_eruption", "severe_eruption", 1.8),
    "alopecia": ("mucocutaneous", "mild_alopecia", "severe_alopecia", 1.8),
    "mucosal_ulcers": ("mucocutaneous", "mild_mucosal_ulceration", "severe_mucosal_ulceration", 1.8),
    "vasculitis": ("mucocutaneous", "digital_infarcts", "major_cutaneous_vasculitis", 1.5),
    "pleurisy": ("cardiorespiratory", "pleurisy_or_pericarditis", "", None),
    "pericarditis": ("cardiorespiratory", "pleurisy_or_pericarditis", "", None),
    "fever": ("constitutional", "pyrexia", "", None),
    "seizure": ("neuropsychiatric", "seizure_disorder", "", None),
    "cva": ("neuropsychiatric", "cerebrovascular_disease", "", None),
    "lupus_headache": ("neuropsychiatric", "lupus_headache", "", None),
    "psychosis": ("neuropsychiatric", "psychosis", "", None),
    "organic_brain_syndrome": ("neuropsychiatric", "acute_confusion", "", None),
    "cranial_nerve_disorder": ("neuropsychiatric", "cranial_neuropathy", "", None),
    "visual_disturbance": ("ophthalmic", "severe_posterior_uveitis", "", None),
}


def change_code(now: bool, before: bool, ratio: float) -> int:
    """Code of a manifestation from two assessments; `ratio` is the activity now over the activity then."""
    if not now:
        return 0
    if not before:
        return 4
    if ratio <= 0.70 + TINY:
        return 1
    return 2 if ratio < 1.30 - TINY else 3


def item_codes(
    now: dict[str, bool], before: dict[str, bool], activity: float, activity_before: float
) -> dict[str, Codes]:
    """Codes of the items that the descriptors of SLEDAI-2K stand for, by domain.

    The code is that of the manifestation: an arthritis that was severe and is moderate now is improving, not new.
    """
    codes: dict[str, Codes] = {}
    for domain, mild, severe, limit in FROM_DESCRIPTOR.values():
        # Pleurisy and pericarditis are one item: one that follows the other is not new.
        same = [name for name, entry in FROM_DESCRIPTOR.items() if entry[1] == mild]
        present, there_before = (any(seen[name] for name in same) for seen in (now, before))
        code = change_code(present, there_before, activity / activity_before)
        item = severe if limit is not None and activity >= limit - TINY else mild
        codes.setdefault(domain, {})[item] = code
    return codes


def worst_and_best(codes: Codes) -> tuple[Codes, Codes]:
    """The codes with what was not done as new, and as absent."""
    return tuple({item: worst if code is None else code for item, code in codes.items()} for worst in (4, 0))


def item_grade(domain: str, codes: Codes, ever: bool) -> str | None:
    """Grade of one of the six domains with lists of items; None where one that was not done could change it."""
    worst, best = (known_item_grade(domain, known, ever) for known in worst_and_best(codes))
    return worst if worst == best else None


def known_item_grade(domain: str, codes: Codes, ever: bool) -> str:
    if domain not in ITEMS:
        raise ValueError(f"{domain}: one of {', '.join(ITEMS)}")
    unknown = set(codes) - {item for items in ITEMS[domain] for item in items}
    if unknown:
        raise ValueError(f"{domain} has no item {', '.join(sorted(unknown))}")
    severe, moderate, mild = ([codes.get(item) for item in items] for items in ITEMS[domain])
    if any(code in ACTIVE for code in severe):
        return "A"
    if 1 in severe or any(code in ACTIVE for code in moderate):
        return "B"
    if 1 in moderate or any(code in (1, *ACTIVE) for code in mild):
        return "C"
    return "D" if ever else "E"


def constitutional_grade(codes: Codes, ever: bool) -> str | None:
    """Grade of the constitutional domain, which counts: fever, and weight loss, lymphadenopathy, anorexia."""
    worst, best = (known_constitutional_grade(known, ever) for known in worst_and_best(codes))
    return worst if worst == best else None


def known_constitutional_grade(codes: Codes, ever: bool) -> str:
    fever = codes.get("pyrexia")
    others = [codes.get(item) for item in CONSTITUTIONAL_OTHERS]
    several = sum(code in ACTIVE for code in others) >= 2
    if fever in ACTIVE and several:
        return "A"
    if fever in ACTIVE or several:
        return "B"
    if fever == 1 or any(code in (1, *ACTIVE) for code in others):
        return "C"
    return "D" if ever else "E"


def recorded(visit: Row | None, domains: Iterable[str] = DOMAINS) -> dict[str, str] | None:
    """The recorded grades of a visit; None unless all of them are there."""
    if visit is None:
        return None
    grades = {domain: visit[f"bilag_{domain}"] for domain in domains}
    return None if None in grades.values() else grades


def new_grades(grades: dict[str, str], before: dict[str, str]) -> tuple[int, int]:
    """Numbers of new A and new B; A to B is an improvement."""
    pairs = [(grades[domain], before[domain]) for domain in grades]
    new_a = sum(now == "A" and then != "A" for now, then in pairs)
    new_b = sum(now == "B" and then in ("C", "D", "E") for now, then in pairs)
    return new_a, new_b


def worse(grades: dict[str, str], before: dict[str, str]) -> bool:
    """One new A or two new B: a flare against the previous visit, a failure against baseline."""
    new_a, new_b = new_grades(grades, before)
    return new_a >= 1 or new_b >= 2


def points(grades: dict[str, str]) -> int:
    """Numeric total, A 12, B 8, C 1 (Yee 2010)."""
    return sum(POINTS[grade] for grade in grades.values())
