"""Frozen tables of equal-length columns: what the stages exchange.

In memory a missing float or whole number is NaN (a whole number that can be missing is kept as float64), a
missing flag is -1 in an int8 column, a missing text is "". Files hold Arrow nulls instead (sim/storage).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Table(Mapping[str, Column]):
    """Columns by name, all of one length; the columns are read-only."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns: dict[str, Column] = {}
        self.length = 0
        for position, (name, values) in enumerate(columns.items()):
            column = np.asarray(values).view()
            if column.ndim != 1:
                raise ValueError(f"column {name} has {column.ndim} dimensions, not one")
            if position and len(column) != self.length:
                raise ValueError(f"column {name} has {len(column)} rows, the others {self.length}")
            self.length = len(column)
            column.flags.writeable = False
            self._columns[name] = column

    def __getitem__(self, name: str) -> Column:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def where(self, rows: Column) -> "Table":
        """The rows chosen by a mask or by positions, in their order."""
        return Table({name: column[rows] for name, column in self.items()})

    def adding(self, columns: Mapping[str, Any]) -> "Table":
        """This table with columns added or replaced."""
        return Table({**self._columns, **columns})

    def only(self, names: Iterable[str]) -> "Table":
        """This table with these columns, in this order."""
        return Table({name: self._columns[name] for name in names})


def concatenate(tables: Sequence[Table]) -> Table:
    """Tables of the same columns, one below the other."""
    if not tables:
        raise ValueError("no tables to concatenate")
    if len(tables) == 1:
        return tables[0]
    return Table({name: np.concatenate([table[name] for table in tables]) for name in tables[0]})
