"""The main job: how often does each endpoint succeed over many virtual trials?"""

import contextlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.design.characteristics import characteristics, operating_curve
from sim.design.evaluation import power_table
from sim.design.safety_table import safety_table
from sim.design.tally import Tally
from sim.montecarlo.counting import counting_effects
from sim.montecarlo.executors import Outcome, chunks, computed, piece_size, worker_count
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.precision import Gathered, Piece, cut_at_looks, until_precise, widest
from sim.montecarlo.progress import Progress
from sim.montecarlo.resume import Store, keeping, missing
from sim.montecarlo.warm import compile_once
from sim.montecarlo.watch import Watch

PLAIN_RULE: Final = "exact_binomial"
RATES: Final = tuple(k / 20 for k in range(1, 20))
"""True rates at which the exact characteristics of a rule are tabulated."""


@dataclass(frozen=True)
class PowerRun:
    """A power table and what it rests on.

    power    : one row for each effect, endpoint, population and alpha; None if every trial failed.
    tallies  : for each effect and `none` what the finished trials decided; empty if every trial failed.
    engine   : the clock that ran.
    failures : chunks that could not be computed.
    trials   : trials asked for: those of the configuration, or as many as its precision needed.
    rules    : operating characteristics of the rule; None for the exact test, of which `power` says everything.
    curve    : the exact ones over all rates; None as `rules`.
    safety   : what stopping for serious events does; None where the design does not watch for them.
    """

    power: Table | None
    tallies: Mapping[str, Tally]
    engine: str
    failures: tuple[Failure, ...]
    trials: int
    rules: Table | None = None
    curve: Table | None = None
    safety: Table | None = None


@dataclass(frozen=True)
class Simulated:
    """What the trials of a run decided.

    tallies  : for each effect, and for `none`, the trials that were computed; empty if every trial failed.
    engine   : the clock that ran. n_requested : trials asked for. failures : chunks that could not be computed.
    """

    tallies: Mapping[str, Tally]
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
    safety = safety_table(run.tallies, config.design, run.n_requested, run.n_failed)
    found = PowerRun(power, run.tallies, run.engine, run.failures, run.n_requested, safety=safety)
    if not run.done or config.design.rule == PLAIN_RULE:
        return found
    curve = operating_curve(run.tallies[INERT], config.design, RATES)
    return replace(found, rules=_characteristics(config, run), curve=curve)


def run_trials(config: Config, store: Store | None = None) -> Simulated:
    """Simulate the trials of a configuration under each effect, and under none; arguments as run_power.

    Trials are counted as they come and forgotten; only the store keeps them one by one.
    """
    from sim import pipeline

    engine: str = pipeline.engine_of(config)
    if config.run.precision is not None:
        found = _until_precise(config, store, engine)
        return Simulated(found.tallies, engine, found.trials, found.failures)
    counting, held, failures = counting_effects(), list[range](), list[Failure]()
    watch = Watch(config)
    for trials, decided in store.held(range(config.run.trials)) if store else ():
        held.append(trials)
        counting.add(decided)
        watch.add(decided)
    with contextlib.closing(_outcomes(config, missing(held, config.run.trials), store, watch)) as outcomes:
        for outcome in outcomes:
            failures.extend(failures_of([outcome]))
            if outcome.value is not None:
                counting.add(outcome.value)
    return Simulated(counting.tallies(), engine, config.run.trials, tuple(failures))


def _until_precise(config: Config, store: Store | None, engine: str) -> Gathered:
    """Trials until every interval of power is short enough; those computed ahead by other workers are left out."""
    wanted, most = config.run.precision, config.run.trials

    def enough(tallies: Mapping[str, Tally]) -> bool:
        return wanted is None or widest(_tabulate(config, Simulated(tallies, engine, most, ())))[0] <= wanted

    found = [trials for trials, _ in store.held(range(most))] if store else []
    watch, gaps = Watch(config), cut_at_looks(missing(found, most))
    with contextlib.closing(_outcomes(config, gaps, store, watch)) as outcomes:
        return until_precise(_again(store, found, watch), outcomes, most, enough)


def _again(store: Store | None, found: Sequence[range], watch: Watch) -> Generator[Piece, None, None]:
    """What a store has, once more."""
    for trials in found:
        for piece in store.held(trials) if store else ():
            watch.add(piece[1])
            yield piece


def _outcomes(
    config: Config, gaps: Sequence[range], store: Store | None, watch: Watch
) -> Generator[Outcome[dict[str, Table]], None, None]:
    """The outcomes of the trials that are missing, chunk by chunk."""
    if not gaps:
        return
    from sim import pipeline

    trials = sum(map(len, gaps))
    size = piece_size(trials, config.run)
    pieces = [piece for gap in gaps for piece in chunks(gap, size)]
    compile_once(config)
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(Progress(trials, shown=config.run.progress))
        found = computed(partial(pipeline.run_chunk, config), pieces, config.run)
        forecast = Forecast(trials, worker_count(config.run.workers, len(pieces)))
        running = stack.enter_context(contextlib.closing(keeping(found, store) if store else found))
        for outcome in running:
            watch.add(outcome.value or {})
            progress.advance(len(outcome.trials), watch.words())
            if words := forecast.after(outcome):
                progress.say(words if config.run.precision is None else f"at most {words}")
            yield outcome
        if words := forecast.looking_back():
            progress.say(words)


def _tabulate(config: Config, run: Simulated) -> Table:
    return concatenate(
        [
            power_table(
                run.tallies[effect.name],
                run.tallies[INERT],
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
            characteristics(run.tallies[effect.name], config.design, effect.name, run.n_requested, run.n_failed)
            for effect in config.effects
        ]
    )
