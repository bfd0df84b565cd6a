"""The independent twin against answers worked out by hand."""

import pytest

from tests.hand_worked.part1 import CASES
from tests.independent.endpoints import ENDPOINTS, evaluate


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_twin_gives_the_answer_worked_by_hand(case):
    rows = evaluate(case["data"], **case["readings"])
    (row,) = [row for row in rows if row["endpoint"] == case["endpoint"]]
    assert (row["responder"], row["reason"], row["in_population"]) == case["expected"], case["why"]


def test_each_case_has_its_own_name():
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_each_endpoint_has_responders_and_non_responders(endpoint):
    answers = {case["expected"][0] for case in CASES if case["endpoint"] == endpoint}
    assert {True, False} <= answers


def test_every_reason_is_reached_by_a_case():
    reasons = {case["expected"][1] for case in CASES} - {None}
    ends = {"death", "withdrawal", "lost_to_follow_up"}
    drugs = {"rescue", "dose", "transfusion", "gcsf"}
    components = {"missing", "no_response_definition", "hematologic_response", "upcr", "egfr", "sledai"}
    assert reasons == ends | drugs | components
