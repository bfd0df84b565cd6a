"""What a candidate brings to the first visit besides the disease: features, therapy, biopsy, donor, exclusions.

A record of `HISTORY` holds what a criterion reads and no measurement gives. Codes of texts are positions in
the tuples below; -1 stands for "does not apply".
"""

from typing import Final

import numpy as np

from sim.config.population import DRUGS, EVER

REGIMEN_DRUGS: Final = ("", *DRUGS)
"""Position 0: no immunosuppressant."""
RESPONSES: Final = ("none", "partial", "complete")
BIOPSY_CLASSES: Final = ("I", "II", "III", "IV-S", "IV-G", "V", "III+V", "IV+V", "VI")
BIOPSY_LESIONS: Final = ("A", "A/C", "C")

HISTORY: Final = np.dtype(
    [
        ("consent", "?"),
        ("donor_found", "?"),
        ("donor_age", "f8"),  # year, NaN where none was found
        ("biopsy_class", "i8"),  # position in BIOPSY_CLASSES, -1 in LC
        ("biopsy_lesions", "i8"),  # position in BIOPSY_LESIONS, -1 in pure class V and in LC
        ("biopsy_age_days", "f8"),  # day before day 0, NaN in LC
        ("major_infection", "?"),
        ("history_cancer", "?"),
        ("history_allergy", "?"),
        ("history_anaphylaxis", "?"),
        ("history_substance_abuse", "?"),
        ("active_peptic_ulcer", "?"),
        ("heart_failure", "?"),
        ("liver_disease", "?"),
        ("coagulation_disorder", "?"),
        ("pregnant_or_lactating", "?"),
        ("biologic_days", "f8"),  # day since the last one, NaN if never
        ("biologic_investigational", "?"),
        ("ivig_days", "f8"),  # day since immunoglobulin or plasma exchange, NaN if none
        ("other_cause_hemoglobin", "?"),
        ("other_cause_neutrophils", "?"),
        ("other_cause_platelets", "?"),
        ("lymphopenia_unexplained", "?"),
        ("regimen_drug", "i8"),  # position in REGIMEN_DRUGS
        ("regimen_dose", "f8"),  # mg/day; mg/m² a month for the intravenous pulse; NaN without a regimen
        ("regimen_days", "f8"),  # NaN without a regimen
        ("regimen_response", "i8"),  # position in RESPONSES, -1 without a regimen
        ("ana_titer", "f8"),  # reciprocal titer, 0 if negative
        ("ever_anti_dsdna", "?"),
        ("ever_anti_sm", "?"),
        ("ever_antiphospholipid", "?"),
        ("ever_low_complement", "?"),
        ("ever_direct_coombs", "?"),
        *((f"ever_{name}", "?") for name in EVER),
    ],
    align=True,
)
