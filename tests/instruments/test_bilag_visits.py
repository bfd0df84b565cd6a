"""BILAG-2004 of a table of visits: the grades that measurements and descriptors of hand-written visits give."""

from typing import Any

import numpy as np
import pytest

from sim.core.tables import Table
from sim.instruments.bilag import DOMAINS, letters_of
from sim.instruments.bilag_visits import bilag_at_visits
from sim.instruments.sledai import NAMES

HEALTHY = {
    **{"upcr": 0.1, "serum_creatinine": 60.0, "egfr": 110.0, "urine_rbc": 1.0, "urine_wbc": 1.0, "albumin": 42.0},
    **{"systolic_bp": 120.0, "diastolic_bp": 75.0, "hemoglobin": 13.0, "reticulocytes": 1.0, "wbc": 6.0},
    **{"neutrophils": 4.0, "lymphocytes": 1.6, "platelets": 250.0},
}
FLAGS = ("cellular_casts", "edema", "coombs")


def grades(*visits: tuple[str, int, dict[str, Any]], **history: Any) -> list[dict[str, str]]:
    """Letters by domain at each visit of one patient; a visit is (name, day, what differs from health)."""
    columns: dict[str, Any] = {
        "visit": np.array([name for name, _, _ in visits]),
        "day": np.array([float(day) for _, day, _ in visits]),
        "attended": np.array([not more.get("missed", False) for _, _, more in visits]),
    }
    for name, value in HEALTHY.items():
        columns[name] = np.array([float(more.get(name, value)) for _, _, more in visits])
    for name in (*FLAGS, *(f"sledai_{item}" for item in NAMES)):
        columns[name] = np.array([more.get(name.removeprefix("sledai_"), 0) for _, _, more in visits], np.int8)
    for item in ("arthritis", "rash", "pleurisy", "pericarditis"):
        columns[f"item_activity_{item}"] = np.array(
            [more.get(f"{item}_activity", np.nan) for _, _, more in visits]
        )
    involved = {name: np.array([flag], np.int8) for name, flag in history.get("involved", {}).items()}
    biopsy = np.array([float(history.get("biopsy_age_days", np.nan))])
    subject = np.zeros(len(visits), np.int64)
    found = bilag_at_visits(Table(columns), subject, involved, biopsy)
    letters = {name: letters_of(found[name]).tolist() for name in DOMAINS}
    return [{name: letters[name][place] for name in DOMAINS} for place in range(len(visits))]


def test_health_is_e_everywhere_and_d_where_the_domain_was_affected_before():
    (only,) = grades(("D0", 0, {}), involved={"renal": 1, "musculoskeletal": 1})
    assert only == dict.fromkeys(DOMAINS, "E") | {"renal": "D", "musculoskeletal": "D"}


@pytest.mark.parametrize("name", ["D3", "W1", "W12D3", "W13"])
def test_three_and_seven_days_after_an_infusion_nothing_is_graded(name):
    assert set(grades((name, 3, {"arthritis": 1, "arthritis_activity": 1.0}))[0].values()) == {""}


def test_a_missed_visit_is_not_graded():
    assert set(grades(("W4", 28, {"missed": True}))[0].values()) == {""}


@pytest.mark.parametrize(
    ("before", "now", "grade"),
    [
        ({}, {"arthritis": 1, "arthritis_activity": 1.0}, "B"),
        ({}, {"arthritis": 1, "arthritis_activity": 1.49}, "B"),
        ({}, {"arthritis": 1, "arthritis_activity": 1.5}, "A"),
        ({"arthritis": 1, "arthritis_activity": 2.0}, {"arthritis": 1, "arthritis_activity": 1.4}, "C"),
        ({"arthritis": 1, "arthritis_activity": 3.0}, {"arthritis": 1, "arthritis_activity": 2.1}, "B"),
        ({"arthritis": 1, "arthritis_activity": 1.0}, {}, "D"),
    ],
)
def test_joints_by_what_was_observed_and_how_it_changed(before, now, grade):
    assert grades(("D0", 0, before), ("W4", 28, now))[1]["musculoskeletal"] == grade


def test_an_assessment_less_than_fourteen_days_before_is_no_comparison():
    sick = {"arthritis": 1, "arthritis_activity": 1.0}
    better = {"arthritis": 1, "arthritis_activity": 0.7}
    assert grades(("W4", 28, sick), ("U1", 41, better))[1]["musculoskeletal"] == "B"
    assert grades(("W4", 28, sick), ("U1", 42, better))[1]["musculoskeletal"] == "C"


def test_of_two_descriptors_of_one_item_the_more_active_counts():
    first = {"pleurisy": 1, "pleurisy_activity": 1.0}
    second = {"pericarditis": 1, "pericarditis_activity": 0.7}
    assert grades(("D0", 0, first), ("W4", 28, second))[1]["cardiorespiratory"] == "C"
    both = second | {"pleurisy": 1, "pleurisy_activity": 1.1}
    assert grades(("D0", 0, first), ("W4", 28, both))[1]["cardiorespiratory"] == "B"


def test_a_manifestation_of_the_nervous_system_stays_the_same_until_it_is_gone():
    found = grades(("D0", 0, {"psychosis": 1}), ("W4", 28, {"psychosis": 1}), ("W8", 56, {}))
    assert [visit["neuropsychiatric"] for visit in found] == ["A", "A", "D"]


def test_a_kidney_without_improvement_and_with_sediment_is_a():
    active = {"upcr": 2.0, "urine_rbc": 20.0}
    found = grades(("D0", 0, active), ("W4", 28, active | {"upcr": 1.4}), ("W8", 56, {"upcr": 0.3}))
    assert [visit["renal"] for visit in found] == ["A", "B", "C"]


def test_a_biopsy_counts_for_three_months():
    found = grades(("D0", 0, {"upcr": 2.0}), ("W4", 28, {"upcr": 2.0}), biopsy_age_days=80.0)
    assert [visit["renal"] for visit in found] == ["A", "B"]


@pytest.mark.parametrize(
    ("counts", "grade"),
    [
        ({"platelets": 24.0}, "A"),
        ({"platelets": 25.0}, "B"),
        ({"platelets": 50.0}, "C"),
        ({"hemoglobin": 7.9, "reticulocytes": 3.0}, "A"),
        ({"hemoglobin": 9.9, "reticulocytes": 3.0}, "B"),
        ({"hemoglobin": 9.9}, "C"),
        ({"coombs": 1}, "C"),
    ],
)
def test_blood(counts, grade):
    assert grades(("D0", 0, counts))[0]["haematological"] == grade
