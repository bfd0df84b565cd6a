"""Trials until power is known well enough: looked at after fixed counts alone, so that nothing else decides.

How many trials are computed depends on configuration and seed, never on the workers, the size of a chunk, or what
a store has already. The intervals are those of a fixed number of trials; the looks are few and a stop needs short
intervals, not high or low ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.core.tables import Table
from sim.montecarlo.executors import Outcome
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.resume import Decided, merge

EVERY: Final = 1000
"""Trials between two looks."""

Piece = tuple[range, Decided]
Tabulate = Callable[[Decided, int, Sequence[Failure]], Table]


@dataclass(frozen=True)
class Precise:
    """What stood when the looking ended.

    power      : the power table of the last look; None if no trial could be computed.
    trials     : trials asked for until then. half_width : of the widest Wilson interval of power; NaN without one.
    failures   : chunks among them that could not be computed.
    """

    power: Table | None
    trials: int
    half_width: float
    failures: tuple[Failure, ...]


def looks(most: int) -> list[int]:
    """Counts of trials after which precision is looked at: every 1,000, and all of them at the end.

    >>> looks(2500), looks(300)
    ([1000, 2000, 2500], [300])
    """
    return [*range(EVERY, most, EVERY), most]


def cut_at_looks(gaps: Sequence[range]) -> list[range]:
    """The same trials in ranges that no look lies inside of.

    >>> cut_at_looks([range(990, 2000)])
    [range(990, 1000), range(1000, 2000)]
    """
    return [
        range(max(gap.start, block), min(gap.stop, block + EVERY))
        for gap in gaps
        for block in range(gap.start // EVERY * EVERY, gap.stop, EVERY)
    ]


def until_precise(
    held: Sequence[Piece],
    outcomes: Iterator[Outcome[dict[str, Table]]],
    most: int,
    wanted: float,
    tabulate: Tabulate,
) -> Precise:
    """Take outcomes, look by look, until every interval of power is short enough or no trial is left.

    held     : finished trials in order, each once. outcomes : of the others in order, none across a look.
    most     : trials at most. wanted : half-width that is enough. tabulate : power table of decided trials, with
               the trials asked for and the failures among them.
    """
    computed: list[Outcome[dict[str, Table]]] = []
    consumed = 0
    found = Precise(None, most, float("nan"), ())
    for look in looks(most):
        below = [_below(piece, look) for piece in held]
        stored = sum(len(trials) for trials, _ in below)
        while stored + consumed < look:
            computed.append(next(outcomes))
            consumed += len(computed[-1].trials)
        found = _look(look, [*(piece for piece in below if piece[0]), *_values(computed)], computed, tabulate)
        if found.half_width <= wanted:
            break
    return found


def widest(power: Table) -> float:
    """The longest interval of power, halved."""
    return float(np.max(power["power_high"] - power["power_low"])) / 2.0


def _look(
    look: int, pieces: list[Piece], computed: Sequence[Outcome[dict[str, Table]]], tabulate: Tabulate
) -> Precise:
    failures = failures_of(computed)
    if not pieces:
        return Precise(None, look, float("nan"), failures)
    pieces.sort(key=lambda piece: piece[0].start)
    power = tabulate(merge([decided for _, decided in pieces]), look, failures)
    return Precise(power, look, widest(power), failures)


def _values(computed: Sequence[Outcome[dict[str, Table]]]) -> list[Piece]:
    return [(each.trials, each.value) for each in computed if each.value is not None]


def _below(piece: Piece, look: int) -> Piece:
    """The trials of a piece that come before a look."""
    trials, decided = piece
    kept = range(trials.start, max(trials.start, min(trials.stop, look)))
    if kept == trials:
        return piece
    cut = {name: table.where(np.arange(len(kept))) for name, table in decided.items()}
    return kept, cut
