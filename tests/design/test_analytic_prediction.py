"""Predictive laws against enumeration and closed forms."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import beta as beta_function

from sim.design.prediction import Stratum, by_beta_binomial, by_model, effective_trials, nearest, shares_of


def stratum(responders, read_out, pending=(), to_enrol=0, rate=0.3, covariance=None):
    size = len(pending) + 1
    spread = np.zeros((size, size)) if covariance is None else covariance
    return Stratum(responders, read_out, np.array(pending, dtype=float), to_enrol, rate, spread)


STRATA = [stratum(2, 3, [0.2, 0.9], 1, 0.4), stratum(0, 1, [0.5], 0, 0.1)]


def test_model_law_is_the_enumeration_of_all_outcomes():
    rates = [0.2, 0.9, 0.4, 0.5]
    law = np.zeros(9)
    for outcome in itertools.product((0, 1), repeat=4):
        law[2 + sum(outcome)] += math.prod(p if x else 1 - p for p, x in zip(rates, outcome, strict=True))
    assert by_model(STRATA).probability == pytest.approx(np.append(law[:7], law[7:])[:9], abs=1e-15)
    assert len(by_model(STRATA).probability) == 1 + 3 + 3 + 1 + 1


def test_beta_binomial_law_is_the_convolution_of_closed_forms():
    def own(x, m, rest):
        a, b = 0.5 + x, 0.5 + m - x
        return [
            math.comb(rest, k) * beta_function(a + k, b + rest - k) / beta_function(a, b) for k in range(rest + 1)
        ]

    law = np.zeros(9)
    for (i, first), (j, second) in itertools.product(enumerate(own(2, 3, 3)), enumerate(own(0, 1, 1))):
        law[2 + i + j] += first * second
    found = by_beta_binomial(STRATA, 0.5, 0.5)
    assert found.probability == pytest.approx(law[:9], abs=1e-14)
    assert not found.errors.any() and found.success(3)[1] == 0.0


@pytest.mark.parametrize("law", [by_model(STRATA), by_beta_binomial(STRATA, 1.0, 2.0)])
def test_laws_add_up_to_one(law):
    assert law.probability.sum() == pytest.approx(1.0)
    assert law.success(0)[0] == pytest.approx(1.0)
    assert law.success(None) == (0.0, 0.0)
    assert law.success(4)[0] == pytest.approx(law.probability[4:].sum())


def test_nothing_pending_leaves_nothing_to_chance():
    done = [stratum(3, 5), stratum(1, 5)]
    for law in (by_model(done), by_beta_binomial(done, 0.5, 0.5)):
        assert law.probability.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        assert not law.errors.any()
    assert by_model([]).probability.tolist() == [1.0]


def test_nearest_takes_those_who_look_alike():
    random = np.random.default_rng(3)
    virtual = random.normal(size=(4000, 2))
    outcomes = (random.random(4000) < 1 / (1 + np.exp(-3 * virtual[:, 0]))).astype(np.int8)
    for x in (-1.0, 0.0, 1.0):
        rows = nearest(np.array([x, np.nan]), virtual, 400)
        (share,), spread = shares_of([rows], outcomes)
        error = math.sqrt(spread[0, 0])
        assert error == pytest.approx(math.sqrt(share * (1 - share) / 400), rel=1e-12)
        assert abs(share - 1 / (1 + math.exp(-3 * x))) < 4 * error + 0.03


def test_nearest_without_anybody_is_nobody():
    assert nearest(np.zeros(2), np.zeros((0, 2)), 5).size == 0


def test_shares_of_overlapping_groups_err_together_as_far_as_they_overlap():
    outcomes = np.array([1, 0, 0, 1, 1, 0, -1], np.int8)
    groups = [np.array([0, 1, 2, 3]), np.array([2, 3, 4, 5]), np.array([4, 5])]
    shares, covariance = shares_of(groups, outcomes)
    assert shares.tolist() == [0.5, 0.5, 0.5]
    assert np.diag(covariance) == pytest.approx([0.25 / 4, 0.25 / 4, 0.25 / 2])
    assert covariance[0, 1] == pytest.approx(2 * 0.25 / 16)  # two of four patients in common
    assert covariance[1, 2] == pytest.approx(2 * 0.25 / 8)
    assert covariance[0, 2] == 0.0


def test_one_open_place_is_a_share_of_the_virtual_patients():
    """The last place decides: the probability is the rate, and each virtual patient is a matching trial."""
    shares, covariance = shares_of([np.arange(400)], (np.arange(400) % 4 == 0).astype(np.int8))
    law = by_model([stratum(2, 4, (), 1, shares[0], covariance)])
    chance, error = law.success(3)
    assert (chance, error) == pytest.approx((0.25, math.sqrt(0.25 * 0.75 / 400)))
    assert effective_trials(chance, error) == pytest.approx(400)
    assert math.isnan(effective_trials(1.0, 0.0))
    assert law.errors == pytest.approx([0, 0, error, error, 0, 0])


def test_who_has_succeeded_already_has_no_error():
    shares, covariance = shares_of([np.arange(30), np.arange(70)], (np.arange(70) % 3 == 0).astype(np.int8))
    law = by_model([stratum(3, 4, shares[:-1], 4, shares[-1], covariance)])
    for critical in (2, 3):
        chance, error = law.success(critical)
        assert 1.0 - 1e-12 < chance <= 1.0 and error == 0.0 and math.isnan(effective_trials(chance, error))


def test_the_error_of_a_prediction_is_that_of_other_virtual_patients():
    """Virtual patients are drawn 1,500 times; three pending patients share some of them, two places are open."""
    random, repeated = np.random.default_rng(5), 1500
    truth = np.concatenate([np.full(60, 0.2), np.full(60, 0.6), np.full(180, 0.4)])
    groups = [np.arange(0, 80), np.arange(40, 120), np.arange(60, 120), np.arange(300)]
    found = []
    for _ in range(repeated):
        shares, covariance = shares_of(groups, (random.random(300) < truth).astype(np.int8))
        other, apart = shares_of([np.arange(50)], (random.random(50) < 0.3).astype(np.int8))
        strata = [stratum(1, 1, shares[:-1], 2, shares[-1], covariance), stratum(0, 2, (), 1, other[0], apart)]
        law = by_model(strata)
        found.append([*law.success(4), law.probability[3], law.errors[3]])
    chance, error, mass, spread = np.array(found).T
    sampling = 4.5 / math.sqrt(2 * repeated)  # relative error of a standard deviation
    for estimate, told in ((chance, error), (mass, spread)):
        assert abs(estimate.std(ddof=1) / np.sqrt(np.mean(told**2)) - 1.0) < sampling + 0.05
