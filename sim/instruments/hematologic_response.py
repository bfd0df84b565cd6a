"""Hematologic improvement by lineage (P2): the rules of Cheson 2006, Blood 108:419, as the record has them.

Each rule compares a value with the pre-treatment value and returns a nullable flag: 1 improved, 0 not, -1 where
either value is missing. All comparisons tolerate 1e-9.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]

RETICULOCYTOSIS: Final = 2.5
"""% above which reticulocytes make an anemia hemolytic."""


def _nullable(condition: Flags, value: Floats, before: Floats) -> Nullable:
    return np.where(np.isnan(value) | np.isnan(before), -1, condition).astype(np.int8)


def hemoglobin_improved(hemoglobin: Floats, before: Floats, *, increase: float = 1.5) -> Nullable:
    """Hemoglobin risen by at least `increase` g/dL. Source: NCT04835883, primary outcome 2."""
    return _nullable(hemoglobin - before >= increase - 1e-9, hemoglobin, before)


def neutrophils_improved(neutrophils: Floats, before: Floats, *, increase: float = 0.5) -> Nullable:
    """Neutrophils at least doubled and risen by at least `increase` (10⁹/L).

    Reading : X01, the record's "500/mm3 x 10^9/L" is 500 per mm³, which is 0.5 × 10⁹/L.
    Source  : NCT04835883, primary outcome 2; Cheson 2006.
    """
    doubled = neutrophils >= 2.0 * before - 1e-9
    return _nullable(doubled & (neutrophils - before >= increase - 1e-9), neutrophils, before)


def lymphocytes_improved(lymphocytes: Floats, before: Floats, *, increase: float = 0.5) -> Nullable:
    """Lymphocytes at least doubled and risen by at least `increase` (10⁹/L).

    The record defines no lymphocyte response; this is the option `doubled` of reading X05, after the neutrophils.
    """
    return neutrophils_improved(lymphocytes, before, increase=increase)


def platelets_improved(platelets: Floats, before: Floats) -> Nullable:
    """Platelets risen by 30 if above 20 before treatment, else by 20 and at least doubled (10⁹/L).

    Source : NCT04835883, primary outcome 2; a count of exactly 20 belongs to the lower rule.
    """
    rise = platelets - before
    low = (rise >= 20.0 - 1e-9) & (platelets >= 2.0 * before - 1e-9)
    return _nullable(np.where(before > 20.0 + 1e-9, rise >= 30.0 - 1e-9, low), platelets, before)


def pretreatment(screening: Floats, baseline: Floats) -> Floats:
    """Pre-treatment value: mean of the usable ones of the last screening sample and D0; NaN if neither is."""
    mean = (screening + baseline) / 2.0
    return np.asarray(
        np.where(np.isnan(screening), baseline, np.where(np.isnan(baseline), screening, mean)), dtype=np.float64
    )


def hemolytic_anemia(hemoglobin: Floats, reticulocytes: Floats) -> Nullable:
    """Hemoglobin of at most 10 g/dL with reticulocytes above 2.5 %: 1, 0, or -1 where that cannot be told.

    Reading : X07. One value that rules it out is enough for 0.
    """
    low, high = hemoglobin <= 10.0 + 1e-9, reticulocytes > RETICULOCYTOSIS + 1e-9
    ruled_out = (~low & ~np.isnan(hemoglobin)) | (~high & ~np.isnan(reticulocytes))
    return np.where(low & high, 1, np.where(ruled_out, 0, -1)).astype(np.int8)


def neutropenia(neutrophils: Floats) -> Nullable:
    """Neutrophils below 1.0 × 10⁹/L (I5.1N): 1, 0, or -1 where missing."""
    return _nullable(neutrophils < 1.0 - 1e-9, neutrophils, neutrophils)


def lymphopenia(lymphocytes: Floats) -> Nullable:
    """Lymphocytes below 1.5 × 10⁹/L (I5.1L): 1, 0, or -1 where missing."""
    return _nullable(lymphocytes < 1.5 - 1e-9, lymphocytes, lymphocytes)


def thrombocytopenia(platelets: Floats) -> Nullable:
    """Platelets below 100 × 10⁹/L (I5.1P): 1, 0, or -1 where missing."""
    return _nullable(platelets < 100.0 - 1e-9, platelets, platelets)


def platelets_complete_response(platelets: Floats, before: Floats) -> Nullable:
    """Complete response of immune thrombocytopenia: platelets of at least 100 × 10⁹/L.

    Missing where either count is. Source : Rodeghiero 2009, Blood 113:2386; bleeding is judged elsewhere.
    """
    return _nullable(platelets >= 100.0 - 1e-9, platelets, before)


def platelets_response(platelets: Floats, before: Floats) -> Nullable:
    """Response of immune thrombocytopenia, a complete one included: at least 30 × 10⁹/L and doubled, or 100.

    Missing where either count is. Source : Rodeghiero 2009, Blood 113:2386, whose overall response is the sum of
    complete response and response.
    """
    doubled = (platelets >= 30.0 - 1e-9) & (platelets >= 2.0 * before - 1e-9)
    return _nullable(doubled | (platelets >= 100.0 - 1e-9), platelets, before)
