"""The main job: how often does each endpoint succeed over many virtual trials?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.config.config import INERT, Config
from sim.core.tables import Table, concatenate
from sim.design.evaluation import power_table
from sim.montecarlo.executors import Outcome, chunks, outcomes, worker_count
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once


@dataclass(frozen=True)
class PowerRun:
    """A power table and what it rests on.

    power    : one row for each effect, endpoint, population and alpha; None if every trial failed.
    engine   : the clock that ran.
    failures : chunks that could not be computed.
    """

    power: Table | None
    engine: str
    failures: tuple[Failure, ...]


def run_power(config: Config) -> PowerRun:
    """Simulate `config.run.trials` trials under each effect and tabulate the power.

    Results do not depend on the workers, the size of a chunk or the engine. A chunk that raises counts its trials
    as failed; every probability is over the trials that were computed, n_requested and n_failed beside it.
    Errors : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    from sim import pipeline

    engine: str = pipeline.engine_of(config)
    pieces = chunks(config.run.trials, config.run.chunk)
    workers = worker_count(config.run.workers, len(pieces))
    compile_once(partial(pipeline.run_chunk, config))
    finished: list[Outcome[dict[str, Table]]] = []
    with Progress(config.run.trials, shown=config.run.progress) as progress:
        for outcome in outcomes(partial(pipeline.run_chunk, config), pieces, workers):
            finished.append(outcome)
            progress.advance(len(outcome.trials))
    failures = failures_of(finished)
    succeeded = [each.value for each in finished if each.value is not None]
    power = _tabulate(config, merge(succeeded), engine, failures) if succeeded else None
    return PowerRun(power, engine, failures)


def merge(parts: Sequence[Mapping[str, Table]]) -> dict[str, Table]:
    """Tables of the same names, one below the other in the order given."""
    return {name: concatenate([part[name] for part in parts]) for name in parts[0]} if parts else {}


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
