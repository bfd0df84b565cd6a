"""Tables of words: the same lines for a terminal (aligned) and for a document (Markdown)."""

import math
from collections.abc import Sequence

from sim.core.tables import Row

Lines = Sequence[Sequence[str]]


def aligned(lines: Lines) -> list[str]:
    """Cells under each other, the first line as a header."""
    widths = [max(len(line[k]) for line in lines) for k in range(len(lines[0]))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return [text[0], "-" * len(text[0]), *text[1:]]


def markdown(lines: Lines) -> list[str]:
    """The same as a table in Markdown."""
    head, *rows = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return [head, "|" + "---|" * len(lines[0]), *rows]


def number(value: float, digits: int = 3) -> str:
    """A number of so many decimals; – where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def error_of(error: float, digits: int = 3) -> str:
    """A standard error of so many decimals without the 0 before them, or of as many as show its first digit."""
    while 0.0 < error < 0.5 * 10.0**-digits:
        digits += 1
    return number(error, digits).removeprefix("0")


def with_error(value: float, error: float, digits: int = 3) -> str:
    """An estimate and its standard error; – where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}f} ±{error_of(error, digits)}"


def gain(row: Row) -> str:
    """What the cells add to the power of the same trials, and its standard error; – where there is none."""
    change = row["power_change"]
    return "–" if math.isnan(change) else f"{change:+.3f} ±{number(row['power_change_mcse']).removeprefix('0')}"
