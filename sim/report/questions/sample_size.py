"""task=sample_size: power over the number of patients."""

from typing import Any, Final, NamedTuple

from sim.core.tables import Row, Table, rows_of
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, primary, with_error
from sim.report.question import Question, screen
from sim.report.questions.bank import ACCURACY, MEASURES, bank_method
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

_CAPTION: Final = (
    "Smallest number of patients with the wanted power ± Monte Carlo standard error of that power, and the "
    "number from which power stays so up to the largest looked at: between the two it falls again where one "
    "more responder is needed. Patients are split as the design has it; below, the best split and its number. "
    "Under “none” false go is counted: there more patients make it no better."
)


class Enough(NamedTuple):
    """Rows of a size that is enough: the first, and the first of those that last; None where there is none."""

    first: Row | None
    steady: Row | None
    best: Row


def enough(rows: list[Row], wanted: float) -> Enough:
    """Which sizes are enough.

    rows : one for each number of patients, rising.
    """
    reached = [row for row in rows if row["power"] >= wanted]
    steady = None
    for row in reversed(rows):
        if row["power"] < wanted:
            break
        steady = row
    return Enough(reached[0] if reached else None, steady, max(rows, key=lambda row: row["power"]))


def planned(found: Table, endpoint: str, effect: str) -> list[Row]:
    """The rows of the design's split at the first level, by number of patients."""
    return sorted((row for row in _of(found, endpoint, effect) if row["planned_split"]), key=lambda row: row["n"])


def _of(found: Table, endpoint: str, effect: str) -> list[Row]:
    chosen = (found["endpoint"] == endpoint) & (found["effect"] == effect) & (found["alpha"] == found["alpha"][0])
    return list(rows_of(found.where(chosen)))


def _best_splits(found: Table, endpoint: str, effect: str) -> list[Row]:
    best: dict[int, Row] = {}
    for row in _of(found, endpoint, effect):
        if row["n"] not in best or row["power"] > best[row["n"]]["power"]:
            best[row["n"]] = row
    return [best[n] for n in sorted(best)]


def _screen(results: Results) -> Html:
    found = results.main
    endpoints, effects = list(dict.fromkeys(found["endpoint"].tolist())), effects_of(found)
    asked = (
        f"How many patients would be enough for {endpoints[0]}?"
        if len(endpoints) == 1
        else "How many patients would be enough?"
    )
    return screen(
        asked,
        about(results.configuration),
        _sentence(found, endpoints, effects),
        [
            ACCURACY,
            f"Looked for from {found['n'].min()} to {found['n'].max()} patients of the endpoint's population.",
        ],
        [_table(found, endpoints, effects)],
        results,
    )


def _sentence(found: Table, endpoints: list[str], effects: list[str]) -> Any:
    effect, wanted = chosen_effect(effects), float(found["wanted_power"][0])
    chosen = [row["endpoint"] for row in primary([{"endpoint": name} for name in endpoints])]
    parts = [_said(found, name, effect, wanted) for name in chosen]
    return joined(
        [
            f"For {100 * wanted:.0f} % power under “{effect}”, ",
            listed(parts),
            _elsewhere(found, chosen, effects),
            ".",
        ]
    )


def _said(found: Table, endpoint: str, effect: str, wanted: float) -> Html:
    rows = planned(found, endpoint, effect)
    answer, label = enough(rows, wanted), label_of(rows[0])
    if answer.first is None:
        most = f"{with_error(answer.best['power'], answer.best['power_mcse'])} with {answer.best['n']}"
        return joined(
            [f"{label} would need ", tag("b", f"more than {rows[-1]['n']} patients"), f" (at most {most})"]
        )
    power = with_error(answer.first["power"], answer.first["power_mcse"])
    return joined([f"{label} needs ", tag("b", f"{answer.first['n']} patients"), f" ({power})", _lasting(answer)])


def _lasting(answer: Enough) -> str:
    if answer.steady is None:
        return ", but falls below it again"
    return "" if answer.steady is answer.first else f" and keeps it from {answer.steady['n']} on"


def _elsewhere(found: Table, endpoints: list[str], effects: list[str]) -> str:
    """How far the number moves with the assumption about the cells, where one endpoint is asked about."""
    others = [name for name in effects if name not in ("none", chosen_effect(effects))]
    if len(endpoints) != 1 or not others:
        return ""
    wanted, said = float(found["wanted_power"][0]), []
    for name in others:
        first = enough(planned(found, endpoints[0], name), wanted).first
        number = f"more than {found['n'].max()}" if first is None else f"{first['n']}"
        said.append(f"{number} under “{name}”")
    return f"; {' and '.join(said)}"


def _table(found: Table, endpoints: list[str], effects: list[str]) -> Html:
    wanted = float(found["wanted_power"][0])
    lines = [
        [_name(found, each), *(_cell(found, each, effect, wanted) for effect in effects)] for each in endpoints
    ]
    return table(["Endpoint", *effects], lines, _CAPTION, class_="numbers")


def _name(found: Table, endpoint: str) -> Html:
    row = next(rows_of(found.where(found["endpoint"] == endpoint)))
    return joined([label_of(row), tag("small", f"benchmark {row['null_rate']:.2f}")])


def _cell(found: Table, endpoint: str, effect: str, wanted: float) -> Html:
    rows = planned(found, endpoint, effect)
    answer = enough(rows, wanted)
    if answer.first is None:
        below = f"at most {with_error(answer.best['power'], answer.best['power_mcse'])}, n = {answer.best['n']}"
        return joined([tag("span", f"none up to {rows[-1]['n']}"), tag("small", below)])
    power = with_error(answer.first["power"], answer.first["power_mcse"])
    lasting = "falls again" if answer.steady is None else f"stays from {answer.steady['n']}"
    split = enough(_best_splits(found, endpoint, effect), wanted).first
    word = "false go" if effect == "none" else "power"
    pieces: list[Any] = [
        tag("span", f"{answer.first['n']}"),
        tag("small", f"{word} {power}"),
        tag("small", lasting),
    ]
    if split is not None and not split["planned_split"]:
        pieces.append(tag("small", f"best split {split['n_LN']:.0f} LN + {split['n_LC']:.0f} LC"))
    return joined(pieces)


SAMPLE_SIZE: Final = Question(
    "sample_size",
    _screen,
    "To find how many patients give each endpoint the wanted power, under each assumption about the cells, "
    "with the steps of an exact test shown as they are.",
    bank_method,
    MEASURES,
)
