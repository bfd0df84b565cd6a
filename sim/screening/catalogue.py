"""Every criterion of the protocol, in protocol order: id, our words, rule, and what the rule reads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sim.screening import criteria_cytopenia as cytopenia
from sim.screening import criteria_lupus as lupus
from sim.screening import criteria_nephritis as nephritis
from sim.screening import criteria_safety as safety
from sim.screening import criteria_therapy as therapy


@dataclass(frozen=True)
class Criterion:
    """One criterion, or a part of one.

    reads    : columns of candidates, or ids of parts that stand before it, in the order of the rule's arguments.
    settings : keys of conf/protocol, as the rule's last arguments.
    readings : ids in docs/decisions.md.
    subgroup : "LN" or "LC" where the criterion is for one subgroup alone, else "".
    kind     : "inclusion", "exclusion" or "part" (of the criterion whose id its own begins with).
    """

    id: str
    text: str
    function: Callable[..., Any]
    reads: tuple[str, ...]
    settings: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    subgroup: str = ""
    kind: str = "part"


SKIN_TO_BLOOD: Final = (
    "ever_oral_ulcers",
    "ever_alopecia",
    "ever_synovitis",
    "ever_serositis",
    "ever_renal",
    "ever_neurologic",
    "ever_hemolytic_anemia",
    "ever_leukopenia",
    "ever_thrombocytopenia",
)
_SAMPLES: Final = tuple(
    f"{name}_{sample}"
    for sample in (1, 2, 3)
    for name in ("serum_creatinine", "upcr", "urine_rbc", "cellular_casts", "menses", "urinary_infection")
)

CRITERIA: Final = (
    Criterion("I0a", "Age from 18 to 70 years.", lupus.age_within_limits, ("age",), ("age_min", "age_max")),
    Criterion("I0b", "Women and men.", lupus.either_sex, ("female",)),
    Criterion("I0", "Age and sex.", lupus.all_met, ("I0a", "I0b"), kind="inclusion"),
    Criterion(
        "I1",
        "A haplo-identical marrow donor below 70 years.",
        safety.haploidentical_donor,
        ("donor_found", "donor_age"),
        ("donor_min_age", "donor_age_below"),
        ("X39",),
        kind="inclusion",
    ),
    Criterion(
        "I2a",
        "Four SLICC 2012 criteria, at least one clinical and one immunologic.",
        lupus.slicc_classification,
        (
            "ever_acute_cutaneous",
            "ever_chronic_cutaneous",
            "ever_discoid",
            *SKIN_TO_BLOOD,
            "ana_titer",
            "ever_anti_dsdna",
            "ever_anti_sm",
            "ever_antiphospholipid",
            "ever_low_complement",
            "ever_direct_coombs",
            "biopsy_class",
        ),
        ("slicc_standalone", "ana_titer_min"),
        ("X16",),
    ),
    Criterion(
        "I2b",
        "Four of the eleven ACR criteria of 1997.",
        lupus.acr_classification,
        (
            "ever_acute_cutaneous",
            "ever_discoid",
            "ever_photosensitivity",
            "ever_oral_ulcers",
            *SKIN_TO_BLOOD[2:],
            "ever_anti_dsdna",
            "ever_anti_sm",
            "ever_antiphospholipid",
            "ana_titer",
        ),
        ("ana_titer_min",),
    ),
    Criterion("I2", "Lupus by SLICC 2012 or by ACR 1997.", lupus.any_met, ("I2a", "I2b"), kind="inclusion"),
    Criterion(
        "I3",
        "Antinuclear antibody of 1:80 or more, and/or anti-dsDNA, at screening.",
        lupus.ana_or_anti_dsdna,
        ("ana_titer", "anti_dsdna"),
        ("ana_titer_min", "anti_dsdna_upper_limit", "serology_rule"),
        ("X13",),
        kind="inclusion",
    ),
    Criterion(
        "I4a",
        "No or partial response to six months of a listed drug at its dose.",
        therapy.standard_care_failed,
        ("regimen_drug", "regimen_dose", "regimen_days", "regimen_response"),
        ("regimen_min_dose", "regimen_min_days"),
        ("X15",),
    ),
    Criterion(
        "I4b",
        "At least 15 mg of prednisone a day to maintain.",
        therapy.corticosteroid_dependent,
        ("prednisone_dose",),
        ("steroid_dependent_dose",),
        ("X14",),
    ),
    Criterion(
        "I4",
        "Standard care failed, or corticosteroid cannot be reduced.",
        therapy.refractory,
        ("I4a", "I4b"),
        ("refractory_rule",),
        ("X14",),
        kind="inclusion",
    ),
    Criterion(
        "I5_1E",
        "Hemolytic anemia of 10 g/dL or less with reticulocytosis.",
        cytopenia.hemolytic_anemia,
        ("hemoglobin", "reticulocytes", "other_cause_hemoglobin"),
        ("hemoglobin_max", "reticulocyte_min"),
        ("X07",),
        "LC",
    ),
    Criterion(
        "I5_1N",
        "Neutrophils below 1,000 a cubic millimeter, not otherwise explained.",
        cytopenia.neutropenia,
        ("neutrophils", "other_cause_neutrophils"),
        ("neutrophils_below",),
        (),
        "LC",
    ),
    Criterion(
        "I5_1L",
        "Lymphocytes below 1,500 a cubic millimeter.",
        cytopenia.lymphopenia,
        ("lymphocytes", "lymphopenia_unexplained"),
        ("lymphocytes_below", "lymphopenia_counts"),
        ("X05",),
        "LC",
    ),
    Criterion(
        "I5_1P",
        "Platelets below 100,000 a cubic millimeter, not otherwise explained.",
        cytopenia.thrombocytopenia,
        ("platelets", "other_cause_platelets"),
        ("platelets_below",),
        (),
        "LC",
    ),
    Criterion(
        "I5_1",
        "Refractory cytopenia in at least one lineage.",
        cytopenia.refractory_cytopenia,
        ("I5_1E", "I5_1N", "I5_1L", "I5_1P"),
        ("lineage_rule", "require_non_lymphopenia"),
        ("X06",),
        "LC",
    ),
    Criterion(
        "I5_2a",
        "Three consecutive samples with raised creatinine, proteinuria and active sediment.",
        nephritis.laboratory_nephritis,
        _SAMPLES,
        ("creatinine_above", "upcr_above", "urine_rbc_above", "ln_lab_rule", "casts_scope", "ln_lab_samples"),
        ("X08", "X09", "X10"),
        "LN",
    ),
    Criterion(
        "I5_2b",
        "Biopsy within a year: active class III, IV-S, IV-G, V, III+V or IV+V.",
        nephritis.biopsy_nephritis,
        ("biopsy_class", "biopsy_lesions", "biopsy_age_days"),
        ("biopsy_allowed", "biopsy_max_age_days"),
        ("X12",),
        "LN",
    ),
    Criterion(
        "I5_2",
        "Active nephritis by laboratory and biopsy.",
        nephritis.active_nephritis,
        ("I5_2a", "I5_2b"),
        ("ln_labs_and_biopsy",),
        ("X11",),
        "LN",
    ),
    Criterion(
        "I5",
        "The disease of the subgroup: nephritis or cytopenia.",
        nephritis.qualifies_for_subgroup,
        ("subgroup", "I5_1", "I5_2"),
        ("subgroup_assignment",),
        ("X17",),
        kind="inclusion",
    ),
    Criterion("E1", "No written consent.", safety.no_consent, ("consent",), kind="exclusion"),
    Criterion("E2a", "History of cancer.", safety.present, ("history_cancer",)),
    Criterion(
        "E2b",
        "History of allergy.",
        safety.significant_allergy,
        ("history_allergy", "history_anaphylaxis"),
        ("allergy_rule",),
        ("X18",),
    ),
    Criterion("E2c", "Alcohol or substance abuse.", safety.present, ("history_substance_abuse",)),
    Criterion("E2d", "Active peptic ulcer.", safety.present, ("active_peptic_ulcer",)),
    Criterion("E2e", "Heart failure.", safety.present, ("heart_failure",)),
    Criterion("E2f", "Liver disease.", safety.present, ("liver_disease",)),
    Criterion("E2g", "Coagulation disorder.", safety.present, ("coagulation_disorder",)),
    Criterion(
        "E2",
        "Any of these conditions.",
        safety.excluding_history,
        ("E2a", "E2b", "E2c", "E2d", "E2e", "E2f", "E2g"),
        kind="exclusion",
    ),
    Criterion(
        "E3",
        "Active severe lupus of the central nervous system.",
        safety.present,
        ("active_severe_cns",),
        kind="exclusion",
    ),
    Criterion(
        "E4",
        "A biologic or investigational agent in the past year.",
        therapy.recent_biologic,
        ("biologic_days", "biologic_investigational"),
        ("biologic_rule", "biologic_max_days", "marketed_biologic_max_days"),
        ("X19",),
        kind="exclusion",
    ),
    Criterion(
        "E5",
        "Intravenous immunoglobulin or plasma exchange.",
        therapy.recent_immunoglobulin,
        ("ivig_days",),
        ("ivig_rule", "ivig_recent_days", "ivig_current_days"),
        ("X20",),
        kind="exclusion",
    ),
    Criterion("E6", "Pregnant or lactating.", safety.present, ("pregnant_or_lactating",), kind="exclusion"),
    Criterion("E7", "Evidence of a major infection.", safety.present, ("major_infection",), kind="exclusion"),
    Criterion(
        "E8",
        "Serum creatinine above 250 µmol/L.",
        nephritis.creatinine_excluded,
        ("serum_creatinine",),
        ("creatinine_excluded_above",),
        (),
        "LN",
        "exclusion",
    ),
)
"""In protocol order; parts stand before what reads them."""

EVALUATION_ORDER: Final = ("I0", "I2", "I3", "I4", "I5", "E8", "E2", "E3", "E4", "E5", "E6", "E7", "E1", "I1")
"""The order in which failures are reported; the donor comes last because typing is the costly step."""
