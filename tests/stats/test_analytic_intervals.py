"""Intervals against published tables and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.stats import intervals

# Newcombe, Statistics in Medicine 1998;17:857-872, table I: methods 3 (score) and 5 (Clopper-Pearson).
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("responders", "n", "score", "exact"), NEWCOMBE)
def test_published_limits(responders, n, score, exact):
    np.testing.assert_allclose(intervals.wilson(responders, n), score, atol=5.1e-5)
    np.testing.assert_allclose(intervals.clopper_pearson(responders, n), exact, atol=5.1e-5)


def test_five_of_ten_is_18_7_to_81_3_percent():
    low, high = intervals.clopper_pearson(5, 10)
    assert (round(float(low), 3), round(float(high), 3)) == (0.187, 0.813)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("n", [1, 2, 10, 57])
def test_all_counts_equal_scipy(n, confidence):
    counts = np.arange(n + 1)
    for ours, method in ((intervals.wilson, "wilson"), (intervals.clopper_pearson, "exact")):
        expected = [stats.binomtest(int(x), n).proportion_ci(confidence, method) for x in counts]
        low, high = ours(counts, n, confidence)
        np.testing.assert_allclose(low, [limits.low for limits in expected], atol=1e-12)
        np.testing.assert_allclose(high, [limits.high for limits in expected], atol=1e-12)
    low, high = intervals.jeffreys(counts, n, confidence)
    tail = (1 - confidence) / 2
    np.testing.assert_allclose(low[1:], stats.beta.ppf(tail, counts + 0.5, n - counts + 0.5)[1:], atol=1e-12)
    np.testing.assert_allclose(high[:-1], stats.beta.isf(tail, counts + 0.5, n - counts + 0.5)[:-1], atol=1e-12)


METHODS = [intervals.wilson, intervals.clopper_pearson, intervals.jeffreys]


@pytest.mark.parametrize("method", METHODS)
def test_edges_are_exact(method):
    low, high = method([0, 10, 0], [10, 10, 0])
    assert low[0] == 0.0 and high[1] == 1.0
    assert 0.0 < high[0] < 1.0 and 0.0 < low[1] < 1.0
    assert (low[2], high[2]) == (0.0, 1.0)


@pytest.mark.parametrize("method", METHODS)
@given(st.integers(1, 500), st.data())
def test_interval_holds_the_estimate_and_mirrors(method, n, data):
    x = data.draw(st.integers(0, n))
    low, high = method(x, n)
    mirrored_low, mirrored_high = method(n - x, n)
    assert 0.0 <= low <= x / n <= high <= 1.0
    assert np.isclose(low, 1 - mirrored_high, atol=1e-10) and np.isclose(high, 1 - mirrored_low, atol=1e-10)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("responders", [-1, 11])
def test_impossible_counts_are_refused(method, responders):
    with pytest.raises(ValueError, match="between 0 and n"):
        method(responders, 10)


def test_limits_of_a_count_are_those_of_garwood():
    low, high = intervals.poisson([0, 1, 10, 50])
    np.testing.assert_allclose(low, [0.0, 0.0253, 4.7954, 37.111], atol=5.1e-4)
    np.testing.assert_allclose(high, [3.6889, 5.5716, 18.3904, 65.919], atol=5.1e-4)
    for confidence in (0.8, 0.95):
        for count in (1, 4, 33):
            low, high = intervals.poisson(count, confidence)
            tail = (1 - confidence) / 2
            assert stats.poisson.sf(count - 1, low) == pytest.approx(tail)
            assert stats.poisson.cdf(count, high) == pytest.approx(tail)
    with pytest.raises(ValueError, match="negative"):
        intervals.poisson(-1)
