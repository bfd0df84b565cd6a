"""Estimation from few patients as text."""

from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned

_SHOWN = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


def estimation_text(intervals: Table, rare: Table) -> str:
    """Width and coverage, the least coverage over all rates, limits above a benchmark, and events never seen."""
    rows = list(rows_of(intervals))
    lines = ["Exact figures for 95 % intervals of a response rate; nothing is simulated.", ""]
    for n in dict.fromkeys(row["n"] for row in rows):
        of_n = [row for row in rows if row["n"] == n]
        lines += [f"n = {n}: expected width and coverage at the true rate", ""]
        lines += [*aligned(_width_lines(of_n)), "", *_least(of_n), ""]
        lines += [f"n = {n}: probability that the lower Clopper-Pearson limit exceeds a value", ""]
        lines += [*aligned(_above_lines(of_n)), ""]
    lines += ["Adverse events: probability to see at least one, and what none seen leaves possible", ""]
    return "\n".join([*lines, *aligned(_rare_lines(rare))])


def _width_lines(rows: list[Row]) -> list[list[str]]:
    methods = list(dict.fromkeys(row["method"] for row in rows))
    first = rows[0]["above"]
    lines = [["true rate", *(f"{method}: width, coverage" for method in methods)]]
    for rate in _SHOWN:
        at = {row["method"]: row for row in rows if row["above"] == first and abs(row["rate"] - rate) < 1e-9}
        lines.append([f"{rate:g}", *(f"{at[m]['width']:.2f}  {at[m]['coverage']:.3f}" for m in methods)])
    return lines


def _least(rows: list[Row]) -> list[str]:
    least: dict[str, Row] = {}
    for row in rows:
        if row["method"] not in least or row["coverage"] < least[row["method"]]["coverage"]:
            least[row["method"]] = row
    parts = [f"{name} {row['coverage']:.3f} (at {row['rate']:g})" for name, row in least.items()]
    return [f"Least coverage over true rates of 0.01 to 0.99: {', '.join(parts)}."]


def _above_lines(rows: list[Row]) -> list[list[str]]:
    exact = [row for row in rows if row["method"] == "clopper_pearson"]
    values = list(dict.fromkeys(row["above"] for row in exact))
    lines = [["true rate", *(f"> {value:g}" for value in values)]]
    for rate in _SHOWN:
        at = [row for row in exact if abs(row["rate"] - rate) < 1e-9]
        lines.append([f"{rate:g}", *(f"{row['p_limit_above']:.3f}" for row in at)])
    return lines


def _rare_lines(rare: Table) -> list[list[str]]:
    rows = list(rows_of(rare))
    rates = list(dict.fromkeys(row["rate"] for row in rows))
    lines = [["n", *(f"rate {rate:g}" for rate in rates), "one-sided 95 % upper limit after none"]]
    for n in dict.fromkeys(row["n"] for row in rows):
        of_n = [row for row in rows if row["n"] == n]
        lines.append([str(n), *(f"{row['p_at_least_one']:.3f}" for row in of_n), f"{of_n[0]['upper_none']:.3f}"])
    return lines
