"""Intercurrent events and the reasons of non-response: the one place where their windows stand.

Ends of participation (death, withdrawal, loss) before the time point are non-response; on the day itself the
assessment made counts. Rescue counts from day 1 to day 168, or to the day of the assessment where that is later.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.endpoints.dataset import DataSet

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]

WEEK_12: Final = 84
WEEK_24: Final = 168
ENDS: Final = ("death", "withdrawal", "lost_to_follow_up")
REASONS: Final = (
    "",
    *ENDS,
    "rescue",
    "transfusion",
    "gcsf",
    "dose",
    "no_response_definition",
    "missing",
    "hematologic_response",
    "upcr",
    "egfr",
    "sledai",
    "major_organ",
    "new_activity",
    "pga",
    "immunosuppressant",
    "bilag",
    "esrd",
)
"""Why a non-responder is one, and what competed with a remission; a code is the position here, 0 for none."""


@dataclass(frozen=True)
class Verdict:
    """One yes/no endpoint for every subject.

    in_population : flags; responder : 1, 0, or -1 outside the population; reason : codes into REASONS.
    failures      : every failure found, in the order of the reasons; codes into REASONS, 0 for none.
    """

    in_population: Flags
    responder: Codes
    reason: Codes
    failures: tuple[Codes, ...]


def verdict(in_population: Flags, *failures: Codes) -> Verdict:
    """Response of those in whom no component fails; the reason is the first failure in the order given.

    failures : codes into REASONS per subject, 0 where the component does not fail.
    """
    reason = np.zeros(len(in_population), dtype=np.int8)
    for codes in failures:
        reason = np.where(reason == 0, codes, reason)
    reason = np.where(in_population, reason, 0).astype(np.int8)
    responder = np.where(in_population, reason == 0, -1).astype(np.int8)
    return Verdict(in_population, responder, reason, failures)


def fails(reason: str, flags: Flags) -> Codes:
    """The code of a reason where the flags hold, else 0."""
    return np.where(flags, REASONS.index(reason), 0).astype(np.int8)


def ended(data: DataSet, time_point: int) -> Codes:
    """Participation ended on a day before the time point: the code of the earliest end (of one day: death)."""
    codes, earliest = np.zeros(data.size, dtype=np.int8), np.full(data.size, np.inf)
    for kind in ENDS:
        day = data.first_day(kind)
        sooner = (day < time_point) & (day < earliest)
        codes[sooner] = REASONS.index(kind)
        earliest[sooner] = day[sooner]
    return codes


def window_end(assessment_day: Floats) -> Floats:
    """Last day of the window: 168, or the day of the assessment where that is later; NaN (none) gives 168."""
    return np.fmax(assessment_day, float(WEEK_24))


def happened(data: DataSet, kind: str, assessment_day: Floats) -> Codes:
    """An event of a kind from day 1 to the end of the window; the code is that of the kind."""
    return fails(kind, ~np.isnan(data.first_day(kind, low=1, high=window_end(assessment_day))))
