"""What patients show in a change or a time to an event, on the same trials under several readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.config.config import Config
from sim.core.tables import Table, concatenate
from sim.montecarlo.executors import chunks, computed
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.progress import Progress
from sim.montecarlo.readings import Alternative, _grouped
from sim.montecarlo.warm import compile_once


@dataclass(frozen=True)
class Valued:
    """Patients under each alternative and effect, a row each; the same trials everywhere.

    failures : chunks that could not be computed under some alternative; they are left out under all.
    """

    patients: Mapping[str, Mapping[str, Table]]
    failures: tuple[Failure, ...]
    n_failed: int


def values_under(alternatives: Sequence[Alternative], endpoint: str) -> Valued:
    """Simulate the trials under each alternative; the first is the base (sim/montecarlo/readings.py, compare)."""
    base, grouped = alternatives[0].config, _grouped(alternatives)
    trials, run = base.run.trials, base.run
    groups = [
        (tuple(each.config for each in group), base if group[0].kind == "world" else None) for group in grouped
    ]
    work = partial(_chunk, groups, trials, endpoint)
    pieces = [
        piece for i in range(len(groups)) for piece in chunks(range(i * trials, (i + 1) * trials), run.chunk)
    ]
    compile_once(work)
    outcomes = []
    with Progress(trials * len(groups), shown=run.progress, title="trials under all alternatives") as progress:
        for outcome in computed(work, pieces, run):
            outcomes.append(outcome)
            progress.advance(len(outcome.trials))
    lost = sorted({trial % trials for each in outcomes if each.value is None for trial in each.trials})
    found: dict[str, dict[str, list[Table]]] = {}
    for outcome in outcomes:
        for alternative, bank in zip(grouped[outcome.trials.start // trials], outcome.value or (), strict=False):
            for effect, table in bank.items():
                kept = table.where(~np.isin(table["trial"], lost))
                found.setdefault(alternative.name, {}).setdefault(effect, []).append(kept)
    patients = {
        name: {effect: concatenate(parts) for effect, parts in bank.items()} for name, bank in found.items()
    }
    return Valued(patients, failures_of(outcomes), len(lost))


def _chunk(
    groups: Sequence[tuple[Sequence[Config], Config | None]], trials: int, endpoint: str, piece: range
) -> list[dict[str, Table]]:
    """One piece of work: trials are numbered through from group to group."""
    from sim import pipeline

    group, first = divmod(piece.start, trials)
    configs, screened = groups[group]
    return pipeline.compared_values(configs, (endpoint,), range(first, first + len(piece)), screened)
