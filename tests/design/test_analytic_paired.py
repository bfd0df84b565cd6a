"""Paired changes against closed forms on coins whose dependence is known."""

import itertools

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.design.paired import (
    both_ways,
    paired,
    pairs_together,
    power_change,
    rate_change,
    screened_change,
    side_by_side,
)
from sim.stats.monte_carlo import mean_mcse

TRIALS = 40_000


def counts(responders, n=10):
    return Table({"P1_n": np.full(len(responders), n), "P1_responders": np.asarray(responders)})


@pytest.fixture(scope="module")
def coins():
    """Ten coins a trial at .4, and the same coins where a further tenth of the tails is turned to heads."""
    random = np.random.default_rng(5)
    first = random.random((TRIALS, 10))
    turned = (first < 0.4) | (random.random((TRIALS, 10)) < 0.1)
    return counts((first < 0.4).sum(axis=1)), counts(turned.sum(axis=1))


def test_rate_change_and_its_error(coins):
    change, error = rate_change(*coins, "P1", "all")
    truth = 0.6 * 0.1
    assert abs(change - truth) < 4.5 * error
    assert error == pytest.approx(np.sqrt(truth * (1 - truth) / (10 * TRIALS)), rel=0.03)


def test_rate_change_of_the_same_trials_is_nothing(coins):
    assert rate_change(coins[0], coins[0], "P1", "all") == (0.0, 0.0)


def test_no_patient_no_rate(coins):
    empty = counts(np.zeros(5, int), n=0)
    assert np.isnan(rate_change(empty, empty, "P1", "all")).all()


def test_power_change_counts_trials_that_turn(coins):
    design = load().design
    change, error = power_change((coins[0], design), (coins[1], design), "P1", "all", 0.05)
    before, after = ((table["P1_responders"] >= 9).astype(float) for table in coins)
    assert change == pytest.approx(after.mean() - before.mean(), abs=1e-12)
    assert error == pytest.approx((after - before).std(ddof=1) / np.sqrt(TRIALS))


def test_power_change_asks_for_a_benchmark(coins):
    table = coins[0].adding({"S9_n": coins[0]["P1_n"], "S9_responders": coins[0]["P1_responders"]})
    with pytest.raises(ValueError, match="S9"):
        power_change((table, load().design), (table, load().design), "S9", "all", 0.05)


def test_error_of_a_mean_needs_two_values():
    assert np.isnan(mean_mcse(np.array([1.0])))
    assert mean_mcse(np.array([1.0, 3.0])) == pytest.approx(1.0)
    assert mean_mcse([1.0, 3.0, 4.0], [2, 1, 3]) == pytest.approx(mean_mcse([1.0, 1.0, 3.0, 4.0, 4.0, 4.0]))


def trials_of(table, seed):
    screened = np.random.default_rng(seed).integers(100, 400, table.length)
    return table.adding({"filled": np.ones(table.length, bool), "n_screened": screened})


@pytest.mark.parametrize("cuts", [[], [7], [1, 2, 3999]])
def test_counted_pairs_say_what_the_trials_one_by_one_say(coins, cuts):
    before, after = (trials_of(table.where(slice(4000)), seed) for seed, table in enumerate(coins))
    trials = side_by_side(before, after)
    places = [0, *cuts, trials.length]
    parts = [paired(trials.where(slice(*ends))) for ends in itertools.pairwise(places)]
    found = pairs_together(parts)
    assert found.n_trials == 4000
    assert found.rows < 200
    counted = found.endpoints["P1"]
    rows, times, design = both_ways(counted), counted["trials"], load().design
    assert rate_change(*rows, "P1", "all", times) == pytest.approx(rate_change(before, after, "P1", "all"))
    changes = [
        power_change((one, design), (other, design), "P1", "all", 0.05, weights)
        for one, other, weights in ((*rows, times), (before, after, 1))
    ]
    assert changes[0] == pytest.approx(changes[1])
    difference = (after["n_screened"] - before["n_screened"]).astype(float)
    assert screened_change(found) == pytest.approx(
        {
            "screened": after["n_screened"].mean(),
            "screened_mcse": after["n_screened"].std(ddof=1) / np.sqrt(4000),
            "screened_change": difference.mean(),
            "screened_change_mcse": difference.std(ddof=1) / np.sqrt(4000),
        }
    )


def test_one_trial_has_no_error(coins):
    one = trials_of(coins[0].where(slice(1)), 3)
    assert np.isnan(screened_change(paired(side_by_side(one, one)))["screened_mcse"])
