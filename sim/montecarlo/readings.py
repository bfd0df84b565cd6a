"""The same trials under other readings of the record and other assumptions, paired by trial."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from sim.config.config import INERT, Config, parts
from sim.core.tables import Table, concatenate
from sim.montecarlo.executors import chunks, computed
from sim.montecarlo.failures import Failure, failures_of
from sim.montecarlo.progress import Progress
from sim.montecarlo.warm import compile_once

BASE: Final = "as declared"
"""The name of the run that the others are compared with."""


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
    """What the trials decided under each alternative that could be computed.

    decided  : for each effect one row per trial; the same trials everywhere.
    failures : chunks that could not be computed under some alternative; they are left out under all.
    """

    decided: dict[str, dict[str, Table]]
    failures: tuple[Failure, ...]
    n_failed: int


Group = tuple[tuple[Config, ...], Config | None]
"""Configurations that share their courses, and whose clinic enrolls where it is not their own."""


def compare(alternatives: Sequence[Alternative]) -> Compared:
    """Simulate the trials under each alternative; the first is the base.

    Alternatives that only score differently share one simulation. A world keeps the patients whom the base
    enrolled. A trial that fails under one alternative is left out under all, so that all rest on the same trials.
    Errors : InputError where a configuration cannot be run.
    """
    base = alternatives[0].config
    grouped = _grouped(alternatives)
    groups: list[Group] = [
        (tuple(each.config for each in group), base if group[0].kind == "world" else None) for group in grouped
    ]
    trials, run = base.run.trials, base.run
    work = partial(_chunk, groups, trials)
    pieces = [
        piece for i in range(len(groups)) for piece in chunks(range(i * trials, (i + 1) * trials), run.chunk)
    ]
    compile_once(work)
    with Progress(trials * len(groups), shown=run.progress, title="trials under all alternatives") as progress:
        outcomes = []
        for outcome in computed(work, pieces, run):
            outcomes.append(outcome)
            progress.advance(len(outcome.trials))
    lost = {trial % trials for each in outcomes if each.value is None for trial in each.trials}
    collected: dict[str, dict[str, list[Table]]] = {}
    for outcome in outcomes:
        for alternative, decided in zip(
            grouped[outcome.trials.start // trials], outcome.value or (), strict=outcome.value is not None
        ):
            for effect, table in decided.items():
                collected.setdefault(alternative.name, {}).setdefault(effect, []).append(_without(table, lost))
    tables = {
        name: {effect: concatenate(pieces) for effect, pieces in effects.items()}
        for name, effects in collected.items()
    }
    return Compared(tables, failures_of(outcomes), len(lost))


def _chunk(groups: Sequence[Group], trials: int, piece: range) -> list[dict[str, Table]]:
    """One piece of work: trials are numbered through from group to group."""
    from sim import pipeline

    group, first = divmod(piece.start, trials)
    configs, screened = groups[group]
    return pipeline.compared_chunk(configs, range(first, first + len(piece)), screened)


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


def _without(table: Table, lost: set[int]) -> Table:
    if not lost:
        return table
    return table.where(~np.isin(table["trial"], list(lost)))


def effects_of(config: Config) -> tuple[str, ...]:
    """The effects that a comparison shows: `none` first, then those asked for."""
    return (INERT, *(effect.name for effect in config.effects if effect.name != INERT))
