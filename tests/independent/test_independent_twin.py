"""The independent twin itself: published values, and its behaviour on random data sets."""

import random
from collections import Counter

import pytest

from tests.independent import kidney
from tests.independent.endpoints import ENDPOINTS, evaluate
from tests.independent.random_data import random_data_set
from tests.independent.readings import OPTIONS
from tests.independent.rows import DESCRIPTORS, visit_row
from tests.independent.sledai import WEIGHTS, total

RATES = [
    (0.6 * 88.4, 30, "F", 123.76, 122.31, 117.38),
    (0.7 * 88.4, 30, "F", 119.24, 116.26, 98.25),
    (1.2 * 88.4, 35, "F", 60.54, 58.50, 51.12),
    (1.2 * 88.4, 35, "M", 80.88, 77.87, 68.90),
    (106.0, 40, "F", 58.74, 56.54, 49.80),
    (250.0, 40, "F", 20.98, 20.04, 18.50),
    (0.9 * 88.4, 50, "M", 104.05, 99.24, 89.32),
    (2.0 * 88.4, 60, "M", 37.50, 35.23, 34.25),
]


@pytest.mark.parametrize("creatinine, age, sex, inker, levey, mdrd", RATES)
def test_filtration_rates(creatinine, age, sex, inker, levey, mdrd):
    assert kidney.ckd_epi_2021(creatinine, age, sex) == pytest.approx(inker, abs=0.01)
    assert kidney.ckd_epi_2009(creatinine, age, sex) == pytest.approx(levey, abs=0.01)
    assert kidney.mdrd(creatinine, age, sex) == pytest.approx(mdrd, abs=0.01)


def every_descriptor_present():
    laboratory = {"urine_rbc": 6.0, "urine_wbc": 6.0, "upcr": 0.6, "platelets": 99.0, "wbc": 2.9}
    laboratory |= {"c3": 89.0, "c4": 20.0, "anti_dsdna": 16.0, "cellular_casts": True}
    return visit_row(0, 0, "D0", 0, **{f"sledai_{name}": True for name in DESCRIPTORS}, **laboratory)


def test_all_24_descriptors_score_105():
    visit = every_descriptor_present()
    assert len(WEIGHTS) == 24
    assert total(visit, [visit]) == 105


@pytest.mark.parametrize("column", ["sledai_seizure", "upcr", "wbc", "anti_dsdna", "cellular_casts"])
def test_an_unmeasured_descriptor_leaves_no_total(column):
    visit = every_descriptor_present() | {column: None}
    assert total(visit, [visit]) is None


@pytest.fixture(scope="module")
def data():
    return random_data_set(random.Random(20260101), 1500)


def test_one_row_per_infused_subject_and_endpoint(data):
    rows = evaluate(data)
    infused = {
        (i["trial"], i["subject"]) for i in data["infusions"] if i["infusion"] == 1 and i["day"] is not None
    }
    keys = [(row["trial"], row["subject"], row["endpoint"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert set(keys) == {(*subject, endpoint) for subject in infused for endpoint in ENDPOINTS}


def test_a_reason_belongs_to_a_non_responder_of_the_population(data):
    for row in evaluate(data):
        assert (row["reason"] is not None) == (row["responder"] is False)
        assert row["in_population"] == (row["responder"] is not None)


def test_random_data_reach_every_answer(data):
    counts = Counter((row["endpoint"], row["reason"]) for row in evaluate(data) if row["in_population"])
    everywhere = {None, "death", "withdrawal", "lost_to_follow_up"}
    expected = {
        "P1": {"dose"},
        "S1": {"dose"},
        "P2": {
            "rescue",
            "transfusion",
            "gcsf",
            "dose",
            "no_response_definition",
            "missing",
            "hematologic_response",
        },
        "P3": {"rescue", "dose", "missing", "upcr", "egfr"},
        "S3": {"rescue", "missing", "sledai"},
    }
    for endpoint, reasons in expected.items():
        reached = {reason for name, reason in counts if name == endpoint}
        assert reached == everywhere | reasons


@pytest.mark.parametrize("name", OPTIONS)
def test_each_reading_changes_some_answer_of_random_data(data, name):
    default, *others = OPTIONS[name]
    usual = evaluate(data)
    assert evaluate(data, **{name: default}) == usual
    for other in others:
        assert evaluate(data, **{name: other}) != usual


def test_an_unknown_reading_is_refused(data):
    with pytest.raises(ValueError, match="X25='SEVEN': one of TOTAL7, CONSEC7, AURORA"):
        evaluate(data, X25="SEVEN")
    with pytest.raises(TypeError):
        evaluate(data, X99="any")


def test_random_data_are_valid(data):
    days = [(v["trial"], v["subject"], v["day"]) for v in data["visits"] if v["attended"]]
    assert len(days) == len(set(days))
    ends = {
        (e["trial"], e["subject"]): e["day"]
        for e in data["events"]
        if e["kind"] in ("death", "withdrawal", "lost_to_follow_up")
    }
    for table, column in (("visits", "day"), ("events", "day"), ("dosing", "end_day"), ("infusions", "day")):
        for row in data[table]:
            if row[column] is not None:
                assert row[column] <= ends.get((row["trial"], row["subject"]), 10_000)
    previous = {}
    for period in data["dosing"]:
        key = period["trial"], period["subject"]
        assert period["start_day"] <= period["end_day"]
        assert period["start_day"] == previous.get(key, period["start_day"] - 1) + 1
        previous[key] = period["end_day"]
