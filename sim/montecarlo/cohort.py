"""Synthetic data sets: every table of the patients of some virtual trials."""

import contextlib
import heapq
from collections.abc import Generator, Iterator, Sequence
from functools import partial

from sim.config.config import Config
from sim.core.tables import Table
from sim.montecarlo.executors import Outcome, chunks, computed, worker_count
from sim.montecarlo.forecast import Forecast
from sim.montecarlo.progress import Progress
from sim.montecarlo.resume import Store, keeping, missing
from sim.montecarlo.warm import compile_once

Tables = dict[str, Table]


def cohort_chunks(config: Config, store: Store | None = None) -> Iterator[Outcome[Tables]]:
    """The tables of each chunk of trials, in the order of the trials; at most a few chunks are held at a time.

    The one effect of the configuration is followed.
    store  : trials that it has are read and not computed again; those that are computed go into it.
    Errors : InputError where the configuration cannot be run (an engine that cannot do it).
    """
    held = [trials for trials, _ in store.held(range(config.run.trials))] if store else []
    gaps = missing(held, config.run.trials)
    with contextlib.closing(_computed(config, gaps, store)) as outcomes:
        yield from heapq.merge(_kept(store, held), outcomes, key=lambda outcome: outcome.trials.start)


def _kept(store: Store | None, held: Sequence[range]) -> Iterator[Outcome[Tables]]:
    for trials in held:
        for piece, tables in store.held(trials) if store else ():
            yield Outcome(piece, dict(tables), "", "")


def _computed(
    config: Config, gaps: Sequence[range], store: Store | None
) -> Generator[Outcome[Tables], None, None]:
    if not gaps:
        return
    from sim import pipeline

    work = partial(pipeline.cohort_chunk, config)
    pieces = [piece for gap in gaps for piece in chunks(gap, config.run.chunk)]
    compile_once(config)
    trials = sum(map(len, gaps))
    with contextlib.ExitStack() as stack:
        progress = stack.enter_context(Progress(trials, shown=config.run.progress))
        forecast = Forecast(trials, worker_count(config.run.workers, len(pieces)))
        found = computed(work, pieces, config.run)
        for outcome in stack.enter_context(contextlib.closing(keeping(found, store) if store else found)):
            progress.advance(len(outcome.trials))
            if words := forecast.after(outcome):
                progress.say(words)
            yield outcome
