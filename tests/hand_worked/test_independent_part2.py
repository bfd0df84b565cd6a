"""The twin of the secondary endpoints against answers worked out by hand."""

from typing import Any

import pytest

from tests.hand_worked.part2 import ROWS, RULES
from tests.independent import bilag, bilag_laboratory, damage, flares, hematologic_flares
from tests.independent.bilag_laboratory import Blood, Kidney
from tests.independent.lldas import lldas
from tests.independent.rows import Data
from tests.independent.secondary import SECONDARY, evaluate_secondary
from tests.independent.subject import infused_subjects, visit_named


def renal_grade(now: dict[str, Any], before: dict[str, Any] | None, ever: bool) -> str | None:
    previous = None if before is None else Kidney(**before)
    return bilag_laboratory.renal_grade(Kidney(**now), previous, ever)


def low_activity(data: Data, visit: str) -> bool | None:
    (subject,) = infused_subjects(data)
    return lldas(subject, visit_named(subject, visit))


FUNCTIONS = {
    "item_grade": bilag.item_grade,
    "constitutional_grade": bilag.constitutional_grade,
    "change_code": bilag.change_code,
    "new_grades": bilag.new_grades,
    "bilag_points": bilag.points,
    "renal_grade": renal_grade,
    "hematological_grade": lambda now, ever: bilag_laboratory.hematological_grade(Blood(**now), ever),
    "damage_index": damage.index,
    "proteinuric_flare": flares.proteinuric_flare,
    "nephritic_flare": flares.nephritic_flare,
    "extrarenal_flare": flares.extrarenal_flare,
    "sustained_doubling": flares.sustained_doubling,
    "end_stage": flares.end_stage,
    "hematologic_flare": lambda data: hematologic_flares.hematologic_flare(infused_subjects(data)[0]),
    "lldas": low_activity,
}


@pytest.mark.parametrize("case", ROWS, ids=[case["name"] for case in ROWS])
def test_twin_gives_the_row_worked_by_hand(case):
    (row,) = [
        row
        for row in evaluate_secondary(case["data"], **case["readings"])
        if row["endpoint"] == case["endpoint"]
        and row["variable"] == case.get("variable")
        and row["visit"] == case.get("visit")
    ]
    found = {column: row[column] for column in case["expected"]}
    if isinstance(found.get("value"), float):
        assert found["value"] == pytest.approx(case["expected"]["value"], abs=1e-12), case["why"]
        found["value"] = case["expected"]["value"]
    assert found == case["expected"], case["why"]


@pytest.mark.parametrize("case", RULES, ids=[case["name"] for case in RULES])
def test_twin_rule_gives_the_answer_worked_by_hand(case):
    assert FUNCTIONS[case["rule"]](**case["arguments"]) == case["expected"], case["why"]


def test_each_case_has_its_own_name():
    for cases in (ROWS, RULES):
        assert len({case["name"] for case in cases}) == len(cases)


def test_every_rule_and_every_endpoint_has_cases():
    assert {case["rule"] for case in RULES} == set(FUNCTIONS)
    assert {case["endpoint"] for case in ROWS} == set(SECONDARY)


@pytest.mark.parametrize("endpoint", ["S2", "S4", "S5", "S7", "S9", "S11", "S12", "S13"])
def test_each_endpoint_has_both_answers(endpoint):
    expected = [case["expected"] for case in ROWS if case["endpoint"] == endpoint]
    answers = {row["responder"] if row.get("responder") is not None else row.get("event") for row in expected}
    assert {True, False} <= answers
