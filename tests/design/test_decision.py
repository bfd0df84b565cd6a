"""Counting and deciding against a plain loop over patients, and at the edges."""

import numpy as np
import pytest

from sim.core.tables import Table, concatenate
from sim.design.evaluation import decide
from sim.design.rules import exact_binomial_threshold
from tests.design.virtual_trials import design, draw, trials_table

RATES = {"P1": (0.8, 0.9), "P2": (0.0, 0.6), "P3": (0.5, 0.0), "S1": (0.7, 0.7), "S3": (0.5, 0.4)}
EVALUABLE = {"P2": (0.0, 1.0), "P3": (1.0, 0.0), "S3": (0.8, 0.6)}


@pytest.fixture
def drawn():
    enrolled = np.array([[5, 5], [5, 5], [2, 5], [0, 0], [1, 2], [5, 4]] * 10)
    return draw(np.random.default_rng(5), enrolled, RATES, EVALUABLE)


def counted_by_hand(outcomes, trial, endpoint, subgroup=None):
    n = responders = 0
    for k in range(outcomes.length):
        same = outcomes["trial"][k] == trial and outcomes["endpoint"][k] == endpoint
        if same and outcomes["in_population"][k] and subgroup in (None, outcomes["subgroup"][k]):
            n += 1
            responders += int(outcomes["responder"][k] == 1)
    return n, responders


def test_counts_and_decisions_equal_a_loop_over_patients(drawn):
    outcomes, trials = drawn
    plan = design()
    decided = decide(outcomes, trials, plan)
    seen = set()
    for trial in range(0, 12):
        for endpoint in RATES:
            n, responders = counted_by_hand(outcomes, trial, endpoint)
            assert (decided[f"{endpoint}_n"][trial], decided[f"{endpoint}_responders"][trial]) == (n, responders)
            for subgroup in ("LN", "LC"):
                expected = counted_by_hand(outcomes, trial, endpoint, subgroup)
                stem = f"{endpoint}_{subgroup}"
                assert (decided[f"{stem}_n"][trial], decided[f"{stem}_responders"][trial]) == expected
            threshold = exact_binomial_threshold(n, plan.benchmarks.of(endpoint).null_rate, 0.05, 4)
            success = threshold is not None and responders >= threshold
            assert decided[f"exact_binomial_{endpoint}_success"][trial] == success
            seen.add(success)
    assert seen == {True, False}
    assert decided["filled"].tolist() == [True, True, False, False, False, False] * 10


def test_row_order_does_not_matter(drawn):
    outcomes, trials = drawn
    generator = np.random.default_rng(6)
    straight = decide(outcomes, trials, design())
    shuffled_trials = generator.permutation(trials.length)
    shuffled = decide(
        outcomes.where(generator.permutation(outcomes.length)), trials.where(shuffled_trials), design()
    )
    for name, column in straight.items():
        np.testing.assert_array_equal(shuffled[name], column[shuffled_trials])


def test_chunks_put_together_equal_one_table(drawn):
    outcomes, trials = drawn
    parts = [
        decide(outcomes.where(outcomes["trial"] % 3 == k), trials.where(trials["trial"] % 3 == k), design())
        for k in range(3)
    ]
    whole, together = decide(outcomes, trials, design()), concatenate(parts)
    order = np.argsort(together["trial"])
    for name, column in whole.items():
        np.testing.assert_array_equal(together[name][order], column)


def test_a_chunk_without_a_single_patient_has_the_same_columns(drawn):
    outcomes, trials = drawn
    nobody = decide(Table({}), trials_table(np.zeros((3, 2), dtype=int)), design())
    assert {name: column.dtype for name, column in nobody.items()} == {
        name: column.dtype for name, column in decide(outcomes, trials, design()).items()
    }
    assert not nobody["filled"].any() and not nobody["exact_binomial_P1_success"].any()
    assert nobody["P1_n"].tolist() == [0, 0, 0]


def test_an_endpoint_without_a_benchmark_is_counted_and_not_decided(drawn):
    outcomes, trials = drawn
    renamed = outcomes.adding({"endpoint": np.where(outcomes["endpoint"] == "S1", "S99", outcomes["endpoint"])})
    decided = decide(renamed, trials, design(), endpoints=["P1", "S99"])
    np.testing.assert_array_equal(decided["S99_n"], decided["P1_n"])
    assert "exact_binomial_S99_success" not in decided and "P2_n" not in decided


def test_a_responder_that_is_none_is_not_evaluated():
    outcomes, trials = draw(np.random.default_rng(0), np.array([[5, 5]]), {"P1": (1.0, 1.0)})
    responder = outcomes["responder"].copy()
    responder[:2] = -1
    decided = decide(outcomes.adding({"responder": responder}), trials, design())
    assert (decided["P1_n"][0], decided["P1_responders"][0]) == (8, 8)


def test_unknown_trials_and_subgroups_are_errors(drawn):
    outcomes, trials = drawn
    with pytest.raises(ValueError, match="not in trials"):
        decide(outcomes, trials.where(trials["trial"] > 0), design())
    with pytest.raises(ValueError, match="subgroup"):
        decide(outcomes.adding({"subgroup": np.full(outcomes.length, "XX")}), trials, design())


def test_a_million_trials_stay_small():
    usual = ["P1", "P2", "P3", "S1", "S3"]
    decided = decide(Table({}), trials_table(np.zeros((1000, 2), dtype=int)), design(), endpoints=usual)
    added = [column for name, column in decided.items() if name.startswith(("P", "S", "exact", "filled"))]
    assert sum(column.nbytes for column in added) / 1000 * 1e6 < 100e6
