"""The files of a data set: each table as Parquet or as comma-separated text."""

import hashlib
import io
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sim.calculator.findings import SHOWN, Examination, ranges
from sim.calculator.needed import CANDIDATE_COLUMNS, INPUTS
from sim.calculator.text import header_of
from sim.core.columns import TABLES
from sim.core.errors import InputError

_MAY_BE_EMPTY: Final = ("events",)


def find(folder: Path, found: Examination) -> dict[str, Path]:
    """Table to file; a table that has no file, or two, is noted.

    Errors : InputError where there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(
            f"data: {folder} is no folder; name one that holds {', '.join(INPUTS)} (.parquet or .csv)"
        )
    paths: dict[str, Path] = {}
    for table in INPUTS:
        present = [path for path in (folder / f"{table}.parquet", folder / f"{table}.csv") if path.is_file()]
        if not present:
            text = f"neither {table}.parquet nor {table}.csv is in {folder}{_instead(folder, table)}"
            found.note("missing_file", table, text)
        elif len(present) == 2:
            found.note("two_files", table, f"{table}.parquet and {table}.csv are both there; remove one")
        else:
            paths[table] = present[0]
            found.files[table] = present[0].name
    return paths


def _instead(folder: Path, table: str) -> str:
    """What stands there in place of a table: another ending, other letters, a folder or a link to nothing."""
    for path in sorted(folder.iterdir()):
        if path.name.lower().partition(".")[0] == table:
            if path.suffix in (".parquet", ".csv") and path.stem == table:
                return f"; {path.name} is there and is no file"
            known = path.name.lower() in (f"{table}.parquet", f"{table}.csv")
            remedy = f"name it {path.name.lower()}" if known else "unpack or convert it"
            return f"; {path.name} is there: {remedy}"
    return ""


def read(table: str, path: Path, found: Examination) -> pa.Table | None:
    """A file as an Arrow table, all of a CSV file as text; None, and a problem noted, where it cannot be read."""
    try:
        data = _csv(table, path, found) if path.suffix == ".csv" else _parquet(table, path, found)
    except (pa.ArrowException, OSError) as error:
        found.note("unreadable_file", table, f"cannot be read: {' '.join(str(error).split())}")
        return None
    except ValueError as error:
        found.note("unreadable_file", table, str(error))
        return None
    if data is not None and not data.num_rows and table not in _MAY_BE_EMPTY:
        found.note("empty_table", table, "has no rows")
    return data


def twice(found: Examination, table: str, column: str, times: int) -> None:
    """Note a column that stands in a file more than once."""
    found.note("duplicate_column", table, f"stands {times} times; keep one", column=column)


def sha256(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def says_synthetic(paths: dict[str, Path]) -> str:
    """What the files say of being synthetic: true or false where all that say anything agree, else unknown."""
    said = set()
    for path in paths.values():
        metadata = (pq.read_schema(path).metadata or {}) if path.suffix == ".parquet" else {}
        said.add(metadata.get(b"synthetic", b"unknown").decode())
    return said.pop() if len(said) == 1 else "false" if "false" in said else "unknown"


def _parquet(table: str, path: Path, found: Examination) -> pa.Table | None:
    names = pq.read_schema(path).names
    if len(set(names)) < len(names):
        for name in sorted({name for name in names if names.count(name) > 1}):
            twice(found, table, name, names.count(name))
        return None
    if table == "candidates":
        names = [name for name in names if name in CANDIDATE_COLUMNS or name not in TABLES[table]]
        return pq.read_table(path, columns=names, page_checksum_verification=True)
    return pq.read_table(path, page_checksum_verification=True)


def _csv(table: str, path: Path, found: Examination) -> pa.Table:
    content = path.read_bytes()
    names = header_of(content, TABLES[table])
    broken: list[tuple[int, int]] = []

    def keep(row: pacsv.InvalidRow) -> str:
        broken.append((row.number or 0, row.actual_columns))
        return "skip"

    data = pacsv.read_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
        parse_options=pacsv.ParseOptions(invalid_row_handler=keep),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    for line, fields in broken[:SHOWN]:
        text = f"line {line} has {fields} fields, the header {len(names)}; it was left out"
        found.note("broken_row", table, text)
    if rest := [line for line, _ in broken[SHOWN:]]:
        found.note("broken_row", table, f"{len(rest)} more lines: {ranges(np.array(rest))}")
    return data
