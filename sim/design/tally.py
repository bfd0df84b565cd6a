"""Trials counted by what they decided, so that memory does not grow with their number.

Probabilities need how many trials had which numbers of patients and responders, never which trial it was. The
tally of two sets of trials put together (`merged`) is the tally of all of them, in any order and however they were
cut: rows are distinct and sorted, counts are whole numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Column, Table, concatenate
from sim.design.safety_stop import WATCHED

Counts = NDArray[Any]

TRIALS: Final = "trials"
"""The column that says how many trials a row stands for."""
FIRST: Final = "first"
EARLIEST: Final = 1000
"""Trials of lowest number that are kept one by one."""
_TOTALS: Final = ("n_screened_LN", "n_screened_LC", "n_enrolled_LN", "n_enrolled_LC")
_WIDEST: Final = 2**62


@dataclass(frozen=True)
class Counted:
    """What trials decided, endpoint by endpoint.

    n_trials  : how many trials.
    endpoints : for each endpoint the distinct rows of its columns in `decide` (but the decision itself) and of
                `filled` (and of WATCHED where serious events stop trials), and `trials` that had them.
    """

    n_trials: int
    endpoints: Mapping[str, Table]

    @property
    def rows(self) -> int:
        """Distinct rows in the longest table."""
        return max(table.length for table in self.endpoints.values())


@dataclass(frozen=True)
class Tally(Counted):
    """What trials decided under one effect, all endpoints of a trial together, too.

    together  : distinct rows of `<endpoint>_n` and `_responders` of all endpoints at once, `trials` that had them,
                and `first`, the lowest number of such a trial.
    earliest  : `trial` and the columns of `together` of the trials of lowest number, at most 1,000.
    totals    : `n_screened_LN` and so on, over all trials; only what the trials say.
    """

    together: Table
    earliest: Table
    totals: Mapping[str, int]

    @property
    def rows(self) -> int:
        """Distinct rows in the longest table."""
        return self.together.length


C = TypeVar("C", bound=Counted)


def tallied(decided: Table) -> Tally:
    """The tally of trials, one row each as `decide` makes them.

    Errors : ValueError where no endpoint was counted.
    """
    numbers = decided["trial"].astype(np.int64)
    ones = np.ones(decided.length, np.int64)
    names = endpoints_counted(decided)
    both = [f"{name}_{ending}" for name in names for ending in ("n", "responders")]
    together = decided.only(both)
    return Tally(
        decided.length,
        {name: counted(decided.only(columns_read(decided, name)), ones) for name in names},
        _counted(together, ones, numbers),
        _lowest(Table({"trial": numbers, **together})),
        {name: int(decided[name].sum()) for name in _TOTALS if name in decided},
    )


def merged(tallies: Sequence[Tally]) -> Tally:
    """The tally of all trials of several tallies; no trial is in two of them. Errors : ValueError without any."""
    if len(tallies) == 1:
        return tallies[0]
    together = concatenate([each.together for each in tallies])
    return Tally(
        sum(each.n_trials for each in tallies),
        {name: counted_again([each.endpoints[name] for each in tallies]) for name in tallies[0].endpoints},
        _counted(_without_counts(together), together[TRIALS], together[FIRST]),
        _lowest(concatenate([each.earliest for each in tallies])),
        {name: sum(each.totals[name] for each in tallies) for name in tallies[0].totals},
    )


def as_tally(decided: Table | C) -> Tally | C:
    """Trials as a tally, whichever way they are given."""
    return decided if isinstance(decided, Counted) else tallied(decided)


def endpoints_counted(decided: Table) -> list[str]:
    """The endpoints that decided trials have.

    Errors : ValueError where there is none.
    """
    names = [name[:-2] for name in decided if name.endswith("_n") and "_" not in name[:-2]]
    if not names:
        raise ValueError("no endpoint to evaluate: none was counted")
    return names


def columns_read(decided: Table, endpoint: str) -> list[str]:
    """The columns of decided trials that say what becomes of an endpoint."""
    watched = (name for name in WATCHED if name in decided)
    return ["filled", *watched, *(name for name in decided if name.startswith(f"{endpoint}_"))]


def counted(table: Table, trials: Counts) -> Table:
    """The distinct rows of a table, and `trials`, how many had them; missing values count as -1."""
    return _counted(_whole(table), trials)


def counted_again(tables: Sequence[Table]) -> Table:
    """Tables from `counted` put together and counted anew."""
    table = concatenate(tables)
    return _counted(_without_counts(table), table[TRIALS])


def distinct(columns: Sequence[Column]) -> tuple[Counts, Counts]:
    """Whole numbers row by row: a row of each distinct one, sorted by the first column, the second, …; and for
    every row the position of its like among these.
    """
    codes, size = np.zeros(len(columns[0]), np.int64), 1
    for column in columns if codes.size else ():
        low, high = int(column.min()), int(column.max())
        span = high - low + 1
        if size * span >= _WIDEST:
            _, codes = np.unique(codes, return_inverse=True)
            size = int(codes.max()) + 1
        codes, size = codes * span + (column.astype(np.int64) - low), size * span
    _, rows, place = np.unique(codes, return_index=True, return_inverse=True)
    return rows, place


def weighted_sum(place: Counts, trials: Counts, size: int) -> Counts:
    """Trials of each distinct row; exact whole numbers."""
    sums = np.zeros(size, np.int64)
    np.add.at(sums, place, trials)
    return sums


def _whole(table: Table) -> Table:
    """Whole numbers that can be missing (float, NaN) as integers, -1 for missing: rows are told apart by them."""
    return Table(
        {
            name: np.where(np.isnan(column), -1, column).astype(np.int64) if column.dtype.kind == "f" else column
            for name, column in table.items()
        }
    )


def _without_counts(table: Table) -> Table:
    return table.only(name for name in table if name not in (TRIALS, FIRST))


def _counted(table: Table, trials: Counts, first: Counts | None = None) -> Table:
    """Distinct rows, the trials that had them and the lowest of the numbers in `first`."""
    rows, place = distinct(list(table.values()))
    counts = {TRIALS: weighted_sum(place, trials, len(rows))}
    if first is not None:
        lowest = np.full(len(rows), np.iinfo(np.int64).max)
        np.minimum.at(lowest, place, first)
        counts[FIRST] = lowest
    return table.where(rows).adding(counts)


def _lowest(table: Table) -> Table:
    return table.where(np.argsort(table["trial"], kind="stable")[:EARLIEST])
