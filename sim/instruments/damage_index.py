"""SLICC/ACR damage index: irreversible damage since the onset of lupus, whatever its cause.

Source: Gladman 1996, Arthritis & Rheumatism 39:363, with the items tendon rupture and pancreatic insufficiency
of the forms in use. The largest possible score of these items is 47.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.nullable import Nullable
from sim.instruments.visit_order import running_maximum, running_minimum, starts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

SIX_MONTHS: Final = 182
"""Days for which a finding must persist; repeated events count if so far apart."""


@dataclass(frozen=True)
class DamageItem:
    """One item: name, organ system, the highest score it can have, and what it takes in our words.

    once : it counts when it ever happened; otherwise it must have been present for six months.
    """

    name: str
    system: str
    highest: int
    definition: str
    once: bool = False


ITEMS: Final = (
    DamageItem("cataract", "ocular", 1, "any cataract, either eye", once=True),
    DamageItem("retinal_change", "ocular", 1, "retinal change or optic atrophy"),
    DamageItem("cognitive_impairment", "neuropsychiatric", 1, "cognitive impairment or major psychosis"),
    DamageItem("seizures", "neuropsychiatric", 1, "seizures that needed treatment for six months"),
    DamageItem("cva", "neuropsychiatric", 2, "cerebrovascular accident; 2 if more than one", once=True),
    DamageItem("neuropathy", "neuropsychiatric", 1, "cranial or peripheral neuropathy, not optic"),
    DamageItem("transverse_myelitis", "neuropsychiatric", 1, "transverse myelitis"),
    DamageItem("low_filtration", "renal", 1, "filtration rate below half of normal"),
    DamageItem("proteinuria", "renal", 1, "proteinuria of at least 3.5 g in 24 hours"),
    DamageItem("end_stage_renal_disease", "renal", 3, "end-stage disease; replaces the two other renal items"),
    DamageItem("pulmonary_hypertension", "pulmonary", 1, "pulmonary hypertension"),
    DamageItem("pulmonary_fibrosis", "pulmonary", 1, "pulmonary fibrosis"),
    DamageItem("shrinking_lung", "pulmonary", 1, "shrinking lung on the radiograph"),
    DamageItem("pleural_fibrosis", "pulmonary", 1, "pleural fibrosis on the radiograph"),
    DamageItem("pulmonary_infarction", "pulmonary", 1, "pulmonary infarction on the radiograph"),
    DamageItem("angina", "cardiovascular", 1, "angina or coronary bypass"),
    DamageItem("myocardial_infarction", "cardiovascular", 2, "myocardial infarction; 2 if two", once=True),
    DamageItem("cardiomyopathy", "cardiovascular", 1, "cardiomyopathy"),
    DamageItem("valvular_disease", "cardiovascular", 1, "valvular disease with a murmur"),
    DamageItem("pericarditis", "cardiovascular", 1, "pericarditis for six months, or pericardiectomy"),
    DamageItem("claudication", "peripheral vascular", 1, "claudication for six months"),
    DamageItem("minor_tissue_loss", "peripheral vascular", 1, "loss of a pulp space", once=True),
    DamageItem("significant_tissue_loss", "peripheral vascular", 2, "loss of a digit; 2 if two sites", once=True),
    DamageItem("venous_thrombosis", "peripheral vascular", 1, "venous thrombosis with swelling, ulcer or stasis"),
    DamageItem(
        "infarction_or_resection",
        "gastrointestinal",
        2,
        "infarct or resection of bowel below the duodenum, spleen, liver or gallbladder; 2 if two sites",
        once=True,
    ),
    DamageItem("mesenteric_insufficiency", "gastrointestinal", 1, "mesenteric insufficiency"),
    DamageItem("chronic_peritonitis", "gastrointestinal", 1, "chronic peritonitis"),
    DamageItem("stricture", "gastrointestinal", 1, "stricture or surgery of the upper tract", once=True),
    DamageItem("pancreatic_insufficiency", "gastrointestinal", 1, "insufficiency that needs enzymes"),
    DamageItem("muscle_atrophy", "musculoskeletal", 1, "muscle atrophy or weakness"),
    DamageItem("deforming_arthritis", "musculoskeletal", 1, "deforming or erosive arthritis"),
    DamageItem("osteoporosis", "musculoskeletal", 1, "osteoporosis with fracture or vertebral collapse"),
    DamageItem("avascular_necrosis", "musculoskeletal", 2, "avascular necrosis; 2 if two sites", once=True),
    DamageItem("osteomyelitis", "musculoskeletal", 1, "osteomyelitis"),
    DamageItem("tendon_rupture", "musculoskeletal", 1, "rupture of a tendon"),
    DamageItem("scarring_alopecia", "skin", 1, "chronic scarring alopecia"),
    DamageItem("extensive_scarring", "skin", 1, "extensive scars of other skin"),
    DamageItem("skin_ulceration", "skin", 1, "ulcers for more than six months, not from thrombosis"),
    DamageItem("premature_gonadal_failure", "gonadal", 1, "secondary amenorrhea before 40", once=True),
    DamageItem("diabetes", "endocrine", 1, "diabetes that needs treatment"),
    DamageItem("malignancy", "malignancy", 2, "malignancy other than dysplasia; 2 if two sites", once=True),
)
_END_STAGE: Final = "end_stage_renal_disease"
_REPLACED: Final = ("low_filtration", "proteinuria")


def damage_index(items: Mapping[str, Floats]) -> tuple[Floats, Integers]:
    """Score of the damage index, and how many of the items given are missing.

    items   : by name of ITEMS, the number of events or sites (0, 1, 2 …; for end-stage renal disease 0 or 1),
              NaN if unknown; columns of one length. An item left out is no damage.
    Returns : points, NaN where an item that can matter is missing; number of missing items.
    Errors  : ValueError without items, and for an unknown one.
    """
    unknown = sorted(set(items) - {item.name for item in ITEMS})
    if unknown or not items:
        given = f"damage item {unknown[0]!r} is unknown" if unknown else "no damage item was given"
        raise ValueError(f"{given}; the items are those of ITEMS")
    size = len(next(iter(items.values())))
    end_stage = items.get(_END_STAGE, np.zeros(size))
    total, missing = np.zeros(size), np.zeros(size, dtype=np.int64)
    for item in ITEMS:
        if item.name in items:
            points = _points(item, items[item.name])
            missing += np.isnan(points)
            total += np.where((end_stage >= 1.0) & (item.name in _REPLACED), 0.0, points)
    return total, missing


def _points(item: DamageItem, number: Floats) -> Floats:
    if item.name == _END_STAGE:
        return np.asarray(np.where(np.isnan(number), np.nan, item.highest * (number >= 1.0)), dtype=np.float64)
    return np.clip(number, 0.0, float(item.highest))


def persistent(
    subject: NDArray[Any], day: Floats, present: Nullable, *, days: float = SIX_MONTHS, uninterrupted: bool = False
) -> Flags:
    """Damage by a finding that must last six months: from which visit on does it count?

    subject, day  : (visits,), sorted by subject, then day; present : the finding at each visit, -1 unknown.
    It counts from the first visit at which it is present and was present at another at least `days` before, and
    from then on, for damage does not decrease. uninterrupted : every known visit between must show it, too.
    """
    known = np.flatnonzero(present != -1)
    seen = present[known] == 1
    since = _first_day(subject[known], day[known], seen, uninterrupted=uninterrupted)
    lasting = np.zeros(len(day))
    lasting[known] = seen & (day[known] - since >= days - 1e-9)
    return np.asarray(running_maximum(subject, lasting) == 1.0, dtype=np.bool_)


def _first_day(subject: NDArray[Any], day: Floats, seen: Flags, *, uninterrupted: bool) -> Floats:
    """Day since which the finding has been there, at each row where it is; its first day ever, or of the run."""
    if uninterrupted:
        return running_maximum(subject, np.where(starts(subject, day, seen), day, np.nan))
    return running_minimum(subject, np.where(seen, day, np.nan))


def accumulated(subject: NDArray[Any], score: Floats) -> Floats:
    """The recorded index made non-decreasing: the highest of the subject up to each visit; NaN before a first."""
    return running_maximum(subject, score)
