"""The configured protocol as one record of plain numbers: thresholds, and readings as codes."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config import protocol as words
from sim.config.protocol import Protocol
from sim.population.history import BIOPSY_CLASSES, REGIMEN_DRUGS
from sim.screening.both_ways import TOLERANCE

_THRESHOLDS: Final = (
    "age_min",
    "age_max",
    "donor_min_age",
    "donor_age_below",
    "ana_titer_min",
    "anti_dsdna_upper_limit",
    "steroid_dependent_dose",
    "regimen_min_days",
    "hemoglobin_max",
    "reticulocyte_min",
    "neutrophils_below",
    "lymphocytes_below",
    "platelets_below",
    "creatinine_above",
    "upcr_above",
    "urine_rbc_above",
    "biopsy_max_age_days",
    "biologic_max_days",
    "marketed_biologic_max_days",
    "ivig_recent_days",
    "ivig_current_days",
    "creatinine_excluded_above",
)
_CODES: Final = {
    "serology_rule": words.OR_AND,
    "refractory_rule": words.OR_AND,
    "subgroup_assignment": words.SUBGROUP_ASSIGNMENTS,
    "lymphopenia_counts": words.LYMPHOPENIA_COUNTS,
    "lineage_rule": words.LINEAGE_RULES,
    "ln_lab_rule": words.LN_LAB_RULES,
    "casts_scope": words.CASTS_SCOPES,
    "ln_labs_and_biopsy": words.BOTH_OR_EITHER,
    "allergy_rule": words.ALLERGY_RULES,
    "biologic_rule": words.BIOLOGIC_RULES,
    "ivig_rule": words.IVIG_RULES,
}
"""Readings: the code is the position of the configured word."""
_LEAST: Final = {
    "creatinine_least": ("creatinine_above", 1.0),
    "creatinine_excluded_least": ("creatinine_excluded_above", 1.0),
    "urine_rbc_least": ("urine_rbc_above", 1.0),
    "upcr_least": ("upcr_above", 100.0),
}
"""Logarithms of the least values that are above a limit when they are rounded to so many parts of a unit."""
_ROUNDED_UP_TO: Final = 1e12
_WHOLE: Final = ("slicc_standalone", "require_non_lymphopenia", "ln_lab_samples", "sample_day_LC")

RULES: Final = np.dtype(
    [
        *((name, "f8") for name in (*_THRESHOLDS, *_LEAST)),
        *((name, "i8") for name in (*_CODES, *_WHOLE)),
        ("sample_days_LN", "i8", (3,)),
        ("regimen_min_dose", "f8", (len(REGIMEN_DRUGS),)),
        ("biopsy_allowed", "i8", (len(BIOPSY_CLASSES) + 1,)),
    ],
    align=True,
)


def screening_rules(protocol: Protocol) -> NDArray[np.void]:
    """One record of RULES, in an array of length 1, for a configured protocol.

    regimen_min_dose : by code of the drug, infinite where the drug does not count.
    biopsy_allowed   : 1 or 0 by code of the class; the last place is for no biopsy (code -1).
    """
    records = np.zeros(1, RULES)
    record = records[0]
    for name in (*_THRESHOLDS, *_WHOLE):
        record[name] = getattr(protocol, name)
    for name, allowed in _CODES.items():
        record[name] = allowed.index(getattr(protocol, name))
    for name, (limit, per_unit) in _LEAST.items():
        record[name] = least_above(getattr(protocol, limit), per_unit)
    record["sample_days_LN"] = protocol.sample_days_LN
    least = dict(protocol.regimen_min_dose)
    if protocol.other_immunosuppressants:
        least["other"] = 0.0
    record["regimen_min_dose"] = [least.get(drug, np.inf) for drug in REGIMEN_DRUGS]
    record["biopsy_allowed"] = [name in protocol.biopsy_classes for name in (*BIOPSY_CLASSES, "")]
    return records


def least_above(limit: float, per_unit: float) -> float:
    """Natural logarithm of the least value that, rounded half up to 1/per_unit, is above a limit (at least 0).

    Of a limit so large that the rounding is lost in it, the logarithm of the limit.
    """
    if limit > _ROUNDED_UP_TO:
        return math.log(limit)
    parts = math.floor((limit + TOLERANCE) * per_unit)
    if parts / per_unit <= limit + TOLERANCE:
        parts += 1
    return math.log((parts - 0.5) / per_unit)
