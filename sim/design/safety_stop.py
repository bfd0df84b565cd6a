"""Stopping for serious events as it acts on simulated trials: in calendar order, at each patient's first event.

At every first serious event the patients treated so far, and those of them with an event, are set against the
boundary of sim/design/stopping.py; who is still under observation counts as treated without one. A trial that
stops treats nobody more and is no success, whatever its endpoints say (D116).
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.rules import RuleSettings
from sim.core.tables import Table
from sim.design.stopping import boundary

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

STOPPED: Final = "safety_stopped"
"""Column of decided trials: whether the boundary stopped the trial. Absent where nothing watches."""
WATCHED: Final = ("n_treated", "n_serious", STOPPED, "treated_at_stop", "stop_day")
"""The columns that watching adds to a trial."""


def calendar_stops(
    row: Counts, n_trials: int, treated_day: Floats, serious_day: Floats, settings: RuleSettings
) -> dict[str, NDArray[Any]]:
    """Where the boundary stops each trial.

    row         : (patients,) row of each patient's trial, 0 … n_trials - 1.
    treated_day : (patients,) trial day of the first infusion; inf for whoever was never infused.
    serious_day : (patients,) trial day of the first serious event; inf without one, and without an infusion.
    Result      : (trials,) columns; n_treated and n_serious as if nothing stopped, safety_stopped, and
                  treated_at_stop and stop_day, -1 where nothing stops. Who is treated on the day of the stop
                  counts as treated.
    """
    infused, ill = np.isfinite(treated_day), np.isfinite(serious_day)
    starts, events = _Calendar(row[infused], treated_day[infused]), _Calendar(row[ill], serious_day[ill])
    trial, day = row[ill], serious_day[ill]
    treated = starts.by(trial, day)
    limits = boundary(int(treated.max(initial=0)), settings)
    fewest = np.array([np.inf, *(np.inf if limit is None else limit for limit in limits)])
    crossed = events.by(trial, day) >= fewest[treated]
    stop_day = np.full(n_trials, np.inf)
    np.minimum.at(stop_day, trial[crossed], day[crossed])
    stopped = np.isfinite(stop_day)
    at_stop = np.full(n_trials, -1)
    at_stop[stopped] = starts.by(np.flatnonzero(stopped), stop_day[stopped])
    return {
        "n_treated": np.bincount(row[infused], minlength=n_trials).astype(np.int32),
        "n_serious": np.bincount(trial, minlength=n_trials).astype(np.int32),
        STOPPED: stopped,
        "treated_at_stop": at_stop,
        "stop_day": np.where(stopped, stop_day, -1).astype(np.int64),
    }


def halted(decided: Table) -> Flags:
    """(trials,) whether each decided trial was stopped for safety; nowhere where nothing watched."""
    if STOPPED in decided:
        return np.asarray(decided[STOPPED], dtype=np.bool_)
    return np.zeros(decided.length, dtype=np.bool_)


def as_if_unwatched(decided: Table) -> Table:
    """The same trials had nothing stopped them."""
    return Table({name: column for name, column in decided.items() if name != STOPPED})


class _Calendar:
    """Days of the patients of many trials, to be counted up to a day; whole days from 0."""

    def __init__(self, row: Counts, day: Floats) -> None:
        self._row, self._day = row.astype(np.int64), day.astype(np.int64)
        self._order = np.lexsort((self._day, self._row))

    def by(self, row: Counts, day: Floats) -> Counts:
        """How many days of each trial lie at or before a day of the same trial."""
        asked = day.astype(np.int64)
        span = int(max(self._day.max(initial=0), asked.max(initial=0))) + 1
        keys = self._row[self._order] * span + self._day[self._order]
        first = np.searchsorted(keys, row * span, side="left")
        return np.asarray(np.searchsorted(keys, row * span + asked, side="right") - first, dtype=np.int64)
