"""Tables as comma-separated text, for eyes and spreadsheets; Parquet is the record."""

import csv
import io
import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.core.tables import Column, Table
from sim.storage.atomic import write_text

_FLAGS: Final = {1: "true", 0: "false", -1: ""}


def write_csv(path: Path, table: Table) -> None:
    """Write a table as CSV: missing values empty, numbers in full, flags as true and false."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(zip(*(_cells(column) for column in table.values()), strict=True))
    write_text(path, text.getvalue())


def _cells(column: Column) -> list[Any]:
    """What the writer of the csv module turns into the text wanted: numbers in full, words as they are."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "b" or column.dtype == np.int8:  # int8: a flag that can be missing
        return [_FLAGS[value] for value in values]
    return ["" if math.isnan(value) else value for value in values] if column.dtype.kind == "f" else values
