"""What the registry record NCT04835883 says: thresholds, doses, days, and how its ambiguous sentences are read.

Readings are named by their ids (X05 …, docs/decisions.md); each is one key with its alternatives.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sim.config.fields import choice, flag, integer, non_negative, number, numbers, positive, table, text, words
from sim.config.population import DRUGS

LN_LAB_RULES: Final = ("ALL3", "ANY2", "PROT_ANY")
CASTS_SCOPES: Final = ("sediment", "everything")
BOTH_OR_EITHER: Final = ("both", "either")
OR_AND: Final = ("or", "and")
SUBGROUP_ASSIGNMENTS: Final = ("stream", "both")
ALLERGY_RULES: Final = ("significant", "any")
BIOLOGIC_RULES: Final = ("kct", "investigational", "any")
IVIG_RULES: Final = ("recent", "current")
LYMPHOPENIA_COUNTS: Final = ("yes", "no", "with_attribution")
LINEAGE_RULES: Final = ("any", "white_both")
FOLLOW_UPS: Final = ("week_24", "year_5")
"""How far patients are followed, the shortest first."""
LISTED_DRUGS: Final = tuple(drug for drug in DRUGS if drug != "other")
ALLOWED_CLASSES: Final = ("III", "IV-S", "IV-G", "V", "III+V", "IV+V")


@dataclass(frozen=True)
class Protocol:
    """Eligibility, infusions and screening as configured under conf/protocol."""

    name: str = text()
    age_min: float = non_negative("year")
    age_max: float = positive("year")
    donor_min_age: float = non_negative("year")
    donor_age_below: float = positive("year")
    slicc_standalone: bool = flag()
    ana_titer_min: float = positive("reciprocal titer")
    anti_dsdna_upper_limit: float = positive("IU/mL")
    serology_rule: str = choice(*OR_AND)
    refractory_rule: str = choice(*OR_AND)
    steroid_dependent_dose: float = non_negative("mg/day")
    regimen_min_days: int = integer(0, unit="day")
    regimen_min_dose: Mapping[str, float] = table(0.0)
    other_immunosuppressants: bool = flag()
    subgroup_assignment: str = choice(*SUBGROUP_ASSIGNMENTS)
    hemoglobin_max: float = positive("g/dL")
    reticulocyte_min: float = non_negative("%")
    neutrophils_below: float = positive("10^9/L")
    lymphocytes_below: float = positive("10^9/L")
    platelets_below: float = positive("10^9/L")
    lymphopenia_counts: str = choice(*LYMPHOPENIA_COUNTS)
    lineage_rule: str = choice(*LINEAGE_RULES)
    require_non_lymphopenia: bool = flag()
    ln_lab_rule: str = choice(*LN_LAB_RULES)
    casts_scope: str = choice(*CASTS_SCOPES)
    ln_lab_samples: int = integer(1, 3, unit="samples")
    creatinine_above: float = positive("µmol/L")
    upcr_above: float = positive("mg/mg")
    urine_rbc_above: float = non_negative("/hpf")
    ln_labs_and_biopsy: str = choice(*BOTH_OR_EITHER)
    biopsy_classes: tuple[str, ...] = words(*ALLOWED_CLASSES)
    biopsy_max_age_days: int = integer(0, unit="day")
    allergy_rule: str = choice(*ALLERGY_RULES)
    biologic_rule: str = choice(*BIOLOGIC_RULES)
    biologic_max_days: int = integer(0, unit="day")
    marketed_biologic_max_days: int = integer(0, unit="day")
    ivig_rule: str = choice(*IVIG_RULES)
    ivig_recent_days: int = integer(0, unit="day")
    ivig_current_days: int = integer(0, unit="day")
    creatinine_excluded_above: float = positive("µmol/L")
    screening_days: int = integer(1, unit="day")
    sample_days_LN: tuple[float, ...] = numbers(3, -48.0, -1.0, unit="day")
    sample_day_LC: int = integer(-48, -1, unit="day")
    cells_per_kg: float = number(0.0, open_low=True, unit="cells/kg")
    follow_up: str = choice(*FOLLOW_UPS)

    def check(self) -> list[str]:
        """Ranges in order, a minimum dose for each listed drug, sample days that are whole and rise."""
        problems = []
        if self.age_min > self.age_max:
            problems.append(f"age_min: {self.age_min:g} is above age_max {self.age_max:g}; lower it")
        if self.donor_min_age >= self.donor_age_below:
            problems.append(
                f"donor_min_age: {self.donor_min_age:g} is not below donor_age_below {self.donor_age_below:g}"
            )
        problems += self._check_drugs() + self._check_days()
        if self.ln_lab_samples == 2:
            problems.append("ln_lab_samples: 2 is not a reading; allowed: 1, 3")
        if self.creatinine_above >= self.creatinine_excluded_above:
            problems.append(
                f"creatinine_above: {self.creatinine_above:g} is not below creatinine_excluded_above "
                f"{self.creatinine_excluded_above:g}; nobody could be enrolled"
            )
        return problems

    def _check_drugs(self) -> list[str]:
        missing = [drug for drug in LISTED_DRUGS if drug not in self.regimen_min_dose]
        unknown = [drug for drug in self.regimen_min_dose if drug not in LISTED_DRUGS]
        return [f"regimen_min_dose.{drug}: missing; every listed drug has a minimum dose" for drug in missing] + [
            f"regimen_min_dose.{drug}: not a listed drug; allowed: {', '.join(LISTED_DRUGS)}" for drug in unknown
        ]

    def _check_days(self) -> list[str]:
        problems = []
        days = list(self.sample_days_LN)
        if any(day != int(day) for day in days) or days != sorted(set(days)):
            problems.append(f"sample_days_LN: {days} must be whole days that rise")
        first = min(*self.sample_days_LN, self.sample_day_LC)
        if self.screening_days < -first:
            problems.append(
                f"screening_days: {self.screening_days} is too short; the first sample is on day {first:g}"
            )
        return problems
