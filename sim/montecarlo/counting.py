"""Decided trials counted as they come, so that none of them has to stay in memory."""

from collections.abc import Mapping

from sim.core.tables import Table
from sim.design.tally import Tally, merged, tallied
from sim.montecarlo.resume import Decided, merge

_AT_ONCE = 5000
"""Trials that are gathered before they are counted."""


class Counting:
    """Tallies of each effect that grow by chunks of trials, given in any order.

    A tally is put together with an earlier one as soon as it is as long, so that each row is handled few times.
    """

    def __init__(self) -> None:
        self._waiting: list[Decided] = []
        self._rows = 0
        self._parts: list[dict[str, Tally]] = []

    def add(self, decided: Decided) -> None:
        """Count trials: for each effect one row a trial."""
        self._waiting.append(decided)
        self._rows += next(iter(decided.values())).length
        if self._rows >= _AT_ONCE:
            self._count()

    def tallies(self) -> Mapping[str, Tally]:
        """The tally of each effect; empty without a trial."""
        self._count()
        while len(self._parts) > 1:
            self._join()
        return self._parts[0] if self._parts else {}

    def _count(self) -> None:
        gathered: dict[str, Table] = merge(self._waiting)
        self._waiting, self._rows = [], 0
        if gathered:
            self._parts.append({effect: tallied(table) for effect, table in gathered.items()})
        while len(self._parts) > 1 and _length(self._parts[-2]) <= _length(self._parts[-1]):
            self._join()

    def _join(self) -> None:
        last, before = self._parts.pop(), self._parts.pop()
        self._parts.append({effect: merged([before[effect], last[effect]]) for effect in before})


def _length(tallies: Mapping[str, Tally]) -> int:
    return max(each.together.length for each in tallies.values())
