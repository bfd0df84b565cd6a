"""Survival curves against published worked examples, closed forms, and scipy's intervals."""

import numpy as np
import pytest
from scipy import stats

from sim.stats.survival import aalen_johansen, at, kaplan_meier, kaplan_meier_influence, restricted_mean

# Remission in acute leukaemia under 6-mercaptopurine, in weeks (Freireich 1963, Blood 21:699; Gehan 1965).
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSE = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_the_leukaemia_example_has_the_survival_and_errors_of_the_textbooks():
    curve = kaplan_meier(WEEKS, RELAPSE)
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    errors = {6: 0.0764, 7: 0.0869, 10: 0.0963, 13: 0.1068, 16: 0.1141, 22: 0.1282, 23: 0.1346}
    for week, survival in published.items():
        place = curve.time.tolist().index(week)
        assert curve.estimate[place] == pytest.approx(survival, abs=5e-4)
        assert curve.standard_error[place] == pytest.approx(errors[week], abs=5e-5)
    assert curve.at_risk[:3].tolist() == [21, 17, 16]


def test_intervals_are_those_of_scipy():
    sample = stats.CensoredData.right_censored(WEEKS, np.array(RELAPSE) == 0)
    theirs = stats.ecdf(sample).sf.confidence_interval(0.9, method="log-log")
    mine = kaplan_meier(WEEKS, RELAPSE, 0.9)
    np.testing.assert_allclose(mine.low, theirs.low.probabilities, rtol=1e-12)
    np.testing.assert_allclose(mine.high, theirs.high.probabilities, rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_without_censoring_survival_is_a_share_with_the_binomial_error(seed):
    times = np.random.default_rng(seed).integers(1, 30, 50)
    curve = kaplan_meier(times, np.ones(50, bool))
    share = np.array([(times > day).mean() for day in curve.time])
    np.testing.assert_allclose(curve.estimate, share, atol=1e-12)
    np.testing.assert_allclose(curve.standard_error, np.sqrt(share * (1 - share) / 50), atol=1e-12)


def test_four_patients_with_two_causes_worked_by_hand():
    # At risk 4, 3, 2, 1: cause 1 at day 1 (1/4), cause 2 at day 2 (3/4 x 1/3), censored, cause 1 at day 4 (1/2).
    first = aalen_johansen([1, 2, 3, 4], [1, 2, 0, 1])
    second = aalen_johansen([1, 2, 3, 4], [1, 2, 0, 1], of=2)
    np.testing.assert_allclose(first.estimate, [0.25, 0.25, 0.25, 0.75])
    np.testing.assert_allclose(second.estimate, [0.0, 0.25, 0.25, 0.25])


@pytest.mark.parametrize("seed", range(3))
def test_without_censoring_incidence_is_a_share_with_the_binomial_error(seed):
    generator = np.random.default_rng(seed)
    times, causes = generator.integers(1, 30, 60), generator.integers(1, 4, 60)
    curve = aalen_johansen(times, causes, of=2)
    share = np.array([((times <= day) & (causes == 2)).mean() for day in curve.time])
    np.testing.assert_allclose(curve.estimate, share, atol=1e-12)
    np.testing.assert_allclose(curve.standard_error, np.sqrt(share * (1 - share) / 60), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_with_one_cause_incidence_and_survival_add_up_to_one_with_one_error(seed):
    generator = np.random.default_rng(seed)
    times, events = generator.integers(1, 40, 80), generator.random(80) < 0.6
    survival, incidence = kaplan_meier(times, events), aalen_johansen(times, events.astype(int))
    np.testing.assert_allclose(survival.estimate + incidence.estimate, 1.0, atol=1e-12)
    np.testing.assert_allclose(survival.standard_error, incidence.standard_error, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_incidences_of_all_causes_and_survival_add_up_to_one(seed):
    generator = np.random.default_rng(seed)
    times, causes = generator.integers(1, 40, 80), generator.integers(0, 4, 80)
    parts = [aalen_johansen(times, causes, of=number).estimate for number in (1, 2, 3)]
    np.testing.assert_allclose(sum(parts) + kaplan_meier(times, causes > 0).estimate, 1.0, atol=1e-12)


def test_incidence_of_exponential_risks_comes_to_its_closed_form():
    # Hazards 0.02 and 0.01 a day, censored at 0.005: incidence of the first by day 60 is 2/3 (1 - exp(-1.8)).
    generator = np.random.default_rng(835883)
    size = 20_000
    days = generator.exponential(1.0, (3, size)) / np.array([[0.02], [0.01], [0.005]])
    cause = np.array([1, 2, 0])[days.argmin(axis=0)]
    curve = aalen_johansen(np.ceil(days.min(axis=0)), cause)
    place = np.searchsorted(curve.time, 60.0)
    expected = 2.0 / 3.0 * (1.0 - np.exp(-1.8))
    # Whole days let events go before censorings of the same day: less than half a day of one hazard, 0.5 x 0.005.
    assert abs(curve.estimate[place] - expected) < 4.5 * curve.standard_error[place] + 0.0025
    assert curve.standard_error[place] < 0.004


def test_the_restricted_mean_is_the_mean_of_stopped_times_where_nobody_is_censored():
    times = np.array([2.0, 5.0, 5.0, 9.0, 14.0])
    found = restricted_mean(times, np.ones(5, bool), 10.0)
    stopped = np.minimum(times, 10.0)
    assert found.mean == pytest.approx(stopped.mean())
    assert found.standard_error == pytest.approx(stopped.std() / np.sqrt(5))
    assert (found.low + found.high) / 2 == pytest.approx(found.mean)


def test_the_restricted_mean_with_censoring_worked_by_hand():
    # Survival 1 to day 2, 3/4 to day 4, then 3/8 (two at risk): area to day 6 is 2 + 2 x 3/4 + 2 x 3/8 = 4.25.
    # Areas after the events are 2.25 and 0.75: variance 2.25^2 / (4 x 3) + 0.75^2 / (2 x 1).
    found = restricted_mean([2, 3, 4, 6], [1, 0, 1, 0], 6)
    assert found.mean == pytest.approx(4.25)
    assert found.standard_error == pytest.approx(np.sqrt(2.25**2 / 12 + 0.75**2 / 2))


def test_nobody_with_the_event_survives_surely_and_has_no_interval():
    curve = kaplan_meier([5, 168, 168], [0, 0, 0])
    assert curve.estimate.tolist() == [1, 1]
    assert np.isnan(curve.low).all()
    assert np.isnan(aalen_johansen([5, 6], [0, 2]).high).all()
    assert restricted_mean([5, 168, 168], [0, 0, 0], 168).mean == 168


def test_values_between_and_before_times():
    curve = kaplan_meier([2, 4], [1, 1])
    assert at(curve, [0, 1.9, 2, 3, 4, 9], before=1.0).tolist() == [1, 1, 0.5, 0.5, 0, 0]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: kaplan_meier([], []), "no subject"),
        (lambda: kaplan_meier([1.0, np.nan], [1, 0]), "missing or negative"),
        (lambda: kaplan_meier([1.0, -2.0], [1, 0]), "missing or negative"),
        (lambda: kaplan_meier([1.0, 2.0], [1]), "one length"),
        (lambda: aalen_johansen([1.0], [1], of=0), "cause 0"),
        (lambda: restricted_mean([1.0, 2.0], [1, 0], 3.0), "horizon 3 is after the last observed time 2"),
        (lambda: restricted_mean([1.0, 2.0], [1, 0], 0.0), "above 0"),
    ],
)
def test_what_makes_no_curve_is_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_what_each_subject_adds_is_the_derivative_in_his_weight_and_squares_to_greenwood():
    influence = kaplan_meier_influence(WEEKS, RELAPSE)
    curve = kaplan_meier(WEEKS, RELAPSE)
    assert influence.sum() == pytest.approx(0.0, abs=1e-15)
    assert np.sqrt((influence**2).sum()) == pytest.approx(curve.standard_error[-1], rel=1e-12)

    def estimate(weight):
        when, had = np.array(WEEKS), np.array(RELAPSE) == 1
        terms = [
            1 - weight[(when == week) & had].sum() / weight[when >= week].sum() for week in np.unique(when[had])
        ]
        return np.prod(terms)

    step = 1e-6
    for k in range(len(WEEKS)):
        more, less = np.ones(len(WEEKS)), np.ones(len(WEEKS))
        more[k], less[k] = 1 + step, 1 - step
        assert influence[k] == pytest.approx((estimate(more) - estimate(less)) / (2 * step), abs=1e-8)


@pytest.mark.parametrize("event", [[0, 0, 0], [1, 1, 1], [0, 1, 1]])
def test_nobody_moves_an_estimate_of_0_or_1(event):
    assert kaplan_meier_influence([1, 2, 3], event).tolist() == [0.0, 0.0, 0.0]
