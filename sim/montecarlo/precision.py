"""Trials until power is known well enough: looked at after fixed counts alone, so that nothing else decides.

How many trials are computed depends on configuration and seed, never on the workers, the size of a chunk, or what
a store has already. The intervals are those of a fixed number of trials; the looks are few and a stop needs short
intervals, not high or low ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.core.tables import Table
from sim.design.tally import Tally
from sim.montecarlo.counting import counting_effects
from sim.montecarlo.executors import Outcome
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.resume import Decided

EVERY: Final = 1000
"""Trials between two looks."""

Piece = tuple[range, Decided]
Enough = Callable[[Mapping[str, Tally]], bool]


@dataclass(frozen=True)
class Gathered:
    """Trials when the looking ended.

    tallies  : for each effect what the trials decided; empty if none could be computed.
    trials   : trials asked for. failures : chunks among them that could not be computed.
    """

    tallies: Mapping[str, Tally]
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
    held: Iterable[Piece], outcomes: Iterator[Outcome[dict[str, Table]]], most: int, enough: Enough
) -> Gathered:
    """Take outcomes, look by look, until it is enough or no trial is left.

    held     : finished trials in order, each once. outcomes : of the others in order, none across a look.
    most     : trials at most. enough : whether decided trials say what they are to say; never asked without any.
    """
    stored = _cut(held)
    ahead = next(stored, None)
    counting, failures, taken = counting_effects(), list[Failure](), 0
    found = Gathered({}, most, ())
    for look in looks(most):
        while ahead is not None and ahead[0].start < look:
            counting.add(ahead[1])
            taken += len(ahead[0])
            ahead = next(stored, None)
        while taken < look:
            outcome = next(outcomes)
            taken += len(outcome.trials)
            failures.extend(failures_of([outcome]))
            if outcome.value is not None:
                counting.add(outcome.value)
        found = Gathered(counting.tallies(), look, tuple(failures))
        if found.tallies and enough(found.tallies):
            break
    return found


def _cut(held: Iterable[Piece]) -> Iterator[Piece]:
    """The same trials in pieces that no look lies inside of."""
    for trials, decided in held:
        for part in cut_at_looks([trials]):
            rows = slice(part.start - trials.start, part.stop - trials.start)
            yield (
                part,
                {
                    effect: Table({name: column[rows] for name, column in table.items()})
                    for effect, table in decided.items()
                },
            )


def widest(power: Table) -> tuple[float, int]:
    """The longest interval of power, halved, and the row that has it; the first of equal ones."""
    lengths = power["power_high"] - power["power_low"]
    row = int(np.argmax(lengths))
    return float(lengths[row]) / 2.0, row
