"""BILAG-2004, haematological domain: bands of hemoglobin, white cells and platelets.

Bands are half-open: platelets of 25 to under 50 are B, of 50 to under 150 C. Hemolysis is evidence of active
hemolysis; in this project hemoglobin of at most 10 g/dL with reticulocytes above 2.5 % (reading X07).
Source: Isenberg 2005, Rheumatology 44:902, and the scoring of the index as revised in September 2009.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import graded
from sim.instruments.nullable import all_of, any_of, below

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]
Codes = NDArray[np.int8]


@dataclass(frozen=True)
class BloodCount:
    """What one assessment measured; columns of one length, NaN or -1 where missing.

    hemoglobin : g/dL; the counts : 10⁹/L; hemolysis, coombs : flags; ttp : change code 0 to 4 of thrombotic
    thrombocytopenic purpura (0 not present, 1 improving, 2 same, 3 worse, 4 new, -1 not done).
    """

    hemoglobin: Floats
    wbc: Floats
    neutrophils: Floats
    lymphocytes: Floats
    platelets: Floats
    hemolysis: Nullable
    coombs: Nullable
    ttp: Nullable


def haematological_grade(
    count: BloodCount, ever_involved: Nullable, *, other_cause: Mapping[str, Flags] | None = None
) -> Codes:
    """Grade codes of the haematological domain.

    other_cause : by name of a BloodCount column, where its value has another cause than lupus; not graded there.
    Missing     : an unknown value that could raise the grade leaves it unknown.
    """
    cause = dict(other_cause or {})
    ttp_active, ttp_improving = _code(count.ttp, 2, 3, 4), _code(count.ttp, 1)
    hemoglobin = _Graded(count.hemoglobin, cause.get("hemoglobin"))
    wbc = _Graded(count.wbc, cause.get("wbc"))
    neutrophils = _Graded(count.neutrophils, cause.get("neutrophils"))
    lymphocytes = _Graded(count.lymphocytes, cause.get("lymphocytes"))
    platelets = _Graded(count.platelets, cause.get("platelets"))
    severe = any_of(ttp_active, all_of(count.hemolysis, hemoglobin.below(8.0)), platelets.below(25.0))
    moderate = any_of(
        ttp_improving,
        all_of(count.hemolysis, hemoglobin.below(10.0)),
        hemoglobin.below(8.0),
        wbc.below(1.0),
        neutrophils.below(0.5),
        platelets.below(50.0),
    )
    mild = any_of(
        all_of(count.hemolysis, hemoglobin.any()),
        hemoglobin.below(11.0),
        wbc.below(4.0),
        neutrophils.below(2.0),
        platelets.below(150.0),
        lymphocytes.below(1.0),
        count.coombs,
    )
    return graded(severe, moderate, mild, ever_involved)


@dataclass(frozen=True)
class _Graded:
    """A value, and where it is not graded because lupus is not its cause."""

    value: Floats
    other_cause: Flags | None

    def below(self, limit: float) -> Nullable:
        return self._unless_other_cause(below(self.value, limit))

    def any(self) -> Nullable:
        return self._unless_other_cause(np.ones(len(self.value), dtype=np.int8))

    def _unless_other_cause(self, answer: Nullable) -> Nullable:
        if self.other_cause is None:
            return answer
        return np.where(self.other_cause, 0, answer).astype(np.int8)


def _code(ttp: Nullable, *codes: int) -> Nullable:
    return np.where(ttp == -1, -1, np.isin(ttp, codes)).astype(np.int8)
