"""task=alternatives: the same patients in other designs and other worlds."""

import math
from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, primary, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, MEASURES, at_first_level
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

SINGLE: Final = "single arm"
CONTROLLED: Final = "concurrent control"


def _screen(results: Results) -> Html:
    effects = effects_of(results.main)
    effect = chosen_effect(effects)
    rows = [row for row in at_first_level(results.main) if row["effect"] == effect]
    return screen(
        "Would another design serve the same patients better?",
        about(results.configuration),
        _sentence(rows, effect),
        [ACCURACY, "False go: success though the cells do nothing. ", _span(rows)],
        [_table(rows, effect)],
        results,
    )


def _sentence(rows: list[Row], effect: str) -> Any:
    """For each primary endpoint the single arm against the first randomised control."""
    parts = []
    for row in primary([each for each in rows if each["kind"] == SINGLE]):
        part = [f"{label_of(row)} ", tag("b", _power(row)), f" (false go {_false_go(row)})"]
        other = control_of(rows, row)
        if other is not None:
            part += [" against ", tag("b", _power(other)), f" ({_false_go(other)})"]
        parts.append(joined(part))
    start = (
        f"With {max(row['n'] for row in rows)} patients under “{effect}”, power in a single arm against that "
        "with a concurrent control is "
    )
    return joined([start, listed(parts), "."])


def control_of(rows: list[Row], single: Row) -> Row | None:
    """The first randomised control of the endpoint of a single arm; None where there is none."""
    found = (row for row in rows if row["kind"] == CONTROLLED and row["endpoint"] == single["endpoint"])
    return next(found, None)


def _power(row: Row) -> str:
    return with_error(row["power"], row["power_mcse"])


def _false_go(row: Row) -> str:
    return with_error(row["false_go_inert"], row["false_go_inert_mcse"])


def _span(rows: list[Row]) -> str:
    """How far power moves over all that was compared."""
    parts = []
    for row in primary([each for each in rows if each["kind"] == SINGLE]):
        own = [each for each in rows if each["endpoint"] == row["endpoint"] and each["power"] == each["power"]]
        if own:
            least, most = min(own, key=lambda each: each["power"]), max(own, key=lambda each: each["power"])
            parts.append(
                f"{label_of(row)} {100 * least['power']:.0f} ({least['alternative'].replace('_', ' ')}) to "
                f"{100 * most['power']:.0f} % ({most['alternative'].replace('_', ' ')})"
            )
    return f"Over all designs and worlds: {'; '.join(parts)}."


def _table(rows: list[Row], effect: str) -> Html:
    endpoints = list(dict.fromkeys(row["endpoint"] for row in rows))
    at = {(row["alternative"], row["endpoint"]): row for row in rows}
    labels = {row["endpoint"]: label_of(row) for row in rows}
    lines = []
    for name, kind in dict.fromkeys((row["alternative"], row["kind"]) for row in rows):
        first = joined([name.replace("_", " "), tag("small", kind)])
        lines.append([first, *(_cell(at.get((name, endpoint))) for endpoint in endpoints)])
    caption = (
        f"Power under “{effect}” ± Monte Carlo standard error; below it false go, and the smallest total "
        "number from which power stays as wanted. Each line is a trial of the same total number of patients."
    )
    return table(["Design or world", *labels.values()], lines, caption, class_="numbers")


def _cell(row: Row | None) -> Any:
    if row is None:
        return "–"
    enough = row["n_for_power"]
    words = f"n from {enough:.0f}" if not math.isnan(enough) else f"n above {row['n_limit']:.0f}"
    return joined([tag("span", _power(row)), tag("small", f"false go {_false_go(row)}"), tag("small", words)])


def _method(results: Results) -> str:
    question = results.configuration["question"]
    return (
        "Every design takes its patients from the same bank; a world is a bank of its own, simulated with the "
        "same luck and one thing changed. Randomised controls are compared by "
        f"{question['control_test'].capitalize()}'s exact test, an external control gives a threshold, the "
        f"upper {100 * question['external_confidence']:.0f} % limit of {question['external_patients']} "
        "patients whose rate lies off by the drift."
    )


ALTERNATIVES: Final = Question(
    "alternatives",
    _screen,
    "To compare the single arm with concurrent and external controls, other tapers and other eligibility, at "
    "the same number of patients.",
    _method,
    MEASURES,
)
