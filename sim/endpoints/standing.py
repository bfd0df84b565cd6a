"""Where patients stand in the middle of a trial: who has been read out, and what has been seen of the others."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.intercurrent import ENDS, WEEK_12, WEEK_24
from sim.endpoints.steroid_endpoints import LIMIT, WEEK_4

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DOSE_WINDOWS: Final = {"P1": (WEEK_4, WEEK_12), "S1": (WEEK_12, WEEK_24)}
_FOUR_WEEKS: Final = 28
_FORBID_RESCUE: Final = ("P2", "P3", "S2", "S3", "S4", "S5", "S6")
_RATIOS: Final = ("upcr", "serum_creatinine", "platelets", "neutrophils", "hemoglobin")
_LEVELS: Final = ("sledai2k", "pga")
FEATURES: Final = (
    "dose",
    "dose_0",
    *_RATIOS,
    *(f"{name}_change" for name in (*_RATIOS, *_LEVELS)),
    *_LEVELS,
    "flares",
)
"""What is compared between patients: logarithms of laboratory values and their changes from day 0, scores and
their changes, the dose of day 0 and of the day, recorded flares."""


@dataclass(frozen=True)
class Standing:
    """Each subject of a data set on one day.

    ended    : participation has ended on or before the day. rescued : a rescue has been recorded.
    features : (subjects, FEATURES); NaN where nothing was measured.
    """

    ended: Flags
    rescued: Flags
    features: Floats


def last_days(data: DataSet) -> Floats:
    """The last day on which something is known of each subject: an attended visit, a dose, an event."""
    last = np.full(data.size, -np.inf)
    np.maximum.at(last, data.attended["row"], data.attended["at_day"])
    for table, column in ((data.dosing, "end_day"), (data.events, "day")):
        row = data.rows_of(table)
        known = row != -1
        np.maximum.at(last, row[known], table[column][known].astype(np.float64))
    return last


def time_point(endpoint: str) -> int:
    """The day on which a yes/no endpoint is read."""
    return WEEK_12 if endpoint == "P1" else WEEK_24


def has_ended(data: DataSet, endpoint: str) -> Flags:
    """Whether participation ended before the endpoint's day: nothing more will be seen."""
    return _ended_before(data, np.full(data.size, time_point(endpoint) - 1.0))


def has_failed(data: DataSet, analysis: Analysis, endpoint: str, day: Floats) -> Flags:
    """Whether what was seen until each subject's day makes it a non-responder whatever follows.

    More days above the limit in the window of P1 or S1 than are forgiven, of the days that the reading looks at
    (X26, X27); a rescue up to the endpoint's day where it is non-response (D67; not where X23 asks for UPCR and
    eGFR alone). day : at most the endpoint's, beyond which the endpoint itself says more.
    """
    if endpoint in _DOSE_WINDOWS:
        first, last = _DOSE_WINDOWS[endpoint]
        choice, grace = analysis.maintained_days, 0
        if endpoint == "P1":
            choice, grace = analysis.steroid_days, analysis.steroid_grace_days
        days = np.arange(first, last + 1, 1 if choice == "every_day" else _FOUR_WEEKS)
        over = data.daily[:, days] > LIMIT + 1e-9
        return np.asarray((over & (days <= day[:, None])).sum(axis=1) > grace)
    if not _fails_by_rescue(analysis, endpoint):
        return np.zeros(data.size, np.bool_)
    return np.asarray(data.first_day("rescue", low=1) <= np.minimum(day, time_point(endpoint)))


def _fails_by_rescue(analysis: Analysis, endpoint: str) -> bool:
    if endpoint == "P3" and analysis.renal_precedence == "as_written":
        return False
    return endpoint in _FORBID_RESCUE and getattr(analysis.intercurrent, endpoint) == "composite"


def standing(data: DataSet, day: float) -> Standing:
    """All subjects as they stand on one study day."""
    at = np.full(data.size, day)
    last, baseline = _last_visits(data, day), data.at("D0")
    columns = {"dose": data.daily[:, int(max(day, 0))], "dose_0": data.daily[:, 0]}
    for name in _RATIOS:
        now, before = _log(take(data.measured(name), last)), _log(take(data.measured(name), baseline))
        columns |= {name: now, f"{name}_change": now - before}
    for name in _LEVELS:
        now, before = take(data.measured(name), last), take(data.measured(name), baseline)
        columns |= {name: now, f"{name}_change": now - before}
    row, flare_day = data.events_of("flare")
    flares = np.zeros(data.size)
    np.add.at(flares, row[flare_day <= day], 1.0)
    columns["flares"] = np.minimum(flares, 3.0)
    rescued = data.first_day("rescue", low=1) <= day
    return Standing(_ended_before(data, at), rescued, np.stack([columns[name] for name in FEATURES], axis=1))


def _ended_before(data: DataSet, day: Floats) -> Flags:
    """Participation ended on or before each subject's day."""
    ended = np.zeros(data.size, np.bool_)
    for kind in ENDS:
        ended |= data.first_day(kind) <= day
    return ended


def _last_visits(data: DataSet, day: float) -> NDArray[np.int64]:
    """The last attended visit from day 0 to a day, as places in `attended`; -1 where there is none."""
    place = np.full(data.size, -1, np.int64)
    within = np.flatnonzero((data.attended["at_day"] >= 0) & (data.attended["at_day"] <= day))
    place[data.attended["row"][within]] = within  # sorted by day, so the last one stays
    return place


def _log(values: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(values > 0, np.log(values), np.nan)
