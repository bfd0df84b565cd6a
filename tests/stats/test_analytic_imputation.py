"""Rubin's rules worked by hand, and the logistic posterior against a general optimizer and closed forms."""

import math

import numpy as np
import pytest
from scipy import optimize, special

from sim.stats.imputation import combined
from sim.stats.logistic import posterior, probability


def test_three_imputations_worked_by_hand():
    # Mean 4; W = (1 + 2 + 3) / 3 = 2; B = ((3 - 4)² + 0 + (5 - 4)²) / 2 = 1; T = 2 + 4/3;
    # degrees of freedom 2 (1 + 2 / (4/3))² = 12.5.
    found = combined([3.0, 4.0, 5.0], [1.0, 2.0, 3.0])
    assert found.estimate == 4.0
    assert found.standard_error == pytest.approx(math.sqrt(10.0 / 3.0), rel=1e-14)
    assert found.freedom == pytest.approx(12.5, rel=1e-14)
    half = special.stdtrit(12.5, 0.975) * found.standard_error
    assert (found.low, found.high) == pytest.approx((4.0 - half, 4.0 + half), rel=1e-14)


def test_imputations_that_agree_add_nothing():
    found = combined([0.3] * 4, [0.01] * 4)
    assert found.standard_error == pytest.approx(0.1)
    assert math.isinf(found.freedom)
    assert found.high == pytest.approx(0.3 + 1.959964 * 0.1, rel=1e-6)


@pytest.mark.parametrize("arguments", [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 2.0], [1.0, -1.0])])
def test_what_cannot_be_combined_is_refused(arguments):
    with pytest.raises(ValueError, match=r"estimates|negative"):
        combined(*arguments)


def minus_log_posterior(beta, design, response, prior):
    """Written again: Bernoulli likelihood and normal priors, that of the intercept four times as wide."""
    spread = np.array([4.0 * prior, *[prior] * (design.shape[1] - 1)])
    chance = special.expit(design @ beta)
    likelihood = np.sum(special.xlogy(response, chance) + special.xlog1py(1.0 - response, -chance))
    return -likelihood + 0.5 * np.sum((beta / spread) ** 2)


@pytest.mark.parametrize("seed", range(4))
def test_the_mode_is_that_of_a_general_optimizer(seed):
    generator = np.random.default_rng(seed)
    predictors = generator.normal(size=(40, 2))
    response = (generator.random(40) < special.expit(predictors[:, 0])).astype(float)
    mode, covariance = posterior(predictors, response, 2.5)
    design = np.column_stack([np.ones(40), predictors])
    other = optimize.minimize(minus_log_posterior, np.zeros(3), (design, response, 2.5), method="BFGS", tol=1e-10)
    np.testing.assert_allclose(mode, other.x, atol=1e-5)
    step = 1e-4
    curvature = np.array(
        [
            [
                sum(
                    a * b * minus_log_posterior(mode + step * (a * e + b * f), design, response, 2.5)
                    for a in (-1, 1)
                    for b in (-1, 1)
                )
                / (4 * step**2)
                for e in np.eye(3)
            ]
            for f in np.eye(3)
        ]
    )
    np.testing.assert_allclose(np.linalg.inv(covariance), curvature, rtol=1e-4, atol=1e-4)


def test_without_predictors_or_a_strong_prior_the_mode_is_the_log_odds():
    mode, covariance = posterior(np.zeros((50, 1)), np.repeat([1.0, 0.0], [20, 30]), 1e4)
    assert mode[0] == pytest.approx(math.log(20 / 30), abs=1e-6)
    assert mode[1] == 0.0
    assert covariance[0, 0] == pytest.approx(1 / 20 + 1 / 30, rel=1e-6)
    assert covariance[1, 1] == pytest.approx(1e8)


@pytest.mark.parametrize("response", [np.ones(30), np.zeros(30), np.repeat([0.0, 1.0], 15)])
def test_separation_does_no_harm(response):
    mode, covariance = posterior(np.linspace(-1.7, 1.7, 30)[:, None], response, 2.5)
    assert np.isfinite(mode).all() and (np.abs(mode) < 20).all()
    assert (np.linalg.eigvalsh(covariance) > 0).all()


def test_probabilities_do_not_overflow():
    np.testing.assert_allclose(probability(np.array([-1e4, 0.0, 2.0, 1e4])), [0, 0.5, special.expit(2.0), 1])
