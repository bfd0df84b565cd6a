"""Tipping points in words: what the missing outcomes could change."""

from collections.abc import Sequence
from decimal import Decimal
from math import comb
from typing import Final

import numpy as np

from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned
from sim.words.rows import label_of

_WRITTEN_OUT: Final = 10**6


def tipping_text(table: Table, most_trials: int = 1) -> list[str]:
    """What the missing outcomes could change, a line for each endpoint; nothing for more trials than asked for."""
    rows = list(rows_of(table))
    if not rows or len({row["trial"] for row in rows}) > most_trials:
        return []
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["endpoint"], []).append(row)
    lines = [["endpoint", "respond", "not seen", "needed", "if the missing had been seen"]]
    lines += [_line(group) for group in groups.values()]
    return [
        f"Tipping points at alpha {rows[0]['alpha']:g}: every outcome that the missing could have had",
        *aligned(lines),
    ]


def _line(group: Sequence[Row]) -> list[str]:
    first = group[0]
    return [
        label_of(first),
        f"{first['responders']}/{first['n']}",
        str(first["missing"]),
        "–" if np.isnan(first["critical_value"]) else f"{first['critical_value']:.0f}",
        _verdict(group),
    ]


def _verdict(group: Sequence[Row]) -> str:
    succeeding = [row["assumed"] for row in group if row["success"]]
    if not succeeding:
        return "no success, however they turn out"
    if len(succeeding) == len(group):
        return "success, however they turn out" if group[0]["missing"] else "success"
    missing = group[0]["missing"]
    ways = sum(comb(missing, assumed) for assumed in succeeding)
    return f"success if at least {succeeding[0]} of {missing} respond ({_said(ways)} of {_said(2**missing)} ways)"


def _said(ways: int) -> str:
    return str(ways) if ways < _WRITTEN_OUT else f"{Decimal(ways):.2e}"
