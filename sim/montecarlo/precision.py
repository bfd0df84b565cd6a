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
Enough = Callable[[Decided], bool]


@dataclass(frozen=True)
class Gathered:
    """Trials when the looking ended.

    decided  : for each effect one row a trial; empty if none could be computed.
    trials   : trials asked for. failures : chunks among them that could not be computed.
    """

    decided: Decided
    trials: int
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
    held: Sequence[Piece], outcomes: Iterator[Outcome[dict[str, Table]]], most: int, enough: Enough
) -> Gathered:
    """Take outcomes, look by look, until it is enough or no trial is left.

    held     : finished trials in order, each once. outcomes : of the others in order, none across a look.
    most     : trials at most. enough : whether decided trials say what they are to say; never asked without any.
    """
    computed: list[Outcome[dict[str, Table]]] = []
    consumed = 0
    found = Gathered({}, most, ())
    for look in looks(most):
        below = [_below(piece, look) for piece in held]
        stored = sum(len(trials) for trials, _ in below)
        while stored + consumed < look:
            computed.append(next(outcomes))
            consumed += len(computed[-1].trials)
        found = Gathered(in_order([*below, *_values(computed)]), look, failures_of(computed))
        if found.decided and enough(found.decided):
            break
    return found


def in_order(pieces: Sequence[Piece]) -> Decided:
    """Pieces put together in the order of their trials; empty ones do not count."""
    return merge([decided for trials, decided in sorted(pieces, key=lambda piece: piece[0].start) if trials])


def widest(power: Table) -> float:
    """The longest interval of power, halved."""
    return float(np.max(power["power_high"] - power["power_low"])) / 2.0


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
