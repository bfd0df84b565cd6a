"""The same trials under other readings of the record and other assumptions, paired by trial."""

import contextlib
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Final

from sim.config.config import INERT, Config, parts
from sim.config.run import Run
from sim.core.tables import Table
from sim.design.paired import Pairs, paired, pairs_together, side_by_side
from sim.montecarlo.counting import Counting
from sim.montecarlo.executors import Outcome, chunks, computed, worker_count
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once

BASE: Final = "as declared"
"""The name of the run that the others are compared with."""
_AT_ONCE: Final = 500
"""Trials that are gathered, under all alternatives, before they are counted."""


@dataclass(frozen=True)
class Alternative:
    """One way to look at the trials.

    kind  : base, reading, assumption or world. words : what the command line says to choose it.
    """

    name: str
    kind: str
    words: str
    config: Config


@dataclass(frozen=True)
class Compared:
    """What the trials decided under each alternative.

    pairs    : for each alternative and effect the trials beside those of the base, counted; the same trials
               everywhere. Empty if none could be computed under all.
    failures : chunks that could not be computed under some alternative; they are left out under all.
    """

    pairs: Mapping[str, Mapping[str, Pairs]]
    failures: tuple[Failure, ...]
    n_failed: int


Place = tuple[str, str]
"""An alternative and an effect."""
Group = tuple[tuple[Config, ...], Config | None]
"""Configurations that share their courses, and whose clinic enrolls where it is not their own."""
ByEffect = list[dict[str, Table]]
"""What trials gave under each configuration of a group, by effect."""
Answers = Sequence[tuple[Place, Table]]
"""What a chunk of trials gave under each alternative and effect, the base first."""
Ask = Callable[[Sequence[Config], range, Config | None], ByEffect]
"""Answers of a range of trials, by effect, under each of several configurations that share their courses."""


def compare(alternatives: Sequence[Alternative]) -> Compared:
    """Simulate the trials under each alternative and count what they decide; the first is the base.

    Alternatives that only score differently share one simulation. A world keeps the patients whom the base
    enrolled. A trial that fails under one alternative is left out under all, so that all rest on the same trials.
    All alternatives take a chunk of trials before the next one: it is counted and forgotten.
    Errors : InputError where a configuration cannot be run.
    """
    from sim import pipeline

    counting: Counting[Place, Pairs] = Counting(paired, pairs_together, _AT_ONCE)
    failures, lost = under_all(
        alternatives, pipeline.compared_chunk, lambda answers: counting.add(_side_by_side(answers))
    )
    pairs: dict[str, dict[str, Pairs]] = {}
    for (name, effect), counted in counting.tallies().items():
        pairs.setdefault(name, {})[effect] = counted
    return Compared(pairs, failures, lost)


def under_all(
    alternatives: Sequence[Alternative],
    ask: Ask,
    take: Callable[[Answers], None],
    *,
    size: Callable[[ByEffect], int] | None = None,
    words: str = "",
) -> tuple[tuple[Failure, ...], int]:
    """Ask each chunk of trials under all alternatives, the base first, and hand the answers over, chunk by chunk.

    size   : bytes that `take` keeps of what a group of alternatives gave. words : said before it begins.
    Result : the failures, and how many trials were left out.
    """
    grouped = _grouped(alternatives)
    base = grouped[0][0].config
    groups: list[Group] = [
        (tuple(each.config for each in group), base if group[0].kind == "world" else None) for group in grouped
    ]
    failures, lost = list[Failure](), 0
    compile_once(base)
    with contextlib.closing(_by_chunk(base.run, groups, ask, size, words)) as chunk_by_chunk:
        for trials, found in chunk_by_chunk:
            failures += failures_of(found)
            if any(each.value is None for each in found):
                lost += len(trials)
            else:
                take(_by_place(grouped, [each.value or [] for each in found]))
    return tuple(failures), lost


def _by_chunk(
    run: Run, groups: Sequence[Group], ask: Ask, size: Callable[[ByEffect], int] | None, words: str
) -> Generator[tuple[range, list[Outcome[ByEffect]]], None, None]:
    """The trials of each chunk with the outcomes of all groups."""
    blocks, all_trials = chunks(range(run.trials), run.chunk), run.trials * len(groups)
    pieces = [_piece(block, run.trials, k) for block in blocks for k in range(len(groups))]
    work = partial(_chunk, groups, run.trials, ask)
    with contextlib.ExitStack() as stack:
        title = "trials under all alternatives"
        progress = stack.enter_context(Progress(all_trials, shown=run.progress, title=title))
        if words:
            progress.say(words)
        forecast = Forecast(all_trials, worker_count(run.workers, len(pieces)), size=size)
        outcomes = stack.enter_context(contextlib.closing(computed(work, pieces, run)))
        for block in blocks:
            found = []
            for outcome in islice(outcomes, len(groups)):
                found.append(outcome)
                progress.advance(len(outcome.trials))
                if words := forecast.after(outcome):
                    progress.say(words)
            yield block, found


def _piece(block: range, trials: int, group: int) -> range:
    """A piece of work: the trials are numbered through from group to group."""
    return range(group * trials + block.start, group * trials + block.stop)


def _chunk(groups: Sequence[Group], trials: int, ask: Ask, piece: range) -> ByEffect:
    """The answers of the trials of a piece under each configuration of its group."""
    group, first = divmod(piece.start, trials)
    configs, screened = groups[group]
    return ask(configs, range(first, first + len(piece)), screened)


def _side_by_side(answers: Answers) -> dict[Place, Table]:
    """Under each alternative and effect what the trials decided, beside what they decided under the base."""
    base = answers[0][0][0]
    by_effect = {effect: table for (name, effect), table in answers if name == base}
    return {place: side_by_side(by_effect[place[1]], table) for place, table in answers}


def _by_place(grouped: Sequence[Sequence[Alternative]], found: Sequence[ByEffect]) -> Answers:
    """What each group of configurations answered, by alternative and effect, the base first."""
    return [
        ((alternative.name, effect), table)
        for members, given in zip(grouped, found, strict=True)
        for alternative, answer in zip(members, given, strict=True)
        for effect, table in answer.items()
    ]


def _grouped(alternatives: Sequence[Alternative]) -> list[list[Alternative]]:
    """Alternatives that share their courses, together, in order of first appearance."""
    groups: list[tuple[Any, list[Alternative]]] = []
    for each in alternatives:
        values = {key: value for key, value in parts(each.config).items() if key != "analysis"}
        key = (each.kind == "world", values)
        found = next((members for other, members in groups if other == key), None)
        if found is None:
            groups.append((key, [each]))
        else:
            found.append(each)
    return [members for _, members in groups]


def effects_of(config: Config) -> tuple[str, ...]:
    """The effects that a comparison shows: `none` first, then those asked for."""
    return (INERT, *(effect.name for effect in config.effects if effect.name != INERT))
