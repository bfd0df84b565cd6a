"""task=changes: how often small trials show that a change from baseline is better than without the cells."""

import math
from typing import Any, Final

from sim.core.tables import Row
from sim.report.answer import about_trial
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import different, listed, span_text, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY
from sim.report.questions.values import LARGER, MEASURES, simulated_rows
from sim.report.results import Results
from sim.words.rows import chosen_effect, too_often

TESTS: Final = {"signed_rank": "signed-rank test", "t_test": "t test"}
"""Tests, as a reader meets them."""
_VARIABLES: Final = {
    "wbc": ("white cells", "10⁹/L"),
    "platelets": ("platelets", "10⁹/L"),
    "hemoglobin": ("hemoglobin", "g/dL"),
    "serum_creatinine": ("creatinine", "µmol/L"),
    "egfr": ("eGFR", "mL/min/1.73 m²"),
    "upcr": ("UPCR", "mg/mg"),
    "log_upcr": ("log UPCR", "log ratio"),
    "sledai2k": ("SLEDAI-2K", "points"),
    "sdi": ("damage index", "points"),
    "bilag": ("BILAG-2004", "points"),
    "treg": ("regulatory T cells", "% of CD4+"),
    "th17": ("Th17 cells", "% of CD4+"),
}
_CAPTION: Final = (
    "Share of all trials that succeed by the signed-rank test ± Monte Carlo standard error, and below it by the t "
    "test. Under “none” the cells do nothing: success there is the size of the test, because the reference is the "
    "mean change of the same patients without the cells. Smallest p: the least one-sided p-value that ranks of so "
    "many patients can have."
)
_REFERENCE: Final = (
    "The reference, the mean change without the cells, comes from the model and nobody knows it before the trial "
    "(circular)."
)


def _screen(results: Results) -> Html:
    rows = simulated_rows(results.main)
    effects = different(results.main, "effect")
    return screen(
        "Can so few patients show a change from baseline?",
        about_trial(results.configuration),
        _sentence(rows, effects),
        [ACCURACY, *_span(rows, effects), _REFERENCE],
        [_table(rows, effects), *_inflated(rows)],
        results,
    )


def change_label(row: Row) -> str:
    """A change with its endpoint and its patients."""
    who = "" if row["population"] == "all" else f", {row['population']}"
    return f"{_named(row)[0]} ({row['endpoint']}{who})"


def _named(row: Row) -> tuple[str, str]:
    """The variable as a reader meets it, and its unit."""
    return _VARIABLES.get(row["variable"], (row["variable"].replace("_", " "), ""))


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "−")


def _ranked(rows: list[Row], effect: str) -> list[Row]:
    """Under one effect the better test of each change that holds its level, best first."""
    best: dict[str, Row] = {}
    for row in rows:
        sound = row["effect"] == effect and not too_often(row)
        if sound and row["power"] > best.get(row["variable"], {"power": -1.0})["power"]:
            best[row["variable"]] = row
    return sorted(best.values(), key=lambda row: -float(row["power"]))


def _sentence(rows: list[Row], effects: list[str]) -> Any:
    effect = chosen_effect(effects)
    ranked = _ranked(rows, effect)
    if not ranked or ranked[0]["power"] == 0.0:
        return f"Under “{effect}” no trial shows a change at {rows[0]['visit']}: power is 0."
    best = ranked[0]
    others = [f"{change_label(row)} {_power(row)}" for row in ranked[1:3] if row["power"] > 0.0]
    return joined(
        [
            f"If the cells work as assumed under “{effect}”, of the changes at {best['visit']} ",
            f"{change_label(best)} is shown most often, with a probability of ",
            tag("b", _power(best)),
            f" by the {TESTS[best['rule']]}",
            *(["; next come ", listed(others)] if others else []),
            ". If they did nothing, it would still be shown with ",
            with_error(best["false_go_inert"], best["false_go_inert_mcse"]),
            ".",
        ]
    )


def _power(row: Row) -> str:
    return with_error(row["power"], row["power_mcse"])


def _span(rows: list[Row], effects: list[str]) -> list[str]:
    """How far the power of the best change moves with the assumption about the cells."""
    ranked, acting = _ranked(rows, chosen_effect(effects)), [name for name in effects if name != "none"]
    if len(acting) < 2 or not ranked:
        return []
    best = ranked[0]
    same = [row for row in rows if (row["variable"], row["rule"]) == (best["variable"], best["rule"])]
    values = [row["power"] for row in same if row["effect"] in acting]
    return [f"Over the assumptions about the cells: {change_label(best)} {span_text(values)}. "]


def _table(rows: list[Row], effects: list[str]) -> Html:
    at = {(row["variable"], row["effect"], row["rule"]): row for row in rows}
    lines = []
    for name, row in {row["variable"]: row for row in rows if row["rule"] == "signed_rank"}.items():
        smallest = "–" if math.isnan(row["smallest_p"]) else f"{row['smallest_p']:.2g}"
        patients = "by trial" if math.isnan(row["places"]) else f"{row['places']:.0f}"
        first = joined([patients, tag("small", f"smallest p {smallest}")])
        mean = f"{_signed(row['reference'])} ± {row['reference_mcse']:.1g}"
        reference = joined([tag("span", mean), tag("small", _named(row)[1])])
        cells = [_cell(*(at[name, effect, rule] for rule in TESTS)) for effect in effects]
        lines.append([change_label(row), first, reference, *cells])
    return table(["Change", "Patients", "Mean without", *effects], lines, _CAPTION, class_="numbers")


def _cell(ranks: Row, t_test: Row) -> Html:
    moved = "" if ranks["effect"] == "none" else f"cells add {_signed(ranks['difference'])}"
    pieces = [tag("span", _power(ranks)), tag("small", f"t {_power(t_test)}"), tag("small", moved)]
    return joined(pieces if moved else pieces[:2])


def _inflated(rows: list[Row]) -> list[Html]:
    """A warning for each test that breaks its promise."""
    found = {(row["variable"], row["rule"]): row for row in rows if too_often(row)}
    return [tag("p", _warning(row), class_="warning") for row in found.values()]


def _warning(row: Row) -> str:
    inert = with_error(row["false_go_inert"], row["false_go_inert_mcse"])
    return (
        f"{change_label(row)} by the {TESTS[row['rule']]} succeeds in {inert} of the trials without the cells, "
        f"although the level is {row['alpha']:g}: a success means less than the level says."
    )


def _method(results: Results) -> str:
    row = simulated_rows(results.main)[0]
    return (
        f"The change of each patient from D0 to {row['visit']} less the mean change of the same patients without "
        "the cells is tested in each trial, one-sided in the direction that is wanted, by the exact signed-rank "
        f"test and the t test at level {row['alpha']:g}; unknown changes are left out. {LARGER}"
    )


CHANGES: Final = Question(
    "changes",
    _screen,
    "To find how often trials of this size show that a change from baseline is better than without the cells.",
    _method,
    MEASURES,
)
