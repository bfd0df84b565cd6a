"""The twin of the secondary endpoints itself: laws that its rows must keep, and what random data reach."""

import random
from collections import Counter

import pytest

from tests.independent import damage, flares
from tests.independent.bilag_visit import grades
from tests.independent.changes import VISITS
from tests.independent.hematologic_flares import hematologic_flare
from tests.independent.lldas import lldas
from tests.independent.random_courses import random_courses
from tests.independent.random_secondary import random_secondary_data_set
from tests.independent.rows import CLINICAL_DESCRIPTORS, DOMAINS, visit_row
from tests.independent.secondary import SECONDARY, evaluate_secondary
from tests.independent.subject import infused_subjects
from tests.independent.times_to_event import FAILURES

TIMES = ("S7", "S9", "S11", *FAILURES, "S12", "S13")
ENDS = {"death", "withdrawal", "lost_to_follow_up"}


@pytest.fixture(scope="module")
def data():
    return random_secondary_data_set(random.Random(20260102), 1500)


@pytest.fixture(scope="module")
def rows(data):
    return evaluate_secondary(data)


def by_endpoint(rows, endpoint):
    return {(row["trial"], row["subject"]): row for row in rows if row["endpoint"] == endpoint}


def test_every_infused_subject_has_every_row_once(data, rows):
    expected = {
        (subject.trial, subject.number, endpoint, variable, visit)
        for subject in infused_subjects(data)
        for endpoint in SECONDARY
        for variable, visits in VISITS.get(endpoint, {None: (None,)}).items()
        for visit in visits
    }
    keys = [(row["trial"], row["subject"], row["endpoint"], row["variable"], row["visit"]) for row in rows]
    assert len(keys) == len(set(keys))
    assert set(keys) == expected


def test_a_higher_index_is_harder(rows):
    four, five, six = (by_endpoint(rows, endpoint) for endpoint in ("S4", "S5", "S6"))
    for key, row in six.items():
        assert not row["in_population"] or five[key]["in_population"]
        assert not row["responder"] or five[key]["responder"]
        assert not five[key]["responder"] or four[key]["responder"]


def test_failure_is_the_first_of_its_components(rows):
    together = by_endpoint(rows, "S11")
    parts = [by_endpoint(rows, endpoint) for endpoint in FAILURES]
    for key, row in together.items():
        if row["in_population"]:
            days = [part[key]["time"] for part in parts if part[key]["event"]]
            assert row["event"] == bool(days)
            assert row["time"] == min(days or [parts[0][key]["time"]])


def test_renal_flare_is_one_answer_under_two_names(rows):
    part, whole = by_endpoint(rows, "S11d"), by_endpoint(rows, "S13")
    assert all(
        (part[key]["time"], part[key]["event"]) == (whole[key]["time"], whole[key]["event"]) for key in whole
    )


def test_times_lie_between_day_0_and_day_168(rows):
    for row in rows:
        if row["endpoint"] in TIMES and row["in_population"]:
            assert 0 <= row["time"] <= 168
            assert row["event"] in (True, False)
        else:
            assert row["time"] is None
            assert row["event"] is None


def test_random_data_reach_every_answer(rows):
    counts = Counter((row["endpoint"], row["reason"]) for row in rows if row["in_population"])
    expected = {
        "S2": {None, "sledai", "major_organ", "new_activity", "pga", "dose", "immunosuppressant"},
        **{key: {None, "sledai", "pga", "bilag"} for key in ("S4", "S5", "S6")},
        "S12": {None, "death", "esrd", "rescue"},
    }
    for endpoint, reasons in expected.items():
        always = set() if endpoint == "S12" else {"rescue", "missing"} | ENDS
        assert {reason for name, reason in counts if name == endpoint} == reasons | always
    for endpoint in TIMES:
        assert {row["event"] for row in rows if row["endpoint"] == endpoint and row["in_population"]} == {
            True,
            False,
        }
    for endpoint, variables in VISITS.items():
        known = {(row["variable"], row["visit"]) for row in rows if row["endpoint"] == endpoint and row["value"]}
        distant = {"Y1", "Y1.5", "Y2", "Y3"}
        wanted = {(variable, visit) for variable in variables for visit in variables[variable]}
        assert known == {(variable, visit) for variable, visit in wanted if visit not in distant}


