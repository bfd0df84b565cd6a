"""Laws that the row-by-row criteria keep on any candidate."""

import numpy as np
import pytest

from tests.independent.criteria import EVALUATION_ORDER, evaluate
from tests.independent.random_candidates import CUMULATIVE_FLAGS, EXCLUSION_FLAGS, random_candidate

# Of each pair the second reading admits everybody whom the first admits.
STRICT_AND_LOOSE = [
    ({"ln_lab_rule": "ALL3"}, {"ln_lab_rule": "PROT_ANY"}),
    ({"ln_lab_rule": "PROT_ANY"}, {"ln_lab_rule": "ANY2"}),
    ({"casts_scope": "sediment"}, {"casts_scope": "everything"}),
    ({"ln_lab_samples": 3}, {"ln_lab_samples": 1}),
    ({"ln_labs_and_biopsy": "both"}, {"ln_labs_and_biopsy": "either"}),
    ({"biopsy_max_age_days": 180}, {"biopsy_max_age_days": 365}),
    ({"serology_rule": "and"}, {"serology_rule": "or"}),
    ({"refractory_rule": "and"}, {"refractory_rule": "or"}),
    ({"steroid_dependent_dose": 20.0}, {"steroid_dependent_dose": 15.0}),
    ({"other_immunosuppressants": False}, {"other_immunosuppressants": True}),
    ({"slicc_standalone": False}, {"slicc_standalone": True}),
    ({"allergy_rule": "any"}, {"allergy_rule": "significant"}),
    ({"biologic_rule": "any"}, {"biologic_rule": "kct"}),
    ({"biologic_rule": "kct"}, {"biologic_rule": "investigational"}),
    ({"ivig_rule": "recent"}, {"ivig_rule": "current"}),
    ({"donor_min_age": 18.0}, {"donor_min_age": 0.0}),
    ({"lymphopenia_counts": "no"}, {"lymphopenia_counts": "with_attribution"}),
    ({"lymphopenia_counts": "with_attribution"}, {"lymphopenia_counts": "yes"}),
    ({"lineage_rule": "white_both"}, {"lineage_rule": "any"}),
    ({"reticulocyte_min": 2.5}, {"reticulocyte_min": 2.0}),
    ({"require_non_lymphopenia": True}, {"require_non_lymphopenia": False}),
    ({"ana_positive_titer": 80.0}, {"ana_positive_titer": 40.0}),
]


@pytest.fixture(scope="module")
def candidates():
    rng = np.random.default_rng(20190926)
    return [random_candidate(rng) for _ in range(2000)]


@pytest.mark.parametrize(("strict", "loose"), STRICT_AND_LOOSE, ids=str)
def test_looser_reading_never_turns_anybody_away(candidates, strict, loose):
    assert all(evaluate(one, **loose)["eligible"] for one in candidates if evaluate(one, **strict)["eligible"])


@pytest.mark.parametrize("name", [name for name in EXCLUSION_FLAGS if name != "history_allergy"])
def test_every_exclusion_beats_any_inclusion(candidates, name):
    assert not any(evaluate(one | {name: True})["eligible"] for one in candidates)


def test_eligible_is_to_fail_nothing_and_failures_come_in_order(candidates):
    for one in candidates:
        found = evaluate(one)
        wrong = [name for name in EVALUATION_ORDER if found[name] is (not name.startswith("I"))]
        assert found["failed"] == wrong
        assert found["eligible"] == (wrong == [])
        assert found["first_failure"] == next(iter(wrong), None)


def test_shift_below_the_tolerance_changes_nothing(candidates):
    # No drawn value lies between 5e-10 and 2e-9 from a limit, so 4e-10 cannot carry one over 1e-9.
    for shift in (-4e-10, 4e-10):
        for one in candidates:
            moved = {name: value + shift if type(value) is float else value for name, value in one.items()}
            assert evaluate(moved) == evaluate(one)


def test_missing_measurement_never_meets_an_inclusion_criterion(candidates):
    for name in ("hemoglobin", "neutrophils", "lymphocytes", "platelets", "upcr_2", "ana_titer", "donor_age"):
        for one in candidates:
            whole, holed = evaluate(one), evaluate(one | {name: None})
            assert whole["eligible"] or not holed["eligible"]


def test_another_cumulative_flag_never_costs_the_classification_unless_hemolysis_hides_coombs(candidates):
    for flag in (name for name in CUMULATIVE_FLAGS if name != "hemolytic_anemia"):
        for one in candidates[:300]:
            assert evaluate(one | {"ever_" + flag: True})["I2"] or not evaluate(one)["I2"]


def test_number_for_a_flag_is_refused(candidates):
    with pytest.raises(TypeError, match="consent=1: a flag is True, False or None"):
        evaluate(candidates[0] | {"consent": 1})


def test_unknown_reading_value_and_subgroup_are_refused(candidates):
    with pytest.raises(ValueError, match="ln_lab_rule='SOME': allowed are"):
        evaluate(candidates[0], ln_lab_rule="SOME")
    with pytest.raises(ValueError, match="subgroup='XX': allowed are LN and LC"):
        evaluate(candidates[0] | {"subgroup": "XX"})
    with pytest.raises(TypeError, match="unexpected keyword"):
        evaluate(candidates[0], lab_rule="ALL3")
