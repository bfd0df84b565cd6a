"""Curves of the times to event: Kaplan–Meier, for complete remission Aalen–Johansen with its competing events.

Subjects of all trials are pooled: the curves show what the model, or the data set, says of one subject, far more
precisely than a single trial could. Detection is at visits, so that a time is interval censored: the event lies
between the visit before and the day given.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.endpoints.catalogue import ENDPOINTS, Endpoint
from sim.endpoints.intercurrent import WEEK_24
from sim.endpoints.times_to_event import COMPETING
from sim.stats import survival

Counts = NDArray[np.int64]
Row = dict[str, Any]

IDS: Final = (
    *("S7", "S9", "S11", "S11a", "S11b", "S11c", "S11d", "S11e", "S11f"),
    *("S12", "S13"),
)
REMISSION: Final = "S12"
CAUSES: Final = ("remission", *COMPETING)
"""Of complete remission: what may come first."""
_CENSORED: Final = 0
_EVENT: Final = 1
_METHODS: Final = "Without event by Kaplan–Meier; S12 by Aalen–Johansen: death, ESRD and rescue compete."
_TIMED: Final = tuple(endpoint for endpoint in ENDPOINTS if endpoint.id in IDS)


class Tally:
    """How many subjects had the event, a competing event, or were censored, by endpoint and day.

    It takes tables of endpoints piece by piece, each trial in one piece, and needs no more room for more trials.
    """

    def __init__(self) -> None:
        self._counts = {name: np.zeros((WEEK_24 + 1, 1 + len(CAUSES)), np.int64) for name in IDS}
        self._trials = dict.fromkeys(IDS, 0)

    def add(self, outcomes: Table) -> None:
        """Count the rows of a table of endpoints; those of other endpoints are left alone."""
        timed = outcomes["event"] >= 0
        names, trials = outcomes["endpoint"][timed], outcomes["trial"][timed]
        day, cause = outcomes["time"][timed].astype(np.int64), _causes(outcomes, timed)
        for name in IDS:
            rows = names == name
            np.add.at(self._counts[name], (day[rows], cause[rows]), 1)
            self._trials[name] += len(np.unique(trials[rows]))

    def curves(self) -> Table:
        """The columns of survival.parquet: one row for each endpoint, method, cause and distinct time."""
        return _table([row for endpoint in _TIMED for row in self._rows(endpoint)], _COLUMNS)

    def means(self) -> Table:
        """The columns of restricted_mean.parquet: a row for each endpoint for which there is somebody."""
        return _table([row for endpoint in _TIMED for row in self._mean(endpoint)], _MEAN_COLUMNS)

    def _rows(self, endpoint: Endpoint) -> Iterator[Row]:
        """Kaplan–Meier for every endpoint; competing events are censored there, and have their own curves."""
        counts = self._counts[endpoint.id]
        if not counts.sum():
            return
        said: Row = {
            "endpoint": endpoint.id,
            "population": endpoint.population,
            "trials": self._trials[endpoint.id],
        }
        day, cause = _people(counts)
        if endpoint.id == REMISSION:
            for number, name in enumerate(CAUSES, start=1):
                curve = survival.aalen_johansen(day, cause, of=number)
                events, censored = counts[:, number], counts[:, _CENSORED]
                yield from _steps({**said, "method": "aalen_johansen", "cause": name}, curve, events, censored)
        curve = survival.kaplan_meier(day, cause == _EVENT)
        censored = counts.sum(axis=1) - counts[:, _EVENT]
        yield from _steps({**said, "method": "kaplan_meier", "cause": ""}, curve, counts[:, _EVENT], censored)

    def _mean(self, endpoint: Endpoint) -> Iterator[Row]:
        """Restricted mean to week 24, or to the last time observed where that is earlier."""
        counts = self._counts[endpoint.id]
        day, cause = _people(counts)
        horizon = float(day.max(initial=0))
        if horizon <= 0.0:
            return
        mean = survival.restricted_mean(day, cause == _EVENT, horizon)
        at_week_24 = _at_week_24(day, cause, competing=endpoint.id == REMISSION)
        yield {
            **{"endpoint": endpoint.id, "population": endpoint.population, "trials": self._trials[endpoint.id]},
            **{"subjects": len(day), "events": int((cause == _EVENT).sum()), **at_week_24, "horizon": horizon},
            **{"mean": mean.mean, "standard_error": mean.standard_error, "low": mean.low, "high": mean.high},
        }


_COLUMNS: Final = {
    **{"endpoint": "<U4", "population": "<U3", "method": "<U14", "cause": "<U9", "trials": np.int32},
    **{"time": np.float64, "at_risk": np.int32, "events": np.int32, "censored": np.int32},
    **dict.fromkeys(("estimate", "standard_error", "low", "high"), np.float64),
}
_MEAN_COLUMNS: Final = {
    **{"endpoint": "<U4", "population": "<U3", "trials": np.int32, "subjects": np.int32, "events": np.int32},
    **{"method": "<U14", **dict.fromkeys(("week_24", "week_24_low", "week_24_high", "horizon"), np.float64)},
    **dict.fromkeys(("mean", "standard_error", "low", "high"), np.float64),
}


def survival_text(means: Table) -> list[str]:
    """Lines for a summary: what is free of the event at week 24, and the restricted mean."""
    if not means.length:
        return []
    trials = int(means["trials"].max())
    lines = [
        f"Times to event, pooled over {trials:,} {'trial' if trials == 1 else 'trials'}. Detection is at visits: "
        "times are interval censored, late by part of a visit interval.",
        f"{'endpoint':9}{'population':>11}{'n':>9}{'events':>9}   at week 24 (95 % interval)             "
        "mean days without event",
    ]
    for row in zip(*(means[name].tolist() for name in means), strict=True):
        lines.append(_line(dict(zip(means, row, strict=True))))
    return [*lines, _METHODS]


def _line(row: Row) -> str:
    ends = f"({row['week_24_low']:.3f} to {row['week_24_high']:.3f})"
    interval = "(no interval)  " if np.isnan(row["week_24_low"]) else ends
    what = "in remission" if row["endpoint"] == REMISSION else "without event"
    mean = f"{row['mean']:6.1f} ± {row['standard_error']:.1f} of {row['horizon']:.0f}"
    head = f"{row['endpoint']:9}{row['population']:>11}{row['subjects']:9,}{row['events']:9,}"
    return f"{head}   {what:14}{row['week_24']:.3f} {interval:18} {mean}"


def _causes(outcomes: Table, timed: NDArray[np.bool_]) -> Counts:
    """0 censored, 1 the event, from 2 on what competes with complete remission."""
    cause = outcomes["event"][timed].astype(np.int64)
    reason, remission = outcomes["reason"][timed], outcomes["endpoint"][timed] == REMISSION
    for number, kind in enumerate(COMPETING, start=2):
        cause[(cause == _CENSORED) & remission & (reason == kind)] = number
    return cause


def _people(counts: Counts) -> tuple[Counts, Counts]:
    """Day and cause of every subject."""
    day, cause = np.nonzero(counts)
    times = counts[day, cause]
    return np.repeat(day, times), np.repeat(cause, times)


def _steps(said: Row, curve: survival.Curve, events: Counts, censored: Counts) -> Iterator[Row]:
    for place, time in enumerate(curve.time.tolist()):
        numbers = {"time": time, "at_risk": int(curve.at_risk[place])}
        counted = {"events": int(events[int(time)]), "censored": int(censored[int(time)])}
        parts = {name: getattr(curve, name)[place] for name in ("estimate", "standard_error", "low", "high")}
        yield said | numbers | counted | parts


def _at_week_24(day: Counts, cause: Counts, *, competing: bool) -> Row:
    """The curve at its last time, which is at most week 24: survival, or incidence where events compete."""
    if competing:
        curve, method = survival.aalen_johansen(day, cause), "aalen_johansen"
    else:
        curve, method = survival.kaplan_meier(day, cause == _EVENT), "kaplan_meier"
    last = {"week_24": curve.estimate[-1], "week_24_low": curve.low[-1], "week_24_high": curve.high[-1]}
    return {"method": method, **last}


def _table(rows: list[Row], columns: dict[str, Any]) -> Table:
    return Table({name: np.array([row[name] for row in rows], dtype=kind) for name, kind in columns.items()})
