"""Active lupus nephritis: inclusion 5-2 and exclusion 8, for the nephritis subgroup (compiled too)."""

from typing import Any, Final

from sim.population.history import BIOPSY_CLASSES, BIOPSY_LESIONS
from sim.screening.both_ways import TOLERANCE, Code, Flag, Number, both_ways

_PURE_V: Final = BIOPSY_CLASSES.index("V")
_ACTIVE: Final = BIOPSY_LESIONS.index("A")
_ACTIVE_CHRONIC: Final = BIOPSY_LESIONS.index("A/C")


@both_ways
def creatinine_raised(serum_creatinine: Number, creatinine_above: float) -> Flag:
    """Decrease in renal function: serum creatinine above 106 µmol/L."""
    return serum_creatinine > creatinine_above + TOLERANCE


@both_ways
def proteinuria_raised(upcr: Number, upcr_above: float) -> Flag:
    """Increase in proteinuria: protein/creatinine ratio above 1 mg/mg."""
    return upcr > upcr_above + TOLERANCE


@both_ways
def hematuria(urine_rbc: Number, menses: Flag, urinary_infection: Flag, urine_rbc_above: float) -> Flag:
    """More than 10 red cells per field, neither with menses nor with a urinary infection."""
    return (urine_rbc > urine_rbc_above + TOLERANCE) & ((menses | urinary_infection) ^ True)


@both_ways
def combined(
    creatinine: Flag, protein: Flag, red_cells: Flag, casts: Flag, ln_lab_rule: int, casts_scope: int
) -> Flag:
    """One sample documents active nephritis.

    Reading : X08. All three (ln_lab_rule 0), two of three (1), or proteinuria with one more (2).
              X09. Casts stand for hematuria (casts_scope 0) or for everything (1).
    """
    sediment = red_cells
    if casts_scope == 0:
        sediment = red_cells | casts
    met = creatinine & protein & sediment
    if ln_lab_rule == 1:
        met = (creatinine & protein) | (creatinine & sediment) | (protein & sediment)
    if ln_lab_rule == 2:
        met = protein & (creatinine | sediment)
    if casts_scope == 1:
        met = met | casts
    return met


@both_ways
def sample_documents_nephritis(
    serum_creatinine: Number,
    upcr: Number,
    urine_rbc: Number,
    cellular_casts: Flag,
    menses: Flag,
    urinary_infection: Flag,
    creatinine_above: float,
    upcr_above: float,
    urine_rbc_above: float,
    ln_lab_rule: int,
    casts_scope: int,
) -> Flag:
    """One sample against the three thresholds; a missing value does not meet its threshold."""
    return combined(
        creatinine_raised(serum_creatinine, creatinine_above),
        proteinuria_raised(upcr, upcr_above),
        hematuria(urine_rbc, menses, urinary_infection, urine_rbc_above),
        cellular_casts,
        ln_lab_rule,
        casts_scope,
    )


@both_ways
def consecutive_samples(first: Flag, second: Flag, third: Flag, ln_lab_samples: int) -> Flag:
    """Three consecutive samples document active nephritis.

    Reading : X10, three samples a week apart, or with ln_lab_samples 1 the last one.
    """
    if ln_lab_samples == 1:
        return third
    return first & second & third


@both_ways
def laboratory_nephritis(
    serum_creatinine_1: Number,
    upcr_1: Number,
    urine_rbc_1: Number,
    cellular_casts_1: Flag,
    menses_1: Flag,
    urinary_infection_1: Flag,
    serum_creatinine_2: Number,
    upcr_2: Number,
    urine_rbc_2: Number,
    cellular_casts_2: Flag,
    menses_2: Flag,
    urinary_infection_2: Flag,
    serum_creatinine_3: Number,
    upcr_3: Number,
    urine_rbc_3: Number,
    cellular_casts_3: Flag,
    menses_3: Flag,
    urinary_infection_3: Flag,
    creatinine_above: float,
    upcr_above: float,
    urine_rbc_above: float,
    ln_lab_rule: int,
    casts_scope: int,
    ln_lab_samples: int,
) -> Flag:
    """Three consecutive samples document active nephritis (I5_2a).

    Reading : X08 to X10, see `combined` and `consecutive_samples`.
    """
    first = sample_documents_nephritis(
        serum_creatinine_1,
        upcr_1,
        urine_rbc_1,
        cellular_casts_1,
        menses_1,
        urinary_infection_1,
        creatinine_above,
        upcr_above,
        urine_rbc_above,
        ln_lab_rule,
        casts_scope,
    )
    second = sample_documents_nephritis(
        serum_creatinine_2,
        upcr_2,
        urine_rbc_2,
        cellular_casts_2,
        menses_2,
        urinary_infection_2,
        creatinine_above,
        upcr_above,
        urine_rbc_above,
        ln_lab_rule,
        casts_scope,
    )
    third = sample_documents_nephritis(
        serum_creatinine_3,
        upcr_3,
        urine_rbc_3,
        cellular_casts_3,
        menses_3,
        urinary_infection_3,
        creatinine_above,
        upcr_above,
        urine_rbc_above,
        ln_lab_rule,
        casts_scope,
    )
    return consecutive_samples(first, second, third, ln_lab_samples)


@both_ways
def biopsy_nephritis(
    biopsy_class: Code,
    biopsy_lesions: Code,
    biopsy_age_days: Number,
    biopsy_allowed: Any,
    biopsy_max_age_days: float,
) -> Flag:
    """Biopsy within a year of class III, IV-S, IV-G, V, III+V or IV+V with active lesions (I5_2b).

    biopsy_allowed : (10,), 1 or 0 by code of the class; the last is for no biopsy (code -1).
    Reading        : X12, lesions A or A/C; pure class V is neither.
    """
    active = (biopsy_lesions == _ACTIVE) | (biopsy_lesions == _ACTIVE_CHRONIC) | (biopsy_class == _PURE_V)
    return (biopsy_allowed[biopsy_class] == 1) & active & (biopsy_age_days <= biopsy_max_age_days + TOLERANCE)


@both_ways
def active_nephritis(laboratory: Flag, biopsy: Flag, ln_labs_and_biopsy: int) -> Flag:
    """Laboratory and biopsy document active nephritis (I5_2).

    Reading : X11, both (ln_labs_and_biopsy 0) or either (1).
    """
    if ln_labs_and_biopsy == 1:
        return laboratory | biopsy
    return laboratory & biopsy


@both_ways
def creatinine_excluded(serum_creatinine: Number, creatinine_excluded_above: float) -> Flag:
    """Serum creatinine above 250 µmol/L in the last screening sample (E8)."""
    return serum_creatinine > creatinine_excluded_above + TOLERANCE


@both_ways
def qualifies_for_subgroup(subgroup: Code, cytopenia: Flag, nephritis: Flag, subgroup_assignment: int) -> Flag:
    """Nephritis in the nephritis stream, cytopenia in the cytopenia stream (I5).

    subgroup : 0 nephritis, 1 cytopenia.
    Reading  : X17, by the referral stream (subgroup_assignment 0), or by either rule (1).
    """
    if subgroup_assignment == 1:
        return cytopenia | nephritis
    return ((subgroup == 0) & nephritis) | ((subgroup == 1) & cytopenia)
