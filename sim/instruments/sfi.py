"""SELENA-SLEDAI flare index: the modified index at a recognised flare, and the index as written.

The functions use comparison, ``&``, ``|`` and ``^`` alone and call nothing, so that the same source works on
columns and, compiled, on the numbers of one visit. A missing number (NaN) meets no criterion.
Sources: Petri 1999, Lupus 8:685 (index); Petri 2005, New England Journal of Medicine 353:2550; the rise of
SLEDAI above 12 is left out as in the belimumab trials (reading X35).
"""

from typing import Any, Final

Flag = Any
"""A column of flags, or one flag inside compiled code."""
Number = Any
"""A column of numbers, or one number inside compiled code."""

NO_FLARE: Final = 0
MODERATE: Final = 1
SEVERE: Final = 2
HIGH_DOSE: Final = 0.5
"""mg/kg/day of prednisone above which a treatment is that of a severe flare."""


def severe_manifestation(
    new_cns: Flag,
    new_vasculitis: Flag,
    new_myositis: Flag,
    new_nephritis: Flag,
    platelets: Number,
    platelets_previous: Number,
    hemoglobin: Number,
    hemoglobin_previous: Number,
    hemolysis: Flag,
) -> Flag:
    """A manifestation of the index's severe list, new or worse since the previous visit.

    platelets in 10⁹/L: below 60. hemoglobin in g/dL: with hemolysis, below 7, or a fall of more than 3. A low
    count is new or worse unless it is at least as high as before; a missing previous count leaves it new.
    """
    low_platelets = (platelets < 60.0 - 1e-9) & ((platelets >= platelets_previous - 1e-9) ^ True)
    low_hemoglobin = (hemoglobin < 7.0 - 1e-9) & ((hemoglobin >= hemoglobin_previous - 1e-9) ^ True)
    anemia = hemolysis & (low_hemoglobin | (hemoglobin_previous - hemoglobin > 3.0 + 1e-9))
    return new_cns | new_vasculitis | new_myositis | new_nephritis | low_platelets | anemia


def modified_sfi_severe(
    severe_flare: Flag,
    dose_ordered: Number,
    dose_before: Number,
    weight: Number,
    starts_immunosuppressant: Flag,
    manifestation: Flag,
) -> Flag:
    """Is a recognised flare severe by the modified index, after the order? If not, it is moderate.

    severe_flare : the physician's grading of what was recognised; it must be severe.
    doses        : mg/day prednisone; weight in kg.
    One of these goes with it: an ordered dose above 0.5 mg/kg/day, a doubled dose, a new immunosuppressant, or a
    manifestation of the severe list.
    """
    high = dose_ordered > HIGH_DOSE * weight + 1e-9
    doubled = (dose_ordered >= 2.0 * dose_before - 1e-9) & (dose_ordered > dose_before + 1e-9)
    return severe_flare & (high | doubled | starts_immunosuppressant | manifestation)


def sfi_as_written(
    sledai: Number,
    sledai_previous: Number,
    pga: Number,
    pga_previous: Number,
    dose: Number,
    dose_previous: Number,
    weight: Number,
    mild_manifestation: Flag,
    manifestation: Flag,
    added_mild_drug: Flag,
    starts_immunosuppressant: Flag,
    hospitalised: Flag,
    sledai_alone_severe: Flag,
    use_medication: Flag,
) -> Number:
    """The index by any one of its six criteria, recognised flare or not: 0 none, 1 mild or moderate, 2 severe.

    sledai_alone_severe : True for the original rule that a rise to more than 12 points is severe by itself;
                          False (modified) makes it mild when it is a rise of at least 3.
    use_medication      : False ignores the criteria on doses and drugs.
    dose                : mg/day prednisone ordered for activity; weight in kg.
    """
    risen = sledai > sledai_previous + 1e-9
    high = dose > HIGH_DOSE * weight + 1e-9
    increased = dose > dose_previous + 1e-9
    doubled = increased & (dose >= 2.0 * dose_previous - 1e-9)
    severe = (
        (sledai_alone_severe & risen & (sledai > 12.0 + 1e-9))
        | (manifestation & (doubled | high | hospitalised))
        | (use_medication & ((increased & high) | starts_immunosuppressant))
        | ((pga > pga_previous + 1e-9) & (pga > 2.5 + 1e-9))
        | hospitalised
    )
    mild = (
        (sledai - sledai_previous >= 3.0 - 1e-9)
        | mild_manifestation
        | manifestation
        | (use_medication & (increased | added_mild_drug))
        | (pga - pga_previous >= 1.0 - 1e-9)
    )
    return 2 * severe + 1 * (mild & (severe ^ True))
