"""Paired changes against closed forms on coins whose dependence is known."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.design.paired import mean_error, power_change, rate_change

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
    assert np.isnan(mean_error(np.array([1.0])))
    assert mean_error(np.array([1.0, 3.0])) == pytest.approx(1.0)
