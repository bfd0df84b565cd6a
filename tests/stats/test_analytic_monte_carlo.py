"""Monte Carlo standard errors against closed forms and against repetition."""

import numpy as np
import pytest
from scipy import stats

from sim.stats import monte_carlo


def assert_covers_as_promised(estimates, errors, truth):
    """95 % intervals cover as often as they should; the alarm rings falsely once in 150,000 (z = 4.5)."""
    covered = np.abs(estimates - truth) <= 1.959964 * errors
    spread = np.sqrt(0.95 * 0.05 / covered.size)
    assert abs(covered.mean() - 0.95) < 4.5 * spread + 0.004  # and the normal approximation's own error


def test_proportion_error_is_the_binomial_one():
    assert monte_carlo.proportion_mcse(0.2, 400) == pytest.approx(0.02)
    assert monte_carlo.proportion_mcse(1.0, 400) == 0.0
    assert np.isnan(monte_carlo.proportion_mcse(0.5, 0))


def test_stratified_error_by_hand():
    # 0.9 and 0.3 in equal strata of 500: sqrt(0.25 * 0.09 / 500 + 0.25 * 0.21 / 500)
    assert monte_carlo.stratified_mcse([450, 150], [500, 500]) == pytest.approx(np.sqrt(0.25 * 0.30 / 500))
    assert monte_carlo.stratified_mcse([450, 0], [500, 0]) == pytest.approx(np.sqrt(0.09 / 500))
    assert np.isnan(monte_carlo.stratified_mcse([0, 0], [0, 0]))


def test_stratified_error_is_smaller_than_the_pooled_one_when_strata_differ():
    pooled = monte_carlo.proportion_mcse(0.6, 1000)
    assert monte_carlo.stratified_mcse([450, 150], [500, 500]) < 0.8 * pooled
    assert monte_carlo.stratified_mcse([300, 300], [500, 500]) == pytest.approx(pooled)


def test_ratio_error_of_constant_denominators_is_that_of_a_mean():
    responders = np.array([1, 4, 2, 5, 3, 3])
    expected = stats.sem(responders / 5)
    assert monte_carlo.ratio_mcse(responders, np.full(6, 5)) == pytest.approx(expected)


def test_ratio_error_needs_two_trials_and_a_patient():
    assert np.isnan(monte_carlo.ratio_mcse([3], [5]))
    assert np.isnan(monte_carlo.ratio_mcse([0, 0], [0, 0]))


def test_stratified_error_covers_over_repetitions():
    generator = np.random.default_rng(1)
    x = generator.binomial([2000, 2000], [0.9, 0.3], size=(4000, 2))
    errors = np.array([monte_carlo.stratified_mcse(row, [2000, 2000]) for row in x])
    assert_covers_as_promised(x.sum(axis=1) / 4000, errors, 0.6)


def test_ratio_error_covers_with_random_denominators_and_coupled_patients():
    generator = np.random.default_rng(2)
    repetitions, trials = 2000, 400
    n = generator.binomial(10, 0.7, size=(repetitions, trials))
    rate = generator.choice([0.2, 0.6], size=(repetitions, trials))  # all patients of a trial share a rate
    x = generator.binomial(n, rate)
    errors = np.array([monte_carlo.ratio_mcse(*pair) for pair in zip(x, n, strict=True)])
    assert_covers_as_promised(x.sum(axis=1) / n.sum(axis=1), errors, 0.4)
    binomial_error = monte_carlo.proportion_mcse(0.4, 7 * trials)
    assert np.mean(errors) > 1.3 * binomial_error
