"""Times to an event in words: what so few patients can show, and how often they do."""

import math
from collections.abc import Iterator
from typing import Final

from sim.config.config import INERT
from sim.core.tables import Row, Table, rows_of
from sim.design.samples import DRAWN, OWN
from sim.words.layout import aligned, gain, number, with_error
from sim.words.rows import cannot_pass

_LEGEND: Final = (
    "free: share without the event at week 24 by Kaplan-Meier, 95 % interval over all patients; to beat:",
    "the reference; needed: fewest free of the event if all are followed (–: no number does); size: exact, at the",
    "reference; power: share of all trials that succeed, ± Monte Carlo standard error, in brackets when the cells",
    "do nothing; gain: the difference of the two in the same trials; lost: share censored before the window of",
    "week 24. Where somebody is lost the rule is the lower log(-log) limit of the Kaplan-Meier estimate, which",
    "keeps alpha only in large trials. Power is that at this very reference.",
)


def times_text(table: Table) -> str:
    """The answer, what cannot be shown, the table at the first alpha, and larger trials drawn from the same."""
    rows = [row for row in rows_of(table) if row["alpha"] == table["alpha"][0]]
    own = [row for row in rows if row["origin"] == OWN]
    drawn = [row for row in rows if row["origin"] == DRAWN]
    lines = [*_in_short(own), *_limits(own), "", *_table(own), "", *_LEGEND, *_origin(own[0])]
    return "\n".join([*lines, *(["", *_larger(drawn)] if drawn else [])])


def _in_short(rows: list[Row]) -> Iterator[str]:
    best = max(rows, key=lambda row: (row["effect"] != INERT, row["power"]))
    if best["power"] == 0.0:
        yield f"In short: no trial of so few patients shows freedom from these events at alpha {best['alpha']:g}."
        return
    yield (
        f"In short: freedom from {best['endpoint']} is shown most often, in {100 * best['power']:.0f} % of the "
        f"trials under {best['effect']} at alpha {best['alpha']:g}; without the cells in "
        f"{100 * best['false_go_inert']:.0f} %."
    )


def _limits(rows: list[Row]) -> Iterator[str]:
    """Endpoints of which no outcome of so many patients could pass."""
    for row in {row["endpoint"]: row for row in rows}.values():
        if cannot_pass(row):
            yield (
                f"{row['endpoint']}: no outcome can pass. Even {row['places']:.0f} of {row['places']:.0f} without "
                f"the event reject only rates up to {row['highest_reference']:.3f}, and "
                f"{row['reference']:.3f} is to be beaten."
            )


def _table(rows: list[Row]) -> list[str]:
    lines = [["endpoint", "effect", "free", "to beat", "needed", "size", "power", "gain", "lost"]]
    for row in rows:
        known = not math.isnan(row["free_low"])
        interval = f" [{number(row['free_low'])}–{number(row['free_high'])}]" if known else ""
        lines.append(
            [
                f"{row['endpoint']} ({row['population']})",
                row["effect"],
                number(row["free"]) + interval,
                number(row["reference"]),
                f"{number(row['critical_value'], 0)}/{number(row['places'], 0)}",
                number(row["attained_size"]),
                f"{with_error(row['power'], row['power_mcse'])} ({number(row['false_go_inert'])})",
                gain(row),
                number(row["missing"]),
            ]
        )
    return aligned(lines)


def _origin(row: Row) -> list[str]:
    if not row["circular"]:
        return ["The reference is given (question.event_free)."]
    return [
        "The reference is the rate of the same patients without the cells: it comes from the model (circular),",
        "and nobody knows it before the trial. question.event_free=RATE tests against a rate of your own.",
    ]


def _larger(rows: list[Row]) -> list[str]:
    """Power over the number of patients for the acting effects, where any of these sizes succeeds at all."""
    sizes = list(dict.fromkeys(row["n"] for row in rows))
    by_line: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["effect"] != INERT:
            by_line.setdefault((row["endpoint"], row["effect"]), []).append(row)
    if not by_line:
        return []
    shown = {key: same for key, same in by_line.items() if any(row["power"] > 0.0 for row in same)}
    title = "Larger trials, drawn with replacement from the same patients: power"
    silent = ", ".join(
        dict.fromkeys(name for name, _ in by_line if not any(name == shown_ for shown_, _ in shown))
    )
    lines = [["endpoint", "effect", *(f"n = {n}" for n in sizes)]]
    lines += [
        [*key, *(with_error(row["power"], row["power_mcse"]) for row in same)] for key, same in shown.items()
    ]
    told = [f"No trial of any of these sizes succeeds on {silent}."] if silent else []
    return [title, *(aligned(lines) if shown else []), *told]
