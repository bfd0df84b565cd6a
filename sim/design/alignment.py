"""Small tables as text: aligned cells, numbers with their errors."""

import math
from collections.abc import Sequence

import numpy as np

from sim.core.tables import Table


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Cells as text under each other, the first line as a header."""
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return [text[0], "-" * len(text[0]), *text[1:]]


def number(value: float, digits: int = 3) -> str:
    """A number of so many decimals; – where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def with_error(value: float, error: float, digits: int = 3) -> str:
    """An estimate and its standard error; – where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f} ±{number(error, digits).removeprefix('0')}"


def table_of(rows: Sequence[dict[str, object]]) -> Table:
    """A table from rows with the same keys, in the order of the first."""
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})
