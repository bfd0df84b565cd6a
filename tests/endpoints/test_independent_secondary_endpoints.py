"""The secondary endpoints of the calculator against their twin, and against answers worked by hand.

Everything is compared exactly but the changes, which two ways of arithmetic may round differently.
"""

import random
from typing import Any

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.endpoints.catalogue import IDS
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.pipeline import cohort_chunk
from tests.endpoints import table_rows
from tests.endpoints.row_tables import data_set
from tests.endpoints.test_independent_endpoints import analysis
from tests.hand_worked.part2 import ROWS
from tests.independent import endpoints as primary
from tests.independent.random_secondary import random_secondary_data_set
from tests.independent.readings import OPTIONS, OTHERS
from tests.independent.rows import Data
from tests.independent.secondary import SECONDARY, evaluate_secondary

EXACT = ("in_population", "responder", "time", "event", "reason")
NUMBERS = {True: 1, False: 0, None: -1}
Key = tuple[int, int, str, str, str]
Answers = dict[Key, tuple[Any, ...]]


def of_table(result: Table) -> Answers:
    """in_population, responder, time, event, reason and value of each row of the calculator."""
    keys, answers = (
        zip(*(result[name].tolist() for name in names), strict=True)
        for names in (("trial", "subject", "endpoint", "variable", "visit"), (*EXACT, "value"))
    )
    return dict(zip(keys, answers, strict=True))


def calculated(tables: DataSet, readings: dict[str, str], ids: tuple[str, ...] = SECONDARY) -> Answers:
    return of_table(evaluate(tables, analysis(readings), ids))


def of_twin(rows: list[dict[str, Any]]) -> Answers:
    """The same from the rows of the twin, in the words of a table."""
    answers = {}
    for row in rows:
        key = (row["trial"], row["subject"], row["endpoint"], row["variable"] or "", row["visit"] or "")
        time, value = (np.nan if row[name] is None else float(row[name]) for name in ("time", "value"))
        responder, event = (NUMBERS[row[name]] for name in ("responder", "event"))
        answers[key] = (row["in_population"], responder, time, event, row["reason"] or "", value)
    return answers


def alike(mine: tuple[Any, ...], theirs: tuple[Any, ...]) -> bool:
    return all(
        a == b or (a != a and b != b) or (isinstance(a, float) and abs(a - b) <= 1e-12 * max(1.0, abs(b)))
        for a, b in zip(mine, theirs, strict=True)
    )


def differences(mine: Answers, theirs: Answers) -> list[Any]:
    """Rows on which the two disagree: key, the calculator's answer, the twin's."""
    assert mine.keys() == theirs.keys()
    return [(key, answer, theirs[key]) for key, answer in mine.items() if not alike(answer, theirs[key])]


@pytest.mark.parametrize(("seed", "with_new_activity"), [(1, True), (2, True), (3, False)])
def test_nasty_subjects_are_scored_alike(seed: int, with_new_activity: bool) -> None:
    data = random_secondary_data_set(random.Random(seed), 300, with_new_activity=with_new_activity)
    assert differences(calculated(data_set(data), {}), of_twin(evaluate_secondary(data))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2100))
def test_a_hundred_thousand_nasty_subjects_are_scored_alike(seed: int) -> None:
    data = random_secondary_data_set(random.Random(seed), 1000, with_new_activity=seed % 4 != 0)
    assert differences(calculated(data_set(data), {}), of_twin(evaluate_secondary(data))) == []


@pytest.fixture(scope="module", params=[True, False])
def nasty(request: pytest.FixtureRequest) -> tuple[Data, DataSet, Answers]:
    data = random_secondary_data_set(random.Random(48), 400, with_new_activity=request.param)
    tables = data_set(data)
    return data, tables, calculated(tables, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in (*OTHERS, "X29", "egfr_equation") for value in (OPTIONS | OTHERS)[name][1:]],
)
def test_every_other_reading_is_scored_alike(nasty: tuple[Data, DataSet, Answers], name: str, value: str) -> None:
    data, tables, usual = nasty
    mine = calculated(tables, {name: value})
    assert differences(mine, usual)
    assert differences(mine, of_twin(evaluate_secondary(data, **{name: value}))) == []


@pytest.mark.parametrize("seed", range(8))
def test_any_combination_of_readings_is_scored_alike(nasty: tuple[Data, DataSet, Answers], seed: int) -> None:
    rng = random.Random(seed)
    readings = {name: rng.choice(values) for name, values in (OPTIONS | OTHERS).items()}
    data, tables, _ = nasty
    assert differences(calculated(tables, readings), of_twin(evaluate_secondary(data, **readings))) == []


def compare_cohort(trials: range) -> None:
    """Simulated trials: the endpoints that were written, against the twins on the tables that were written."""
    tables = cohort_chunk(load(["effect=neutral"]), trials)
    data = table_rows.data(tables)
    theirs = of_twin(primary.evaluate(data)) | of_twin(evaluate_secondary(data))
    mine = {key: answer for key, answer in of_table(tables["endpoints"]).items() if key[2] != "SAF"}
    assert {key[2] for key in mine} == set(IDS) - {"SAF"}
    assert differences(mine, theirs) == []


def test_simulated_subjects_are_scored_alike() -> None:
    compare_cohort(range(12))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 10_000, 100))
def test_a_hundred_thousand_simulated_subjects_are_scored_alike(first: int) -> None:
    compare_cohort(range(first, first + 100))


@pytest.mark.parametrize("case", ROWS, ids=[case["name"] for case in ROWS])
def test_the_calculator_gives_the_row_worked_by_hand(case: dict[str, Any]) -> None:
    key = (0, 0, case["endpoint"], case.get("variable") or "", case.get("visit") or "")
    answer = calculated(data_set(case["data"]), case["readings"], (case["endpoint"],))[key]
    found = dict(zip((*EXACT, "value"), answer, strict=True))
    wanted = dict(case["expected"])
    for name in ("time", "value"):
        if name in wanted:
            number = np.nan if wanted.pop(name) is None else float(case["expected"][name])
            assert found[name] == pytest.approx(number, abs=1e-12, nan_ok=True), case["why"]
    for name, value in wanted.items():
        said = value or "" if name == "reason" else value if name == "in_population" else NUMBERS[value]
        assert found[name] == said, (name, case["why"])
