"""Classification as systemic lupus erythematosus: SLICC 2012 and ACR 1997, item by item.

Criteria are cumulative: a feature counts when it was ever present. The functions are written with comparison,
``&``, ``|``, ``^`` and ``+`` alone and call nothing, so that the same source works on columns of candidates and,
compiled, on the flags of one person. Counts start from 0 because adding two flag columns would be "or".
"""

from dataclasses import dataclass
from typing import Any, Final

Flag = Any
"""A column of flags, shape (candidates,), or one flag inside compiled code."""
Count = Any
"""A column of whole numbers, shape (candidates,), or one whole number inside compiled code."""
Titer = Any
"""A column of reciprocal titers, shape (candidates,), 0 where negative; NaN counts as not met."""

SLICC: Final = "Petri 2012, Arthritis & Rheumatism 64:2677"
ACR: Final = "Tan 1982, Arthritis & Rheumatism 25:1271; Hochberg 1997, Arthritis & Rheumatism 40:1725"


@dataclass(frozen=True)
class ClassificationItem:
    """One item of a set of criteria: its place, its definition in our words and the columns it reads."""

    number: int
    name: str
    definition: str
    reads: tuple[str, ...]


SLICC_CLINICAL: Final = (
    ClassificationItem(1, "acute_cutaneous", "acute or subacute cutaneous lupus", ("ever_acute_cutaneous",)),
    ClassificationItem(
        2,
        "chronic_cutaneous",
        "chronic cutaneous lupus, discoid included",
        ("ever_chronic_cutaneous", "ever_discoid"),
    ),
    ClassificationItem(3, "oral_ulcers", "oral or nasal ulcers", ("ever_oral_ulcers",)),
    ClassificationItem(4, "alopecia", "hair loss without scars", ("ever_alopecia",)),
    ClassificationItem(
        5, "synovitis", "synovitis of two joints, or two tender joints stiff for 30 minutes", ("ever_synovitis",)
    ),
    ClassificationItem(6, "serositis", "pleurisy or pericarditis", ("ever_serositis",)),
    ClassificationItem(7, "renal", "proteinuria of 0.5 g a day or more, or red-cell casts", ("ever_renal",)),
    ClassificationItem(8, "neurologic", "a neurologic manifestation of the list", ("ever_neurologic",)),
    ClassificationItem(9, "hemolytic_anemia", "hemolytic anemia", ("ever_hemolytic_anemia",)),
    ClassificationItem(10, "leukopenia", "leukocytes below 4.0 or lymphocytes below 1.0", ("ever_leukopenia",)),
    ClassificationItem(11, "thrombocytopenia", "platelets below 100", ("ever_thrombocytopenia",)),
)
SLICC_IMMUNOLOGIC: Final = (
    ClassificationItem(1, "ana", "antinuclear antibody above the laboratory's range", ("ana_titer",)),
    ClassificationItem(2, "anti_dsdna", "anti-dsDNA above the laboratory's range", ("ever_anti_dsdna",)),
    ClassificationItem(3, "anti_sm", "anti-Sm", ("ever_anti_sm",)),
    ClassificationItem(4, "antiphospholipid", "any antiphospholipid antibody", ("ever_antiphospholipid",)),
    ClassificationItem(5, "low_complement", "low C3, C4 or CH50", ("ever_low_complement",)),
    ClassificationItem(
        6,
        "direct_coombs",
        "positive direct Coombs test in the absence of hemolytic anemia",
        ("ever_direct_coombs", "ever_hemolytic_anemia"),
    ),
)
ACR_1997: Final = (
    ClassificationItem(1, "malar_rash", "malar rash", ("ever_acute_cutaneous",)),
    ClassificationItem(2, "discoid_rash", "discoid rash", ("ever_discoid",)),
    ClassificationItem(3, "photosensitivity", "rash from sunlight", ("ever_photosensitivity",)),
    ClassificationItem(4, "oral_ulcers", "oral or nasopharyngeal ulcers", ("ever_oral_ulcers",)),
    ClassificationItem(5, "arthritis", "non-erosive arthritis of two peripheral joints", ("ever_synovitis",)),
    ClassificationItem(6, "serositis", "pleuritis or pericarditis", ("ever_serositis",)),
    ClassificationItem(7, "renal", "proteinuria above 0.5 g a day, or cellular casts", ("ever_renal",)),
    ClassificationItem(8, "neurologic", "seizures or psychosis", ("ever_neurologic",)),
    ClassificationItem(
        9,
        "hematologic",
        "hemolytic anemia, leukopenia, lymphopenia or thrombocytopenia",
        ("ever_hemolytic_anemia", "ever_leukopenia", "ever_thrombocytopenia"),
    ),
    ClassificationItem(
        10,
        "immunologic",
        "anti-DNA, anti-Sm or antiphospholipid antibodies",
        ("ever_anti_dsdna", "ever_anti_sm", "ever_antiphospholipid"),
    ),
    ClassificationItem(11, "ana", "abnormal titer of antinuclear antibody", ("ana_titer",)),
)


