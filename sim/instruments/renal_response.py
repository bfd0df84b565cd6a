"""Components of the renal response (P3), after AURA-LV and AURORA 1 (Rovin 2019, Kidney International 95:219;
Rovin 2021, Lancet 397:2070) with the doses and weeks of NCT04835883.
"""

import numpy as np
from numpy.typing import NDArray

from sim.instruments.steroid import days_above, longest_run_above

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]


def upcr_response(upcr: Floats, *, limit: float = 0.5) -> Nullable:
    """UPCR of at most 0.5 mg/mg: 1, 0, or -1 where missing."""
    return np.where(np.isnan(upcr), -1, upcr <= limit + 1e-9).astype(np.int8)


def egfr_preserved(egfr: Floats, *, limit: float = 60.0) -> Nullable:
    """Filtration rate of at least 60 mL/min/1.73 m²: 1, 0, or -1 where missing."""
    return np.where(np.isnan(egfr), -1, egfr >= limit - 1e-9).astype(np.int8)


def egfr_decreased(egfr: Floats, baseline: Floats, *, by: float = 0.20) -> Nullable:
    """Filtration rate more than 20 % below baseline: 1, 0, or -1 where either is missing."""
    missing = np.isnan(egfr) | np.isnan(baseline)
    return np.where(missing, -1, egfr < (1.0 - by) * baseline - 1e-9).astype(np.int8)


def confirmed_decrease(at_assessment: Nullable, previous: Nullable, repeat: Nullable) -> Nullable:
    """A decrease at the assessment and at an adjacent measurement: the one before, or a repeat within 28 days.

    Arguments : (subjects,) answers of `egfr_decreased`; -1 for an adjacent measurement that was not made, which
                confirms nothing.
    Reading   : X24. Source: Rovin 2021.
    """
    confirmed = (at_assessment == 1) & ((previous == 1) | (repeat == 1))
    return np.where(at_assessment == -1, -1, confirmed).astype(np.int8)


def steroid_excess(daily: Floats, *, rule: str = "total_7", limit: float = 7.5) -> Flags:
    """More prednisone than the response allows, in the days given.

    daily : (subjects, days) mg/day, from day 84 to the day before the assessment; a missing dose is not above.
    rule  : total_7 (seven days above the limit in all), consecutive_7 (seven in a row), aurora (three in a row or
            seven in all). Reading X25: the record has fused two rules into "7 consecutive days in total".
    Errors: ValueError for an unknown rule.
    """
    if rule == "total_7":
        return days_above(daily, limit) >= 7
    if rule == "consecutive_7":
        return longest_run_above(daily, limit) >= 7
    if rule == "aurora":
        return (longest_run_above(daily, limit) >= 3) | (days_above(daily, limit) >= 7)
    raise ValueError(f"rule {rule!r} is unknown; allowed: total_7, consecutive_7, aurora")
