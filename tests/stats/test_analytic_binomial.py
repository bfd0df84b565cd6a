"""The exact test against rational arithmetic, SciPy, enumeration of all outcomes, and textbook values."""

import itertools
from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import stats

from sim.stats import binomial


def exact_tail(count: int, n: int, rate: Fraction) -> Fraction:
    return sum((comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(count, n + 1)), start=Fraction(0))


def exact_critical_value(n: int, rate: Fraction, alpha: Fraction) -> int | None:
    return next((c for c in range(n + 1) if exact_tail(c, n, rate) <= alpha), None)


@pytest.mark.parametrize("percent", [2, 5, 15, 20, 30, 35, 50, 60, 75])
@pytest.mark.parametrize("alpha_percent", [5, 10, 25])
def test_critical_value_equals_rational_arithmetic_even_at_ties(percent, alpha_percent):
    for n in range(31):
        expected = exact_critical_value(n, Fraction(percent, 100), Fraction(alpha_percent, 100))
        assert binomial.critical_value(n, percent / 100, alpha_percent / 100) == expected


def test_a_tail_equal_to_alpha_rejects():
    assert binomial.critical_value(1, 0.05, 0.05) == 1
    assert binomial.critical_value(2, 0.5, 0.25) == 2
    assert binomial.critical_value(1, 0.0501, 0.05) is None


def test_critical_values_of_the_ten_patient_design():
    assert [binomial.critical_value(10, rate, 0.05) for rate in (0.5, 0.6, 0.3)] == [9, 9, 6]
    assert binomial.critical_value(5, 0.15, 0.05) == 3
    assert binomial.critical_value(5, 0.05, 0.05) == 2


def test_no_critical_value_where_even_all_responding_is_likely():
    assert binomial.critical_value(0, 0.5, 0.05) is None
    assert binomial.critical_value(5, 0.6, 0.05) is None  # 0.6**5 = 0.078
    assert binomial.attained_size(5, 0.6, 0.05) == 0.0
    assert binomial.power(5, None, 0.99) == 0.0
    assert binomial.power_poisson_binomial([0.9] * 5, None) == 0.0
    assert np.isnan(binomial.rate_for_power(5, None, 0.8))


def test_negative_number_of_patients_is_refused():
    with pytest.raises(ValueError, match="n is -1"):
        binomial.critical_value(-1, 0.5, 0.05)


@pytest.mark.parametrize("n", [1, 5, 10, 40, 300])
@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.05, 0.5, 0.92, 1.0])
def test_tails_equal_scipy(n, rate):
    counts = np.arange(-1, n + 2)
    np.testing.assert_allclose(
        binomial.upper_tail(counts, n, rate), stats.binom.sf(counts - 1, n, rate), rtol=1e-10, atol=1e-300
    )


def test_power_of_a_known_rate_is_the_binomial_tail():
    assert binomial.power(10, 9, 0.5) == pytest.approx(11 / 1024, rel=1e-12)
    assert binomial.attained_size(10, 0.5, 0.05) == pytest.approx(11 / 1024, rel=1e-12)


@pytest.mark.parametrize(("n", "critical"), [(1, 1), (10, 9), (10, 10), (5, 2), (200, 87)])
@pytest.mark.parametrize("wanted", [0.05, 0.8, 0.9])
def test_rate_for_power_gives_that_power(n, critical, wanted):
    rate = binomial.rate_for_power(n, critical, wanted)
    assert stats.binom.sf(critical - 1, n, rate) == pytest.approx(wanted, rel=1e-9)


def test_nine_of_ten_need_a_true_rate_of_92_percent():
    assert round(binomial.rate_for_power(10, 9, 0.8), 2) == 0.92


def test_poisson_binomial_equals_the_sum_over_all_outcomes():
    rates = [0.9, 0.05, 0.3, 0.61, 1.0, 0.0]
    expected = np.zeros(len(rates) + 1)
    for outcome in itertools.product([0, 1], repeat=len(rates)):
        expected[sum(outcome)] += np.prod([p if hit else 1 - p for p, hit in zip(rates, outcome, strict=True)])
    np.testing.assert_allclose(binomial.poisson_binomial(rates), expected, atol=1e-15)


def test_poisson_binomial_of_equal_rates_is_binomial():
    np.testing.assert_allclose(
        binomial.poisson_binomial(np.full(12, 0.37)), stats.binom.pmf(np.arange(13), 12, 0.37), rtol=1e-12
    )


def test_poisson_binomial_of_nobody_is_certain():
    assert binomial.poisson_binomial([]).tolist() == [1.0]


def test_mixed_patients_do_not_have_the_power_of_their_mean():
    mixed = binomial.power_poisson_binomial([0.9] * 5 + [0.3] * 5, 9)
    by_hand = 0.9**5 * (0.3**5 + 5 * 0.3**4 * 0.7) + 5 * 0.9**4 * 0.1 * 0.3**5
    assert mixed == pytest.approx(by_hand, rel=1e-12)
    assert binomial.power(10, 9, 0.6) > 2 * mixed
