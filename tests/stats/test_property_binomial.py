"""What must hold for every sample size, rate and level."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.stats import binomial

SIZES = st.integers(0, 80)
RATES = st.floats(0.005, 0.995)
LEVELS = st.floats(0.001, 0.5)


@given(SIZES, RATES, LEVELS)
def test_attained_size_never_exceeds_alpha(n, rate, alpha):
    assert binomial.attained_size(n, rate, alpha) <= alpha * (1 + 1e-9)


@given(SIZES, RATES, LEVELS)
def test_critical_value_is_the_smallest_that_rejects(n, rate, alpha):
    critical = binomial.critical_value(n, rate, alpha)
    if critical is None:
        assert binomial.upper_tail(n, n, rate) > alpha
    else:
        assert binomial.upper_tail(critical - 1, n, rate) > alpha


@given(st.integers(1, 80), RATES, LEVELS)
def test_one_more_responder_never_undoes_a_rejection(n, rate, alpha):
    rejects = binomial.upper_tail(np.arange(n + 1), n, rate) <= alpha
    assert np.all(np.diff(rejects.astype(int)) >= 0)


@given(st.integers(1, 80), RATES, RATES, LEVELS)
def test_a_higher_benchmark_never_needs_fewer_responders(n, first, second, alpha):
    low, high = sorted((first, second))
    easy, hard = binomial.critical_value(n, low, alpha), binomial.critical_value(n, high, alpha)
    assert hard is None or (easy is not None and easy <= hard)


@given(st.integers(1, 60), st.integers(1, 60), RATES, RATES)
def test_power_grows_with_the_true_rate(n, critical, first, second):
    low, high = sorted((first, second))
    assert binomial.power(n, critical, low) <= binomial.power(n, critical, high)


@given(st.lists(st.floats(0.0, 1.0), max_size=25))
def test_poisson_binomial_is_a_distribution_with_the_right_mean_and_variance(rates):
    probabilities = binomial.poisson_binomial(rates)
    counts = np.arange(len(rates) + 1)
    mean = probabilities @ counts
    assert probabilities.min() >= 0.0
    assert np.isclose(probabilities.sum(), 1.0, atol=1e-12)
    assert np.isclose(mean, sum(rates), atol=1e-10)
    assert np.isclose(probabilities @ (counts - mean) ** 2, sum(p * (1 - p) for p in rates), atol=1e-9)


@given(st.lists(st.floats(0.0, 1.0), max_size=12), st.randoms(use_true_random=False))
def test_poisson_binomial_does_not_depend_on_the_order_of_patients(rates, random):
    shuffled = random.sample(rates, len(rates))
    np.testing.assert_allclose(
        binomial.poisson_binomial(rates), binomial.poisson_binomial(shuffled), rtol=1e-12, atol=1e-300
    )
