"""Laws of the explanation: it never says anything else than the verdict, whatever the readings."""

import numpy as np
import pytest

from sim.config.analysis import Analysis
from sim.core.tables import Table, concatenate
from sim.endpoints.catalogue import YES_OR_NO
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.endpoints.explain import EXPLANATIONS, explain
from sim.endpoints.intercurrent import ENDS
from tests.endpoints.records import analysis, data_set, patient
from tests.endpoints.test_property_evaluate import READINGS, cohort

SETTINGS = [{}, *({key: value} for key, values in READINGS.items() for value in values[1:])]
HOLDS = {"<=": np.less_equal, "<": np.less, ">=": np.greater_equal, ">": np.greater}


def explained(data: DataSet, settings: Analysis) -> tuple[Table, Table]:
    outcomes = evaluate(data, settings, YES_OR_NO)
    return outcomes, concatenate(list(explain(data, settings, outcomes)))


def parts_of(parts: Table, trial: int, subject: int, endpoint: str) -> Table:
    return parts.where((parts["trial"] == trial) & (parts["subject"] == subject) & (parts["endpoint"] == endpoint))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_a_responder_meets_every_deciding_part_and_nobody_else_does(settings: dict[str, object]) -> None:
    data = data_set(*cohort(3, 60))
    outcomes, parts = explained(data, analysis(**settings))
    for row in range(outcomes.length):
        endpoint = str(outcomes["endpoint"][row])
        if endpoint not in EXPLANATIONS:
            continue
        own = parts_of(parts, outcomes["trial"][row], outcomes["subject"][row], endpoint)
        if not outcomes["in_population"][row]:
            assert own.length == 0
            continue
        deciding = own["met"][own["decides"]]
        assert len(deciding) >= 1
        assert (deciding == 1).all() == (outcomes["responder"][row] == 1), (endpoint, own["component"], own["met"])


@pytest.mark.parametrize("seed", range(3))
def test_the_reason_is_the_first_deciding_part_that_is_not_met(seed: int) -> None:
    data = data_set(*cohort(seed, 60))
    outcomes = evaluate(data, analysis(), YES_OR_NO)
    seen = set()
    for endpoint, function in EXPLANATIONS.items():
        deciding = [part for part in function(data, analysis()) if part.reason]
        own = outcomes.where(outcomes["endpoint"] == endpoint)
        for subject in np.flatnonzero(own["responder"] == 0).tolist():
            first = next(part.reason for part in deciding if part.met[subject] != 1)
            given = str(own["reason"][subject])
            assert given in ENDS if first == "participation" else given == first
            seen.add((endpoint, first))
    assert len(seen) > 25


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_met_is_what_value_relation_and_threshold_say(settings: dict[str, object]) -> None:
    _, parts = explained(data_set(*cohort(5, 80)), analysis(**settings))
    compared = 0
    for relation, holds in HOLDS.items():
        rows = (parts["relation"] == relation) & ~np.isnan(parts["value"]) & ~np.isnan(parts["threshold"])
        tolerance = 1e-9 if relation in ("<=", ">") else -1e-9
        said = holds(parts["value"][rows], parts["threshold"][rows] + tolerance)
        np.testing.assert_array_equal(parts["met"][rows], said.astype(np.int8), err_msg=relation)
        compared += int(rows.sum())
    assert compared > 200


def test_a_number_that_is_only_told_decides_nothing() -> None:
    _, parts = explained(data_set(*cohort(1, 60)), analysis())
    assert not (parts["decides"] & (parts["component"] == "highest_dose") & (parts["endpoint"] == "P1")).any()
    for name in ("sledai2k_day_0", "egfr_day_0", "hemoglobin_before"):
        assert not parts["decides"][parts["component"] == name].any()


def test_pieces_are_sorted_by_subject_and_protocol_order() -> None:
    _, parts = explained(data_set(*cohort(2, 30)), analysis())
    order = [list(EXPLANATIONS).index(name) for name in parts["endpoint"].tolist()]
    keys = list(zip(parts["trial"].tolist(), parts["subject"].tolist(), order, strict=True))
    assert keys == sorted(keys)


def test_the_numbers_of_one_patient_can_be_followed_by_hand() -> None:
    _, parts = explained(data_set(patient("LN", visits={"W24": {"upcr": 0.8}})), analysis())
    own = parts_of(parts, 0, 0, "P3")
    found = {
        name: (value, relation, threshold, met)
        for name, value, relation, threshold, met in zip(
            *(own[key].tolist() for key in ("component", "value", "relation", "threshold", "met")), strict=True
        )
    }
    assert found["upcr"] == (0.8, "<=", 0.5, 0)
    assert found["days_above_7_5"] == (0.0, "<", 7.0, 1)
    assert found["assessment_day"][0] == 168.0
    # Day 0: arthritis, hematuria, proteinuria 4 each, complement and anti-dsDNA 2 each, platelets 1: 17 points.
    # Week 24: proteinuria alone, 4 points.
    own = parts_of(parts, 0, 0, "S3")
    assert own["value"][own["component"] == "sledai2k_fall"].tolist() == [13.0]


def test_a_lineage_is_shown_only_where_it_counts() -> None:
    _, parts = explained(data_set(patient("LC")), analysis())
    own = parts_of(parts, 0, 0, "P2")
    assert {"hemoglobin", "platelets"} <= set(own["component"].tolist())
    assert not {"neutrophils", "lymphocytes"} & set(own["component"].tolist())
    least = own["threshold"][own["component"] == "platelets"]
    assert least.tolist() == [90.0]


def test_an_endpoint_that_nobody_has_taken_apart_is_explained_by_its_answer(monkeypatch) -> None:
    others = {name: function for name, function in EXPLANATIONS.items() if name != "P3"}
    monkeypatch.setattr("sim.endpoints.explain.EXPLANATIONS", others)
    outcomes, parts = explained(data_set(*cohort(4, 40)), analysis())
    own = parts.where(parts["endpoint"] == "P3")
    judged = outcomes.where((outcomes["endpoint"] == "P3") & outcomes["in_population"])
    assert set(own["component"].tolist()) == {"response"}
    np.testing.assert_array_equal(own["met"], judged["responder"])
    np.testing.assert_array_equal(own["subject"], judged["subject"])


def test_an_endpoint_that_is_not_asked_for_is_not_explained() -> None:
    settings = analysis(endpoints=("P1", "S3"))
    data = data_set(patient("LN"))
    parts = concatenate(list(explain(data, settings, evaluate(data, settings))))
    assert set(parts["endpoint"].tolist()) == {"P1", "S3"}
