"""The cells of a sweep: what was varied, each cell's deciding rows, and differences on the same trials."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.core.tables import Row, Table, concatenate
from sim.report.headlines import HEADLINES
from sim.report.numbers import picked
from sim.report.results import Results
from sim.storage.parquet import read_table
from sim.words.rows import label_of

_IN_ROWS: Final = ("effect", "endpoint")
"""Keys whose values stand in the rows of most tasks."""


@dataclass(frozen=True)
class Cell:
    """One cell: its number, what was swept in it, and its deciding rows."""

    number: int
    swept: Mapping[str, str]
    rows: Sequence[Row]

    @property
    def title(self) -> str:
        """What was swept, in words."""
        return ", ".join(f"{key}={value}" for key, value in self.swept.items()) or f"cell {self.number}"


@dataclass(frozen=True)
class Difference:
    """Power of a cell minus that of the first, for one endpoint under one effect.

    label  : the endpoint with the patients it is for.
    paired : whether the error is from the same trials side by side; else it is that of two independent runs.
    """

    cell: Cell
    endpoint: str
    label: str
    effect: str
    value: float
    error: float
    paired: bool


def cells_of(results: Results) -> list[Cell]:
    """The cells of a combined table, in order, told apart by the keys that vary and do not stand in the rows."""
    asked = {one["cell"]: one for one in results.configuration["cells"]}
    words = {
        number: dict(text.split("=", 1) for text in one["overrides"] if "=" in text)
        for number, one in asked.items()
    }
    rows = {
        number: HEADLINES[results.lead].rows(picked(results.main, cell=number), one["configuration"])
        for number, one in asked.items()
    }
    keys = dict.fromkeys(key for own in words.values() for key in own)
    varying = [key for key in keys if len({own.get(key) for own in words.values()}) > 1]
    told = [key for key in varying if key not in _IN_ROWS or not _stands_in(key, words, rows)]
    return [Cell(number, {key: words[number].get(key, "") for key in told}, rows[number]) for number in asked]


def _stands_in(key: str, words: Mapping[int, Mapping[str, str]], rows: Mapping[int, Sequence[Row]]) -> bool:
    """Whether the rows of every cell say the cell's value of a key."""
    return all(any(own[key] in row[key] for row in rows[number]) for number, own in words.items())


def differences(cells: Sequence[Cell], folder: Path) -> list[Difference]:
    """Each later cell against the first, for every endpoint and effect that both have."""
    if len(cells) < 2:
        return []
    first = {(row["endpoint"], row["effect"]): row for row in cells[0].rows}
    trials = {cell.number: _decided(folder / str(cell.number)) for cell in cells}
    return [
        _difference(cell, row, first[row["endpoint"], row["effect"]], trials[cells[0].number], trials[cell.number])
        for cell in cells[1:]
        for row in cell.rows
        if (row["endpoint"], row["effect"]) in first
    ]


def _difference(cell: Cell, row: Row, base: Row, before: Table | None, after: Table | None) -> Difference:
    value = row["power"] - base["power"]
    error = _paired_error(before, after, base, row)
    paired = error is not None
    if error is None:
        error = math.hypot(row["power_mcse"], base["power_mcse"])
    return Difference(cell, row["endpoint"], label_of(row), row["effect"], value, error, paired)


def _paired_error(before: Table | None, after: Table | None, base: Row, row: Row) -> float | None:
    """Standard error of the mean difference over trials of one number; None where trials were not kept."""
    answers = [_answers(table, one) for table, one in ((before, base), (after, row))]
    if any(found is None or len(found) < 2 for found in answers) or len(answers[0]) != len(answers[1]):
        return None
    change = np.asarray(answers[1], np.float64) - np.asarray(answers[0], np.float64)
    return float(change.std(ddof=1) / math.sqrt(len(change)))


def _answers(trials: Table | None, row: Row) -> Any:
    """Success of each trial, if what is kept gives the power that the table says."""
    name = f"{row['rule']}_{row['endpoint']}_success"
    if trials is None or name not in trials:
        return None
    own = trials.where(trials["effect"] == row["effect"])
    success = own[name][np.argsort(own["trial"], kind="stable")] == 1
    return success if len(success) == row["n_trials"] and abs(success.mean() - row["power"]) < 1e-12 else None


def _decided(folder: Path) -> Table | None:
    """The trials that a cell kept, if they are those of one specification."""
    stores = sorted({path.parent for path in folder.glob("chunks/*/trials-*.parquet")})
    if len(stores) != 1:
        return None
    try:
        pieces = [read_table(path, "trials") for path in sorted(stores[0].glob("trials-*.parquet"))]
        return concatenate(pieces)
    except (OSError, ValueError, KeyError):
        return None