def test_without_its_column_new_activity_is_worked_out():
    with_column = random_secondary_data_set(random.Random(4), 300)
    without = random_secondary_data_set(random.Random(4), 300, with_new_activity=False)
    assert "new_activity" not in without["visits"][0]
    reasons = Counter(row["reason"] for row in evaluate_secondary(without) if row["endpoint"] == "S2")
    assert reasons["new_activity"] > 0
    assert evaluate_secondary(without) != evaluate_secondary(with_column)


def test_random_visits_reach_every_state_of_low_activity(data):
    states = Counter(lldas(subject, visit) for subject in infused_subjects(data) for visit in subject.visits)
    assert set(states) == {True, False, None}


def test_random_courses_reach_every_flare():
    subjects = infused_subjects(random_courses(random.Random(7), 400))
    kidneys = [subject for subject in subjects if subject.candidate["subgroup"] == "LN"]
    kinds = {(flares.renal_flare(subject.visits) or (None, None))[1] for subject in kidneys}
    assert kinds == {None, "proteinuric", "nephritic"}
    lineages = {(hematologic_flare(subject) or (None, None))[1] for subject in subjects}
    assert lineages == {None, "E", "N", "P"}
    for found in (
        [flares.extrarenal_flare(subject.visits) for subject in subjects],
        [flares.sustained_doubling(subject.visits, subject.events) for subject in subjects],
    ):
        assert {day is None for day in found} == {True, False}


def test_a_flare_is_recorded_on_a_visit_after_day_0():
    for subject in infused_subjects(random_courses(random.Random(8), 400)):
        days = {visit["day"] for visit in subject.visits if visit["day"] > 0}
        found = [flares.renal_flare(subject.visits), hematologic_flare(subject)]
        assert {flare[0] for flare in found if flare is not None} <= days


NEVER = dict.fromkeys(DOMAINS, False)
HEALTHY = {
    **{"upcr": 0.1, "serum_creatinine": 70.0, "urine_rbc": 0.0, "urine_wbc": 0.0, "cellular_casts": False},
    **{"albumin": 42.0, "edema": False, "systolic_bp": 120.0, "diastolic_bp": 75.0, "coombs": False},
    **{"hemoglobin": 13.0, "reticulocytes": 1.0, "wbc": 6.0, "neutrophils": 3.5, "lymphocytes": 1.8},
    **{"platelets": 220.0, **{f"sledai_{name}": False for name in CLINICAL_DESCRIPTORS}},
}


def graded(present, before, activity, activity_before, gap=28, **values):
    """Grades other than E on day 28 of a woman of 35, whose descriptors were others `gap` days before."""
    first = visit_row(0, 0, "U1", 28 - gap, **HEALTHY | {f"sledai_{name}": True for name in before})
    second = visit_row(0, 0, "W4", 28, **HEALTHY | {f"sledai_{name}": True for name in present} | values)
    found = grades([first, second], 1, [activity_before, activity], age=35.0, sex="F", ever=NEVER)
    return {domain: grade for domain, grade in found.items() if grade != "E"}


