"""The rates of every estimand in words: a line for each endpoint and strategy, a column for each policy."""

from typing import Final

import numpy as np

from sim.config.estimands import POLICIES
from sim.core.tables import Table

_WIDTH: Final = 8
_HEAD: Final = "Rates under other treatments of intercurrent events and missing outcomes; * is the one chosen:"


def estimands_text(table: Table) -> list[str]:
    """Lines for the summary; table : what `every_estimand` gave."""
    lines = [
        _HEAD,
        f"{'endpoint':9}{'intercurrent':20}{'missing':>8}" + "".join(f"{p:>{_WIDTH}} " for p in POLICIES),
    ]
    rows = list(zip(*(table[name].tolist() for name in ("endpoint", "intercurrent")), strict=True))
    for endpoint, strategy in dict.fromkeys(rows):
        here = table.where((table["endpoint"] == endpoint) & (table["intercurrent"] == strategy))
        cells = "".join(_cell(here, policy) for policy in POLICIES)
        lost = int(here["n_missing"][here["missing"] == "worst"][0])
        lines.append(f"{endpoint:9}{strategy:20}{lost:8,}{cells}".rstrip())
    if refused := sorted({text for text in table["remark"][table["missing"] == "mi"].tolist() if text}):
        lines.append(f"mi is – where refused: {', '.join(refused)}.")
    return lines


def _cell(here: Table, policy: str) -> str:
    """The rate, with a star if it is the one chosen; blank where the pair makes no sense."""
    row = np.flatnonzero(here["missing"] == policy)
    if not len(row):
        return " " * (_WIDTH + 1)
    rate = here["rate"][row[0]]
    text = "–" if np.isnan(rate) else f"{rate:.3f}"
    return f"{text:>{_WIDTH}}" + ("*" if here["chosen"][row[0]] else " ")
