"""A patient bank: patients simulated once, with what each answers to every endpoint under every effect."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.montecarlo.executors import Outcome, chunks, computed, worker_count
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import COPIES, Forecast, memory_words
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once

_WHO: Final = ("trial", "subject", "subgroup", "infused", "lymphopenia_only")
"""Who a patient is: the same under every effect, and kept once."""
_PERSON: Final = 11
"""Bytes of that."""
_ANSWER: Final = 2
"""Bytes of a yes or no and of whether it is missing; one answer may be a number."""
_VALUE: Final = 8


@dataclass(frozen=True)
class BankRun:
    """A bank and what it rests on.

    patients : for each effect, `none` included, one row an enrolled patient (sim/pipeline.py, bank_chunk); the
               same patients in the same order. Empty if every trial failed.
    engine   : the clock that ran. failures : chunks that could not be computed.
    """

    patients: Mapping[str, Table]
    engine: str
    failures: tuple[Failure, ...]

    @property
    def n_failed(self) -> int:
        """Trials that could not be computed."""
        return sum(len(each.trials) for each in self.failures)


def run_bank(config: Config, names: Sequence[str], title: str = "trials") -> BankRun:
    """Simulate `config.run.trials` trials and keep what each patient answers to `names`.

    The bank does not depend on workers, the size of a chunk or the clock. title : of the progress bar.
    Errors : InputError where the configuration cannot be run.
    """
    from sim import pipeline

    shown = _ANSWER * (len(names) - 1) + _VALUE
    return _gathered(config, partial(pipeline.bank_chunk, config, tuple(names)), title, shown)


def run_values(config: Config, endpoints: Sequence[str], title: str = "trials") -> BankRun:
    """The same with what each patient shows in endpoints that are no yes or no (sim/pipeline.py, values_chunk)."""
    from sim import pipeline

    work = partial(pipeline.values_chunk, config, tuple(endpoints))
    return _gathered(config, work, title, _VALUE * len(endpoints))


def _gathered(config: Config, work: Callable[[range], dict[str, Table]], title: str, shown: int) -> BankRun:
    from sim import pipeline

    pieces = chunks(range(config.run.trials), config.run.chunk)
    compile_once(config)
    found = []
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(Progress(config.run.trials, shown=config.run.progress, title=title))
        if words := memory_words(config.run.trials, "every patient", _wanted(config, shown)):
            progress.say(words)
        forecast = Forecast(config.run.trials, worker_count(config.run.workers, len(pieces)), size=_size)
        for outcome in stack.enter_context(contextlib.closing(computed(work, pieces, config.run))):
            found.append(replace(outcome, value=None if outcome.value is None else _shared(outcome.value)))
            progress.advance(len(outcome.trials))
            if words := forecast.after(outcome):
                progress.say(words)
    return BankRun(_merged(found), pipeline.engine_of(config), failures_of(found))


def _wanted(config: Config, shown: int) -> float:
    """Bytes that a bank takes; shown : bytes of what a patient answers or shows under one effect."""
    effects = len({INERT, *(effect.name for effect in config.effects)})
    return COPIES * config.run.trials * config.design.n * (_PERSON + effects * shown)


def _shared(bank: Mapping[str, Table]) -> dict[str, Table]:
    """The same with who the patients are from the first effect, so that the others' copies can go."""
    who = next(iter(bank.values())).only(_WHO)
    return {effect: table.adding(who) for effect, table in bank.items()}


def _size(bank: Mapping[str, Table]) -> int:
    """Bytes that are kept of the patients of a chunk."""
    shown = sum(table[name].nbytes for table in bank.values() for name in table if name not in _WHO)
    return shown + sum(column.nbytes for column in next(iter(bank.values())).only(_WHO).values())


def _merged(found: Sequence[Outcome[dict[str, Table]]]) -> dict[str, Table]:
    """The tables of all chunks, one effect after the other, so that the pieces of one are gone before the next."""
    parts = [each.value for each in found if each.value is not None]
    if not parts:
        return {}
    who = concatenate([next(iter(part.values())).only(_WHO) for part in parts])
    return {effect: _below(who, [part.pop(effect) for part in parts]) for effect in list(parts[0])}


def _below(who: Table, parts: Sequence[Table]) -> Table:
    shown = [name for name in parts[0] if name not in who]
    return Table({**who, **concatenate([part.only(shown) for part in parts])})
