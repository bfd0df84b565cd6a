"""task=times: how often small trials show that more patients stay free of an event than a reference."""

import math
from collections.abc import Mapping
from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about_trial, titles
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import different, listed, percent, span_text, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY
from sim.report.questions.values import LARGER, MEASURES, simulated_rows
from sim.report.results import Results
from sim.words.rows import cannot_pass, chosen_effect, label_of

_CAPTION: Final = (
    "Share of all trials that show it ± Monte Carlo standard error; below it the share of patients free of the "
    "event at week 24 (Kaplan–Meier). To beat: the reference, and below it the highest that the planned "
    "patients could beat if not one had the event. Needed: fewest without the event if all are followed. Under "
    "“none” the cells do nothing."
)


def _screen(results: Results) -> Html:
    rows = simulated_rows(results.main)
    effects = different(results.main, "effect")
    return screen(
        "Can so few patients show that the cells keep events away?",
        about_trial(results.configuration),
        _sentence(rows, effects),
        [ACCURACY, *_span(rows, effects), _origin(rows[0])],
        [_table(rows, effects, titles(results))],
        results,
    )


def _sentence(rows: list[Row], effects: list[str]) -> Any:
    effect = chosen_effect(effects)
    own = [row for row in rows if row["effect"] == effect]
    best = max(own, key=lambda row: row["power"])
    unable = [row for row in own if cannot_pass(row)]
    parts: list[Any] = [f"Under “{effect}” "]
    if best["power"] == 0.0:
        parts += [tag("b", "no trial"), " shows freedom from any of these events: power is 0"]
    else:
        parts += [
            f"freedom from {label_of(best)} is shown most often, with a probability of ",
            tag("b", with_error(best["power"], best["power_mcse"])),
            f"; if the cells did nothing with {with_error(best['false_go_inert'], best['false_go_inert_mcse'])}",
        ]
    if unable:
        row = max(unable, key=lambda each: each["places"])
        names = (
            "none of them" if len(unable) == len(own) else f"not {listed([each['endpoint'] for each in unable])}"
        )
        parts.append(
            f". So few patients can show {names} whatever happens: for {label_of(row)} even {row['places']:.0f} "
            "of "
            f"{row['places']:.0f} without the event beat at most {percent(row['highest_reference'])}, and "
            f"{percent(row['reference'])} is to be beaten"
        )
    return joined([*parts, "."])


def _span(rows: list[Row], effects: list[str]) -> list[str]:
    """How far the highest power moves with the assumption about the cells."""
    acting = [name for name in effects if name != "none"]
    if len(acting) < 2:
        return []
    most = [max(row["power"] for row in rows if row["effect"] == name) for name in acting]
    return [f"Highest power over the assumptions about the cells: {span_text(most)}. "]


def _origin(row: Row) -> str:
    if not row["circular"]:
        return "The reference is given (question.event_free)."
    return (
        "The reference, the share of the same patients without the cells, comes from the model and nobody knows "
        "it before the trial (circular)."
    )


def _table(rows: list[Row], effects: list[str], names: Mapping[str, str]) -> Html:
    at = {(row["endpoint"], row["effect"]): row for row in rows}
    lines = []
    for name, row in {row["endpoint"]: row for row in rows}.items():
        highest = "left to chance" if math.isnan(row["highest_reference"]) else percent(row["highest_reference"])
        beat = joined([percent(row["reference"]), tag("small", f"possible {highest}")])
        first = joined([label_of(row), tag("small", names.get(name, ""))])
        lines.append([first, _needed(row), beat, *(_cell(at[name, effect]) for effect in effects)])
    return table(["Free of", "Needed", "To beat", *effects], lines, _CAPTION, class_="numbers")


def _needed(row: Row) -> str:
    if math.isnan(row["places"]):
        return "by trial"
    least = "none" if math.isnan(row["critical_value"]) else f"{row['critical_value']:.0f}"
    return f"{least} of {row['places']:.0f}"


def _cell(row: Row) -> Html:
    return joined(
        [tag("span", with_error(row["power"], row["power_mcse"])), tag("small", f"free {percent(row['free'])}")]
    )


def _method(results: Results) -> str:
    row = simulated_rows(results.main)[0]
    return (
        "Who is free of the event at week 24 is estimated in each trial by Kaplan–Meier. Where everybody is "
        f"followed the exact one-sided binomial test at level {row['alpha']:g} decides against the reference, "
        f"else the lower log(−log) limit, which keeps its level only in large trials. {LARGER}"
    )


TIMES: Final = Question(
    "times",
    _screen,
    "To find how often trials of this size show that more patients stay free of an event than a reference says.",
    _method,
    MEASURES + " Shares free of an event have Greenwood's error.",
)
