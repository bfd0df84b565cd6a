"""Every random decision of a virtual trial, by name: the only place where addresses are given out.

A uniform number is a pure function of (seed, trial, candidate, decision, index). The index says which of
many like decisions it is (which day, which visit, the how-manieth flare), never how many numbers were drawn
before. So a decision keeps its number whatever else happens, in every scenario, engine and chunk.
"""

from enum import IntEnum
from typing import Final

SLOTS: Final = 64
"""How often a clock may ring in one patient; one more stops the run with a LimitError."""
DAY_OFFSET: Final = 64
"""Added to a study day where it is an index, so that screening days are not negative."""
DAY_SPAN: Final = 4096
ANALYTE_SPAN: Final = 32
ANCHOR_SPAN: Final = 8
CLOCK_SPAN: Final = 16


class Decision(IntEnum):
    """What is decided; the comment gives the index."""

    BASELINE = 1  # population.variables
    SCREENING_EVENT = 2  # 4·sample + {0 menses, 1 urinary infection}
    NOISE_ANCHOR = 3  # 8·analyte + {0 day -64, 1 day 0, 4… day 64, 128, 192, 256}
    NOISE_BRIDGE = 4  # 4·(4096·analyte + day + 64) + {0 that day, 1 midway before it, 2 midway after it}
    NOISE_FAST = 5  # 32·(day + 64) + analyte
    TREND = 6  # 0 improver, 1 shared, 2… R, H, X, S, T
    CELLS = 7  # 0 responder, 1 depth, 2 second infusion sensitised
    CELL_TIMES = 8  # 4·infusion + {0, 1 lag, 2 duration}
    WAITING = 9  # 16·count + clock
    FLARE_SIZE = 10  # 64·clock + count
    RECOGNITION = 11  # 4·(64·clock + count) + {0 unscheduled visit, 1, 2 delay}
    FLARE_ITEM = 12  # 4·(64·clock + count) + {0 kind, 1 item, 2 threshold}
    EVENT_DETAIL = 13  # 4·(64·clock + count) + {0 fatal or reason, 1 severity, 2 malignancy}
    TAPER_HOLD = 14  # study day + 64
    TAPER_SKIP = 15  # study day + 64
    VISIT_JITTER = 16  # visit
    VISIT_MISSED = 17  # visit
    ORDER_IMMUNOSUPPRESSANT = 18  # study day + 64
    BLEEDING = 19  # study day + 64
    INFUSION_REACTION = 20  # 4·infusion + {0 whether, 1 severity, 2 day}
    FRAILTY = 21  # 0
    DRIFT_ANCHOR = 22  # 512·activity + anchor (every 8 days from day 0); order R, X, S, T, H_P, H_N, H_L, H_E
    DRIFT_BRIDGE = 23  # 4096·activity + day + 64
    ORDER_PULSE = 24  # study day + 64
    NOISE_LATER = 25  # 32·(day + 64) + analyte, after day 210
    IMPUTATION_MODEL = 40  # 4·(64·imputation + endpoint) + coefficient; the candidate is the last day observed
    IMPUTATION = 41  # 64·imputation + endpoint
    RESAMPLED = 44  # place in a trial drawn from a bank; the trial is the draw's, the candidate the stratum


class Clock(IntEnum):
    """Random clocks of a patient; the value orders events that fall in the same minute."""

    RENAL_SEVERE = 0
    RENAL_MILD = 1
    HEMATOLOGIC_SEVERE = 2
    HEMATOLOGIC_MILD = 3
    EXTRARENAL_SEVERE = 4
    EXTRARENAL_MILD = 5
    SERIOUS_INFECTION = 6
    MILD_INFECTION = 7
    ADVERSE_EVENT = 8
    DEATH = 9
    DROPOUT = 10
    PREGNANCY = 11
    RENAL_DAMAGE = 12
    DAMAGE_INDEX = 13


class Analyte(IntEnum):
    """What is measured with noise of its own."""

    UPCR = 0
    CREATININE = 1
    URINE_RBC = 2
    URINE_WBC = 3
    CASTS = 4
    PLATELETS = 5
    NEUTROPHILS = 6
    LYMPHOCYTES = 7
    HEMOGLOBIN = 8
    RETICULOCYTES = 9
    C3 = 10
    C4 = 11
    ANTI_DSDNA = 12
    TREG = 13
    TH17 = 14
    PGA = 15
    ALBUMIN = 16
    SYSTOLIC_BP = 17
    DIASTOLIC_BP = 18
    ARTHRITIS = 19
    RASH = 20
    ALOPECIA = 21
    MUCOSAL_ULCERS = 22
    FEVER = 23
    PLEURISY = 24
    PERICARDITIS = 25
    VASCULITIS = 26
    MYOSITIS = 27
