"""Tables as Parquet files with units, labels and provenance."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sim.core.dictionary.entry import Entry
from sim.core.tables import Table, concatenate
from sim.storage.atomic import whole_file
from sim.storage.conversion import from_arrow, meaning, schema, to_arrow

ROWS_A_GROUP: Final = 65_536
_NONE: Final[Mapping[str, Entry]] = MappingProxyType({})


class TableWriter:
    """Takes a table piece by piece and writes row groups of a fixed size.

    The pieces leave no trace: the same rows give the same row groups however they were cut.
    """

    def __init__(self, path: Path, name: str, metadata: Mapping[str, str], extra: Mapping[str, Entry]) -> None:
        self._path, self._name, self._extra = path, name, extra
        self._metadata = {**metadata, "table": name}
        self._writer: Any = None
        self._names: tuple[str, ...] = ()
        self._waiting: list[Table] = []
        self._rows = 0
        self._finished = False

    def append(self, piece: Table) -> None:
        """Add rows; every piece has the same columns.

        Errors : ValueError for other columns than before, KeyError for a column that nobody described.
        """
        if self._writer is None:
            self._open(tuple(piece))
        if tuple(piece) != self._names:
            raise ValueError(f"{self._name}: columns {', '.join(piece)} follow {', '.join(self._names)}")
        if piece.length:
            self._waiting.append(piece)
            self._rows += piece.length
        while self._rows >= ROWS_A_GROUP:
            self._write(ROWS_A_GROUP)

    def finish(self) -> None:
        """Write what is left, once; a table without rows keeps its columns."""
        if self._finished:
            return
        if self._writer is None:
            raise ValueError(f"{self._name}: nothing was given to write")
        if self._rows:
            self._write(self._rows)
        self._writer.close()
        self._finished = True

    def abandon(self) -> None:
        """Close the file as it is; its name is removed by whoever gave it."""
        if self._writer is not None:
            self._writer.close()

    def _open(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._schema = schema(self._name, names, self._extra, self._metadata)
        self._writer = pq.ParquetWriter(
            self._path, self._schema, compression="zstd", write_page_checksum=True, version="2.6"
        )

    def _write(self, rows: int) -> None:
        waiting = concatenate(self._waiting)
        now, rest = waiting.where(slice(rows)), waiting.where(slice(rows, None))
        arrays = [to_arrow(column, meaning(self._name, name, self._extra)) for name, column in now.items()]
        self._writer.write_table(pa.table(arrays, schema=self._schema), row_group_size=ROWS_A_GROUP)
        self._waiting, self._rows = ([rest] if rest.length else []), rest.length


@contextlib.contextmanager
def table_writer(
    path: Path, name: str, provenance: Mapping[str, str], extra: Mapping[str, Entry] = _NONE
) -> Iterator[TableWriter]:
    """A writer of one table; the file appears under its name when the block ends without an error.

    path       : the file. name : the table, as in the column dictionary.
    provenance : sim/storage/provenance.py.
    extra      : columns that this file alone has.
    """
    with whole_file(path) as temporary:
        writer = TableWriter(temporary, name, provenance, extra)
        try:
            yield writer
            writer.finish()
        except BaseException:
            writer.abandon()
            raise


def write_table(
    path: Path, name: str, table: Table, provenance: Mapping[str, str], extra: Mapping[str, Entry] = _NONE
) -> None:
    """Write a whole table; the same rows and columns give the same column bytes."""
    with table_writer(path, name, provenance, extra) as writer:
        writer.append(table)


def read_table(path: Path, name: str | None = None) -> Table:
    """Read a table back as it was in memory; page checksums are verified.

    name : the table, where the file does not say it itself (made by other software).
    """
    data = pq.read_table(path, page_checksum_verification=True)
    return from_arrow(name or read_provenance(path).get("table") or path.stem, data)


def read_provenance(path: Path) -> dict[str, str]:
    """What the file says of its making."""
    metadata = pq.read_schema(path).metadata or {}
    return {key.decode(): value.decode() for key, value in metadata.items()}
