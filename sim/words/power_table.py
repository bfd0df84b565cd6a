"""The power table as aligned text that a person can read."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned, error_of, number
from sim.words.power import benchmark_text


def _with_error(row: Row, name: str) -> str:
    value, error = row[name], row[f"{name}_mcse"]
    return "–" if math.isnan(value) else f"{value:.3f} ± {number(error, 4)}"


def _needed(row: Row, name: str = "critical_value") -> str:
    critical, n = row[name], row["n"]
    if math.isnan(n):
        return "by trial"
    return f"{'–' if math.isnan(critical) else int(critical)}/{int(n)}"


def _whole_range(rows: Sequence[Row]) -> str:
    """What beats every rate of the benchmark's range, and how often that happens under each effect."""
    row = rows[0]
    if math.isnan(row["interval_power"]):
        return "–"
    needed = _needed(row, "interval_critical_value")
    if needed.startswith("–"):
        return needed
    if len(rows) == 1:
        return f"{needed}  {_with_error(row, 'interval_power')}"
    error = error_of(max(each["interval_power_mcse"] for each in rows))
    return f"{needed}  {' '.join(number(each['interval_power']).removeprefix('0') for each in rows)} ±{error}"


_COLUMNS: Final[tuple[tuple[str, Callable[[Row], str]], ...]] = (
    ("endpoint", lambda row: row["endpoint"]),
    ("population", lambda row: row["population"]),
    ("effect", lambda row: row["effect"]),
    ("alpha", lambda row: f"{row['alpha']:g}"),
    ("benchmark", benchmark_text),
    ("needed", _needed),
    ("size", lambda row: number(row["attained_size"])),
    ("rate ± MCSE", lambda row: _with_error(row, "response_rate")),
    ("power ± MCSE", lambda row: _with_error(row, "power")),
    ("exact power", lambda row: number(row["exact_power"])),
    ("whole range", lambda row: _whole_range([row])),
    ("false go inert", lambda row: number(row["false_go_inert"])),
    ("filled", lambda row: number(row["p_filled"])),
)

_SAME_FOR_EFFECTS: Final = ("endpoint", "population", "alpha", "benchmark", "needed", "size")
_COMPARISON_LEGEND: Final = (
    "needed: fewest responders that succeed / planned n (–: no number does);",
    "size: exact probability of success at the benchmark;",
    "rate: responders among patients; power: share of all trials that succeed, ± Monte Carlo standard error;",
    "whole range: fewest responders that beat even its upper end; power then, effect by effect, ± at the most;",
    "under none the cells do nothing: its power is the rate of false go, of benchmark and model, no type I error.",
    "Exact power, intervals and standard errors of the rates: power.csv and summary.txt.",
)
_LEGEND: Final = (
    "needed: fewest responders that succeed / planned n (–: no number does; by trial: n is left to chance);",
    "size: exact probability of success at the benchmark; exact power: closed form at the simulated rates;",
    "whole range: fewest responders that beat even the upper end of the benchmark's range, and power then (–: the",
    "rule plans its numbers for one benchmark);",
    "false go inert: success although the cells do nothing: of benchmark and model, not a type I error;",
    "every probability is over all trials; –: not defined.",
)


def summary_table(power: Table) -> str:
    """Aligned columns under a header, one line for each row, and lines that say what the words mean.

    power : a power table; its rows keep their order.
    """
    lines = [[title for title, _ in _COLUMNS]]
    lines += [[show(row) for _, show in _COLUMNS] for row in rows_of(power)]
    return "\n".join([*aligned(lines), "", *_LEGEND])


def comparison_table(power: Table) -> str:
    """The effects side by side: one line for each endpoint, population and alpha, with rate and power ± MCSE.

    power : a power table of several effects, each with the same rows.
    """
    groups: dict[tuple[str, str, float], list[Row]] = {}
    for row in rows_of(power):
        groups.setdefault((row["endpoint"], row["population"], row["alpha"]), []).append(row)
    same = [column for column in _COLUMNS if column[0] in _SAME_FOR_EFFECTS]
    effects = [row["effect"] for row in next(iter(groups.values()))]
    lines = [[*(title for title, _ in same), *(f"{effect}: rate, power" for effect in effects), "whole range"]]
    for rows in groups.values():
        shown = [show(rows[0]) for _, show in same] + [_rate_and_power(row) for row in rows]
        lines.append([*shown, _whole_range(rows)])
    return "\n".join([*aligned(lines), "", *_COMPARISON_LEGEND])


def _rate_and_power(row: Row) -> str:
    return f"{number(row['response_rate'], 2)}  {number(row['power'])} ±{error_of(row['power_mcse'])}"
