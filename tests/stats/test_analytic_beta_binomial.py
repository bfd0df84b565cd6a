"""Posterior and predictive probabilities against SciPy and the sequential rule of succession."""

import numpy as np
import pytest
from scipy import stats

from sim.stats.beta_binomial import (
    fewest_above,
    posterior_mean,
    predictive,
    probability_above,
    probability_of_success,
)

PRIORS = [(1.0, 1.0), (0.5, 0.5), (0.2, 0.8), (3.0, 7.0)]


@pytest.mark.parametrize("prior", PRIORS)
def test_the_posterior_is_a_beta_distribution(prior):
    x = np.arange(11)
    posterior = stats.beta(prior[0] + x, prior[1] + 10 - x)
    assert posterior_mean(x, 10, prior) == pytest.approx(posterior.mean())
    assert probability_above(0.3, x, 10, prior) == pytest.approx(posterior.sf(0.3))


@pytest.mark.parametrize("prior", PRIORS)
def test_predictive_is_the_rule_of_succession_step_by_step(prior):
    def stepwise(further, responders, n):
        if further == 0:
            return np.ones(1)
        p = (prior[0] + responders) / (sum(prior) + n)
        up, down = stepwise(further - 1, responders + 1, n + 1), stepwise(further - 1, responders, n + 1)
        return np.r_[0.0, p * up] + np.r_[(1 - p) * down, 0.0]

    for x, n in ((0, 0), (2, 3), (5, 6)):
        assert predictive(4, x, n, prior) == pytest.approx(stepwise(4, x, n))


@pytest.mark.parametrize(
    ("n", "rate", "certainty"), [(10, 0.5, 0.95), (5, 0.15, 0.9), (10, 0.6, 0.8), (4, 0.9, 0.999)]
)
@pytest.mark.parametrize("prior", PRIORS)
def test_fewest_above_is_the_first_that_is_sure(n, rate, certainty, prior):
    sure = [x for x in range(n + 1) if stats.beta(prior[0] + x, prior[1] + n - x).sf(rate) >= certainty]
    assert fewest_above(n, rate, certainty, prior) == (sure[0] if sure else None)


def test_predictive_probability_of_success_ends_in_certainty():
    assert probability_of_success(9, 10, 9, 9, (1, 1)) == 1.0
    assert probability_of_success(9, 10, 7, 9, (1, 1)) == 0.0
    assert probability_of_success(9, 10, 8, 9, (1, 1)) == pytest.approx(9 / 11)
    assert probability_of_success(9, 10, 9, 10, (1, 1)) == 1.0


@pytest.mark.parametrize("prior", [(0.0, 1.0), (1.0, -1.0)])
def test_a_prior_has_positive_parameters(prior):
    for call in (lambda: posterior_mean(1, 2, prior), lambda: predictive(2, 1, 2, prior)):
        with pytest.raises(ValueError, match="positive"):
            call()
