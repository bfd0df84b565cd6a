"""BILAG-2004, the seven domains that are graded on items: what was present, and how it changed.

A change code is 0 not present, 1 improving, 2 same, 3 worse, 4 new, -1 not done. In six domains an item of list
A that is not improving makes the domain A, and so on down; constitutional disease is graded by counting. Items
that a study does not record individually can be derived, coarsely, from SLEDAI-2K descriptors and an observed
activity (FROM_SLEDAI).
Source: Isenberg 2005, Rheumatology 44:902, and the form of the index as revised in September 2009.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import PREVIOUS_ASSESSMENT_DAYS, graded
from sim.instruments.nullable import Nullable, all_of, any_of, at_least_so_many
from sim.instruments.visit_order import flag_at, rows_before, usable_until, value_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

NOT_PRESENT, IMPROVING, SAME, WORSE, NEW = range(5)
NOT_DONE: Final = -1

ITEMS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "constitutional": {
        "count": ("pyrexia", "weight_loss", "lymphadenopathy_or_splenomegaly", "anorexia"),
    },
    "mucocutaneous": {
        "A": (
            "severe_skin_eruption",
            "severe_angioedema",
            "severe_mucosal_ulceration",
            "severe_panniculitis_or_bullous_lupus",
            "major_cutaneous_vasculitis_or_thrombosis",
        ),
        "B": (
            "mild_skin_eruption",
            "mild_panniculitis_or_bullous_lupus",
            "digital_infarcts_or_nodular_vasculitis",
            "severe_alopecia",
        ),
        "C": (
            "mild_angioedema",
            "mild_mucosal_ulceration",
            "mild_alopecia",
            "periungual_erythema_or_chilblains",
            "splinter_hemorrhages",
        ),
    },
    "neuropsychiatric": {
        "A": (
            "aseptic_meningitis",
            "cerebral_vasculitis",
            "demyelinating_syndrome",
            "myelopathy",
            "acute_confusional_state",
            "psychosis",
            "acute_inflammatory_demyelinating_polyradiculoneuropathy",
            "mononeuropathy",
            "cranial_neuropathy",
            "plexopathy",
            "polyneuropathy",
            "status_epilepticus",
            "cerebellar_ataxia",
        ),
        "B": (
            "seizure_disorder",
            "cerebrovascular_disease_not_due_to_vasculitis",
            "cognitive_dysfunction",
            "movement_disorder",
            "autonomic_disorder",
            "severe_unremitting_lupus_headache",
            "headache_from_raised_intracranial_pressure",
        ),
    },
    "musculoskeletal": {
        "A": ("severe_myositis", "severe_arthritis"),
        "B": ("mild_myositis", "moderate_arthritis_or_tendonitis"),
        "C": ("mild_arthritis_or_myalgia",),
    },
    "cardiorespiratory": {
        "A": (
            "myocarditis_with_cardiac_failure",
            "arrhythmia",
            "new_valvular_dysfunction",
            "cardiac_tamponade",
            "pleural_effusion_with_dyspnea",
            "pulmonary_hemorrhage_or_vasculitis",
            "alveolitis_or_pneumonitis",
            "shrinking_lung",
            "aortitis",
            "coronary_vasculitis",
        ),
        "B": ("mild_myocarditis", "pleurisy_or_pericarditis"),
    },
    "gastrointestinal": {
        "A": (
            "lupus_peritonitis",
            "lupus_enteritis_or_colitis",
            "intestinal_pseudo_obstruction",
            "acute_lupus_cholecystitis",
            "acute_lupus_pancreatitis",
        ),
        "B": ("abdominal_serositis_or_ascites", "malabsorption", "protein_losing_enteropathy", "lupus_hepatitis"),
    },
    "ophthalmic": {
        "A": (
            "orbital_inflammation_or_proptosis",
            "severe_keratitis",
            "severe_posterior_uveitis_or_retinal_vasculitis",
            "severe_scleritis",
            "retinal_or_choroidal_vaso_occlusion",
            "optic_neuritis",
            "anterior_ischemic_optic_neuropathy",
        ),
        "B": (
            "mild_keratitis",
            "anterior_uveitis",
            "mild_posterior_uveitis_or_retinal_vasculitis",
            "mild_scleritis",
        ),
        "C": ("episcleritis", "isolated_cotton_wool_spots"),
    },
}
"""Items by domain and list. A: 2–4 gives A, 1 gives B. B: 2–4 gives B, 1 gives C. C: 1–4 gives C."""

ITEM_DOMAINS: Final = tuple(ITEMS)


@dataclass(frozen=True)
class FromDescriptors:
    """A BILAG item that stands for SLEDAI-2K descriptors, and its severe form above an observed activity.

    severe_from : observed activity (1 is that at enrolment) from which `severe` is recorded instead of `item`.
    """

    descriptors: tuple[str, ...]
    item: str
    severe: str = ""
    severe_from: float = np.inf


FROM_SLEDAI: Final = (
    FromDescriptors(("arthritis",), "moderate_arthritis_or_tendonitis", "severe_arthritis", 1.5),
    FromDescriptors(("myositis",), "mild_myositis", "severe_myositis", 1.5),
    FromDescriptors(("rash",), "mild_skin_eruption", "severe_skin_eruption", 1.8),
    FromDescriptors(("alopecia",), "mild_alopecia", "severe_alopecia", 1.8),
    FromDescriptors(("mucosal_ulcers",), "mild_mucosal_ulceration", "severe_mucosal_ulceration", 1.8),
    FromDescriptors(
        ("vasculitis",),
        "digital_infarcts_or_nodular_vasculitis",
        "major_cutaneous_vasculitis_or_thrombosis",
        1.5,
    ),
    FromDescriptors(("pleurisy", "pericarditis"), "pleurisy_or_pericarditis"),
    FromDescriptors(("fever",), "pyrexia"),
    FromDescriptors(("psychosis",), "psychosis"),
    FromDescriptors(("organic_brain_syndrome",), "acute_confusional_state"),
    FromDescriptors(("cranial_nerve_disorder",), "cranial_neuropathy"),
    FromDescriptors(("seizure",), "seizure_disorder"),
    FromDescriptors(("cva",), "cerebrovascular_disease_not_due_to_vasculitis"),
    FromDescriptors(("lupus_headache",), "severe_unremitting_lupus_headache"),
    FromDescriptors(("visual_disturbance",), "severe_posterior_uveitis_or_retinal_vasculitis"),
)
"""Coarse: the severity limits are assumed. Items that no row names are never recorded from descriptors."""


def item_grade(domain: str, items: Mapping[str, Codes], ever_involved: Nullable) -> Codes:
    """Grade codes of one of the seven item domains.

    items  : change codes by item; an item left out was looked for and not found, -1 was not looked for.
    Errors : ValueError for an unknown domain, or for an item of no domain.
    """
    if domain not in ITEMS:
        raise ValueError(f"domain {domain!r} is not graded on items; allowed: {', '.join(ITEM_DOMAINS)}")
    known = {item for lists in ITEMS.values() for names in lists.values() for item in names}
    unknown = sorted(set(items) - known)
    if unknown:
        raise ValueError(f"BILAG item {unknown[0]!r} is unknown; the items are those of ITEMS")
    lists = ITEMS[domain]
    if domain == "constitutional":
        return _constitutional(items, ever_involved)
    severe = _any_item(items, lists["A"], SAME, NEW, len(ever_involved))
    moderate = any_of(
        _any_item(items, lists["A"], IMPROVING, IMPROVING, len(ever_involved)),
        _any_item(items, lists["B"], SAME, NEW, len(ever_involved)),
    )
    mild = any_of(
        _any_item(items, lists["B"], IMPROVING, IMPROVING, len(ever_involved)),
        _any_item(items, lists.get("C", ()), IMPROVING, NEW, len(ever_involved)),
    )
    return graded(severe, moderate, mild, ever_involved)


def _constitutional(items: Mapping[str, Codes], ever_involved: Nullable) -> Codes:
    """A: fever and two of the other three, none improving. B: fever or two others. C: anything else present."""
    rows = len(ever_involved)
    fever, *others = (_coded(items, name, SAME, NEW, rows) for name in ITEMS["constitutional"]["count"])
    present = [_coded(items, name, IMPROVING, NEW, rows) for name in ITEMS["constitutional"]["count"]]
    two_others = at_least_so_many(2, *others)
    return graded(all_of(fever, two_others), any_of(fever, two_others), any_of(*present), ever_involved)


def _any_item(items: Mapping[str, Codes], names: tuple[str, ...], low: int, high: int, rows: int) -> Nullable:
    """Has any of the items a code from low to high?"""
    answer: Nullable = np.zeros(rows, dtype=np.int8)
    for name in names:
        if name in items:
            answer = any_of(answer, _coded(items, name, low, high, rows))
    return answer


def _coded(items: Mapping[str, Codes], name: str, low: int, high: int, rows: int) -> Nullable:
    codes = items.get(name, np.zeros(rows, dtype=np.int8))
    return np.where(codes == NOT_DONE, -1, (codes >= low) & (codes <= high)).astype(np.int8)


def change_code(present: Nullable, previous: Nullable, activity: Floats, previous_activity: Floats) -> Codes:
    """Change code of something present or not, from the previous assessment and the trend of activity.

    present, previous : flags, -1 unknown; without a previous assessment what is present is the "same".
    activity          : observed, above 0; a ratio of at most 0.70 is improving, of at least 1.30 worse.
    Missing           : -1 (not done) where presence, or for something present at both a ratio, is unknown.
    """
    improving = activity <= 0.70 * previous_activity + 1e-9
    worse = activity >= 1.30 * previous_activity - 1e-9
    no_ratio = np.isnan(activity) | np.isnan(previous_activity)
    trend = np.where(no_ratio, NOT_DONE, np.where(improving, IMPROVING, np.where(worse, WORSE, SAME)))
    if_present = np.where(previous == 0, NEW, np.where(previous == -1, SAME, trend))
    return np.where(present == 1, if_present, np.where(present == 0, NOT_PRESENT, NOT_DONE)).astype(np.int8)


def items_from_sledai(
    subject: NDArray[Any],
    day: Floats,
    baseline: Flags,
    descriptors: Mapping[str, Nullable],
    activity: Floats | Mapping[str, Floats],
    *,
    days: float = PREVIOUS_ASSESSMENT_DAYS,
) -> dict[str, Codes]:
    """Change codes of the items of FROM_SLEDAI at each visit.

    subject, day : (visits,), sorted by subject, then day; baseline marks D0, which has no previous assessment.
    descriptors  : SLEDAI-2K flags, -1 unknown.
    activity     : as observed and recorded, never the latent value; one for all, or by descriptor (the larger of
                   two that make one item). What no activity is observed of stays the same.
    The manifestation, whatever its severity, is compared with the last visit at least `days` earlier at which
    its presence is known: a severe form that became mild is the mild item, improving or the same, and not new.
    """
    items: dict[str, Codes] = {}
    limit = np.where(baseline, -1, rows_before(subject, day, days=days))
    for row in FROM_SLEDAI:
        present = any_of(*(descriptors[name] for name in row.descriptors))
        place = usable_until(subject, limit, present != -1)
        where = np.flatnonzero(present != 0)  # few rows have the manifestation
        before = place[where]
        level = _activity_of(row, activity, len(day))
        code = change_code(present[where], flag_at(present, before), level[where], value_at(level, before))
        severe = level[where] >= row.severe_from - 1e-9
        if row.severe:
            code = np.where(np.isnan(level[where]), np.int8(NOT_DONE), code)
            items[row.severe] = _spread(len(day), where, code, severe | (code == NOT_DONE))
        items[row.item] = _spread(len(day), where, code, ~severe)
    return items


def _activity_of(row: FromDescriptors, activity: Floats | Mapping[str, Floats], rows: int) -> Floats:
    if not isinstance(activity, Mapping):
        return activity
    level = np.full(rows, np.nan)
    observed = [activity[name] for name in row.descriptors if name in activity]
    for values in observed:
        level = np.fmax(level, values)
    return level if observed else np.ones(rows)


def _spread(rows: int, where: Integers, code: Codes, recorded: Flags) -> Codes:
    """Codes of an item on all rows: those recorded at the places given, elsewhere not present."""
    codes = np.zeros(rows, dtype=np.int8)
    codes[where[recorded]] = code[recorded]
    return codes