def slicc_2012_clinical_count(
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
) -> Count:
    """Clinical SLICC criteria ever met, 0 to 11.

    Discoid rash is chronic cutaneous lupus; each column counts once.
    Source : Petri 2012, table of clinical criteria (SLICC_CLINICAL).
    """
    return (
        0
        + ever_acute_cutaneous
        + (ever_chronic_cutaneous | ever_discoid)
        + ever_oral_ulcers
        + ever_alopecia
        + ever_synovitis
        + ever_serositis
        + ever_renal
        + ever_neurologic
        + ever_hemolytic_anemia
        + ever_leukopenia
        + ever_thrombocytopenia
    )


def slicc_2012_immunologic_count(
    ana_titer: Titer,
    ever_anti_dsdna: Flag,
    ever_anti_sm: Flag,
    ever_antiphospholipid: Flag,
    ever_low_complement: Flag,
    ever_direct_coombs: Flag,
    ever_hemolytic_anemia: Flag,
    titer: float = 80.0,
) -> Count:
    """Immunologic SLICC criteria ever met, 0 to 6.

    titer  : lowest reciprocal titer above the laboratory's range.
    A positive direct Coombs test counts only without hemolytic anemia.
    Source : Petri 2012, table of immunologic criteria (SLICC_IMMUNOLOGIC).
    """
    return (
        0
        + (ana_titer >= titer - 1e-9)
        + ever_anti_dsdna
        + ever_anti_sm
        + ever_antiphospholipid
        + ever_low_complement
        + (ever_direct_coombs & (ever_hemolytic_anemia ^ True))
    )


def slicc_2012(clinical_count: Count, immunologic_count: Count) -> Flag:
    """At least four criteria, of which one is clinical and one immunologic (I2a).

    Source  : Petri 2012; NCT04835883, inclusion 2.
    Reading : X16, the record quotes this limb only; `slicc_2012_biopsy` is the other one.
    """
    return (clinical_count + immunologic_count >= 4) & (clinical_count >= 1) & (immunologic_count >= 1)


def slicc_2012_biopsy(
    biopsy_nephritis: Flag, ana_titer: Titer, ever_anti_dsdna: Flag, titer: float = 80.0
) -> Flag:
    """Lupus nephritis proven by biopsy, with antinuclear antibody or anti-dsDNA: the limb that stands alone.

    Source : Petri 2012. The alternative of reading X16; off by default.
    """
    return biopsy_nephritis & ((ana_titer >= titer - 1e-9) | ever_anti_dsdna)


def acr_1997_count(
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
    ana_titer: Titer,
    titer: float = 80.0,
) -> Count:
    """ACR criteria ever met, 0 to 11.

    One flag stands for malar rash and acute cutaneous lupus, and one for the neurologic items of both sets.
    Source : Tan 1982 with the update of Hochberg 1997 (ACR_1997).
    """
    return (
        0
        + ever_acute_cutaneous
        + ever_discoid
        + ever_photosensitivity
        + ever_oral_ulcers
        + ever_synovitis
        + ever_serositis
        + ever_renal
        + ever_neurologic
        + (ever_hemolytic_anemia | ever_leukopenia | ever_thrombocytopenia)
        + (ever_anti_dsdna | ever_anti_sm | ever_antiphospholipid)
        + (ana_titer >= titer - 1e-9)
    )


def acr_1997(count: Count) -> Flag:
    """At least four of the eleven ACR criteria (I2b).

    Source : Hochberg 1997; NCT04835883, inclusion 2.
    """
    return count >= 4
