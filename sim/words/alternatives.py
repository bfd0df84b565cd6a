"""The alternatives as text: one table for each endpoint."""

import math
from collections.abc import Sequence

from sim.config.config import INERT
from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned, number, with_error

_LEGEND = (
    "Each line is a trial of the same total number. against: benchmark, or rate of the control; false go: success",
    "when the cells do nothing; n: smallest total number from which power stays as wanted (–: none up to the "
    "limit).",
    "control: randomised, treated:control, everybody counts, tested as named whatever the rule; external: single",
    "arm against the upper limit of the external rate, which lies off the own rate without the cells by the",
    "drift; other lines change the world.",
)


def alternatives_text(table: Table) -> str:
    """Power of every alternative side by side."""
    parts = []
    for endpoint in dict.fromkeys(table["endpoint"].tolist()):
        groups: dict[str, list[Row]] = {}
        for row in rows_of(table.where(table["endpoint"] == endpoint)):
            groups.setdefault(row["alternative"], []).append(row)
        first = next(iter(groups.values()))
        parts.append("\n".join([_heading(first[0]), "", *aligned(_lines(groups))]))
    return "\n\n".join([*parts, "\n".join(_LEGEND)])


def _heading(row: Row) -> str:
    return (
        f"{row['endpoint']} ({row['population']}): {row['n']} patients at alpha {row['alpha']:g}; wanted power "
        f"{row['wanted_power']:g}, looked for up to a trial of {row['n_limit']}"
    )


def _lines(groups: dict[str, list[Row]]) -> list[list[str]]:
    effects = [row["effect"] for row in next(iter(groups.values())) if row["effect"] != INERT]
    lines = [["design", "treated", "against", "false go", *(f"{effect}: rate, power, n" for effect in effects)]]
    for name, rows in groups.items():
        lines.append([name, *_common(rows), *(_of_effect(row) for row in rows if row["effect"] != INERT)])
    return lines


def _common(rows: Sequence[Row]) -> list[str]:
    row = rows[0]
    return [
        str(row["n_treated"]),
        number(row["control_rate"], 2),
        with_error(row["false_go_inert"], row["false_go_inert_mcse"]),
    ]


def _of_effect(row: Row) -> str:
    power = with_error(row["power"], row["power_mcse"])
    size = "–" if math.isnan(row["n_for_power"]) else f"{row['n_for_power']:.0f}"
    return f"{number(row['rate'], 2)}  {power}  {size}"
