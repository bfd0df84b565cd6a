"""Addresses of the baseline draws: the index of core.decisions.Decision.BASELINE for each drawn quantity.

Every quantity has a number of its own, so adding one at the end moves no other. Four neighbours share one block
of the generator, so blocks hold what is asked together, the cheapest and most selective questions first: who
arrives and comes no further (0), who has no donor or an exclusion (4), and so on.
"""

from enum import IntEnum
from typing import Final

BLOCK: Final = 4


class Arrival(IntEnum):
    """What is drawn of every arrival, also of those who are turned away."""

    GAP = 0
    STREAM = 1


class HistoryVariable(IntEnum):
    """Quantities of HISTORY; EVER is the first of thirteen numbers."""

    CONSENT = 2
    BIOPSY_AGE = 3
    DONOR_FOUND = 5
    MAJOR_INFECTION = 6
    LIVER_DISEASE = 7
    BIOLOGIC = 8
    IVIG = 9
    BIOPSY_CLASS = 10
    BIOPSY_LESIONS = 11
    COAGULATION_DISORDER = 12
    ALLERGY = 13
    CANCER = 14
    HEART_FAILURE = 15
    REGIMEN_DRUG = 16
    REGIMEN_DOSE = 17
    REGIMEN_DAYS = 18
    REGIMEN_RESPONSE = 19
    ACTIVE_PEPTIC_ULCER = 23
    DONOR_AGE = 26
    PREGNANT = 27
    SUBSTANCE_ABUSE = 29
    BIOLOGIC_DAYS = 36
    BIOLOGIC_INVESTIGATIONAL = 37
    IVIG_DAYS = 38
    BIOPSY_PATTERN = 39
    ANA_POSITIVE = 72
    ANA_TITER = 73
    ANTI_DSDNA = 74
    ANTI_SM = 75
    ANTIPHOSPHOLIPID = 76
    LOW_COMPLEMENT = 77
    DIRECT_COOMBS = 78
    OTHER_CAUSE_HEMOGLOBIN = 79
    OTHER_CAUSE_NEUTROPHILS = 80
    OTHER_CAUSE_PLATELETS = 81
    LYMPHOPENIA_UNEXPLAINED = 82
    EVER = 83


class Variable(IntEnum):
    """Quantities of PERSON; ITEM_OWNED and ITEM_THRESHOLD are the first of nine numbers."""

    CREATININE = 4
    UPCR = 20
    URINE_RBC = 21
    CASTS_OWNED = 22
    AGE = 24
    FEMALE = 25
    SEVERE_CNS = 28
    FIXED_PROTEINURIA = 30
    CASTS_THRESHOLD = 31
    PREDNISONE_DOSE = 32
    EXTRARENAL_ACTIVITY = 33
    PRIMARY = 34
    CNS_ITEM = 35
    HEMATOLOGIC_ACTIVITY = 40
    NEPHRITIS = 41
    RENAL_ACTIVITY = 42
    PLATELETS = 43
    NEUTROPHILS = 44
    LYMPHOCYTES = 45
    HEMOGLOBIN = 46
    C3 = 47
    C4 = 48
    ANTI_DSDNA = 49
    WEIGHT = 50
    HEIGHT = 51
    DISEASE_DURATION = 52
    DAMAGE = 53
    URINE_WBC = 54
    PLATELETS_NORMAL = 55
    NEUTROPHILS_NORMAL = 56
    LYMPHOCYTES_NORMAL = 57
    HEMOGLOBIN_NORMAL = 58
    TREG_OFFSET = 59
    TH17_OFFSET = 60
    ITEM_OWNED = 61
    ITEM_THRESHOLD = 96


EARLY_END: Final = 40
"""One past what the questions need that come before the history as a whole."""
BASELINE_END: Final = 96
"""One past what is drawn of everybody who is described in full; a threshold is drawn for an item that is owned."""


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