GRADES = [
    (("arthritis",), ("arthritis",), 1.0, 1.0, {"musculoskeletal": "B"}),  # moderate, the same
    (("arthritis",), ("arthritis",), 1.0, 1.5, {"musculoskeletal": "C"}),  # ratio 0.67: improving
    (("arthritis",), (), 1.5, 1.0, {"musculoskeletal": "A"}),  # severe from 1.5, new
    (("arthritis",), ("arthritis",), 1.5, 2.5, {"musculoskeletal": "B"}),  # severe, 0.6: improving
    (("myositis",), (), 1.49, 1.0, {"musculoskeletal": "B"}),
    (("myositis",), (), 1.5, 1.0, {"musculoskeletal": "A"}),
    (("vasculitis",), (), 1.5, 1.0, {"mucocutaneous": "A"}),
    (("cva", "lupus_headache"), (), 1.0, 1.0, {"neuropsychiatric": "B"}),
    (("organic_brain_syndrome",), (), 1.0, 1.0, {"neuropsychiatric": "A"}),
    (("cranial_nerve_disorder",), (), 1.0, 1.0, {"neuropsychiatric": "A"}),
    (("rash",), (), 1.79, 1.0, {"mucocutaneous": "B"}),  # mild below 1.8, new
    (("rash",), (), 1.8, 1.0, {"mucocutaneous": "A"}),
    (("alopecia",), (), 1.0, 1.0, {"mucocutaneous": "C"}),
    (("alopecia",), (), 1.8, 1.0, {"mucocutaneous": "B"}),
    (("mucosal_ulcers",), (), 1.8, 1.0, {"mucocutaneous": "A"}),
    (("vasculitis",), (), 1.0, 1.0, {"mucocutaneous": "B"}),
    (("pleurisy", "pericarditis"), (), 1.0, 1.0, {"cardiorespiratory": "B"}),
    (("fever",), (), 1.0, 1.0, {"constitutional": "B"}),
    (("seizure",), (), 1.0, 1.0, {"neuropsychiatric": "B"}),
    (("psychosis",), (), 1.0, 1.0, {"neuropsychiatric": "A"}),
    (("visual_disturbance",), (), 1.0, 1.0, {"ophthalmic": "A"}),
    ((), ("arthritis",), 1.0, 1.0, {}),
]


@pytest.mark.parametrize("present, before, now, then, expected", GRADES)
def test_grades_that_descriptors_stand_for(present, before, now, then, expected):
    assert graded(present, before, now, then) == expected


def test_a_visit_less_than_14_days_before_is_not_compared():
    assert graded(("arthritis",), ("arthritis",), 1.0, 1.5, gap=14) == {"musculoskeletal": "C"}
    assert graded(("arthritis",), ("arthritis",), 1.0, 1.5, gap=13) == {"musculoskeletal": "B"}


def test_laboratory_domains_are_graded_from_the_visit():
    assert graded((), (), 1.0, 1.0, upcr=2.0, urine_rbc=9.0) == {"renal": "A"}
    assert graded((), (), 1.0, 1.0, hemoglobin=7.9, reticulocytes=3.0) == {"haematological": "A"}


def test_a_recorded_grade_stands_where_a_measurement_is_missing():
    assert graded((), (), 1.0, 1.0, upcr=2.0, urine_wbc=None, bilag_renal="C") == {"renal": "C"}
    assert graded((), (), 1.0, 1.0, platelets=20.0, coombs=None, bilag_haematological="B") == {
        "haematological": "B"
    }


def test_damage_counts_47_points_at_most():
    everything = {
        system: {item: 9 for item in items if system != "renal" or item == "esrd"}
        for system, items in damage.LARGEST.items()
    }
    assert damage.index(everything) == 47
    with pytest.raises(ValueError, match="renal"):
        damage.index({"renal": {"stone": 1}})


def test_damage_never_falls():
    assert damage.never_falling([0, 2, None, 1, 3]) == [0, 2, None, 2, 3]


def test_proteinuria_is_damage_after_half_a_year():
    assert damage.lasting_proteinuria([(-7, 3.5), (100, 1.0), (175, 3.6)])
    assert not damage.lasting_proteinuria([(0, 3.5), (181, 3.5)])
    assert not damage.lasting_proteinuria([(0, None)])
