"""The compiled patient against theory, where a configuration has a closed form."""

import numpy as np
from scipy import stats

from sim.config.compose import load
from sim.core.clock import MINUTES_PER_DAY
from sim.disease import activity, hazards
from sim.disease.state import LONG_AGO, Happening, new_states
from sim.observations.parameters import parameters as observation_parameters
from sim.screening.fill import fill
from sim.trial.courses import model
from sim.trial.engines.batch_engine import run
from sim.trial.tables import entries

CONSTANT = [
    "effect=none", "disease.flares.activity_exponent=0", "disease.flares.dose_exponent=0",
    "disease.flares.taper_effect=0", "disease.clocks.dropout=0", "disease.clocks.death=0",
    "disease.clocks.pregnancy=0", "disease.clocks.serious_infection=0", "disease.clocks.death_activity=0",
    "disease.flares.rate.extrarenal.mild=6", "protocol.ln_lab_rule=ANY2",
]  # fmt: skip
YEAR = 365.25


def flares_of(clock, trials=500):
    config = load([*CONSTANT, "protocol.follow_up=week_24"])
    _, courses = run(range(trials), config, config.effects)
    course = courses["none"]
    patient, log = entries(course, [Happening.FLARE])
    chosen = log["a"] == clock
    return course, patient[chosen], log["minute"][chosen] / MINUTES_PER_DAY


def test_a_constant_hazard_gives_poisson_counts_and_exponential_gaps():
    course, patient, day = flares_of(5)
    exposure = course.states["end_day"] + 9 / 24
    expected = 6.0 / YEAR * exposure
    counts = np.bincount(patient, minlength=len(exposure))
    z = (counts.sum() - expected.sum()) / np.sqrt(expected.sum())
    assert abs(z) < 4.5
    dispersion = np.sum((counts - expected) ** 2 / expected)
    assert stats.chi2.sf(dispersion, len(counts)) > 1e-5 and stats.chi2.cdf(dispersion, len(counts)) > 1e-5
    first = np.full(len(exposure), np.inf)
    np.minimum.at(first, patient, day)
    seen = first[first < 150.0]
    # Given a first flare within 150 days, its day has the truncated exponential distribution.
    rate = 6.0 / YEAR
    share = (1 - np.exp(-rate * seen)) / (1 - np.exp(-rate * 150.0))
    assert stats.kstest(share, "uniform").pvalue > 1e-5


def one_patient():
    config = load(["effect=none", "protocol.ln_lab_rule=ANY2"])
    enrolled = fill(range(1), config)
    parameters = model(config, config.effects[0])
    seen = observation_parameters(config.observation, config.disease.activity_cap)
    state = new_states(1)
    state["log_activity"] = np.log([1.0, 0.5, 1.0, 1.0, 0.25, 0.25, 0.25, 0.25])
    state["set_point"] = np.log([0.3, 0.9, 0.5, 2.0, 0.1, 1.2, 0.6, 0.3])
    state["dose"] = 20.0
    state["frailty"] = 1.0
    return state, enrolled.person[:1], parameters, seen


def test_relaxation_is_exact_under_splitting():
    whole, _, p, _ = one_patient()
    split = whole.copy()
    rng = np.random.default_rng(3)
    for minute in np.sort(rng.integers(1, 100_000, 50)):
        activity.rebase(split[0], p[0], int(minute))
    activity.rebase(whole[0], p[0], 100_000)
    activity.rebase(split[0], p[0], 100_000)
    np.testing.assert_allclose(whole["log_activity"], split["log_activity"], rtol=0, atol=1e-12)
    kappa = np.log(2.0) / 45.0
    renal = np.log(0.3) + (0.0 - np.log(0.3)) * np.exp(-kappa * 100_000 / MINUTES_PER_DAY)
    assert abs(whole["log_activity"][0, 0] - renal) < 1e-12


def rings(state):
    """Minute at which each clock rings if its rate stays."""
    with np.errstate(divide="ignore"):
        return state["refreshed"] + state["budget"] / state["rate"] * MINUTES_PER_DAY


def test_refreshing_without_a_change_leaves_the_due_times():
    state, person, p, o = one_patient()
    state["set_point"] = state["log_activity"]
    state["dose_of"], state["dose_from"] = 20.0, LONG_AGO
    for clock in range(14):
        hazards.draw_budget(state[0], clock)
    hazards.refresh(state[0], person[0], p[0], o[0], 0)
    first = rings(state[0])
    for minute in range(10_000, 40_000, 777):
        if minute < first.min():
            hazards.refresh(state[0], person[0], p[0], o[0], minute)
    ringing = first < np.inf
    assert state["refreshed"][0] > 10_000 and ringing.sum() > 10
    np.testing.assert_allclose(rings(state[0])[ringing], first[ringing], rtol=0, atol=1e-6)


def test_a_clock_is_due_at_the_ceiling_of_its_minute_and_is_left_alone_beyond_the_next_tick():
    state, person, p, o = one_patient()
    state["dose_of"], state["dose_from"] = 20.0, LONG_AGO
    state["budget"] = np.linspace(0.0, 0.05, 14)
    hazards.refresh(state[0], person[0], p[0], o[0], 1000)
    ring, due = rings(state[0]), state["due"][0, :14]
    soon = ring <= 1000 + 7 * MINUTES_PER_DAY
    np.testing.assert_array_equal(due[soon], np.ceil(ring[soon]))
    assert 0 < soon.sum() < 14 and (due[~soon] > 1000 + 7 * MINUTES_PER_DAY).all()


def test_hazard_formula_by_hand():
    state, person, p, o = one_patient()
    state["dose_of"], state["dose_from"] = 20.0, LONG_AGO
    state["doses"], state["dose_of"][0, 1], state["dose_from"][0, 1] = 1, 10.0, 30
    state["dose"] = 10.0
    state["set_point"] = state["log_activity"]
    hazards.refresh(state[0], person[0], p[0], o[0], 40 * MINUTES_PER_DAY)
    expected = 0.60 * 0.5**0.7 * (15.0 / 15.0) ** 0.5 * np.exp(0.5 * 0.5) / YEAR
    assert abs(state["rate"][0, 5] - expected) < 1e-15
    mild_infection = 1.2 * np.exp(0.01 * 0.0) / YEAR
    assert abs(state["rate"][0, 7] - mild_infection) < 1e-15
