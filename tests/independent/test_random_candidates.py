"""The difficult candidates are difficult: both answers to every criterion, both sides of every threshold."""

import random

import numpy as np
import pytest

from tests.hand_worked.candidates import LC, LN
from tests.independent.classification import acr_items, slicc_items
from tests.independent.criteria import COLUMNS, evaluate
from tests.independent.random_candidates import random_candidate

LIMITS = {
    "age": (18, 70),
    "donor_age": (18, 70),
    "serum_creatinine": (106, 250),
    "serum_creatinine_1": (106,),
    "upcr_2": (1,),
    "urine_rbc_3": (10,),
    "hemoglobin": (10,),
    "reticulocytes": (2, 2.5),
    "neutrophils": (1,),
    "lymphocytes": (1.5,),
    "platelets": (100,),
    "anti_dsdna": (15,),
    "prednisone_dose": (15,),
}
WHOLE_LIMITS = {"biopsy_age_days": (365, 180), "biologic_days": (182, 365), "ivig_days": (28, 90)}
WHOLE_LIMITS |= {"regimen_days": (182,)}
OTHER_READINGS = [
    *({"ln_lab_rule": "ANY2"}, {"ln_lab_rule": "PROT_ANY"}, {"casts_scope": "everything"}, {"ln_lab_samples": 1}),
    *({"ln_labs_and_biopsy": "either"}, {"biopsy_max_age_days": 180}, {"serology_rule": "and"}),
    *({"refractory_rule": "and"}, {"steroid_dependent_dose": 20.0}, {"other_immunosuppressants": True}),
    *({"slicc_standalone": True}, {"subgroup_assignment": "both"}, {"allergy_rule": "any"}),
    *({"biologic_rule": "investigational"}, {"biologic_rule": "any"}, {"ivig_rule": "current"}),
    *({"donor_min_age": 0.0}, {"lymphopenia_counts": "no"}, {"lymphopenia_counts": "yes"}),
    *({"lineage_rule": "white_both"}, {"reticulocyte_min": 2.0}, {"require_non_lymphopenia": True}),
    {"ana_positive_titer": 40.0},
]


@pytest.fixture(scope="module")
def candidates():
    rng = np.random.default_rng(4835883)
    return [random_candidate(rng) for _ in range(6000)]


def test_both_answers_to_every_criterion_and_both_verdicts(candidates):
    found = [evaluate(candidate) for candidate in candidates]
    for column in (*COLUMNS, "eligible"):
        wanted = {True} if column == "I0b" else {True, False}
        assert wanted <= {one[column] for one in found}, column


def test_every_criterion_is_somebody_s_first_failure_in_both_subgroups(candidates):
    first = {(candidate["subgroup"], evaluate(candidate)["first_failure"]) for candidate in candidates}
    ids = {None, "I0", "I1", "I2", "I3", "I4", "I5", "E1", "E2", "E3", "E4", "E5", "E6", "E7"}
    assert first == {(subgroup, name) for subgroup in ("LN", "LC") for name in ids} | {("LN", "E8")}


def test_every_classification_item_is_met_by_some_and_not_by_others(candidates):
    for items in (slicc_items, acr_items):
        counted = [items(candidate) for candidate in candidates]
        for name in counted[0]:
            assert {one[name] for one in counted} == {True, False}, name


@pytest.mark.parametrize("column", LIMITS)
def test_measurements_fall_below_at_above_and_within_tolerance_of_each_limit(candidates, column):
    values = [candidate[column] for candidate in candidates if candidate[column] is not None]
    for limit in LIMITS[column]:
        distances = [value - limit for value in values if abs(value - limit) < 1e-5]
        assert 0.0 in distances
        assert any(0 < abs(distance) < 1e-9 for distance in distances)
        assert any(distance < -1e-9 for distance in distances)
        assert any(distance > 1e-9 for distance in distances)


@pytest.mark.parametrize("column", WHOLE_LIMITS)
def test_days_fall_before_on_and_after_each_limit(candidates, column):
    values = {candidate[column] for candidate in candidates}
    for limit in WHOLE_LIMITS[column]:
        assert {limit - 1, limit, limit + 1} <= values


@pytest.mark.parametrize("readings", OTHER_READINGS, ids=str)
def test_every_reading_changes_the_verdict_on_somebody(candidates, readings):
    assert any(evaluate(one)["eligible"] != evaluate(one, **readings)["eligible"] for one in candidates)


def test_columns_are_those_of_the_hand_worked_candidates_and_plain_values(candidates):
    for candidate in candidates:
        assert set(candidate) == set(LN) == set(LC)
        assert {type(value) for value in candidate.values()} <= {str, bool, int, float, type(None)}


def test_last_sample_is_the_third_of_the_nephritis_stream(candidates):
    for one in candidates:
        for name in ("serum_creatinine", "upcr", "urine_rbc", "cellular_casts"):
            assert one[name + "_3"] == (one[name] if one["subgroup"] == "LN" else None)


def test_same_seed_gives_the_same_candidate_whichever_library_draws():
    for generator in (random.Random, np.random.default_rng):
        assert random_candidate(generator(3)) == random_candidate(generator(3)) != random_candidate(generator(4))
