"""Rows of a table of results: which of them carry the answer, what they are called, what they show or cannot."""

import math
from collections.abc import Sequence
from typing import Final

from sim.core.tables import Row, Table, rows_of

_SURE: Final = 3.0
"""Standard errors by which success without the cells must exceed the level to be called too frequent."""


def headline_rows(found: Table) -> list[Row]:
    """For each endpoint the rows that decide: its first population at the first level, under each effect."""
    first: dict[str, tuple[str, float]] = {}
    rows = []
    for row in rows_of(found):
        place = (row["population"], row["alpha"])
        if first.setdefault(row["endpoint"], place) == place:
            rows.append(row)
    return rows


def chosen_effect(effects: Sequence[str]) -> str:
    """The effect that a sentence is about: neutral if it is there, else the last that acts, else the last."""
    acting = [name for name in effects if name != "none"]
    return "neutral" if "neutral" in acting else (acting or list(effects))[-1]


def label_of(row: Row) -> str:
    """An endpoint with the patients it is for."""
    return labelled(row["endpoint"], row["population"])


def labelled(endpoint: str, population: str) -> str:
    """The same of two words."""
    return str(endpoint) if population == "all" else f"{endpoint} ({population})"


def beats_more(row: Row) -> bool:
    """Whether the upper end of a benchmark's range asks more than the benchmark that is tested (D117).

    A table of an older version has no power against the whole range; then nothing is asked.
    """
    return not math.isnan(row.get("interval_power", math.nan)) and bool(row["null_rate"] < row["benchmark_high"])


def too_often(row: Row) -> bool:
    """Whether a test succeeds without the cells clearly more often than its level allows."""
    return bool(row["false_go_inert"] > row["alpha"] + _SURE * row["false_go_inert_mcse"])


def cannot_pass(row: Row) -> bool:
    """Whether no outcome of the planned patients could beat the reference; False where their number is open."""
    return not math.isnan(row["highest_reference"]) and math.isnan(row["critical_value"])
