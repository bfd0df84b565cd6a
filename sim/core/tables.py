"""Frozen tables of equal-length columns: what the stages exchange.

In memory a missing float or whole number is NaN (a whole number that can be missing is kept as float64), a
missing flag is -1 in an int8 column, a missing text is "". Files hold Arrow nulls instead (sim/storage).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Words:
    """A column of a few different words, kept as codes until somebody reads it as text.

    words : the different words. codes : whole numbers, the place of each row's word among them.
    A column of text takes four bytes for each letter of its longest word in every row.
    """

    def __init__(self, words: Column, codes: Column) -> None:
        self.words, self.codes = words, codes

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Any) -> "Words":
        """Some of the rows, chosen by a mask, by positions or by a slice."""
        return Words(self.words, self.codes[rows])

    def written(self) -> Column:
        """The words in full."""
        return self.words[self.codes]


class Table(Mapping[str, Column]):
    """Columns by name, all of one length; the columns are read-only."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns: dict[str, Column | Words] = {}
        self.length = 0
        for position, (name, values) in enumerate(columns.items()):
            column = values if isinstance(values, Words) else _read_only(name, values)
            if position and len(column) != self.length:
                raise ValueError(f"column {name} has {len(column)} rows, the others {self.length}")
            self.length = len(column)
            self._columns[name] = column

    def __getitem__(self, name: str) -> Column:
        column = self._columns[name]
        if isinstance(column, Words):
            column = self._columns[name] = _read_only(name, column.written())
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def where(self, rows: Column | slice) -> "Table":
        """The rows chosen by a mask, by positions or by a slice, in their order."""
        return Table({name: column[rows] for name, column in self._columns.items()})

    def adding(self, columns: Mapping[str, Any]) -> "Table":
        """This table with columns added or replaced."""
        return Table({**self._columns, **columns})

    def only(self, names: Iterable[str]) -> "Table":
        """This table with these columns, in this order."""
        return Table({name: self._columns[name] for name in names})


def _read_only(name: str, values: Any) -> Column:
    column: Column = np.asarray(values).view()
    if column.ndim != 1:
        raise ValueError(f"column {name} has {column.ndim} dimensions, not one")
    column.flags.writeable = False
    return column


def concatenate(tables: Sequence[Table]) -> Table:
    """Tables of the same columns, one below the other."""
    if not tables:
        raise ValueError("no tables to concatenate")
    if len(tables) == 1:
        return tables[0]
    return Table({name: np.concatenate([table[name] for table in tables]) for name in tables[0]})


Row = dict[str, Any]
"""A row of a table as plain values under the names of its columns."""


def rows_of(table: Table) -> Iterator[Row]:
    """Rows of a table as plain values."""
    names = list(table)
    for values in zip(*(column.tolist() for column in table.values()), strict=True):
        yield dict(zip(names, values, strict=True))


def table_of(rows: Sequence[Mapping[str, object]]) -> Table:
    """A table from rows with the same keys, in the order of the first."""
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})
