"""Who walks in at screening: the covariate distributions of conf/population.

One dataclass for each clinical family; sim.population.parameters turns them into the record the compiled
code reads.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sim.config.fields import non_negative, number, positive, probability, shares, table, text

DRUGS: Final = (
    "cyclophosphamide_iv",
    "cyclophosphamide_oral",
    "mycophenolate_mofetil",
    "mycophenolic_acid",
    "azathioprine",
    "leflunomide",
    "cyclosporine",
    "mizoribine",
    "tacrolimus",
    "other",
)
"""Immunosuppressants a background regimen can consist of; the shares also name `none`."""
BIOPSY_MIX: Final = ("I", "II", "III", "IV", "V", "III+V", "IV+V", "VI")
"""Histological classes a referred biopsy can have; class IV is divided into IV-S and IV-G."""
PRIMARY_TYPES: Final = ("platelets", "hemolysis", "neutrophils", "lymphocytes")
"""What a cytopenia referral is for, in the order of population.person.Primary."""
ITEMS: Final = (
    "arthritis",
    "rash",
    "alopecia",
    "mucosal_ulcers",
    "fever",
    "pleurisy",
    "pericarditis",
    "vasculitis",
    "myositis",
)
"""Extra-renal SLEDAI items a person can own."""
EVER: Final = (
    "acute_cutaneous",
    "chronic_cutaneous",
    "photosensitivity",
    "discoid",
    "oral_ulcers",
    "alopecia",
    "synovitis",
    "serositis",
    "neurologic",
    "renal",
    "hemolytic_anemia",
    "leukopenia",
    "thrombocytopenia",
)
"""Features that count when they were ever present."""
MAX_DOSES: Final = 16
MAX_TITERS: Final = 8
MAX_DAMAGE: Final = 8


def _names(key: str, found: Iterable[str], allowed: tuple[str, ...], *, complete: bool = False) -> list[str]:
    found = tuple(found)
    unknown = [name for name in found if name not in allowed]
    missing = [name for name in allowed if name not in found] if complete else []
    return [f"{key}: {name!r} is not a name; allowed: {', '.join(allowed)}" for name in unknown] + [
        f"{key}: {name} is missing; it needs {', '.join(allowed)}" for name in missing
    ]


def _levels(key: str, mapping: Mapping[str, float], limit: int) -> list[str]:
    """Problems of a categorical variable whose levels are non-negative numbers."""
    if len(mapping) > limit:
        return [f"{key}: {len(mapping)} levels; at most {limit} are allowed"]
    try:
        sound = all(math.isfinite(float(name)) and float(name) >= 0.0 for name in mapping)
    except ValueError:
        sound = False
    return [] if sound else [f"{key}: {', '.join(mapping)} are not all numbers of at least 0"]


def _ordered(prefix: str, low: float, high: float) -> list[str]:
    return [] if low < high else [f"{prefix}_high: {high:g} is not above {prefix}_low {low:g}"]


@dataclass(frozen=True)
class Body:
    """Age, sex, size and time since diagnosis."""

    age_mean: float = number(unit="year")
    age_sd: float = positive("year")
    age_low: float = number(11.0, unit="year")
    age_high: float = number(11.0, unit="year")
    female: float = probability()
    weight_median_female: float = positive("kg")
    weight_median_male: float = positive("kg")
    weight_log_sd: float = positive()
    height_mean_female: float = positive("cm")
    height_sd_female: float = positive("cm")
    height_mean_male: float = positive("cm")
    height_sd_male: float = positive("cm")
    duration_shape: float = positive()
    duration_mean: float = positive("year")
    age_at_earliest_diagnosis: float = number(0.0, 10.0, unit="year")

    def check(self) -> list[str]:
        """The range of ages must not be empty."""
        return _ordered("age", self.age_low, self.age_high)


@dataclass(frozen=True)
class Shared:
    """Variables that both streams draw from one distribution."""

    c3_median: float = positive("mg/dL")
    c3_log_sd: float = positive()
    c4_median: float = positive("mg/dL")
    c4_log_sd: float = positive()
    anti_dsdna_median: float = positive("IU/mL")
    anti_dsdna_log_sd: float = positive()
    urine_wbc_median: float = positive("/hpf")
    urine_wbc_log_sd: float = positive()
    fixed_proteinuria_median: float = positive("mg/mg")
    fixed_proteinuria_log_sd: float = positive()
    extrarenal_activity_median: float = positive()
    extrarenal_activity_log_sd: float = positive()
    platelets_normal_median: float = positive("10^9/L")
    platelets_normal_log_sd: float = positive()
    neutrophils_normal_median: float = positive("10^9/L")
    neutrophils_normal_log_sd: float = positive()
    lymphocytes_normal_median: float = positive("10^9/L")
    lymphocytes_normal_log_sd: float = positive()
    hemoglobin_normal_mean: float = positive("g/dL")
    hemoglobin_normal_sd: float = positive("g/dL")
    hemoglobin_normal_male: float = number(unit="g/dL")
    normal_over_entry: float = number(1.0, open_low=True)
    treg_offset_sd: float = non_negative()
    th17_offset_sd: float = non_negative()
    item_owned_factor: float = non_negative()
    item_prevalence: Mapping[str, float] = table(0.0, 1.0)
    item_threshold_median: float = positive()
    item_threshold_log_sd: float = positive()
    prednisone_dose: Mapping[str, float] = shares()
    damage: Mapping[str, float] = shares()

    def check(self) -> list[str]:
        """Names of items, and levels that are numbers."""
        return [
            *_names("item_prevalence", self.item_prevalence, ITEMS, complete=True),
            *_levels("prednisone_dose", self.prednisone_dose, MAX_DOSES),
            *_levels("damage", self.damage, MAX_DAMAGE),
        ]


@dataclass(frozen=True)
class Nephritis:
    """The nephritis stream before eligibility: true values behind the screening samples."""

    creatinine_median: float = positive("µmol/L")
    creatinine_log_sd: float = positive()
    upcr_median: float = positive("mg/mg")
    upcr_log_sd: float = positive()
    urine_rbc_median: float = positive("/hpf")
    urine_rbc_log_sd: float = positive()
    fixed_proteinuria_max_share: float = probability()
    casts_owned: float = probability()
    casts_threshold_median: float = positive()
    casts_threshold_log_sd: float = positive()
    hematologic_activity_median: float = positive()
    hematologic_activity_log_sd: float = positive()
    platelets_median: float = positive("10^9/L")
    platelets_log_sd: float = positive()
    neutrophils_median: float = positive("10^9/L")
    neutrophils_log_sd: float = positive()
    lymphocytes_median: float = positive("10^9/L")
    lymphocytes_log_sd: float = positive()
    hemoglobin_mean: float = positive("g/dL")
    hemoglobin_sd: float = positive("g/dL")


@dataclass(frozen=True)
class Cytopenia:
    """The cytopenia stream: patients referred for one lineage, and the values of the others."""

    primary: Mapping[str, float] = shares()
    creatinine_median: float = positive("µmol/L")
    creatinine_log_sd: float = positive()
    nephritis: float = probability()
    renal_activity_quiet: float = positive()
    renal_activity_median: float = positive()
    renal_activity_log_sd: float = positive()
    platelets_median: float = positive("10^9/L")
    platelets_log_sd: float = positive()
    platelets_low: float = positive("10^9/L")
    platelets_high: float = positive("10^9/L")
    neutrophils_median: float = positive("10^9/L")
    neutrophils_log_sd: float = positive()
    neutrophils_low: float = positive("10^9/L")
    neutrophils_high: float = positive("10^9/L")
    hemoglobin_mean: float = positive("g/dL")
    hemoglobin_sd: float = positive("g/dL")
    hemoglobin_low: float = positive("g/dL")
    hemoglobin_high: float = positive("g/dL")
    lymphocytes_median: float = positive("10^9/L")
    lymphocytes_log_sd: float = positive()
    other_platelets_median: float = positive("10^9/L")
    other_platelets_log_sd: float = positive()
    other_platelets_low: float = positive("10^9/L")
    other_neutrophils_median: float = positive("10^9/L")
    other_neutrophils_log_sd: float = positive()
    other_neutrophils_low: float = positive("10^9/L")
    other_hemoglobin_mean: float = positive("g/dL")
    other_hemoglobin_sd: float = positive("g/dL")
    other_hemoglobin_low: float = positive("g/dL")

    def check(self) -> list[str]:
        """Names of types, and ranges that are not empty."""
        return [
            *_names("primary", self.primary, PRIMARY_TYPES, complete=True),
            *_ordered("platelets", self.platelets_low, self.platelets_high),
            *_ordered("neutrophils", self.neutrophils_low, self.neutrophils_high),
            *_ordered("hemoglobin", self.hemoglobin_low, self.hemoglobin_high),
        ]


@dataclass(frozen=True)
class Correlations:
    """Correlations between variables; the first three of the logarithms in LN, the others of the ranks."""

    creatinine_upcr: float = number(-1.0, 1.0)
    creatinine_urine_rbc: float = number(-1.0, 1.0)
    upcr_urine_rbc: float = number(-1.0, 1.0)
    c3_c4: float = number(-1.0, 1.0)
    c3_anti_dsdna: float = number(-1.0, 1.0)
    c3_upcr: float = number(-1.0, 1.0)
    dose_extrarenal: float = number(-1.0, 1.0)
    dose_upcr: float = number(-1.0, 1.0)
    damage_duration: float = number(-1.0, 1.0)
    platelets_lymphocytes: float = number(-1.0, 1.0)


@dataclass(frozen=True)
class Features:
    """Serology, and features that count when they were ever present."""

    ana_positive: float = probability()
    ana_titer: Mapping[str, float] = shares()
    anti_dsdna: float = probability()
    anti_sm: float = probability()
    antiphospholipid: float = probability()
    low_complement: float = probability()
    direct_coombs: float = probability()
    ever_nephritis: Mapping[str, float] = table(0.0, 1.0)
    ever_cytopenia: Mapping[str, float] = table(0.0, 1.0)
    ever_in_primary: float = probability()
    other_cause: float = probability()
    lymphopenia_unexplained: float = probability()

    def check(self) -> list[str]:
        """Names of features, and titers that are numbers."""
        return [
            *_names("ever_nephritis", self.ever_nephritis, EVER, complete=True),
            *_names("ever_cytopenia", self.ever_cytopenia, EVER, complete=True),
            *_levels("ana_titer", self.ana_titer, MAX_TITERS),
        ]


@dataclass(frozen=True)
class Regimen:
    """Background therapy, and how often it was long and strong enough and yet failed."""

    nephritis: Mapping[str, float] = shares()
    cytopenia: Mapping[str, float] = shares()
    failed: float = probability()
    long_enough: float = number(0.0, 1.0, open_low=True)
    response_none: float = probability()
    response_partial: float = probability()
    dose_adequate: Mapping[str, float] = table(0.0)
    dose_low: Mapping[str, float] = table(0.0)

    def check(self) -> list[str]:
        """Names of drugs, responses that leave room, and a duration that has a distribution."""
        problems = [
            *_names("nephritis", self.nephritis, ("none", *DRUGS)),
            *_names("cytopenia", self.cytopenia, ("none", *DRUGS)),
            *_names("dose_adequate", self.dose_adequate, DRUGS, complete=True),
            *_names("dose_low", self.dose_low, DRUGS, complete=True),
        ]
        if self.response_none + self.response_partial > 1.0:
            problems.append("response_partial: response_none and response_partial add up to more than 1")
        if self.long_enough >= 1.0:
            problems.append("long_enough: 1 leaves no distribution of durations; it must be below 1")
        return problems


@dataclass(frozen=True)
class Biopsy:
    """The renal biopsy a nephritis patient is referred with."""

    within_a_year: float = probability()
    classes: Mapping[str, float] = shares()
    chronic_only: float = probability()
    active: float = probability()
    segmental: float = probability()

    def check(self) -> list[str]:
        """Names of classes, and an age that has a distribution."""
        problems = _names("classes", self.classes, BIOPSY_MIX)
        if not 0.0 < self.within_a_year < 1.0:
            problems.append(f"within_a_year: {self.within_a_year:g} must lie strictly between 0 and 1")
        return problems


@dataclass(frozen=True)
class Donor:
    """A fit, willing, haplo-identical relative."""

    found_under_40: float = probability()
    found_40_to_54: float = probability()
    found_from_55: float = probability()
    too_old: float = probability()
    age_low: float = non_negative("year")
    age_limit: float = positive("year")
    age_oldest: float = positive("year")

    def check(self) -> list[str]:
        """Ages that rise."""
        rises = self.age_low < self.age_limit < self.age_oldest
        return [] if rises else ["age_limit: age_low, age_limit and age_oldest must rise"]


@dataclass(frozen=True)
class Exclusions:
    """What keeps a candidate out: prevalences among the referred."""

    refuses: float = probability()
    cancer: float = probability()
    allergy: float = probability()
    anaphylaxis: float = probability()
    substance_abuse: float = probability()
    active_peptic_ulcer: float = probability()
    heart_failure: float = probability()
    liver_disease: float = probability()
    coagulation_disorder: float = probability()
    severe_cns: float = probability()
    biologic: float = probability()
    biologic_investigational: float = probability()
    biologic_days: float = positive("day")
    ivig_nephritis: float = probability()
    ivig_cytopenia: float = probability()
    ivig_days: float = positive("day")
    pregnant_or_lactating: float = probability()
    major_infection: float = probability()
    menses_at_sample: float = probability()
    urinary_infection_at_sample: float = probability()
    menopause_age: float = positive("year")

    def check(self) -> list[str]:
        """Anaphylaxis is an allergy."""
        if self.anaphylaxis > self.allergy:
            return [
                f"anaphylaxis: {self.anaphylaxis:g} is more than allergy {self.allergy:g}, of which it is a part"
            ]
        return []


@dataclass(frozen=True)
class Population:
    """The referred population of one country and time."""

    body: Body
    shared: Shared
    nephritis: Nephritis
    cytopenia: Cytopenia
    correlations: Correlations
    features: Features
    regimen: Regimen
    biopsy: Biopsy
    donor: Donor
    exclusions: Exclusions
    name: str = text()
