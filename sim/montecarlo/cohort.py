"""Synthetic data sets: every table of the patients of some virtual trials."""

from collections.abc import Iterator
from functools import partial

from sim.config.config import Config
from sim.core.tables import Table
from sim.montecarlo.executors import Outcome, chunks, computed
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once


def cohort_chunks(config: Config) -> Iterator[Outcome[dict[str, Table]]]:
    """The tables of each chunk of trials, in the order of the trials; at most a few chunks are held at a time.

    The one effect of the configuration is followed.
    Errors : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    from sim import pipeline

    pieces = chunks(range(config.run.trials), config.run.chunk)
    compile_once(partial(pipeline.cohort_chunk, config))
    with Progress(config.run.trials, shown=config.run.progress) as progress:
        for outcome in computed(partial(pipeline.cohort_chunk, config), pieces, config.run):
            yield outcome
            progress.advance(len(outcome.trials))
