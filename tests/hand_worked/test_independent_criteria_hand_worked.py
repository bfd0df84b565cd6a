"""The row-by-row criteria give the answers worked by hand."""

import pytest

from tests.hand_worked.criteria import CASES
from tests.independent.criteria import ALLOWED, COLUMNS, evaluate


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_criteria_give_the_answer_worked_by_hand(case):
    found = evaluate(case["candidate"], **case["readings"])
    assert {name: found[name] for name in case["expected"]} == case["expected"], case["why"]


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "I0b"])
def test_cases_show_every_criterion_met_and_not_met(column):
    shown = {case["expected"].get(column) for case in CASES}
    assert {True, False} <= shown


def test_cases_show_every_reading_that_is_not_the_default():
    used = {(name, value) for case in CASES for name, value in case["readings"].items()}
    wanted = {(name, value) for name, values in ALLOWED.items() for value in values[1:] if isinstance(value, str)}
    assert wanted <= used


def test_names_of_cases_are_unique():
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
