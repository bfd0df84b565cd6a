"""What patients show in a change or a time to an event, on the same trials under several readings.

What is to be beaten is known when all trials are there, and the tests need every value. So values are kept, but
small: whole numbers in two bytes, and equal columns of a chunk once, such as those that a reading does not touch.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from sim.config.config import Config
from sim.config.measures import TIMES, measures_at
from sim.core.tables import Column, Table
from sim.montecarlo.failures import Failure
from sim.montecarlo.forecast import memory_words
from sim.montecarlo.readings import Alternative, Answers, ByEffect, effects_of, under_all

_UNKNOWN: Final = -(2**15)
"""Stands for NaN among whole numbers in two bytes."""
_VALUE: Final = 8
"""Bytes of a value that is no whole number."""
Pool = dict[tuple[str, bytes], Column]
"""Different columns of a chunk, packed, by what is in them."""


class Bank(Mapping[str, Table]):
    """By effect `trial` and what is shown, a row a patient; a table is made each time it is asked for."""

    def __init__(self) -> None:
        self._pieces: dict[str, dict[str, list[Column]]] = {}

    def __getitem__(self, effect: str) -> Table:
        columns = self._pieces[effect].items()
        return Table({name: np.concatenate([_unpacked(piece) for piece in pieces]) for name, pieces in columns})

    def __iter__(self) -> Iterator[str]:
        return iter(self._pieces)

    def __len__(self) -> int:
        return len(self._pieces)

    def add(self, effect: str, table: Table, pool: Pool) -> None:
        """Further patients; what the pool has already is not kept again."""
        columns = self._pieces.setdefault(effect, {})
        for name in _needed(table):
            columns.setdefault(name, []).append(_pooled(table[name], pool))


@dataclass(frozen=True)
class Valued:
    """Patients under each alternative and effect, a row each; the same trials everywhere.

    failures : chunks that could not be computed under some alternative; they are left out under all.
    """

    patients: Mapping[str, Bank]
    failures: tuple[Failure, ...]
    n_failed: int


def values_under(alternatives: Sequence[Alternative], endpoint: str) -> Valued:
    """Simulate the trials under each alternative; the first is the base (sim/montecarlo/readings.py, compare)."""
    banks: dict[str, Bank] = {}

    def keep(answers: Answers) -> None:
        pool: Pool = {}
        for (name, effect), table in answers:
            banks.setdefault(name, Bank()).add(effect, table, pool)

    words = _words(alternatives, endpoint)
    failures, lost = under_all(alternatives, partial(_values, endpoint), keep, size=_size, words=words)
    return Valued(banks, failures, lost)


def _values(
    endpoint: str, configs: Sequence[Config], trials: range, screened: Config | None
) -> list[dict[str, Table]]:
    from sim import pipeline

    return pipeline.compared_values(configs, (endpoint,), trials, screened)


def _words(alternatives: Sequence[Alternative], endpoint: str) -> str:
    """What will be kept if no column is small and none equals another."""
    config = alternatives[0].config
    shown = 2 if endpoint in TIMES else len(measures_at(config.question.visit, endpoint))
    patients = config.run.trials * config.design.n * len(alternatives) * len(effects_of(config))
    return memory_words(config.run.trials, "what every patient shows", patients * shown * _VALUE, "at most ")


def _size(answers: ByEffect) -> int:
    """Bytes that will be kept of what trials gave under configurations that share their courses."""
    pool: Pool = {}
    for by_effect in answers:
        for table in by_effect.values():
            for name in _needed(table):
                _pooled(table[name], pool)
    return sum(column.nbytes for column in pool.values())


def _needed(table: Table) -> Iterator[str]:
    """Whose trial it is, and the values: the float columns."""
    return (name for name in table if name == "trial" or table[name].dtype.kind == "f")


def _pooled(values: Column, pool: Pool) -> Column:
    packed = _packed(values)
    return pool.setdefault((packed.dtype.str, packed.tobytes()), packed)


def _packed(values: Column) -> Column:
    """Floats that are whole numbers of two bytes, or NaN, as such; other columns as they are."""
    if values.dtype.kind != "f":
        return values
    known = ~np.isnan(values)
    if (np.abs(values[known]) > -_UNKNOWN - 1).any() or (values[known] % 1.0).any():
        return values
    return np.where(known, values, _UNKNOWN).astype(np.int16)


def _unpacked(piece: Column) -> Column:
    """The column that was packed."""
    return np.where(piece == _UNKNOWN, np.nan, piece) if piece.dtype == np.int16 else piece
