"""Exact power against enumeration, SciPy, and numerical derivatives."""

import numpy as np
import pytest
from scipy import stats

from sim.design.closed_form import exact_power
from sim.stats import binomial


def needs_nine(n):
    return 9 if n == 10 else None


def half(n):
    return binomial.critical_value(n, 0.3, 0.1)


def test_one_stratum_is_binomial():
    power, _ = exact_power(np.full((7, 1), 10), np.array([0.64]), np.array([0.01]), needs_nine)
    assert power == pytest.approx(stats.binom.sf(8, 10, 0.64), rel=1e-12)


def test_two_strata_are_poisson_binomial_and_not_binomial():
    sizes = np.full((3, 2), 5)
    power, _ = exact_power(sizes, np.array([0.9, 0.3]), np.zeros(2), needs_nine)
    first, second = (stats.binom.pmf(np.arange(6), 5, rate) for rate in (0.9, 0.3))
    assert power == pytest.approx(np.convolve(first, second)[9:].sum(), rel=1e-12)
    assert stats.binom.sf(8, 10, 0.6) > 2 * power


def test_random_numbers_are_a_mixture():
    sizes = np.array([[4], [10], [10], [2], [0]])
    power, error = exact_power(sizes, np.array([0.5]), np.zeros(1), half)
    by_size = [stats.binom.sf(half(n) - 1, n, 0.5) if half(n) else 0.0 for n in (4, 10, 10, 2, 0)]
    assert power == pytest.approx(np.mean(by_size), rel=1e-12)
    assert error == pytest.approx(np.std(by_size) / np.sqrt(5), rel=1e-12)


def test_error_of_the_rates_is_the_numerical_derivative_times_their_error():
    sizes, errors = np.array([[5, 5], [3, 5]] * 1000000), np.array([0.02, 0.03])
    rates, step = np.array([0.7, 0.4]), 1e-6
    _, error = exact_power(sizes, rates, errors, half)

    def at(shift):
        return exact_power(sizes, rates + shift, np.zeros(2), half)[0]

    slopes = [(at(step * unit) - at(-step * unit)) / (2 * step) for unit in np.eye(2)]
    powers = [exact_power(sizes[k : k + 1], rates, np.zeros(2), half)[0] for k in (0, 1)]
    expected = np.hypot(np.linalg.norm(np.array(slopes) * errors), np.std(powers) / np.sqrt(len(sizes)))
    assert error == pytest.approx(expected, rel=1e-5)


def test_a_stratum_without_patients_needs_no_rate():
    power, error = exact_power(np.array([[10, 0]]), np.array([0.8, np.nan]), np.array([0.01, np.nan]), needs_nine)
    assert power == pytest.approx(stats.binom.sf(8, 10, 0.8), rel=1e-12)
    assert error > 0


def test_nothing_succeeds_without_patients_and_nothing_is_known_without_trials():
    assert exact_power(np.zeros((4, 2), dtype=int), np.full(2, np.nan), np.full(2, np.nan), half) == (0.0, 0.0)
    assert all(np.isnan(exact_power(np.zeros((0, 1), dtype=int), np.ones(1), np.ones(1), half)))
