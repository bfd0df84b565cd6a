"""The tables of readings and of the benchmark as text that a person can read."""

import math
import textwrap
from collections.abc import Sequence
from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.design.benchmark import RANGE_KINDS
from sim.words.layout import aligned
from sim.words.rows import headline_rows, label_of

_BAR: Final = 24
"""Half the width of the tornado, in characters."""
_NOTHING: Final = 1e-12
NOISELESS: Final = "noiseless"
"""The assumption that there is no measurement error, in screening neither."""


def readings_text(readings: Table) -> str:
    """For each endpoint, at the first alpha, what moves its rate and its power, the largest change first."""
    rows = headline_rows(readings)
    effects = list(dict.fromkeys(row["effect"] for row in rows))
    shown = effects[-1]
    lines: list[str] = []
    for endpoint in dict.fromkeys(row["endpoint"] for row in rows):
        own = [row for row in rows if row["endpoint"] == endpoint]
        lines += [*_one_endpoint(own, effects[0], shown), ""]
    return "\n".join(
        [
            *lines,
            "± Monte Carlo standard error; changes are against the first line, paired trial by trial, same draws.",
            f"The bar is the change of power under {shown}; worlds take one cause away and are nobody's belief.",
        ]
    )


def _one_endpoint(rows: Sequence[Row], inert: str, shown: str) -> list[str]:
    without = {row["alternative"]: row for row in rows if row["effect"] == inert}
    acting = [row for row in rows if row["effect"] == shown]
    base, others = acting[0], acting[1:]
    moved = [row for row in others if _moved(row) or _moved(without[row["alternative"]])]
    moved.sort(key=lambda row: -abs(row["power_change"]))
    largest = max((abs(row["power_change"]) for row in moved), default=0.0) or 1.0
    cells = [["", f"rate, {inert}", f"rate, {shown}", f"power, {shown}", "change of power", ""]]
    cells += [_cells(row, without[row["alternative"]], largest) for row in [base, *moved]]
    answer = [*_sentence(base, acting), *aligned(cells)]
    near = [row for row in others if row not in moved]
    same = [row for row in near if not row["n_changed"] + without[row["alternative"]]["n_changed"]]
    for words, named in (
        ("Within two standard errors of no change", [row for row in near if row not in same]),
        ("Not one trial has other counts under", same),
    ):
        if named:
            answer += textwrap.wrap(f"{words}: {', '.join(row['alternative'] for row in named)}.", 118)
    return answer


def _sentence(base: Row, rows: Sequence[Row]) -> list[str]:
    believed = [row for row in rows if row["kind"] in RANGE_KINDS]
    low = min(believed, key=lambda row: float(row["power"]))
    high = max(believed, key=lambda row: float(row["power"]))
    needed = "no number succeeds" if math.isnan(base["critical_value"]) else f"{base['critical_value']:.0f} needed"
    return [
        f"{label_of(base)} at alpha {base['alpha']:g}, benchmark {base['null_rate']:.2f}, {needed}: power under "
        f"{base['effect']} {base['power']:.3f} ± {base['power_mcse']:.3f};",
        f"    over {len(believed) - 1} readings and assumptions {low['power']:.3f} ({low['alternative']}) to "
        f"{high['power']:.3f} ({high['alternative']}); {base['n_trials']} trials each, "
        f"{base['n_requested']} asked for, {base['n_failed']} failed.",
    ]


def _moved(row: Row) -> bool:
    return any(abs(row[name]) > 2.0 * row[f"{name}_mcse"] + _NOTHING for name in ("rate_change", "power_change"))


def _cells(row: Row, inert: Row, largest: float) -> list[str]:
    change = f"{row['power_change']:+.3f} ±{row['power_change_mcse']:.3f}"
    return [
        row["alternative"],
        _pair(inert["response_rate"], inert["response_rate_mcse"]),
        _pair(row["response_rate"], row["response_rate_mcse"]),
        _pair(row["power"], row["power_mcse"]),
        "" if row["kind"] == "base" else change,
        _bar(row["power_change"] / largest),
    ]


def _pair(value: float, error: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f} ±{error:.3f}"


def _bar(share: float) -> str:
    """A bar to the left for less and to the right for more, around a line in the middle."""
    length = min(_BAR, round(abs(share) * _BAR))
    left = "█" * length if share < 0 else ""
    return left.rjust(_BAR) + "│" + ("█" * length if share > 0 else "")


def benchmark_text(benchmark: Table, readings: Table) -> str:
    """The assumed benchmarks beside what the model says of patients on whom the cells do nothing."""
    cells = [["endpoint", "assumed", "simulated", "over readings and assumptions", "needed", "at the upper end"]]
    for row in rows_of(benchmark):
        place = row["endpoint"] if row["population"] == "all" else f"{row['endpoint']} {row['population']}"
        cells.append(
            [
                place,
                f"{row['null_rate']:.2f} [{row['benchmark_low']:.2f}–{row['benchmark_high']:.2f}]",
                f"{row['inert_rate']:.3f} ±{row['inert_rate_mcse']:.3f}",
                f"{row['inert_low']:.3f} ({row['inert_low_under']}) – "
                f"{row['inert_high']:.3f} ({row['inert_high_under']})",
                _number(row["critical_value"], row["n"]),
                f"{row['interval_null']:.3f}: {_number(row['critical_value_interval'], row['n'])}",
            ]
        )
    return "\n".join(
        [
            "Benchmarks: what is assumed, and how often these patients respond when the cells do nothing",
            *aligned(cells),
            "A simulated rate supports an assumed benchmark and never replaces it: a benchmark taken from the",
            "model makes the rate of false go equal to the size of the test, which proves nothing.",
            *_causes(readings),
        ]
    )


def _causes(readings: Table) -> list[str]:
    """The null rate of each endpoint taken apart: what it loses when one cause is taken away."""
    inert = [row for row in headline_rows(readings) if row["effect"] == readings["effect"][0].item()]
    worlds = list(
        dict.fromkeys(
            row["alternative"] for row in inert if row["kind"] == "world" or row["alternative"] == NOISELESS
        )
    )
    if not worlds:
        return []
    lines = [["endpoint", "rate", *worlds]]
    for base in [row for row in inert if row["kind"] == "base"]:
        own = {row["alternative"]: row for row in inert if row["endpoint"] == base["endpoint"]}
        lines.append(
            [
                base["endpoint"],
                f"{base['response_rate']:.3f}",
                *(
                    f"{own[name]['rate_change']:+.3f} ±{own[name]['rate_change_mcse']:.3f}" if name in own else "–"
                    for name in worlds
                ),
            ]
        )
    return [
        "",
        "Where the null rate comes from: its change when one cause is taken away from the same patients",
        *aligned(lines),
        "no_noise measures without error those who were screened with it; noiseless screens without error, too:",
        "what lies between the two is regression to the mean at screening.",
    ]


def _number(critical: float, n: float) -> str:
    if math.isnan(n):
        return "by trial"
    return f"none of {n:.0f}" if math.isnan(critical) else f"{critical:.0f}/{n:.0f}"
