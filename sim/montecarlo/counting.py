"""Decided trials counted as they come, so that none of them has to stay in memory."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from sim.core.tables import Table, concatenate
from sim.design.tally import Counted, Tally, merged, tallied

K = TypeVar("K", bound=Hashable)
C = TypeVar("C", bound=Counted)
_AT_ONCE = 5000
"""Trials that are gathered before they are counted."""


class Counting(Generic[K, C]):
    """What trials decided under each of several names, counted by chunks of trials, given in any order.

    A count is put together with an earlier one as soon as it is as long, so that each row is handled few times.
    count  : of decided trials. join : of several counts, of all their trials.
    at_once : trials that are gathered before they are counted.
    """

    def __init__(
        self, count: Callable[[Table], C], join: Callable[[Sequence[C]], C], at_once: int = _AT_ONCE
    ) -> None:
        self._count_table, self._join_counts, self._at_once = count, join, at_once
        self._waiting: list[Mapping[K, Table]] = []
        self._rows = 0
        self._parts: list[dict[K, C]] = []

    def add(self, decided: Mapping[K, Table]) -> None:
        """Count trials: under each name one row a trial, the same trials under all."""
        self._waiting.append(decided)
        self._rows += next(iter(decided.values())).length
        if self._rows >= self._at_once:
            self._count()

    def tallies(self) -> Mapping[K, C]:
        """The count under each name; empty without a trial."""
        self._count()
        while len(self._parts) > 1:
            self._join()
        return self._parts[0] if self._parts else {}

    def _count(self) -> None:
        waiting, self._waiting, self._rows = self._waiting, [], 0
        if waiting:
            tables = {name: concatenate([each[name] for each in waiting]) for name in waiting[0]}
            self._parts.append({name: self._count_table(table) for name, table in tables.items()})
        while len(self._parts) > 1 and _length(self._parts[-2]) <= _length(self._parts[-1]):
            self._join()

    def _join(self) -> None:
        last, before = self._parts.pop(), self._parts.pop()
        self._parts.append({name: self._join_counts([before[name], last[name]]) for name in before})


def _length(counts: Mapping[K, C]) -> int:
    return max(each.rows for each in counts.values())


def counting_effects() -> Counting[str, Tally]:
    """Nothing counted yet, for what trials decide under each effect."""
    return Counting(tallied, merged)
