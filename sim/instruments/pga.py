"""Physician global assessment: 0 none, 1 mild, 2 moderate, 3 severe, in steps of 0.1."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Nullable = NDArray[np.int8]

WORSENING: Final = 0.30
"""The smallest rise that is a worsening."""


def pga_from_ten_centimeters(line: Floats) -> Floats:
    """The 0–3 assessment from a mark on a line of 10 cm; 1 cm is 0.3."""
    return line * 3.0 / 10.0


def pga_in_steps(value: Floats) -> Floats:
    """An assessment rounded half up to steps of 0.1, within 0 to 3; NaN stays NaN."""
    return np.asarray(np.clip(np.floor(value * 10.0 + 0.5) / 10.0, 0.0, 3.0), dtype=np.float64)


def pga_worsened(pga: Floats, baseline: Floats, *, by: float = WORSENING) -> Nullable:
    """Is the assessment at least `by` above baseline (1, 0)? -1 where either is missing.

    0.9 → 1.2 is a worsening of 0.30 (comparison within 1e-9), so "no worsening" in SRI is a rise below 0.30.
    Source : NCT04835883, secondary outcomes on the SLE responder index.
    """
    worse = pga - baseline >= by - 1e-9
    return np.where(np.isnan(pga) | np.isnan(baseline), -1, worse).astype(np.int8)
