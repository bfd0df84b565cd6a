"""Freedom from an event in many trials at once, against one trial after the other and the law of few patients."""

import numpy as np
import pytest
from scipy import stats

from sim.design.event_free import event_free_successes, highest_reference
from sim.stats.survival import kaplan_meier

DAY = 168


def alone(time, event, reference, alpha, min_n):
    """One trial: the exact test where everybody was followed, else the lower limit of the whole curve."""
    keep = np.isfinite(time)
    time, event = time[keep], event[keep]
    n = len(time)
    if n < min_n or reference > alpha ** (1 / n):
        return False
    had = event & (time <= DAY)
    followed = had | (time >= DAY)
    if followed.all() or not had.any():
        free, seen = int((followed & ~had).sum()), int(followed.sum())
        return bool(seen) and stats.binom.sf(free - 1, seen, reference) <= alpha * (1 + 1e-12)
    curve = kaplan_meier(time, event, confidence=1 - 2 * alpha)
    low = curve.low[np.searchsorted(curve.time, DAY, side="right") - 1]
    return bool(low > reference)


@pytest.mark.parametrize(("n", "reference"), [(5, 0.3), (10, 0.5), (12, 0.6), (30, 0.8)])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_every_trial_is_decided_as_it_would_be_alone(n, reference, alpha):
    generator = np.random.default_rng(n)
    time = np.minimum(generator.integers(0, 600, (600, n)), 200).astype(float)  # many ties, also beyond the day
    time[:, ::2] = np.minimum(time[:, ::2], DAY)
    time[:300] = np.where(time[:300] > 60, np.maximum(time[:300], DAY), time[:300])  # half of them mostly followed
    event = generator.random((600, n)) < np.where(time < DAY, 0.5, 0.0)
    time[generator.random((600, n)) < 0.05] = np.nan
    found = event_free_successes(time, event, DAY, reference, alpha, 4)
    expected = [alone(t, e, reference, alpha, 4) for t, e in zip(time, event, strict=True)]
    assert found.tolist() == expected
    assert 0 < sum(expected) < 600


def test_followed_to_the_day_the_test_is_binomial():
    for free in range(11):
        time = np.r_[np.full(10 - free, 50.0), np.full(free, 168.0)][None, :]
        expected = stats.binom.sf(free - 1, 10, 0.6) <= 0.05
        assert event_free_successes(time, time < 168, DAY, 0.6, 0.05, 4).tolist() == [expected]


def test_censored_patients_count_until_they_are_lost():
    time = np.array([[30, 60, 90, *[168] * 37]], dtype=float)
    event = np.array([[True, True, False, *[False] * 37]])
    survival = (39 / 40) * (38 / 39)
    variance = 1 / (40 * 39) + 1 / (39 * 38)
    low = survival ** np.exp(1.6448536269514722 * np.sqrt(variance) / abs(np.log(survival)))
    assert event_free_successes(time, event, DAY, low - 1e-6, 0.05, 4).all()
    assert not event_free_successes(time, event, DAY, low + 1e-6, 0.05, 4).any()
    nobody_had_it = np.zeros((1, 40), bool)
    assert event_free_successes(time, nobody_had_it, DAY, 0.9, 0.05, 4)[0] == (0.9**37 <= 0.05)


def test_what_no_outcome_can_show_is_no_success():
    assert highest_reference(10, 0.05) == pytest.approx(0.05**0.1)
    time, event = np.full((1, 10), 168.0), np.zeros((1, 10), bool)
    assert event_free_successes(time, event, DAY, 0.74, 0.05, 4).all()
    assert not event_free_successes(time, event, DAY, 0.75, 0.05, 4).any()
    assert not event_free_successes(time, event, DAY, 0.5, 0.05, 11).any()


@pytest.mark.parametrize(("n", "alpha"), [(0, 0.05), (10, 0.0), (10, 1.0)])
def test_a_reference_needs_a_patient_and_an_error(n, alpha):
    with pytest.raises(ValueError, match=f"n = {n} and alpha = {alpha}"):
        highest_reference(n, alpha)
