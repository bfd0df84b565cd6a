"""The data sets of finished trials, so that an interrupted cohort can go on.

A piece is a file for each table, `cohort-000000000-000000049-visits.parquet` in the folder of the specification;
the file of the trials is written last, and where it stands the others do.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.core.columns import COHORT_TABLES
from sim.core.tables import Table
from sim.storage.chunks import ChunkStore
from sim.storage.parquet import read_table, write_table

_LAST = "trials"


class DataSetStore(ChunkStore):
    """The tables of the finished trials of one specification; otherwise as `ChunkStore`."""

    _name = re.compile(rf"cohort-(\d+)-(\d+)-{_LAST}\.parquet")

    def keep(self, trials: range, decided: Mapping[str, Table]) -> None:
        """Write all tables of finished trials; they count once the last of them is whole."""
        self._describe()
        for name in (*(name for name in COHORT_TABLES if name != _LAST), _LAST):
            path = self.folder / f"cohort-{trials.start:09d}-{trials.stop - 1:09d}-{name}.parquet"
            write_table(path, name, decided[name], self._said())

    def _read(self, path: Path, all_of: range, wanted: range) -> dict[str, Table] | None:
        """The wanted trials of a piece; None if one of its files is damaged or gone."""
        tables = {}
        for name in COHORT_TABLES:
            file = path.with_name(path.name.replace(f"-{_LAST}.", f"-{name}."))
            try:
                self._check(file)
                tables[name] = read_table(file, name)
                found = np.unique(tables[name]["trial"])
            except (OSError, ValueError, KeyError):
                return None
            if not np.isin(found, all_of).all() or (name == _LAST and len(found) != len(all_of)):
                return None
        if wanted == all_of:
            return tables
        return {name: table.where(_within(table["trial"], wanted)) for name, table in tables.items()}


def _within(trial: NDArray[np.int64], wanted: range) -> NDArray[np.bool_]:
    return (trial >= wanted.start) & (trial < wanted.stop)
