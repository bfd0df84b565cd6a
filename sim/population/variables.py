"""Addresses of the baseline draws: the index of core.decisions.Decision.BASELINE for each drawn quantity.

Every quantity has a number of its own, so adding one at the end moves no other. Four neighbours share one block
of the generator: the first two are what laboratory rule and history need.
"""

from enum import IntEnum
from typing import Final

BLOCK: Final = 4


class Variable(IntEnum):
    """Quantities of PERSON; ITEM_OWNED and ITEM_THRESHOLD are the first of nine numbers."""

    CREATININE = 0
    UPCR = 1
    URINE_RBC = 2
    CASTS_OWNED = 3
    FIXED_PROTEINURIA = 4
    AGE = 5
    FEMALE = 6
    PRIMARY = 7
    PREDNISONE_DOSE = 8
    EXTRARENAL_ACTIVITY = 9
    HEMATOLOGIC_ACTIVITY = 10
    NEPHRITIS = 11
    RENAL_ACTIVITY = 12
    PLATELETS = 13
    NEUTROPHILS = 14
    LYMPHOCYTES = 15
    HEMOGLOBIN = 16
    C3 = 17
    C4 = 18
    ANTI_DSDNA = 19
    WEIGHT = 20
    HEIGHT = 21
    DISEASE_DURATION = 22
    DAMAGE = 23
    CASTS_THRESHOLD = 24
    URINE_WBC = 25
    SEVERE_CNS = 26
    CNS_ITEM = 27
    PLATELETS_NORMAL = 28
    NEUTROPHILS_NORMAL = 29
    LYMPHOCYTES_NORMAL = 30
    HEMOGLOBIN_NORMAL = 31
    TREG_OFFSET = 32
    TH17_OFFSET = 33
    ITEM_OWNED = 36
    ITEM_THRESHOLD = 48


class HistoryVariable(IntEnum):
    """Quantities of HISTORY; EVER is the first of thirteen numbers."""

    CONSENT = 64
    DONOR_FOUND = 65
    DONOR_AGE = 66
    BIOPSY_AGE = 67
    BIOPSY_CLASS = 68
    BIOPSY_LESIONS = 69
    BIOPSY_PATTERN = 70
    MAJOR_INFECTION = 71
    CANCER = 72
    ALLERGY = 73
    SUBSTANCE_ABUSE = 74
    ACTIVE_PEPTIC_ULCER = 75
    HEART_FAILURE = 76
    LIVER_DISEASE = 77
    COAGULATION_DISORDER = 78
    PREGNANT = 79
    BIOLOGIC = 80
    BIOLOGIC_DAYS = 81
    BIOLOGIC_INVESTIGATIONAL = 82
    IVIG = 83
    IVIG_DAYS = 84
    OTHER_CAUSE_HEMOGLOBIN = 85
    OTHER_CAUSE_NEUTROPHILS = 86
    OTHER_CAUSE_PLATELETS = 87
    LYMPHOPENIA_UNEXPLAINED = 88
    REGIMEN_DRUG = 89
    REGIMEN_DOSE = 90
    REGIMEN_DAYS = 91
    REGIMEN_RESPONSE = 92
    ANA_POSITIVE = 94
    ANA_TITER = 95
    ANTI_DSDNA = 96
    ANTI_SM = 97
    ANTIPHOSPHOLIPID = 98
    LOW_COMPLEMENT = 99
    DIRECT_COOMBS = 100
    EVER = 104


PERSON_END: Final = 60
"""One past the last block of Variable."""
HISTORY_START: Final = 64
HISTORY_END: Final = 120
"""One past the last block of HistoryVariable."""


class Correlated(IntEnum):
    """Rows of the correlation matrix; the first three come first so that the laboratory rule needs no more."""

    CREATININE = 0
    UPCR = 1
    URINE_RBC = 2
    EXTRARENAL_ACTIVITY = 3
    PREDNISONE_DOSE = 4
    C3 = 5
    C4 = 6
    ANTI_DSDNA = 7
    PLATELETS = 8
    LYMPHOCYTES = 9
    DAMAGE = 10
    DISEASE_DURATION = 11


CORRELATED: Final = len(Correlated)
