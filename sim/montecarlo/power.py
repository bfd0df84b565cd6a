"""The main job: how often does each endpoint succeed over many virtual trials?"""

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.design.evaluation import power_table
from sim.montecarlo.executors import Outcome, chunks, computed, piece_size
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.precision import Precise, cut_at_looks, until_precise, widest
from sim.montecarlo.progress import Progress
from sim.montecarlo.resume import Decided, Store, keeping, merge, missing
from sim.montecarlo.warm import compile_once


@dataclass(frozen=True)
class PowerRun:
    """A power table and what it rests on.

    power    : one row for each effect, endpoint, population and alpha; None if every trial failed.
    engine   : the clock that ran.
    failures : chunks that could not be computed.
    trials   : trials asked for: those of the configuration, or as many as its precision needed.
    half_width : half of the widest Wilson interval of power; NaN without a table.
    """

    power: Table | None
    engine: str
    failures: tuple[Failure, ...]
    trials: int
    half_width: float


def run_power(config: Config, store: Store | None = None) -> PowerRun:
    """Simulate `config.run.trials` trials, or as many as a precision needs, under each effect; tabulate the power.

    store : trials that it has are not computed again, and those that are computed go into it.
    Results do not depend on the store, the workers, the size of a chunk or the engine. A chunk that raises counts
    its trials as failed; every probability is over the trials that were computed, with n_requested and n_failed
    beside it.
    Errors : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    from sim import pipeline

    engine: str = pipeline.engine_of(config)
    held: list[tuple[range, Decided]] = list(store.held(config.run.trials)) if store else []
    gaps = missing([trials for trials, _ in held], config.run.trials)
    if config.run.precision is None:
        found = _all_trials(config, held, _outcomes(config, gaps, store) if gaps else iter(()), engine)
    else:
        outcomes = _outcomes(config, cut_at_looks(gaps), store) if gaps else iter(())
        found = _until_precise(config, held, outcomes, config.run.precision, engine)
    return PowerRun(found.power, engine, found.failures, found.trials, found.half_width)


def _all_trials(
    config: Config,
    held: Sequence[tuple[range, Decided]],
    outcomes: Iterator[Outcome[dict[str, Table]]],
    engine: str,
) -> Precise:
    """Every trial of the configuration."""
    computed_now = list(outcomes)
    failures = failures_of(computed_now)
    finished = [*held, *((each.trials, each.value) for each in computed_now if each.value is not None)]
    if not finished:
        return Precise(None, config.run.trials, float("nan"), failures)
    finished.sort(key=lambda piece: piece[0].start)
    power = _tabulate(config, merge([each for _, each in finished]), engine, config.run.trials, failures)
    return Precise(power, config.run.trials, widest(power), failures)


def _until_precise(
    config: Config,
    held: Sequence[tuple[range, Decided]],
    outcomes: Iterator[Outcome[dict[str, Table]]],
    wanted: float,
    engine: str,
) -> Precise:
    """Trials until every interval is short enough; those computed ahead by other workers are left out."""

    def tabulate(decided: Decided, trials: int, failures: Sequence[Failure]) -> Table:
        return _tabulate(config, decided, engine, trials, failures)

    with contextlib.ExitStack() as stack:
        if isinstance(outcomes, Generator):
            stack.enter_context(contextlib.closing(outcomes))
        return until_precise(held, outcomes, config.run.trials, wanted, tabulate)


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


def _tabulate(
    config: Config, decided: Mapping[str, Table], engine: str, trials: int, failures: Sequence[Failure]
) -> Table:
    n_failed = sum(len(each.trials) for each in failures)
    return concatenate(
        [
            power_table(
                decided[effect.name],
                decided[INERT],
                config.design,
                effect=effect.name,
                engine=engine,
                n_requested=trials,
                n_failed=n_failed,
            )
            for effect in config.effects
        ]
    )
