"""The power table as aligned text that a person can read."""

import math
from collections.abc import Callable
from typing import Final

from sim.core.tables import Table
from sim.design.words import Row, benchmark_text, rows_of


def _number(value: float, digits: int = 3) -> str:
    return "–" if math.isnan(value) else f"{value:.{digits}f}"


def _with_error(row: Row, name: str) -> str:
    value, error = row[name], row[f"{name}_mcse"]
    return "–" if math.isnan(value) else f"{value:.3f} ± {_number(error, 4)}"


def _needed(row: Row) -> str:
    critical, n = row["critical_value"], row["n"]
    if math.isnan(n):
        return "by trial"
    return f"{'none' if math.isnan(critical) else int(critical)}/{int(n)}"


_COLUMNS: Final[tuple[tuple[str, Callable[[Row], str]], ...]] = (
    ("endpoint", lambda row: row["endpoint"]),
    ("population", lambda row: row["population"]),
    ("effect", lambda row: row["effect"]),
    ("alpha", lambda row: f"{row['alpha']:g}"),
    ("benchmark", benchmark_text),
    ("needed", _needed),
    ("size", lambda row: _number(row["attained_size"])),
    ("rate ± MCSE", lambda row: _with_error(row, "response_rate")),
    ("power ± MCSE", lambda row: _with_error(row, "power")),
    ("exact power", lambda row: _number(row["exact_power"])),
    ("false go inert", lambda row: _number(row["false_go_inert"])),
    ("filled", lambda row: _number(row["p_filled"])),
)

_LEGEND: Final = (
    "needed: fewest responders that succeed / planned n (by trial: n is left to chance);",
    "size: exact probability of success at the benchmark; exact power: closed form at the simulated rates;",
    "false go inert: success although the cells do nothing: of benchmark and model, not a type I error;",
    "every probability is over all trials; –: not defined.",
)


def summary_table(power: Table) -> str:
    """Aligned columns under a header, one line for each row, and lines that say what the words mean.

    power : a power table; its rows keep their order.
    """
    lines = [[title for title, _ in _COLUMNS]]
    lines += [[show(row) for _, show in _COLUMNS] for row in rows_of(power)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(_COLUMNS))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return "\n".join([text[0], "-" * len(text[0]), *text[1:], "", *_LEGEND])


def _aligned(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
