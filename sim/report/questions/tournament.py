"""task=tournament: every endpoint on the same patients."""

import math
from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, percent, span_text, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, MEASURES, at_first_level, bank_method
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

_CAPTION: Final = (
    "Power ± Monte Carlo standard error, and below it the response rate (for a change its mean). Benchmark: "
    "assumed; where the record and we have none, the model's own rate without the cells stands in, which is "
    "circular: its power can be compared, its false go says nothing. Missing: non-responses for want of data."
)


def _screen(results: Results) -> Html:
    rows, effects = at_first_level(results.main), effects_of(results.main)
    return screen(
        "Which endpoint gives this trial its best chance?",
        about(results.configuration),
        _sentence(rows, effects),
        [ACCURACY, *_spans(rows, effects)],
        [_table(rows, effects)],
        results,
    )


def _comparable(rows: list[Row], effect: str) -> list[Row]:
    """Single endpoints with a benchmark that is not the model's own, best first."""
    own = [row for row in rows if row["effect"] == effect and row["kind"] != "family" and row["circular"] != 1]
    return sorted((row for row in own if not math.isnan(row["power"])), key=lambda row: -row["power"])


def _sentence(rows: list[Row], effects: list[str]) -> Any:
    effect = chosen_effect(effects)
    ranked = _comparable(rows, effect)
    if not ranked:
        return f"No endpoint with a benchmark of its own was asked about; see the table for “{effect}”."
    best, others = ranked[0], ranked[1:]
    if best["power"] == 0.0:
        return f"Under “{effect}” no endpoint with a benchmark of its own succeeds in any trial: power is 0."
    parts: list[Any] = [
        f"If the cells work as assumed under “{effect}”, {label_of(best)} succeeds most often, with a "
        "probability of ",
        tag("b", with_error(best["power"], best["power_mcse"])),
    ]
    if others:
        next_best = [f"{label_of(row)} {with_error(row['power'], row['power_mcse'])}" for row in others[:2]]
        parts += ["; next come ", listed(next_best)]
    inert = with_error(best["false_go_inert"], best["false_go_inert_mcse"])
    return joined([*parts, f". If they did nothing, {label_of(best)} would still succeed with {inert}."])


def _spans(rows: list[Row], effects: list[str]) -> list[str]:
    acting = [name for name in effects if name != "none"]
    best = _comparable(rows, chosen_effect(effects))[:3]
    if len(acting) < 2 or not best:
        return []
    spans = []
    for one in best:
        own = [row["power"] for row in rows if row["endpoint"] == one["endpoint"] and row["effect"] in acting]
        spans.append(f"{label_of(one)} {span_text(own)}")
    return [f"Over the assumptions about the cells: {', '.join(spans)}."]


def _table(rows: list[Row], effects: list[str]) -> Html:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["endpoint"], []).append(row)
    head = ["Endpoint", "Needed", "Benchmark", "Size", "Missing", *effects]
    return table(head, [_line(group) for group in groups.values()], _CAPTION, class_="numbers")


def _line(group: list[Row]) -> list[Any]:
    row = group[0]
    needed = "–" if math.isnan(row["critical_value"]) else f"{row['critical_value']:.0f} of {row['n']}"
    against = row["reference"] if row["kind"] == "change" else row["null_rate"]
    benchmark: Any = "–" if math.isnan(against) else _number(against)
    if row["circular"] == 1:
        benchmark = joined([benchmark, tag("small", "circular")])
    name = label_of(row).replace("_", " ")
    return [name, needed, benchmark, percent(row["attained_size"]), percent(row["missing"]), *map(_cell, group)]


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _cell(row: Row) -> Html:
    if row["kind"] == "change":
        below = f"mean {_number(row['mean'])}"
    else:
        below = "" if math.isnan(row["rate"]) else f"rate {percent(row['rate'])}"
    return joined([tag("span", with_error(row["power"], row["power_mcse"])), tag("small", below)])


TOURNAMENT: Final = Question(
    "tournament",
    _screen,
    "To compare the endpoints of the record, platelet responses and the change of urine protein on the same "
    "virtual patients, and to see what the cells change in each patient.",
    bank_method,
    MEASURES + " The change of urine protein is tested by a t test in each simulated trial.",
)
