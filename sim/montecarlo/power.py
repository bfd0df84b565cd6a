"""The main job: how often does each endpoint succeed over many virtual trials?"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.design.evaluation import power_table
from sim.montecarlo.executors import Outcome, chunks, computed, piece_size
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.progress import Progress
from sim.montecarlo.resume import Decided, Store, keeping, merge, missing
from sim.montecarlo.warm import compile_once


@dataclass(frozen=True)
class PowerRun:
    """A power table and what it rests on.

    power    : one row for each effect, endpoint, population and alpha; None if every trial failed.
    decided  : for each effect and `none` one row a finished trial; empty if every trial failed.
    engine   : the clock that ran.
    failures : chunks that could not be computed.
    """

    power: Table | None
    decided: Mapping[str, Table]
    engine: str
    failures: tuple[Failure, ...]


def run_power(config: Config, store: Store | None = None) -> PowerRun:
    """Simulate `config.run.trials` trials under each effect and tabulate the power.

    store : trials that it has are not computed again, and those that are computed go into it.
    Results do not depend on the store, the workers, the size of a chunk or the engine. A chunk that raises counts
    its trials as failed; every probability is over the trials that were computed, with n_requested and n_failed
    beside it.
    Errors : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    from sim import pipeline

    engine: str = pipeline.engine_of(config)
    finished: list[tuple[range, Decided]] = list(store.held(config.run.trials)) if store else []
    gaps = missing([trials for trials, _ in finished], config.run.trials)
    outcomes = list(_outcomes(config, gaps, store)) if gaps else []
    failures = failures_of(outcomes)
    finished += [(each.trials, each.value) for each in outcomes if each.value is not None]
    finished.sort(key=lambda piece: piece[0].start)
    decided = merge([each for _, each in finished])
    power = _tabulate(config, decided, engine, failures) if finished else None
    return PowerRun(power, decided, engine, failures)


def _outcomes(config: Config, gaps: Sequence[range], store: Store | None) -> Iterator[Outcome[dict[str, Table]]]:
    """The outcomes of the trials that are missing, chunk by chunk."""
    from sim import pipeline

    trials = sum(map(len, gaps))
    size = piece_size(trials, config.run)
    pieces = [piece for gap in gaps for piece in chunks(gap, size)]
    compile_once(partial(pipeline.run_chunk, config))
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(Progress(trials, shown=config.run.progress))
        found = computed(partial(pipeline.run_chunk, config), pieces, config.run)
        forecast = Forecast(trials)
        running = stack.enter_context(contextlib.closing(keeping(found, store) if store else found))
        for outcome in running:
            yield outcome
            progress.advance(len(outcome.trials))
            if words := forecast.after(outcome):
                progress.say(words)
        if words := forecast.looking_back():
            progress.say(words)


def _tabulate(config: Config, decided: Mapping[str, Table], engine: str, failures: Sequence[Failure]) -> Table:
    n_failed = sum(len(each.trials) for each in failures)
    return concatenate(
        [
            power_table(
                decided[effect.name],
                decided[INERT],
                config.design,
                effect=effect.name,
                engine=engine,
                n_requested=config.run.trials,
                n_failed=n_failed,
            )
            for effect in config.effects
        ]
    )
