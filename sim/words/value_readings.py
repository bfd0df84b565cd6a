"""Readings of changes and times in words: what moves their estimates and how often a trial shows anything."""

import math
import textwrap
from collections.abc import Sequence
from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.design.benchmark import RANGE_KINDS
from sim.words.layout import aligned, with_error

_NOTHING: Final = 1e-12
_LEGEND: Final = (
    "Mean change, or share free of the event at week 24 by Kaplan-Meier, ± Monte Carlo standard error; changes",
    "are against the first line, paired trial by trial, same draws. Power is always against one reference;",
    "worlds take one cause away and are nobody's belief.",
)


def value_readings_text(table: Table) -> str:
    """For each variable at the first alpha: the answer, and what moves it, the largest change first."""
    rows = [row for row in rows_of(table) if row["alpha"] == table["alpha"][0]]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["endpoint"], row["variable"]), []).append(row)
    return "\n".join([*(line for group in groups.values() for line in [*_one(group), ""]), *_LEGEND])


def _one(rows: Sequence[Row]) -> list[str]:
    """The lines of one variable; a line of the table is an alternative under every effect and rule."""
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["alternative"], []).append(row)
    base, *others = lines.values()
    moved = sorted((each for each in others if _moved(each)), key=_largest)
    table = [_head(base), *(_cells(each) for each in [base, *moved])]
    answer = [*_sentences(rows, base), *aligned(table)]
    near = [each[0]["alternative"] for each in others if not _moved(each) and _differ(each)]
    same = [each[0]["alternative"] for each in others if not _moved(each) and not _differ(each)]
    for words, names in (
        ("Within two standard errors of no change", near),
        ("Nobody shows another value under", same),
    ):
        if names:
            answer += textwrap.wrap(f"{words}: {', '.join(names)}.", 118)
    return answer


def _sentences(rows: Sequence[Row], base: Sequence[Row]) -> list[str]:
    first, shown = base[0], base[-1]["effect"]
    what = f"mean change of {first['variable']}" if first["variable"] else "share free of the event"
    believed = [row for row in rows if row["effect"] == first["effect"] and row["kind"] in RANGE_KINDS]
    low, high = (end(believed, key=lambda row: float(row["estimate"])) for end in (min, max))
    powers = "; ".join(
        f"{with_error(row['power'], row['power_mcse'])} by {row['rule']}" for row in base if row["effect"] == shown
    )
    origin = "that without the cells, circular" if first["circular"] else "given"
    return [
        f"{first['endpoint']} ({first['population']}) at alpha {first['alpha']:g}, {what}, to beat "
        f"{first['reference']:.3f} ({origin}): power under {shown} {powers};",
        f"    under {first['effect']} over {len({row['alternative'] for row in believed}) - 1} readings and "
        f"assumptions {low['estimate']:.3f} ({low['alternative']}) to {high['estimate']:.3f} "
        f"({high['alternative']}); {first['n_trials']} trials each, {first['n_requested']} asked for, "
        f"{first['n_failed']} failed.",
    ]


def _head(base: Sequence[Row]) -> list[str]:
    effects, rules = _distinct(base, "effect"), _distinct(base, "rule")
    estimates = [name for effect in effects for name in (effect, f"change, {effect}")]
    return ["", *estimates, *(f"power, {rule}" for rule in rules), *(f"change, {rule}" for rule in rules)]


def _cells(line: Sequence[Row]) -> list[str]:
    """Estimates under each effect, then the power under the last one by each rule."""
    by_effect = {row["effect"]: row for row in line}
    cells = [line[0]["alternative"]]
    for row in by_effect.values():
        cells += [with_error(row["estimate"], row["estimate_mcse"]), _change(row, "estimate")]
    last = [row for row in line if row["effect"] == line[-1]["effect"]]
    cells += [with_error(row["power"], row["power_mcse"]) for row in last]
    return cells + [_change(row, "power") for row in last]


def _change(row: Row, name: str) -> str:
    change = row[f"{name}_change"]
    if row["kind"] == "base" or math.isnan(change):
        return "" if row["kind"] == "base" else "–"
    return f"{change:+.3f} ±{row[f'{name}_change_mcse']:.3f}"


def _moved(line: Sequence[Row]) -> bool:
    return any(
        abs(row[f"{name}_change"]) > 2.0 * row[f"{name}_change_mcse"] + _NOTHING
        for row in line
        for name in ("estimate", "power")
    )


def _differ(line: Sequence[Row]) -> bool:
    return any(row["n_changed"] for row in line)


def _largest(line: Sequence[Row]) -> float:
    return -max(abs(float(row["estimate_change"])) for row in line)


def _distinct(rows: Sequence[Row], name: str) -> list[str]:
    return list(dict.fromkeys(row[name] for row in rows))
