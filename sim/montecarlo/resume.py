"""Going on where a run was: what a store has is not computed again, what is finished goes into the store."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from sim.core.tables import Table, concatenate
from sim.montecarlo.executors import Outcome

Decided = Mapping[str, Table]
_SECONDS: Final = 1.0
_SHARE: Final = 0.01
"""Finished trials are written after a second, later after this share of the time spent: what a kill can cost."""


class Store(Protocol):
    """Where finished trials are kept (sim/storage/chunks.py)."""

    def held(self, trials: range) -> Iterator[tuple[range, Decided]]:
        """What is there of these consecutive trials, in order and each once."""

    def keep(self, trials: range, decided: Decided) -> None:
        """Write finished consecutive trials."""


def missing(held: Iterable[range], trials: int) -> list[range]:
    """The trials of 0 … trials - 1 that are in none of these ranges, which are in order and do not overlap."""
    gaps, start = [], 0
    for have in held:
        gaps.append(range(start, have.start))
        start = have.stop
    return [gap for gap in (*gaps, range(start, trials)) if gap]


def keeping(
    outcomes: Iterable[Outcome[dict[str, Table]]], store: Store, clock: Callable[[], float] = time.monotonic
) -> Generator[Outcome[dict[str, Table]], None, None]:
    """Hand outcomes on and write them into the store, several in a file; the rest when the run ends or is stopped.

    A failed chunk is not written, so that a later run tries it again.
    """
    waiting: list[tuple[range, Decided]] = []
    begun = written = clock()
    with contextlib.ExitStack() as stack:
        stack.callback(_write, waiting, store)
        for outcome in outcomes:
            if outcome.value is None or (waiting and waiting[-1][0].stop != outcome.trials.start):
                _write(waiting, store)
            if outcome.value is not None:
                waiting.append((outcome.trials, outcome.value))
            if clock() - written >= max(_SECONDS, _SHARE * (clock() - begun)):
                _write(waiting, store)
                written = clock()
            yield outcome


def _write(waiting: list[tuple[range, Decided]], store: Store) -> None:
    """Write what is waiting, and forget it even if it cannot be written."""
    pieces = waiting.copy()
    waiting.clear()
    if decided := merge([each for _, each in pieces]):
        store.keep(range(pieces[0][0].start, pieces[-1][0].stop), decided)


def merge(parts: Sequence[Decided]) -> dict[str, Table]:
    """Tables of the same names, one below the other in the order given."""
    return {name: concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}
