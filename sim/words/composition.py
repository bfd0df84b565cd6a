"""Composition risk as text: one table for each endpoint."""

import math
from collections.abc import Sequence

from sim.config.config import INERT
from sim.core.tables import Row, Table, rows_of
from sim.words.layout import aligned, number, with_error

_LEGEND = (
    "split: trials that fill so many LN and LC places; random composition: share of LN among those who come, the",
    "numbers left to chance; lymphopenia only: share of LC patients who qualify by lymphocytes alone; never",
    "infused: share of the enrolled, without endpoint. Fewer than min_n evaluated patients are no success.",
)


def composition_text(table: Table) -> str:
    """What each mixture does to the expected rate and the power of each endpoint."""
    parts = []
    for endpoint in dict.fromkeys(table["endpoint"].tolist()):
        groups: dict[tuple[str, float], list[Row]] = {}
        for row in rows_of(table.where(table["endpoint"] == endpoint)):
            groups.setdefault((row["risk"], row["level"]), []).append(row)
        first = next(iter(groups.values()))[0]
        heading = (
            f"{endpoint} ({first['population']}): {first['n']:.0f} enrolled, benchmark {first['null_rate']:.2f} "
            f"at alpha {first['alpha']:g}"
        )
        parts.append("\n".join([heading, "", *aligned(_lines(list(groups.values())))]))
    return "\n\n".join([*parts, "\n".join(_LEGEND)])


def _lines(groups: Sequence[Sequence[Row]]) -> list[list[str]]:
    effects = [row["effect"] for row in groups[0] if row["effect"] != INERT]
    lines = [["what varies", "level", "false go", *(f"{effect}: rate, power" for effect in effects)]]
    for rows in groups:
        row = rows[0]
        false_go = with_error(row["false_go_inert"], row["false_go_inert_mcse"])
        figures = [_figures(row) for row in rows if row["effect"] != INERT]
        lines.append([row["risk"], _level(row), false_go, *figures])
    return lines


def _level(row: Row) -> str:
    if row["risk"] == "split" and not math.isnan(row["n_LN"]):
        return f"{row['n_LN']:.0f} + {row['n_LC']:.0f}"
    return f"{100 * row['level']:.0f} %"


def _figures(row: Row) -> str:
    return f"{number(row['rate'], 2)}  {with_error(row['power'], row['power_mcse'])}"
