"""task=readings of a change or a time to an event: what moves what patients show, and what trials of them show."""

import math
from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about_trial
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import different, listed, percent, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, at_first_level
from sim.report.questions.changes import TESTS, change_label
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

_MOST: Final = 12
_CAPTION: Final = (
    "Mean change, or share free of the event at week 24, ± Monte Carlo standard error, and below it what the "
    "alternative adds to it, on the same trials; last the power. The first line is the model as declared, then "
    f"the {_MOST} alternatives that move the estimate most; all stand in value_readings.csv. What is to be beaten "
    "is the same in every line. A world takes one cause away and is nobody's belief."
)


def shown_label(row: Row) -> str:
    """What is looked at, with its patients."""
    return change_label(row) if row["variable"] else label_of(row)


def base_rows(found: list[Row]) -> list[Row]:
    """The rows of the model as declared, by the exact test alone."""
    return [row for row in found if row["kind"] == "base" and row["rule"] != "t_test"]


def _screen(results: Results) -> Html:
    rows = at_first_level(results.main)
    effects = different(results.main, "effect")
    return screen(
        "What moves what the patients show?",
        about_trial(results.configuration),
        _sentence(rows, effects),
        [ACCURACY, _origin(rows[0])],
        [_table(group, effects) for group in _groups(rows)],
        results,
    )


def _groups(rows: list[Row]) -> list[list[Row]]:
    """The rows of each variable, or of the one event."""
    names = dict.fromkeys(row["variable"] for row in rows)
    return [[row for row in rows if row["variable"] == name] for name in names]


def _sentence(rows: list[Row], effects: list[str]) -> Any:
    effect = chosen_effect(effects)
    parts = []
    for group in _groups([row for row in rows if row["effect"] == effect]):
        base = base_rows(group)[0]
        believed = [row["estimate"] for row in group if row["kind"] != "world" and not math.isnan(row["estimate"])]
        span = f"{_number(base, min(believed))} to {_number(base, max(believed))}" if believed else "not known"
        now = tag("b", _number(base, base["estimate"]))
        parts.append(joined([f"{shown_label(base)} ", now, f" as declared, over the alternatives {span}"]))
    what = "mean change" if rows[0]["variable"] else "share free of the event"
    return joined([f"Under “{effect}”, {what}: ", listed(parts), "."])


def _origin(row: Row) -> str:
    return (
        "What is to be beaten is what the same patients show without the cells as declared (circular)."
        if row["circular"]
        else "What is to be beaten is given (question.event_free)."
    )


def _number(row: Row, value: float) -> str:
    return f"{value:+.3g}".replace("-", "−") if row["variable"] else percent(value)


def _error(row: Row, value: float, error: float) -> str:
    return f"{_number(row, value)} ± {error:.1g}" if row["variable"] else with_error(value, error)


def _table(rows: list[Row], effects: list[str]) -> Html:
    """A line for each alternative: estimates under every effect, power under the one that a sentence is about."""
    lines: dict[str, list[Row]] = {}
    for row in rows:
        lines.setdefault(row["alternative"], []).append(row)
    base, *others = lines.values()
    moved = sorted((each for each in others if _adds(each) > 0.0), key=_adds, reverse=True)[:_MOST]
    head = [shown_label(base[0]), *effects, f"power, {chosen_effect(effects)}"]
    return table(head, [_line(each, effects) for each in (base, *moved)], _CAPTION, class_="numbers")


def _adds(line: list[Row]) -> float:
    """How far an alternative moves the estimate, under the effect where it does most."""
    return max(
        (abs(row["estimate_change"]) for row in line if not math.isnan(row["estimate_change"])), default=0.0
    )


def _line(line: list[Row], effects: list[str]) -> list[Any]:
    by_effect = {row["effect"]: row for row in line}
    powers = [row for row in line if row["effect"] == chosen_effect(effects)]
    tests = [(TESTS.get(row["rule"], ""), with_error(row["power"], row["power_mcse"])) for row in powers]
    power = joined([tag("small", f"{name} {value}") if name else tag("span", value) for name, value in tests])
    return [line[0]["alternative"].replace("_", " "), *(_cell(by_effect[name]) for name in effects), power]


def _cell(row: Row) -> Html:
    pieces = [tag("span", _error(row, row["estimate"], row["estimate_mcse"]))]
    if row["kind"] != "base":
        pieces.append(tag("small", f"adds {_error(row, row['estimate_change'], row['estimate_change_mcse'])}"))
    return joined(pieces)


def _method(results: Results) -> str:
    row = at_first_level(results.main)[0]
    return (
        "The same trials are simulated, or scored again, under each declared reading of the record, each other "
        "assumption and each world; the estimate is that of all their patients, its change paired by trial. "
        f"Success is decided in each trial at one-sided level {row['alpha']:g} against one reference."
    )


VALUE_READINGS: Final = Question(
    "value_readings",
    _screen,
    "To find how far readings of the record and assumptions move what patients show in an endpoint without "
    "responders.",
    _method,
    "Estimates are over all patients, their errors from trial to trial; power is the share of all trials that "
    "succeed.",
)
