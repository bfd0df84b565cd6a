"""The files of a data set: each table as Parquet or as comma-separated text."""

import hashlib
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sim.calculator.findings import Examination
from sim.calculator.needed import CANDIDATE_COLUMNS, INPUTS
from sim.core.columns import TABLES
from sim.core.errors import InputError

_MAY_BE_EMPTY: Final = ("events",)
_BLOCK: Final = 2**24


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
            found.note("missing_file", table, f"neither {table}.parquet nor {table}.csv is in {folder}")
        elif len(present) == 2:
            found.note("two_files", table, f"{table}.parquet and {table}.csv are both there; remove one")
        else:
            paths[table] = present[0]
            found.files[table] = present[0].name
    return paths


def read(table: str, path: Path, found: Examination) -> pa.Table | None:
    """A file as an Arrow table, all of a CSV file as text; None, and a problem noted, where it cannot be read."""
    try:
        data = _csv(table, path, found) if path.suffix == ".csv" else _parquet(table, path)
    except (pa.ArrowException, OSError, UnicodeDecodeError, ValueError) as error:
        found.note("unreadable_file", table, f"cannot be read: {' '.join(str(error).split())}")
        return None
    if data is not None and not data.num_rows and table not in _MAY_BE_EMPTY:
        found.note("empty_table", table, "has no rows")
    return data


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


def _parquet(table: str, path: Path) -> pa.Table:
    names = pq.read_schema(path).names
    if table == "candidates" and len(set(names)) == len(names):
        names = [name for name in names if name in CANDIDATE_COLUMNS or name not in TABLES[table]]
        return pq.read_table(path, columns=names, page_checksum_verification=True)
    return pq.read_table(path, page_checksum_verification=True)


def _csv(table: str, path: Path, found: Examination) -> pa.Table | None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = file.readline().rstrip("\r\n")
        while file.read(_BLOCK):  # is all of it UTF-8?
            pass
    if "," not in header:
        other = next((sign for sign in (";", "\t", "|") if sign in header), "")
        found.note("unreadable_file", table, f"is not separated by commas{f' but by {other!r}' if other else ''}")
        return None
    names = [name.strip().strip('"') for name in header.split(",")]
    broken: list[tuple[int, int, int]] = []

    def keep(row: pacsv.InvalidRow) -> str:
        broken.append((row.number or 0, row.actual_columns, row.expected_columns))
        return "skip"

    data = pacsv.read_csv(
        path,
        read_options=pacsv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
        parse_options=pacsv.ParseOptions(invalid_row_handler=keep),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
        ),
    )
    for line, fields, expected in broken:
        found.note("broken_row", table, f"line {line} has {fields} fields, the header {expected}; it was left out")
    return data
