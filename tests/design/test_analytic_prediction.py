"""Predictive laws against enumeration and closed forms."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import beta as beta_function

from sim.design.prediction import Stratum, by_beta_binomial, by_model, nearest, success


def stratum(responders, read_out, pending=(), to_enrol=0, rate=0.3):
    return Stratum(responders, read_out, np.array(pending, dtype=float), to_enrol, rate)


STRATA = [stratum(2, 3, [0.2, 0.9], 1, 0.4), stratum(0, 1, [0.5], 0, 0.1)]


def test_model_law_is_the_enumeration_of_all_outcomes():
    rates = [0.2, 0.9, 0.4, 0.5]
    law = np.zeros(9)
    for outcome in itertools.product((0, 1), repeat=4):
        law[2 + sum(outcome)] += math.prod(p if x else 1 - p for p, x in zip(rates, outcome, strict=True))
    assert by_model(STRATA) == pytest.approx(np.append(law[:7], law[7:])[:9], abs=1e-15)
    assert len(by_model(STRATA)) == 1 + 3 + 3 + 1 + 1


def test_beta_binomial_law_is_the_convolution_of_closed_forms():
    def own(x, m, rest):
        a, b = 0.5 + x, 0.5 + m - x
        return [
            math.comb(rest, k) * beta_function(a + k, b + rest - k) / beta_function(a, b) for k in range(rest + 1)
        ]

    law = np.zeros(9)
    for (i, first), (j, second) in itertools.product(enumerate(own(2, 3, 3)), enumerate(own(0, 1, 1))):
        law[2 + i + j] += first * second
    assert by_beta_binomial(STRATA, 0.5, 0.5) == pytest.approx(law[:9], abs=1e-14)


@pytest.mark.parametrize("law", [by_model(STRATA), by_beta_binomial(STRATA, 1.0, 2.0)])
def test_laws_add_up_to_one(law):
    assert law.sum() == pytest.approx(1.0)
    assert success(law, 0) == pytest.approx(1.0)
    assert success(law, None) == 0.0
    assert success(law, 4) == pytest.approx(law[4:].sum())


def test_nothing_pending_leaves_nothing_to_chance():
    done = [stratum(3, 5), stratum(1, 5)]
    for law in (by_model(done), by_beta_binomial(done, 0.5, 0.5)):
        assert law.tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_nearest_takes_those_who_look_alike():
    random = np.random.default_rng(3)
    virtual = random.normal(size=(4000, 2))
    outcomes = (random.random(4000) < 1 / (1 + np.exp(-3 * virtual[:, 0]))).astype(np.int8)
    for x in (-1.0, 0.0, 1.0):
        share, error = nearest(np.array([x, np.nan]), virtual, outcomes, 400)
        assert abs(share - 1 / (1 + math.exp(-3 * x))) < 4 * error + 0.03


def test_nearest_without_anybody_is_not_a_number():
    assert np.isnan(nearest(np.zeros(2), np.zeros((0, 2)), np.zeros(0, np.int8), 5)).all()
