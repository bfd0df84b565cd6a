"""The parts of a verdict, with the numbers behind them: value, threshold, and whether it was met."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import ENDS, window_end

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]


@dataclass(frozen=True)
class Component:
    """One part of an endpoint for every subject.

    reason    : what a non-response for this part is called; "" where the part decides nothing by itself.
    value     : the number looked at; relation : how it must stand to `threshold` ("" where it is only told).
    met       : 1, 0, or -1 where that is not known. shown : whose explanation has it; None is everybody's.
    A subject responds where every deciding part is met; the reason is the first deciding part that is not.
    """

    name: str
    reason: str
    value: Floats
    relation: str
    threshold: Floats
    met: Nullable
    shown: Flags | None = None


def unknown(size: int) -> Floats:
    """A number that nobody knows, for every subject."""
    return np.full(size, np.nan)


def told(name: str, value: Floats, shown: Flags | None = None) -> Component:
    """A number without a threshold, for the reader."""
    size = len(value)
    return Component(name, "", value, "", unknown(size), np.full(size, -1, dtype=np.int8), shown)


def participation(data: DataSet, time_point: int) -> Component:
    """On study on the day of the time point; the value is the first day of an end of participation."""
    days = np.stack([data.first_day(kind) for kind in ENDS])
    first = np.asarray(np.fmin.reduce(days, axis=0), dtype=np.float64)
    met = (~(first < time_point)).astype(np.int8)
    return Component("participation", "participation", first, ">=", np.full(data.size, float(time_point)), met)


def without(data: DataSet, kind: str, assessment_day: Floats) -> Component:
    """No event of a kind from day 1 to the end of the window; the value is the first day of one."""
    first, last = data.first_day(kind, low=1), window_end(assessment_day)
    met = (~(first <= last)).astype(np.int8)
    return Component(kind, kind, first, ">", last, met)


def holds(name: str, reason: str, flags: Flags, value: Floats | None = None) -> Component:
    """A yes or no without a threshold of its own."""
    size = len(flags)
    number = unknown(size) if value is None else value
    return Component(name, reason, number, "", unknown(size), flags.astype(np.int8))
