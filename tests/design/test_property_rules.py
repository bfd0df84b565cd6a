"""The rule on columns against the definition, trial by trial."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.design.rules import at_least, exact_binomial_threshold

RATES = st.floats(0.01, 0.99)
LEVELS = st.floats(0.005, 0.4)

TRIALS = st.lists(
    st.integers(0, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=0, max_size=40
)


def succeeds(responders, n, *question):
    return at_least(responders, n, lambda size: exact_binomial_threshold(size, *question))


@given(TRIALS, RATES, LEVELS, st.integers(1, 8))
def test_each_trial_is_decided_by_its_own_p_value(pairs, null_rate, alpha, min_n):
    responders = np.array([x for x, _ in pairs], dtype=np.int16)
    n = np.array([m for _, m in pairs], dtype=np.int16)
    success = succeeds(responders, n, null_rate, alpha, min_n)
    assert success.dtype == np.bool_ and success.shape == n.shape
    for (x, m), decided in zip(pairs, success, strict=True):
        p_value = stats.binom.sf(x - 1, m, null_rate)
        if not np.isclose(p_value, alpha, rtol=1e-9):
            assert decided == (m >= min_n and p_value <= alpha)


@given(st.integers(1, 30), RATES, LEVELS, st.integers(1, 8))
def test_success_is_monotone_in_responders_and_starts_at_the_threshold(n, null_rate, alpha, min_n):
    counts = np.arange(n + 1)
    success = succeeds(counts, np.full(n + 1, n), null_rate, alpha, min_n)
    threshold = exact_binomial_threshold(n, null_rate, alpha, min_n)
    assert success.tolist() == [threshold is not None and x >= threshold for x in counts]


def test_fewer_than_min_n_patients_never_succeed():
    n = np.array([3, 4])
    assert succeeds(n, n, 0.05, 0.05, 4).tolist() == [False, True]
    assert exact_binomial_threshold(3, 0.05, 0.05, 4) is None
    assert exact_binomial_threshold(3, 0.05, 0.05, 3) == 2


def test_no_trial_at_all_is_no_decision():
    empty = np.zeros(0, dtype=np.int16)
    assert succeeds(empty, empty, 0.5, 0.05, 4).shape == (0,)
