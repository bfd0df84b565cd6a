"""Corticosteroid endpoints: the dose at most 7.5 mg a day through weeks 4–12 (P1) and 12–24 (S1)."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.component import Component, participation, told
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import WEEK_12, WEEK_24, Verdict, ended, fails, verdict
from sim.instruments.steroid import days_above

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WEEK_4: Final = 28
LIMIT: Final = 7.5
"""mg/day of prednisone."""
_FOUR_WEEKS: Final = 28


def steroid_to_week_12(data: DataSet, analysis: Analysis) -> Verdict:
    """At most 7.5 mg a day at week 4 and continued through week 12 (P1), on study at day 84.

    Reading : X26, every day from 28 to 84 (option: the visits' days; option: days of grace); X28.
    """
    population = _dose_population(data, analysis)
    return _kept(data, population, _to_week_12(data, analysis), WEEK_12, analysis.steroid_grace_days)


def steroid_to_week_24(data: DataSet, analysis: Analysis) -> Verdict:
    """At most 7.5 mg a day by week 12 and kept to week 24 (S1), on study at day 168.

    Reading : X27, every day from 84 to 168 (option: the visits' days); the record speaks of no reduction.
    """
    everybody = np.ones(data.size, dtype=np.bool_)
    return _kept(data, everybody, _to_week_24(data, analysis), WEEK_24, 0)


def explain_week_12(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of P1, in the order of its reasons."""
    return _explained(data, _to_week_12(data, analysis), WEEK_12, analysis.steroid_grace_days)


def explain_week_24(data: DataSet, analysis: Analysis) -> tuple[Component, ...]:
    """The parts of S1, in the order of its reasons."""
    return _explained(data, _to_week_24(data, analysis), WEEK_24, 0)


def _to_week_12(data: DataSet, analysis: Analysis) -> Floats:
    """The doses that P1 looks at, mg/day; (subjects, days)."""
    step = 1 if analysis.steroid_days == "every_day" else _FOUR_WEEKS
    return data.daily[:, WEEK_4 : WEEK_12 + 1 : step]


def _to_week_24(data: DataSet, analysis: Analysis) -> Floats:
    """The doses that S1 looks at, mg/day; (subjects, days)."""
    step = 1 if analysis.maintained_days == "every_day" else _FOUR_WEEKS
    return data.daily[:, WEEK_12 : WEEK_24 + 1 : step]


def _explained(data: DataSet, daily: Floats, last: int, grace_days: int) -> tuple[Component, ...]:
    over = days_above(daily, LIMIT).astype(np.float64)
    bare = np.isnan(daily).sum(axis=1).astype(np.float64)
    allowed, none = np.full(data.size, float(grace_days)), np.zeros(data.size)
    return (
        participation(data, last),
        told("highest_dose", np.asarray(np.fmax.reduce(daily, axis=1), dtype=np.float64)),
        Component("days_above_7_5", "dose", over, "<=", allowed, (over <= allowed).astype(np.int8)),
        Component("days_without_dose", "missing", bare, "<=", none, (bare == 0).astype(np.int8)),
    )


def _kept(data: DataSet, population: Flags, daily: Floats, last: int, grace_days: int) -> Verdict:
    over = days_above(daily, LIMIT) > grace_days
    unknown = np.asarray(np.isnan(daily).any(axis=1), dtype=np.bool_)
    return verdict(population, ended(data, last), fails("dose", over), fails("missing", unknown))


def _dose_population(data: DataSet, analysis: Analysis) -> Flags:
    if analysis.low_dose_at_baseline == "included":
        return np.ones(data.size, dtype=np.bool_)
    return ~(data.daily[:, 0] <= LIMIT + 1e-9)
