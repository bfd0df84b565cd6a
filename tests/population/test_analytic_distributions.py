"""Quantile functions against SciPy's."""

import math

import numpy as np
import pytest
from scipy import special, stats

from sim.population import distributions

P = (1e-9, 0.001, 0.2, 0.5, 0.77, 0.999, 1 - 1e-9)


@pytest.mark.parametrize("bounds", [(15.0, 78.0), (36.0, 37.0), (-math.inf, 20.0), (60.0, math.inf)])
@pytest.mark.parametrize("p", P)
def test_truncated_normal_equals_scipy(p, bounds):
    a, b = ((bound - 36.0) / 11.0 for bound in bounds)
    expected = stats.truncnorm.ppf(p, a, b, loc=36.0, scale=11.0)
    assert distributions.truncated_normal(p, 36.0, 11.0, *bounds) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("p", P)
def test_truncated_lognormal_is_the_exponential_of_a_truncated_normal(p):
    a, b = (math.log(bound / 48.0) / 0.55 for bound in (5.0, 97.0))
    expected = 48.0 * math.exp(0.55 * stats.truncnorm.ppf(p, a, b))
    assert distributions.truncated_lognormal(p, 48.0, 0.55, 5.0, 97.0) == pytest.approx(expected, rel=1e-8)


def test_normal_probability_equals_scipy():
    z = np.linspace(-8.0, 8.0, 401)
    ours = [distributions.normal_probability(value) for value in z]
    np.testing.assert_allclose(ours, special.ndtr(z), rtol=1e-12)


@pytest.mark.parametrize("p", P)
def test_an_untruncated_range_gives_the_normal_quantile(p):
    value = distributions.truncated_normal(p, 0.0, 1.0, -math.inf, math.inf)
    assert value == pytest.approx(special.ndtri(p), abs=1e-7)


@pytest.mark.parametrize("upper", [5.0, 20.3, 60.0])
@pytest.mark.parametrize("p", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_tabulated_quantile_equals_the_truncated_gamma(p, upper):
    step, scale = 68.0 / 4096, 7.5 / 1.9
    table = special.gammainc(1.9, np.arange(4097) * step / scale)
    gamma = stats.gamma(1.9, scale=scale)
    value = distributions.tabulated_quantile(p, upper, step, table)
    # Linear interpolation of the distribution function is off by at most step²/8 times the slope of the density.
    assert gamma.cdf(value) / gamma.cdf(upper) == pytest.approx(p, abs=1e-5)


def test_level_takes_each_share_and_never_an_empty_last_level():
    cumulative = np.array([0.25, 0.25, 1.0, 1.0])
    found = [distributions.level(p, cumulative) for p in (0.0, 0.2499, 0.25, 0.9, 1.0 - 2.0**-53)]
    assert found == [0, 0, 2, 2, 2]
