"""The matrix as a whole: nulls, order of failures, missing values, words that are none."""

import numpy as np
import pytest

from sim.core.errors import InputError
from sim.core.tables import Table
from sim.screening.catalogue import CRITERIA, EVALUATION_ORDER
from sim.screening.matrix import criterion_matrix

EXCLUDING = {
    "E1": {"consent": False},
    "E2": {"liver_disease": True},
    "E3": {"active_severe_cns": True},
    "E4": {"biologic_days": 5.0},
    "E5": {"ivig_days": 5.0},
    "E6": {"pregnant_or_lactating": True},
    "E7": {"major_infection": True},
    "E8": {"serum_creatinine": 300.0},
}


def test_a_candidate_without_flaw_is_eligible_in_both_streams(candidates, rules):
    matrix = criterion_matrix(candidates({}, {"subgroup": "LC"}), rules())
    assert matrix["eligible"].tolist() == [True, True]
    assert matrix["failed"].tolist() == ["", ""]
    assert matrix["first_failure"].tolist() == ["", ""]


@pytest.mark.parametrize("name", EXCLUDING)
def test_every_exclusion_beats_any_inclusion(candidates, rules, name):
    matrix = criterion_matrix(candidates(EXCLUDING[name]), rules())
    assert not matrix["eligible"][0]
    assert matrix["failed"][0] == matrix["first_failure"][0] == name


def test_failures_stand_in_the_order_of_evaluation(candidates, rules):
    everything = {"age": 80.0, "donor_found": False, "ana_titer": 0.0, "anti_dsdna": 1.0, "prednisone_dose": 5.0}
    everything |= {
        "regimen_response": "complete",
        "biopsy_class": "II",
        "ever_renal": False,
        "ever_synovitis": False,
    }
    for changes in EXCLUDING.values():
        everything |= changes
    matrix = criterion_matrix(candidates(everything, {"donor_found": False, "consent": False}), rules())
    assert matrix["failed"].tolist() == [",".join(EVALUATION_ORDER), "E1,I1"]
    assert matrix["first_failure"].tolist() == ["I0", "E1"]


def test_criteria_of_the_other_subgroup_are_null(candidates, rules):
    matrix = criterion_matrix(candidates({}, {"subgroup": "LC"}), rules())
    for criterion in CRITERIA:
        for row, stream in enumerate(("LN", "LC")):
            null = criterion.subgroup not in ("", stream)
            assert (matrix[criterion.id][row] == -1) == null


def test_creatinine_over_250_excludes_no_cytopenia_candidate(candidates, rules):
    matrix = criterion_matrix(candidates({"subgroup": "LC", "serum_creatinine": 400.0}), rules())
    assert matrix["eligible"][0]
    assert matrix["E8"][0] == -1


def test_with_either_rule_the_parts_of_both_are_kept(candidates, rules):
    matrix = criterion_matrix(candidates({}, {"subgroup": "LC"}), rules("subgroup_assignment=both"))
    assert matrix["I5_1P"].tolist() == [0, 1]
    assert matrix["I5_2"].tolist() == [1, 0]
    assert matrix["I5"].tolist() == [1, 1]


def test_missing_values_meet_no_inclusion_and_do_not_exclude(candidates, rules):
    names = ("age", "donor_age", "ana_titer", "anti_dsdna", "prednisone_dose", "regimen_dose", "upcr_2")
    missing = dict.fromkeys(names, np.nan)
    matrix = criterion_matrix(candidates(missing | {"serum_creatinine": np.nan}), rules())
    # Two clinical and two immunologic SLICC criteria remain.
    assert matrix["failed"][0] == "I0,I3,I4,I5,I1"


@pytest.mark.parametrize("others", [[], [{}]], ids=["alone", "beside a known one"])
def test_an_unknown_word_is_refused_with_its_column(candidates, rules, others):
    with pytest.raises(InputError, match=r"candidates.biopsy_class: 'IV' is not allowed; allowed: I, II"):
        criterion_matrix(candidates({"biopsy_class": "IV"}, *others), rules())


def test_nullable_flags_equal_plain_ones(candidates, rules):
    table = candidates(*EXCLUDING.values())
    flags = {name: column.astype(np.int8) for name, column in table.items() if column.dtype == np.bool_}
    plain, nullable = criterion_matrix(table, rules()), criterion_matrix(table.adding(flags), rules())
    for name in plain:
        assert np.array_equal(plain[name], nullable[name])


def test_no_candidates_give_an_empty_matrix(candidates, rules):
    empty = candidates({}).where(np.zeros(1, bool))
    matrix = criterion_matrix(empty, rules())
    assert isinstance(matrix, Table)
    assert matrix.length == 0
