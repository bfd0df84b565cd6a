"""The table of docs/validation.md as rows: simulated figures against published ones, for the pages of all runs.

The page is made by benchmarks/face_validity.py and shipped with the package; there is no second copy of a number.
"""

import re
from typing import Final, NamedTuple

from sim.config.location import face_validity_page

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")


class Compared(NamedTuple):
    """One line: texts as the page prints them, and its numbers (a proportion where the text is in percent).

    low, high : accepted interval, NaN where nobody states one; value : simulated; value_mcse : its Monte Carlo
    standard error, 0 where it is exact.
    """

    id: str
    what: str
    figure: str
    accepted: str
    simulated: str
    error: str
    verdict: str
    basis: str
    beside: str
    low: float
    high: float
    value: float
    value_mcse: float


def face_validity() -> list[Compared]:
    """Every line of the shipped table, in its order."""
    lines = face_validity_page().read_text(encoding="utf-8").splitlines()
    rows = [compared(line) for line in lines if line.startswith("| ")]
    return [row for row in rows if row is not None]


def compared(line: str) -> Compared | None:
    """One line of the Markdown table; None for its head."""
    cells = [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split(" | ")]
    if cells[0] == "id":
        return None
    low, high = _interval(cells[3])
    error = 0.0 if cells[5] == "exact" else _number(cells[5])
    names = Compared._fields[: len(cells)]
    texts = {name: cell.replace("*", "").replace("`", "") for name, cell in zip(names, cells, strict=True)}
    return Compared(**texts, low=low, high=high, value=_number(cells[4]), value_mcse=error)


def _interval(text: str) -> tuple[float, float]:
    if text == "–":
        return float("nan"), float("nan")
    ends = [_number(each) for each in text.removeprefix("at most ").split(" to ")]
    return (0.0, ends[0]) if len(ends) == 1 else (ends[0], ends[1])


def _number(text: str) -> float:
    found = _NUMBER.search(text)
    if found is None:
        raise ValueError(f"docs/validation.md: {text!r} holds no number")
    return round(float(found[0]) / 100.0, 9) if "%" in text else float(found[0])
