"""The main job: how often does each endpoint succeed over many virtual trials?"""

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.design.characteristics import characteristics, operating_curve
from sim.design.evaluation import power_table
from sim.design.safety_table import safety_table
from sim.montecarlo.executors import Outcome, chunks, computed, piece_size
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.precision import Gathered, cut_at_looks, in_order, until_precise, widest
from sim.montecarlo.progress import Progress
from sim.montecarlo.resume import Decided, Store, keeping, missing
from sim.montecarlo.warm import compile_once

PLAIN_RULE: Final = "exact_binomial"
RATES: Final = tuple(k / 20 for k in range(1, 20))
"""True rates at which the exact characteristics of a rule are tabulated."""


@dataclass(frozen=True)
class PowerRun:
    """A power table and what it rests on.

    power    : one row for each effect, endpoint, population and alpha; None if every trial failed.
    decided  : for each effect and `none` one row a finished trial; empty if every trial failed.
    engine   : the clock that ran.
    failures : chunks that could not be computed.
    trials   : trials asked for: those of the configuration, or as many as its precision needed.
    half_width : half of the widest Wilson interval of power; NaN without a table.
    rules    : operating characteristics of the rule; None for the exact test, of which `power` says everything.
    curve    : the exact ones over all rates; None as `rules`.
    safety   : what stopping for serious events does; None where the design does not watch for them.
    """

    power: Table | None
    decided: Mapping[str, Table]
    engine: str
    failures: tuple[Failure, ...]
    trials: int
    half_width: float
    rules: Table | None = None
    curve: Table | None = None
    safety: Table | None = None


@dataclass(frozen=True)
class Simulated:
    """What the trials of a run decided.

    decided  : for each effect, and for `none`, one row a trial; empty if every trial failed.
    engine   : the clock that ran. n_requested : trials asked for. failures : chunks that could not be computed.
    """

    decided: Mapping[str, Table]
    engine: str
    n_requested: int
    failures: tuple[Failure, ...]

    @property
    def done(self) -> bool:
        """Whether any trial was computed."""
        return self.n_failed < self.n_requested

    @property
    def n_failed(self) -> int:
        """Trials that are missing."""
        return sum(len(each.trials) for each in self.failures)


def run_power(config: Config, store: Store | None = None) -> PowerRun:
    """Simulate `config.run.trials` trials, or as many as a precision needs, under each effect; tabulate the power.

    store : trials that it has are not computed again, and those that are computed go into it.
    Results do not depend on the store, the workers, the size of a chunk or the engine. A chunk that raises counts
    its trials as failed; every probability is over the trials that were computed, with n_requested and n_failed
    beside it.
    Errors  : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    run = run_trials(config, store)
    power = _tabulate(config, run) if run.done else None
    half_width = float("nan") if power is None else widest(power)
    safety = safety_table(run.decided, config.design, run.n_requested, run.n_failed)
    found = PowerRun(power, run.decided, run.engine, run.failures, run.n_requested, half_width, safety=safety)
    if not run.done or config.design.rule == PLAIN_RULE:
        return found
    curve = operating_curve(run.decided[INERT], config.design, RATES)
    return replace(found, rules=_characteristics(config, run), curve=curve)


def run_trials(config: Config, store: Store | None = None) -> Simulated:
    """Simulate the trials of a configuration under each effect, and under none; arguments as run_power."""
    from sim import pipeline

    engine: str = pipeline.engine_of(config)
    held: list[tuple[range, Decided]] = list(store.held(config.run.trials)) if store else []
    gaps = missing([trials for trials, _ in held], config.run.trials)
    if config.run.precision is not None:
        found = _until_precise(config, held, gaps, store, engine)
        return Simulated(found.decided, engine, found.trials, found.failures)
    outcomes = list(_outcomes(config, gaps, store)) if gaps else []
    finished = [*held, *((each.trials, each.value) for each in outcomes if each.value is not None)]
    return Simulated(in_order(finished), engine, config.run.trials, failures_of(outcomes))


def _until_precise(
    config: Config, held: Sequence[tuple[range, Decided]], gaps: Sequence[range], store: Store | None, engine: str
) -> Gathered:
    """Trials until every interval of power is short enough; those computed ahead by other workers are left out."""
    wanted, most = config.run.precision, config.run.trials

    def enough(decided: Decided) -> bool:
        return wanted is None or widest(_tabulate(config, Simulated(decided, engine, most, ()))) <= wanted

    with contextlib.ExitStack() as stack:
        outcomes: Iterator[Outcome[dict[str, Table]]] = iter(())
        if gaps:
            outcomes = stack.enter_context(contextlib.closing(_outcomes(config, cut_at_looks(gaps), store)))
        return until_precise(held, outcomes, most, enough)


def _outcomes(
    config: Config, gaps: Sequence[range], store: Store | None
) -> Generator[Outcome[dict[str, Table]], None, None]:
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
                progress.say(words if config.run.precision is None else f"at most {words}")
        if words := forecast.looking_back():
            progress.say(words)


def _tabulate(config: Config, run: Simulated) -> Table:
    return concatenate(
        [
            power_table(
                run.decided[effect.name],
                run.decided[INERT],
                config.design,
                effect=effect.name,
                engine=run.engine,
                n_requested=run.n_requested,
                n_failed=run.n_failed,
            )
            for effect in config.effects
        ]
    )


def _characteristics(config: Config, run: Simulated) -> Table:
    return concatenate(
        [
            characteristics(run.decided[effect.name], config.design, effect.name, run.n_requested, run.n_failed)
            for effect in config.effects
        ]
    )
