"""Numbers as a reader meets them, and the rows of a power table that carry the answer."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.report.html import Html, joined
from sim.words.rows import chosen_effect

_SMALL: Final = Decimal("0.05")
"""Points that one decimal would call 0.0."""


def percent(value: float, digits: int = 1) -> str:
    """A probability in percent; a dash where there is none."""
    return "–" if math.isnan(value) else f"{_hundred(value):.{digits}f} %"


def with_error(value: float, error: float) -> str:
    """A probability in percent with its Monte Carlo standard error in points, of which a digit is always seen."""
    if math.isnan(value) or math.isnan(error):
        return percent(value)
    points = _hundred(error)
    return f"{percent(value)}\u00a0±\u00a0{points:{'.1g' if 0 < points < _SMALL else '.1f'}}"


def _hundred(value: float) -> Decimal:
    """A hundred times a number, exactly: so a tie is rounded as the terminal rounds the number itself."""
    return 100 * Decimal(float(value))


def headline_rows_of(found: Table) -> list[Row]:
    """One row for each endpoint: its first."""
    return list({row["endpoint"]: row for row in reversed(list(rows_of(found)))}.values())[::-1]


def effects_of(power: Table) -> list[str]:
    """The effects of a power table, in its order."""
    return list(dict.fromkeys(power["effect"].tolist()))


def chosen_first(effects: Sequence[str]) -> list[str]:
    """The effects in the order in which a figure shows them: first the one that the sentence is about."""
    first = chosen_effect(effects)
    return [first, *(name for name in effects if name != first)]


def view_of(effect: str) -> str:
    """The name of the view of a figure that shows one effect."""
    return f"effect {effect}"


def first_level(found: Table) -> Table:
    """The rows of the first level of the test; rows without a level belong to it."""
    levels = found["alpha"]
    return found.where(np.isnan(levels) | np.isin(levels, levels[~np.isnan(levels)][:1]))


def primary(rows: Sequence[Row]) -> list[Row]:
    """The rows of primary endpoints; all, where none is primary."""
    return [row for row in rows if row["endpoint"].startswith("P")] or list(rows)


def listed(parts: Sequence[Any]) -> Html:
    """Parts as a sentence has them: commas, and “and” before the last."""
    if len(parts) < 2:
        return joined(parts)
    return joined([joined(parts[:-1], ", "), " and ", parts[-1]])


def span_text(values: Sequence[float]) -> str:
    """From the lowest to the highest, in percent."""
    low, high = 100 * min(values), 100 * max(values)
    return f"{low:.0f}\u202f%" if f"{low:.0f}" == f"{high:.0f}" else f"{low:.0f} to {high:.0f}\u202f%"


def picked(found: Table, **values: Any) -> Table:
    """The rows that have these values in these columns."""
    keep = np.ones(found.length, np.bool_)
    for name, value in values.items():
        keep &= found[name] == value
    return found.where(keep)


def different(found: Table, column: str) -> list[Any]:
    """The values of a column, each once, in the order in which they come."""
    return list(dict.fromkeys(found[column].tolist()))


def power_text(row: Row) -> str:
    """Power with its Monte Carlo error; where none or all trials succeed, with its Wilson limits instead."""
    if row["power_mcse"] > 0.0 or (math.isnan(row["critical_value"]) and not math.isnan(row["n"])):
        return with_error(row["power"], row["power_mcse"])
    return f"{percent(row['power'])} ({percent(row['power_low'])} to {percent(row['power_high'])})"


def needed(row: Row, name: str = "critical_value") -> str:
    """How many must respond; name: the column that says so."""
    if math.isnan(row["n"]):
        return "by trial"
    if math.isnan(row[name]):
        return f"none of {row['n']:.0f}"
    return f"{row[name]:.0f} of {row['n']:.0f}"


def needed_words(row: Row) -> str:
    """How many must respond, in a heading."""
    if math.isnan(row["n"]):
        return "n left to chance"
    if math.isnan(row["critical_value"]):
        return f"cannot succeed with {row['n']:.0f}"
    return f"{needed(row)} needed"


def all_decide(responders: Table, row: Row) -> bool:
    """Whether trials are decided on all who are counted: not where a rule looks at the first patients."""
    rows = (responders["endpoint"] == row["endpoint"]) & (responders["population"] == row["population"])
    return bool(np.all(responders["n"][rows] <= row["n"]))
