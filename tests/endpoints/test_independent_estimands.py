"""Every policy and strategy against answers worked by hand."""

import dataclasses
from typing import Any

import pytest

from sim.config.analysis import Analysis
from sim.core.errors import InputError
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import answer, settled, standing
from sim.endpoints.evaluate import evaluate
from sim.endpoints.every_estimand import combinations
from sim.endpoints.intercurrent import REASONS
from tests.endpoints.records import analysis, change, patient, time_to
from tests.endpoints.records import data_set as records
from tests.endpoints.row_tables import data_set, texts
from tests.hand_worked.estimands import CASES, YES, no
from tests.independent.rows import DOMAINS, Data

RULES = {endpoint.id: endpoint.function for endpoint in ENDPOINTS}
RESPONSE = {1: True, 0: False, -1: None}


USUAL = analysis()


def graded(data: Data) -> DataSet:
    """The tables of a data set of rows, with BILAG grades."""
    tables = data_set(data)
    grades = {f"bilag_{name}": texts(data["visits"], f"bilag_{name}") for name in DOMAINS}
    return dataclasses.replace(tables, visits=tables.visits.adding(grades))


def under(name: str, strategy: str, policy: str = "nri") -> Analysis:
    """The shipped analysis with one endpoint under a strategy and a policy."""
    usual = analysis()
    missing = usual.missing if name not in RESPONDING else dataclasses.replace(usual.missing, **{name: policy})
    return analysis(missing=missing, intercurrent=dataclasses.replace(usual.intercurrent, **{name: strategy}))


RESPONDING = {item.name for item in dataclasses.fields(analysis().missing)}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_pair_gives_the_answer_worked_by_hand(case: dict[str, Any]) -> None:
    name, data = case["endpoint"], graded(case["data"])
    found, expected = {}, {}
    for strategy, policy in combinations(name, "week_24"):
        verdict = settled(standing(name, RULES[name], data, USUAL, strategy, policy), policy)
        if (strategy, policy) == ("composite", "nri"):
            verdict = answer(name, RULES[name], data, USUAL)
        found[strategy, policy] = RESPONSE[int(verdict.responder[0])], REASONS[verdict.reason[0]]
        expected[strategy, policy] = case["answers"][strategy][policy]
    assert found == expected, case["why"]


def test_each_case_has_its_own_name() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) > 100


@pytest.mark.parametrize(
    ("strategy", "policy", "expected"),
    [
        ("treatment_policy", "nri", YES),
        ("hypothetical", "best", (True, "missing")),
        ("composite", "best", no("rescue")),
    ],
)
def test_the_analysis_chooses_the_estimand(strategy: str, policy: str, expected: Any) -> None:
    data = records(patient(events=[(60, "rescue", "immunosuppressant")]))
    result = evaluate(data, under("P3", strategy, policy), ("P3",))
    assert (RESPONSE[int(result["responder"][0])], str(result["reason"][0])) == expected
    assert result["in_population"].all()
    assert "response_probability" not in result


@pytest.mark.parametrize(
    ("name", "count"), [("P1", 5), ("P2", 23), ("P3", 23), ("S1", 5), ("S2", 23), ("S3", 23), ("S4", 23)]
)
def test_the_pairs_that_make_sense(name: str, count: int) -> None:
    pairs = list(combinations(name, "week_24"))
    assert len(pairs) == count
    assert ("hypothetical", "nri") not in pairs
    assert {case["endpoint"] for case in CASES} >= {name}


def test_improvement_at_any_time_leaves_nothing_missing() -> None:
    assert list(combinations("P2", "any_time")) == [("composite", "nri"), ("treatment_policy", "nri")]


def test_imputation_of_a_small_trial_is_refused_with_the_reason() -> None:
    with pytest.raises(
        InputError, match=r"analysis.missing.P3: 'mi' is not allowed; trial 0 has 1 subjects .* 30"
    ):
        evaluate(records(patient()), under("P3", "composite", "mi"), ("P3",), seed=1)


RESCUE = (60, "rescue", "immunosuppressant")
FLARES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "S7": ("LN", (100, "flare", "renal", "severe")),
    "S9": ("LC", (100, "hematologic_flare", "platelets")),
    "S13": ("LN", (100, "renal_flare", "nephritic")),
}


@pytest.mark.parametrize("name", FLARES)
@pytest.mark.parametrize(
    ("strategy", "rescued", "alone", "same_day"),
    [
        ("treatment_policy", (100, 1, ""), (168, 0, ""), (60, 1, "")),
        ("composite", (60, 1, "rescue"), (60, 1, "rescue"), (60, 1, "")),
        ("hypothetical", (60, 0, "rescue"), (60, 0, "rescue"), (60, 1, "")),
    ],
)
def test_a_flare_after_rescue(name: str, strategy: str, rescued: Any, alone: Any, same_day: Any) -> None:
    subgroup, flare = FLARES[name]
    intercurrent = under(name, strategy).intercurrent
    for events, expected in (
        ([RESCUE, flare], rescued),
        ([RESCUE], alone),
        ([RESCUE, (60, *flare[1:])], same_day),
        ([flare], (100, 1, "")),
        ([], (168, 0, "")),
    ):
        assert time_to(name, patient(subgroup, events=events), intercurrent=intercurrent) == expected


def test_rescue_after_the_last_visit_does_not_lengthen_a_hypothetical_time() -> None:
    person = patient(events=[(150, "rescue", "pulse")], visits={"W24": None})
    intercurrent = under("S13", "hypothetical").intercurrent
    assert time_to("S13", person, intercurrent=intercurrent) == (140, 0, "")


@pytest.mark.parametrize(
    ("name", "variable", "subgroup"),
    [("S8", "hemoglobin", "LC"), ("S10", "upcr", "LN"), ("O1", "sledai2k", "LN"), ("O2", "treg", "LN")],
)
def test_changes_after_rescue_are_deleted_by_the_hypothetical_strategy_alone(name, variable, subgroup) -> None:
    person, usual = patient(subgroup, events=[RESCUE]), analysis().intercurrent
    without = dataclasses.replace(usual, **{name: "hypothetical"})
    before = [change(name, variable, "W4", person, intercurrent=each) for each in (usual, without)]
    after = [change(name, variable, "W24", person, intercurrent=each) for each in (usual, without)]
    assert before[0] == before[1] != 0.0
    assert after[0] == after[0] and after[1] != after[1]
