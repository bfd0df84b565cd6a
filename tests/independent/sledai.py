"""SLEDAI-2K (Gladman 2002), one visit at a time.

Clinical descriptors are taken as the physician recorded them; the eight that a laboratory defines are worked out
from the visit's measurements, whatever the data set says about them. A descriptor that cannot be judged makes the
total missing: an unmeasured item is not a normal one.
"""

from tests.independent.rows import CLINICAL_DESCRIPTORS, DESCRIPTORS, Row

WEIGHTS = {
    **dict.fromkeys(DESCRIPTORS[:8], 8),
    **dict.fromkeys(DESCRIPTORS[8:14], 4),
    **dict.fromkeys(DESCRIPTORS[14:21], 2),
    **dict.fromkeys(DESCRIPTORS[21:], 1),
}
TINY = 1e-9
C3_LOWER_LIMIT = 90.0
C4_LOWER_LIMIT = 10.0
ANTI_DSDNA_UPPER_LIMIT = 15.0


def below(value: float | None, limit: float) -> bool | None:
    """Strictly below, None if unmeasured."""
    return None if value is None else value < limit - TINY


def above(value: float | None, limit: float) -> bool | None:
    """Strictly above, None if unmeasured."""
    return None if value is None else value > limit + TINY


def either(first: bool | None, second: bool | None) -> bool | None:
    """True if one is, unknown if one is unknown and the other not true."""
    if first or second:
        return True
    return None if first is None or second is None else False


def serology(analyte: str, visit: Row, attended: list[Row]) -> float | None:
    """The visit's own value, else the nearest from ten days before to three days after (tie: the later).

    The baseline visit never borrows a value taken after day 0.
    """
    if visit[analyte] is not None:
        return visit[analyte]
    nearest = None
    for other in attended:
        if other[analyte] is None:
            continue
        offset = other["day"] - visit["day"]
        if offset < -10 or offset > 3:
            continue
        if visit["visit"] == "D0" and other["day"] > 0:
            continue
        rank = (abs(offset), -offset)
        if nearest is None or rank < nearest[0]:
            nearest = (rank, other[analyte])
    return None if nearest is None else nearest[1]


def descriptors(visit: Row, attended: list[Row], excretion: float = 1.0) -> dict[str, bool | None]:
    """The 24 descriptors of a visit; `attended` are all attended visits of the same subject.

    `excretion` of creatinine in g/day makes grams of protein in 24 hours out of the ratio (X29).
    """
    present: dict[str, bool | None] = {name: visit[f"sledai_{name}"] for name in CLINICAL_DESCRIPTORS}
    present["urinary_casts"] = visit["cellular_casts"]
    present["hematuria"] = above(visit["urine_rbc"], 5)
    present["proteinuria"] = above(None if visit["upcr"] is None else visit["upcr"] * excretion, 0.5)
    present["pyuria"] = above(visit["urine_wbc"], 5)
    low_c3 = below(serology("c3", visit, attended), C3_LOWER_LIMIT)
    low_c4 = below(serology("c4", visit, attended), C4_LOWER_LIMIT)
    present["low_complement"] = either(low_c3, low_c4)
    present["increased_dna_binding"] = above(serology("anti_dsdna", visit, attended), ANTI_DSDNA_UPPER_LIMIT)
    present["thrombocytopenia"] = below(visit["platelets"], 100)
    present["leukopenia"] = below(visit["wbc"], 3.0)
    return present


def total(visit: Row, attended: list[Row], excretion: float = 1.0) -> int | None:
    """The score, 0 to 105; None if a descriptor cannot be judged."""
    score = 0
    for name, present in descriptors(visit, attended, excretion).items():
        if present is None:
            return None
        if present:
            score += WEIGHTS[name]
    return score
