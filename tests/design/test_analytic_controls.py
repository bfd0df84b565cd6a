"""Randomised and external controls against scipy's tests, enumeration by hand, and their own sizes."""

import doctest
import itertools

import numpy as np
import pytest
from scipy import stats

from sim.design import controls
from sim.design.bank_rules import rule_of
from sim.design.controls import (
    allocated,
    arm_law,
    external_power,
    external_thresholds,
    fisher_p_values,
    randomised_power,
    rejection_region,
    treated_and_control,
)
from sim.stats import binomial
from tests.design.virtual_trials import design

RULE = rule_of("P1", design(), 0.05)
SIZES = [(5, 5), (7, 3), (10, 10), (4, 8)]


def test_allocation():
    assert doctest.testmod(controls).failed == 0
    for sizes in itertools.product(range(8), range(8)):
        for ratio in (0.5, 1.0, 2.0, 3.0):
            treated, control = allocated(sizes, ratio)
            assert min(*treated, *control) >= 0
            assert tuple(np.add(treated, control)) == sizes
            assert abs(sum(treated) - sum(sizes) * ratio / (1 + ratio)) <= 1.0


@pytest.mark.parametrize("sizes", SIZES)
def test_p_values_are_those_of_the_exact_test(sizes):
    p = fisher_p_values(*sizes)
    for x, y in itertools.product(range(sizes[0] + 1), range(sizes[1] + 1)):
        table = [[x, sizes[0] - x], [y, sizes[1] - y]]
        assert p[x, y] == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue, abs=1e-12)


@pytest.mark.parametrize("sizes", [(5, 5), (7, 3)])
def test_the_unconditional_region_is_that_of_scipy(sizes):
    region = rejection_region(*sizes, 0.05, "boschloo")
    for x, y in itertools.product(range(sizes[0] + 1), range(sizes[1] + 1)):
        table = np.array([[x, y], [sizes[0] - x, sizes[1] - y]])
        p = stats.boschloo_exact(table, alternative="greater", n=64).pvalue
        assert region[x, y] == (p <= 0.05), (x, y, p)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_sizes_hold_and_the_unconditional_test_rejects_whatever_the_other_does(sizes, alpha):
    fisher, boschloo = (rejection_region(*sizes, alpha, test) for test in ("fisher", "boschloo"))
    assert (boschloo | ~fisher).all()
    for rate in np.linspace(0.013, 0.987, 211):
        law = [stats.binom.pmf(np.arange(n + 1), n, rate) for n in sizes]
        assert law[0] @ boschloo @ law[1] <= alpha + 1e-5


def test_randomised_power_by_enumeration_of_every_patient():
    rates, treated, control = [0.8, 0.5, 0.4, 0.1], (2, 1), (1, 2)
    of_patients = [rates[0]] * 2 + [rates[1]] + [rates[2]] + [rates[3]] * 2
    region = rejection_region(3, 3, 0.10, "boschloo")
    total = 0.0
    for answers in itertools.product((0, 1), repeat=6):
        chance = np.prod([p if a else 1.0 - p for p, a in zip(of_patients, answers, strict=True)])
        total += chance * region[sum(answers[:3]), sum(answers[3:])]
    assert randomised_power(rates, treated, control, 0.10, "boschloo") == pytest.approx(total, abs=1e-12)
    assert total > 0.0


def test_five_against_five():
    # Fisher: 5 of 5 against 1 of 5 has p = 6/252; 4 against 0 has the same; 5 against 2 has 21/252.
    region = rejection_region(5, 5, 0.05, "fisher")
    assert fisher_p_values(5, 5)[5, 1] == pytest.approx(6 / 252)
    assert sorted(map(tuple, np.argwhere(region).tolist())) == [(4, 0), (5, 0), (5, 1)]


def test_rates_of_twins_vary_together():
    generator = np.random.default_rng(2)
    without = generator.random(4000) < 0.3
    with_it = without | (generator.random(4000) < 0.2)
    rates, covariance = treated_and_control([with_it, with_it[:0]], [without, without[:0]])
    p1, p0 = with_it.mean(), without.mean()
    assert rates.tolist() == [p1, 0.0, p0, 0.0]
    assert covariance[0, 0] == pytest.approx(p1 * (1 - p1) / 4000)
    assert covariance[0, 2] == pytest.approx((p0 - p1 * p0) / 4000)
    assert not covariance[1].any()


def test_the_law_of_an_arm_by_enumeration():
    shares, rates, sizes = [0.9, 0.5], [0.7, 0.2], (2, 2)
    law = arm_law(shares, rates, sizes)
    found = np.zeros((5, 6))
    kinds = [(1 - s, s * (1 - r), s * r) for s, r in zip(shares, rates, strict=True)]
    for answers in itertools.product(range(3), repeat=4):
        chance = np.prod([kinds[place // 2][answer] for place, answer in enumerate(answers)])
        evaluated, responders = sum(a > 0 for a in answers), sum(a == 2 for a in answers)
        found[evaluated, : responders + 1] += chance
    np.testing.assert_allclose(law, found, atol=1e-12)


def test_thresholds_are_upper_limits():
    for x, threshold in enumerate(external_thresholds(20, 0.9)[:-1]):
        assert stats.binom.cdf(x, 20, threshold) == pytest.approx(0.1, abs=1e-9)
    assert external_thresholds(20, 0.9)[-1] == 1.0


def test_external_power_by_hand():
    power = external_power([1.0, 0.8, 1.0, 0.5], (3, 2), 0.2, 4, 0.9, RULE.against)
    arm = binomial.poisson_binomial([0.8] * 3 + [0.5] * 2)
    expected = 0.0
    for x, threshold in enumerate(external_thresholds(4, 0.9)):
        critical = binomial.critical_value(5, threshold, 0.05) if threshold < 1 else None
        if critical is not None:
            expected += stats.binom.pmf(x, 4, 0.2) * arm[critical:].sum()
    assert power == pytest.approx(expected, abs=1e-12)
    assert 0.0 < power < 1.0


def test_drift_downwards_of_the_external_rate_raises_false_go():
    powers = [
        external_power([1.0, 0.3, 1.0, 0.3], (10, 10), rate, 50, 0.9, RULE.against) for rate in (0.4, 0.3, 0.2)
    ]
    assert powers == sorted(powers)
    assert powers[1] < 0.05 < powers[2]
