"""Corticosteroids: prednisone equivalents, the dose of each day, and days above a limit."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]

MILLIGRAMS_EQUAL_TO_PREDNISONE_5: Final = {
    "prednisone": 5.0,
    "prednisolone": 5.0,
    "methylprednisolone": 4.0,
    "triamcinolone": 4.0,
    "hydrocortisone": 20.0,
    "cortisone": 25.0,
    "dexamethasone": 0.75,
    "betamethasone": 0.75,
    "deflazacort": 6.0,
}
"""mg of each drug that equal 5 mg of prednisone (usual glucocorticoid equivalence tables)."""


def prednisone_equivalent(drug: str, dose: Floats) -> Floats:
    """Dose in mg prednisone from the dose in mg of a drug, as an exact ratio.

    Dexamethasone 1.125 mg is 7.5 mg: the dose is multiplied by 5 and divided by the table's figure, never by a
    rounded factor.
    Errors : ValueError for an unknown drug.
    """
    if drug not in MILLIGRAMS_EQUAL_TO_PREDNISONE_5:
        raise ValueError(f"drug {drug!r} is unknown; allowed: {', '.join(MILLIGRAMS_EQUAL_TO_PREDNISONE_5)}")
    return dose * 5.0 / MILLIGRAMS_EQUAL_TO_PREDNISONE_5[drug]


def daily_doses(
    subject: Integers, start_day: Floats, end_day: Floats, dose: Floats, *, subjects: int, last_day: int
) -> Floats:
    """Dose of each subject on each day from 0 to last_day, mg/day.

    subject             : (periods,) row of the result, 0 … subjects-1, in any order.
    start_day, end_day  : (periods,) both inclusive; periods of a subject do not overlap.
    Returns (subjects, last_day + 1). A day without a period has the dose of the last period before it (a record
    that ends early carries forward); NaN before the first period.
    """
    kept = np.flatnonzero((end_day >= 0) & (start_day <= last_day))
    kept = kept[np.lexsort((start_day[kept], subject[kept]))]
    width = last_day + 1
    first = np.arange(subjects) * width  # place of each subject's day 0, where nothing is known until a period
    begins = subject[kept] * width + np.maximum(start_day[kept], 0).astype(np.int64)
    place = np.concatenate((first, begins))
    order = np.argsort(place, kind="stable")
    known = np.concatenate((np.full(subjects, np.nan), dose[kept].astype(np.float64)))[order]
    lengths = np.diff(place[order], append=subjects * width)
    return np.repeat(known, lengths).reshape(subjects, width)


def days_above(daily: Floats, limit: float) -> Integers:
    """Days with a dose above the limit, per subject; daily : (subjects, days), a missing dose is not above."""
    return np.asarray((daily > limit + 1e-9).sum(axis=1), dtype=np.int64)


def longest_run_above(daily: Floats, limit: float) -> Integers:
    """Longest stretch of consecutive days with a dose above the limit, per subject; daily : (subjects, days)."""
    above = daily > limit + 1e-9
    place = np.arange(1, daily.shape[1] + 1)
    last_break = np.maximum.accumulate(np.where(above, 0, place), axis=1)
    return np.asarray((place - last_break).max(axis=1, initial=0), dtype=np.int64)


def reduction(daily: Floats, *, from_day: int = 0, to_day: int) -> Floats:
    """How far the dose of to_day lies below that of from_day, mg/day (negative for a rise); NaN if either is."""
    return np.asarray(daily[:, from_day] - daily[:, to_day], dtype=np.float64)
