"""SLE responder index: SRI-4, SRI-5 and SRI-6, at one assessment against baseline.

Sources: Furie 2009, Arthritis & Rheumatism 61:1143; NCT04835883, secondary outcomes, whose "index 4 (SRI5)" is
SRI-4 by its formula (reading X21).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import no_worsening
from sim.instruments.nullable import Nullable, all_of, at_least, negated
from sim.instruments.pga import pga_worsened

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


def sledai_reduced(sledai: Floats, baseline: Floats, *, points: float) -> Nullable:
    """SLEDAI-2K at least `points` below baseline: 1, 0, or -1 where either is missing."""
    return at_least(baseline - sledai, points)


def sri_components(
    sledai: Floats,
    sledai_baseline: Floats,
    pga: Floats,
    pga_baseline: Floats,
    grades: Mapping[str, Codes],
    grades_baseline: Mapping[str, Codes],
    *,
    points: float,
) -> dict[str, Nullable]:
    """The three components, each 1 met, 0 not met, -1 unknown, in the order in which a failure is reported.

    sledai : points of SLEDAI-2K; pga : 0 to 3, worsened from a rise of 0.30 on; grades : BILAG-2004 codes by
    domain, without worsening when there is no new A and at most one new B.
    """
    return {
        "sledai": sledai_reduced(sledai, sledai_baseline, points=points),
        "pga": negated(pga_worsened(pga, pga_baseline)),
        "bilag": no_worsening(grades, grades_baseline),
    }


def sri(
    sledai: Floats,
    sledai_baseline: Floats,
    pga: Floats,
    pga_baseline: Floats,
    grades: Mapping[str, Codes],
    grades_baseline: Mapping[str, Codes],
    *,
    points: float,
) -> Nullable:
    """Response by SRI with so many points (4, 5 or 6): 1, 0, or -1 where a missing component decides.

    It is meant for those whose baseline SLEDAI-2K is at least `points` (see `in_population`).
    """
    components = sri_components(sledai, sledai_baseline, pga, pga_baseline, grades, grades_baseline, points=points)
    return all_of(*components.values())


def in_population(sledai_baseline: Floats, *, points: float) -> Nullable:
    """Baseline SLEDAI-2K of at least `points`: 1, 0, or -1 where there is no baseline, which nothing replaces."""
    return at_least(sledai_baseline, points)
