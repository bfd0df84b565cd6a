"""The tables of a data set as rows (dicts, None where missing), as the twin reads them."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.core.tables import Table

Row = dict[str, Any]
NAMES = ("candidates", "visits", "dosing", "infusions", "events")
WHOLE = ("day", "planned_day", "start_day", "end_day", "infusion", "subject", "trial")


def values(name: str, column: np.ndarray) -> list[Any]:
    """Cells of a column: NaN, an unknown flag and an empty text are None; days are whole numbers."""
    if column.dtype.kind == "U":
        return [text or None for text in column.tolist()]
    if column.dtype == np.int8 and name not in WHOLE:
        return [None if flag == -1 else bool(flag) for flag in column.tolist()]
    if column.dtype.kind == "f":
        known = [None if number != number else number for number in column.tolist()]
        return [None if number is None else int(number) for number in known] if name in WHOLE else known
    return column.tolist()


def rows(table: Table) -> list[Row]:
    """One dict for each row."""
    columns = {name: values(name, column) for name, column in table.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def data(tables: Mapping[str, Table]) -> dict[str, list[Row]]:
    """The five tables that an endpoint is worked out from."""
    return {name: rows(tables[name]) for name in NAMES}
