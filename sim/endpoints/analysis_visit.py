"""Which attended visit stands for a nominal day."""

import numpy as np
from numpy.typing import NDArray

from sim.endpoints.dataset import DataSet

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


def analysis_visit(
    data: DataSet, usable: Flags, *, visit: str, nominal_day: int, window_days: int, carry_days: int
) -> Integers:
    """The visit at which a yes/no endpoint is judged, per subject: a position in `data.attended`, or -1.

    usable : (attended visits,), has every measurement that the endpoint needs.
    The scheduled visit if attended and usable, on whatever day it was held; else the usable visit nearest to the
    nominal day within the window (of two equally near, the later); else the last usable one at most carry_days
    before the nominal day; else none.
    """
    day, row = data.attended["at_day"], data.attended["row"]
    distance = np.abs(day - nominal_day)
    near = np.flatnonzero(usable & (distance <= window_days))
    best = np.full(data.size, np.inf)
    np.minimum.at(best, row[near], distance[near])
    nearest = _last(data.size, row, near[distance[near] == best[row[near]]])
    carried = _last(
        data.size, row, np.flatnonzero(usable & (day < nominal_day) & (day >= nominal_day - carry_days))
    )
    scheduled = data.at(visit)
    there = scheduled >= 0
    there[there] = usable[scheduled[there]]
    return np.where(there, scheduled, np.where(nearest >= 0, nearest, carried))


def neighbour(data: DataSet, places: Integers, measured: Flags, *, step: int) -> Integers:
    """The next measured visit of the same subject before (step -1) or after (step 1) each place; -1 if none."""
    rows = data.attended.length
    if not rows:
        return places
    position = np.arange(rows)
    row = data.attended["row"]
    found = np.where(measured, position, -1 if step < 0 else rows)
    known = np.maximum.accumulate(found) if step < 0 else np.minimum.accumulate(found[::-1])[::-1]
    start = places + step
    inside = (places >= 0) & (start >= 0) & (start < rows)
    other = known[np.clip(start, 0, rows - 1)]
    inside &= (other >= 0) & (other < rows)
    other = np.clip(other, 0, rows - 1)
    return np.where(inside & (row[other] == row[np.clip(places, 0, rows - 1)]), other, -1)


def _last(size: int, row: Integers, places: Integers) -> Integers:
    """The last of the given places of each subject; -1 where it has none."""
    found = np.full(size, -1)
    np.maximum.at(found, row[places], places)
    return found
