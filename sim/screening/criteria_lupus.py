"""Age, sex, classification as lupus and serology: age limits, inclusions 2 and 3; on columns and compiled."""

from typing import Final

from sim.instruments.classification import (
    acr_1997,
    acr_1997_count,
    slicc_2012,
    slicc_2012_biopsy,
    slicc_2012_clinical_count,
    slicc_2012_immunologic_count,
)
from sim.screening.both_ways import TOLERANCE, Code, Flag, Number, both_ways

_clinical: Final = both_ways(slicc_2012_clinical_count)
_immunologic: Final = both_ways(slicc_2012_immunologic_count)
_slicc: Final = both_ways(slicc_2012)
_slicc_biopsy: Final = both_ways(slicc_2012_biopsy)
_acr_count: Final = both_ways(acr_1997_count)
_acr: Final = both_ways(acr_1997)


@both_ways
def age_within_limits(age: Number, age_min: float, age_max: float) -> Flag:
    """Age at consent from 18 to 70 years, both included (I0a)."""
    return (age >= age_min - TOLERANCE) & (age <= age_max + TOLERANCE)


@both_ways
def either_sex(female: Code) -> Flag:
    """Women and men (I0b): nobody fails."""
    return (female == 1) | (female != 1)


@both_ways
def all_met(first: Flag, second: Flag) -> Flag:
    """Both parts of a criterion."""
    return first & second


@both_ways
def any_met(first: Flag, second: Flag) -> Flag:
    """At least one of two parts of a criterion."""
    return first | second


@both_ways
def slicc_classification(
    ever_acute_cutaneous: Flag,
    ever_chronic_cutaneous: Flag,
    ever_discoid: Flag,
    ever_oral_ulcers: Flag,
    ever_alopecia: Flag,
    ever_synovitis: Flag,
    ever_serositis: Flag,
    ever_renal: Flag,
    ever_neurologic: Flag,
    ever_hemolytic_anemia: Flag,
    ever_leukopenia: Flag,
    ever_thrombocytopenia: Flag,
    ana_titer: Number,
    ever_anti_dsdna: Flag,
    ever_anti_sm: Flag,
    ever_antiphospholipid: Flag,
    ever_low_complement: Flag,
    ever_direct_coombs: Flag,
    biopsy_class: Code,
    slicc_standalone: int,
    ana_titer_min: float,
) -> Flag:
    """Four SLICC 2012 criteria, one of them clinical and one immunologic (I2a).

    Reading : X16, the limb of a biopsy that stands alone counts with slicc_standalone only; a biopsy of any
              class (code 0 and above) proves nephritis.
    """
    clinical = _clinical(
        ever_acute_cutaneous,
        ever_chronic_cutaneous,
        ever_discoid,
        ever_oral_ulcers,
        ever_alopecia,
        ever_synovitis,
        ever_serositis,
        ever_renal,
        ever_neurologic,
        ever_hemolytic_anemia,
        ever_leukopenia,
        ever_thrombocytopenia,
    )
    immunologic = _immunologic(
        ana_titer,
        ever_anti_dsdna,
        ever_anti_sm,
        ever_antiphospholipid,
        ever_low_complement,
        ever_direct_coombs,
        ever_hemolytic_anemia,
        ana_titer_min,
    )
    alone = _slicc_biopsy(biopsy_class >= 0, ana_titer, ever_anti_dsdna, ana_titer_min)
    return _slicc(clinical, immunologic) | (alone & (slicc_standalone == 1))


@both_ways
def acr_classification(
    ever_acute_cutaneous: Flag,
    ever_discoid: Flag,
    ever_photosensitivity: Flag,
    ever_oral_ulcers: Flag,
    ever_synovitis: Flag,
    ever_serositis: Flag,
    ever_renal: Flag,
    ever_neurologic: Flag,
    ever_hemolytic_anemia: Flag,
    ever_leukopenia: Flag,
    ever_thrombocytopenia: Flag,
    ever_anti_dsdna: Flag,
    ever_anti_sm: Flag,
    ever_antiphospholipid: Flag,
    ana_titer: Number,
    ana_titer_min: float,
) -> Flag:
    """Four of the eleven ACR criteria of 1997 (I2b)."""
    return _acr(
        _acr_count(
            ever_acute_cutaneous,
            ever_discoid,
            ever_photosensitivity,
            ever_oral_ulcers,
            ever_synovitis,
            ever_serositis,
            ever_renal,
            ever_neurologic,
            ever_hemolytic_anemia,
            ever_leukopenia,
            ever_thrombocytopenia,
            ever_anti_dsdna,
            ever_anti_sm,
            ever_antiphospholipid,
            ana_titer,
            ana_titer_min,
        )
    )


@both_ways
def ana_or_anti_dsdna(
    ana_titer: Number, anti_dsdna: Number, ana_titer_min: float, anti_dsdna_upper_limit: float, serology_rule: int
) -> Flag:
    """Antinuclear antibody of at least 1:80, or anti-dsDNA above the laboratory's limit, at screening (I3).

    Reading : X13, "and/or" is or (serology_rule 0) or and (1).
    """
    ana = ana_titer >= ana_titer_min - TOLERANCE
    dsdna = anti_dsdna > anti_dsdna_upper_limit + TOLERANCE
    if serology_rule == 1:
        return ana & dsdna
    return ana | dsdna
