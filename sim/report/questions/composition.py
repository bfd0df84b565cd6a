"""task=composition: what the mixture of patients does to each endpoint."""

from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, primary, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, MEASURES, at_first_level, bank_method
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

RISKS: Final = {
    "split": "unequal split, n fixed",
    "random composition": "LN and LC left to chance",
    "lymphopenia only": "LC patients with lymphopenia alone",
    "never infused": "enrolled and never infused",
}
"""What varies, as a reader meets it."""


def _screen(results: Results) -> Html:
    effect = chosen_effect(effects_of(results.main))
    rows = [row for row in at_first_level(results.main) if row["effect"] == effect]
    return screen(
        "What does the mixture of patients do to each endpoint?",
        about(results.configuration),
        _sentence(rows, effect),
        [ACCURACY, "Every mixture is made of the same virtual patients."],
        [_table(rows, effect)],
        results,
    )


def _sentence(rows: list[Row], effect: str) -> Any:
    """The widest span of each primary endpoint."""
    parts = []
    for name in dict.fromkeys(row["endpoint"] for row in primary(rows)):
        own = [row for row in rows if row["endpoint"] == name and row["power"] == row["power"]]
        if own:
            low, high = ends(own)
            if low["power"] == high["power"]:
                parts.append(joined([f"{label_of(low)} not at all (", tag("b", _power(low)), ")"]))
                continue
            parts.append(
                joined(
                    [
                        f"{label_of(low)} from ",
                        tag("b", _power(low)),
                        f" ({level_text(low)}) to ",
                        tag("b", _power(high)),
                        f" ({level_text(high)})",
                    ]
                )
            )
    return joined(
        [
            f"With the same number of patients under “{effect}”, the mixture alone moves power on ",
            listed(parts),
            ".",
        ]
    )


def ends(rows: list[Row]) -> tuple[Row, Row]:
    """The rows of the lowest and of the highest power."""
    return min(rows, key=lambda row: row["power"]), max(rows, key=lambda row: row["power"])


def _power(row: Row) -> str:
    return with_error(row["power"], row["power_mcse"])


def level_text(row: Row) -> str:
    """A mixture in words."""
    if row["risk"] == "split":
        return f"{row['n_LN']:.0f} LN + {row['n_LC']:.0f} LC"
    share = f"{100 * row['level']:.0f} %"
    words = {
        "random composition": f"{share} LN expected",
        "lymphopenia only": f"{share} of LC by lymphopenia alone",
    }
    return words.get(row["risk"], f"{share} never infused")


def _level(row: Row) -> str:
    """The same where the line says what varies."""
    return level_text(row) if row["risk"] == "split" else f"at {100 * row['level']:.0f} %"


def _table(rows: list[Row], effect: str) -> Html:
    endpoints = {row["endpoint"]: label_of(row) for row in rows}
    lines = []
    for risk in dict.fromkeys(row["risk"] for row in rows):
        own = [row for row in rows if row["risk"] == risk]
        lines.append([RISKS.get(risk, risk), *(_cell(own, endpoint) for endpoint in endpoints)])
    caption = (
        f"Lowest and highest power under “{effect}” over the levels looked at, with the level that gives it; ± "
        "Monte Carlo standard error. Every level: composition.csv."
    )
    return table(["What varies", *endpoints.values()], lines, caption, class_="numbers")


def _cell(rows: list[Row], endpoint: str) -> Html:
    own = [row for row in rows if row["endpoint"] == endpoint and row["power"] == row["power"]]
    if not own:
        return Html("–")
    pieces = [(tag("span", _power(row)), tag("small", _level(row))) for row in ends(own)]
    return joined(piece for pair in pieces for piece in pair)


COMPOSITION: Final = Question(
    "composition",
    _screen,
    "To find what unequal filling, a random composition, patients who qualify by lymphocytes alone and "
    "patients who are never infused do to rates and power.",
    bank_method,
    MEASURES,
)
