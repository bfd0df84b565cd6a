"""task=family: the primary endpoints together, under each procedure for several endpoints at once."""

from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, percent, span_text, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, at_first_level
from sim.report.results import Results
from sim.words.rows import chosen_effect

PROCEDURES: Final = {
    "separate": "each by itself",
    "all": "all must succeed",
    "fixed_sequence": "fixed sequence",
    "holm": "Holm",
    "tarone_holm": "Tarone–Holm",
    "gatekeeping": "gatekeeping",
}
"""Procedures, as a reader meets them."""


def _screen(results: Results) -> Html:
    rows, effects = at_first_level(results.main), effects_of(results.main)
    effect = chosen_effect(effects)
    return screen(
        "What may the trial claim when several endpoints are tested at once?",
        about(results.configuration).replace(", each endpoint by itself.", ", primary endpoints together."),
        _sentence(rows, effect),
        [ACCURACY, *_span(rows, effects)],
        [_table(rows, effect)],
        results,
    )


def _of(rows: list[Row], effect: str, claim: str) -> dict[str, Row]:
    return {row["procedure"]: row for row in rows if row["effect"] == effect and row["claim"] == claim}


def _members(rows: list[Row]) -> list[str]:
    return [name for name in dict.fromkeys(row["claim"] for row in rows) if name not in ("any", "all")]


def _sentence(rows: list[Row], effect: str) -> Any:
    any_claim = _of(rows, effect, "any")
    parts = [
        joined(
            [
                tag("b", with_error(row["power"], row["power_mcse"])),
                f" {words}" + ("" if effect == "none" else f" (with inert cells {_inert(row)})"),
            ]
        )
        for name, words in (
            ("separate", "if each is tested by itself"),
            ("holm", "by Holm"),
            ("fixed_sequence", "in fixed sequence"),
        )
        if (row := any_claim.get(name)) is not None
    ]
    start = f"Under “{effect}” the trial claims at least one of {listed(_members(rows))} with a probability of "
    return joined([start, listed(parts), "."])


def _inert(row: Row) -> str:
    return with_error(row["false_go_inert"], row["false_go_inert_mcse"])


def _span(rows: list[Row], effects: list[str]) -> list[str]:
    acting = [name for name in effects if name != "none"]
    values = [
        _of(rows, name, "any")["separate"]["power"] for name in acting if "separate" in _of(rows, name, "any")
    ]
    if len(values) < 2:
        return []
    return [f"Over the assumptions about the cells, at least one claim by separate tests: {span_text(values)}."]


def _table(rows: list[Row], effect: str) -> Html:
    claims = [*_members(rows), "any", "all"]
    lines = []
    for procedure in dict.fromkeys(row["procedure"] for row in rows):
        own = {claim: _of(rows, effect, claim).get(procedure) for claim in claims}
        cells = ["–" if row is None else with_error(row["power"], row["power_mcse"]) for row in own.values()]
        lines.append([PROCEDURES.get(procedure, procedure), *cells, *_errors(own["any"])])
    caption = (
        f"Share of trials with each claim under “{effect}” at level {rows[0]['alpha']:g}, ± Monte Carlo "
        "standard error. Inert: any claim though the cells do nothing, a property of benchmarks and model. At "
        "the benchmarks: exact chance of any claim where every rate is at its benchmark and endpoints are "
        "independent (bound for any dependence). Controlled: whether that stays within the level whichever "
        "rates are at most their benchmark."
    )
    return table(
        ["Procedure", *claims, "Inert", "At the benchmarks", "Controlled"], lines, caption, class_="numbers"
    )


def _errors(row: Row | None) -> list[str]:
    if row is None:
        return ["–"] * 3
    error = f"{percent(row['error_independent'])} ({percent(row['error_bound'])})"
    return [_inert(row), error, {1: "yes", 0: "no"}.get(int(row["controlled"]), "–")]


def _method(results: Results) -> str:
    settings = results.configuration["design"]["settings"]
    return (
        f"The family in its order is {', '.join(settings['sequence'])}. Each simulated trial gives exact "
        "one-sided p-values, and each procedure makes its claims from them."
    )


FAMILY: Final = Question(
    "family",
    _screen,
    "To find which claims a trial makes when its primary endpoints are tested together, and how often inert "
    "cells would make one.",
    _method,
    "Claims are shares of the completed trials, with standard error √(p(1−p)/trials). Errors at the benchmarks "
    "are exact.",
)
