"""The options that are off by default against theory: frailty, random drift, pulses."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.config.compose import load
from sim.core.clock import MINUTES_PER_DAY, clinic_minute
from sim.core.decisions import Decision
from sim.core.draws import normal_quantile, uniform
from sim.disease import activity, drift, hazards, pulse
from sim.disease.frailty import frailties
from sim.disease.state import LOG, LONG_AGO, Event, Happening, new_states
from sim.observations.parameters import parameters as observation_parameters
from sim.screening.fill import fill
from sim.trial.courses import model
from sim.trial.engines.batch_engine import run
from sim.trial.tables import entries
from tests.disease.test_analytic_course import CONSTANT, YEAR

FREE = ["protocol.follow_up=week_24", "protocol.ln_lab_rule=ANY2"]
SIGMA = 0.1
LINEAGES = range(4, 8)
HALF_TIMES = (45, 21, 60, 14, 12, 7, 24, 21)


def courses(*overrides, trials=range(200)):
    config = load([*FREE, *overrides])
    enrolled, found = run(trials, config, config.effects)
    return config, enrolled, next(iter(found.values()))


def one_patient(*overrides):
    config = load(["effect=none", *FREE, *overrides])
    enrolled = fill(range(1), config)
    state = new_states(1)
    state["log_activity"] = np.log([1.0, 0.5, 1.0, 1.0, 0.25, 0.25, 0.25, 0.25])
    state["set_point"] = state["log_activity"]
    state["dose"], state["frailty"] = 20.0, 1.0
    observation = observation_parameters(config.observation, config.disease.activity_cap)
    return state, enrolled.person[:1], model(config, config.effects[0]), observation


# Frailty


def test_frailty_has_mean_1_its_variance_and_the_gamma_distribution():
    addresses = np.array([(trial, candidate) for trial in range(50) for candidate in range(80)])
    for variance in (0.2, 1.0, 3.0):
        z = frailties(addresses, 7, variance)
        law = stats.gamma(1.0 / variance, scale=variance)
        assert abs(law.mean() - 1.0) < 1e-12
        assert abs(law.var() - variance) < 1e-9
        assert stats.kstest(z, law.cdf).pvalue > 1e-5
    assert np.array_equal(frailties(addresses, 7, 0.0), np.ones(len(addresses)))


def test_frailty_under_a_constant_hazard_gives_negative_binomial_counts_shared_by_all_clocks():
    variance = 1.5
    rates = {"renal.severe": 0.0, "renal.mild": 4.0, "hematologic.severe": 0.0, "hematologic.mild": 0.0,
             "extrarenal.severe": 0.0, "extrarenal.mild": 4.0}  # fmt: skip
    settings = [f"disease.flares.rate.{name}={rate}" for name, rate in rates.items()]
    rest = [text for text in CONSTANT if "rate" not in text]
    _, _, course = courses(*rest, *settings, f"disease.frailty_variance={variance}", trials=range(300))
    patient, _ = entries(course, [Happening.FLARE])
    counts = np.bincount(patient, minlength=len(course.states))
    mean = sum(rates.values()) / YEAR * (course.states["end_day"] + 9 / 24)
    law = stats.nbinom(1.0 / variance, 1.0 / (1.0 + variance * mean))
    within = np.random.default_rng(1).random(len(counts))
    place = law.cdf(counts - 1) + within * law.pmf(counts)
    assert stats.kstest(place, "uniform").pvalue > 1e-5
    # The test can fail: equal patients, and clocks with a frailty of their own, are both refused.
    poisson = stats.poisson(mean)
    assert stats.kstest(poisson.cdf(counts - 1) + within * poisson.pmf(counts), "uniform").pvalue < 1e-9
    excess = ((counts - mean) ** 2 - mean).sum() / (mean**2).sum()
    assert abs(excess - variance) < 0.5 < variance / 2


# Drift


def drifts(days, candidates=3000):
    state, _, p, _ = one_patient(f"disease.drift={SIGMA}")
    found = np.zeros((candidates, len(days), 8))
    for candidate in range(candidates):
        state["candidate"] = candidate
        drift.start_drift(state[0], p[0])
        for place, day in enumerate(days):
            drift.drift_to(state[0], p[0], day)
            found[candidate, place] = state["drift"][0]
    return found


def test_drift_has_the_moments_of_the_exact_transition_from_day_0():
    days = (0, 3, 8, 29, 100, 1826)
    found = drifts(days)
    assert (found[:, 0] == 0.0).all()
    kappa = math.log(2.0) / np.array(HALF_TIMES)
    size = len(found)
    for i in range(1, len(days)):
        for j in range(i, len(days)):
            early, late = days[i], days[j]
            expected = SIGMA**2 / (2 * kappa) * (np.exp(-kappa * (late - early)) - np.exp(-kappa * (late + early)))
            spread = [SIGMA**2 / (2 * kappa) * (1 - np.exp(-2 * kappa * day)) for day in (early, late)]
            error = np.sqrt((spread[0] * spread[1] + expected**2) / size)
            assert (np.abs((found[:, i] * found[:, j]).mean(axis=0) - expected) < 5 * error).all(), (early, late)
    assert stats.kstest(found[:, 4, 0] / found[:, 4, 0].std(), "norm").pvalue > 1e-5
    assert np.abs(np.corrcoef(found[:, 4].T) - np.eye(8)).max() < 5 / math.sqrt(size)


def test_drift_of_a_day_does_not_depend_on_the_days_looked_at():
    often, seldom = drifts(range(120), 5), drifts((17, 64, 119), 5)
    assert np.array_equal(often[:, [17, 64, 119]], seldom)
    assert np.array_equal(drifts((119, 17, 64), 5)[:, [1, 2, 0]], seldom)


def by_hand(seed, trial, candidate, k, day):
    """Anchors every eight days from day 0, days between by halving; written from docs/course.md."""
    kappa = math.log(2.0) / HALF_TIMES[k]

    def z(decision, index):
        return normal_quantile(uniform(seed, trial, candidate, int(decision), index))

    def kept(days):
        return math.exp(-kappa * days)

    anchors = [z(Decision.DRIFT_ANCHOR, 512 * k)]
    while 8 * (len(anchors) - 1) <= day:
        fresh = z(Decision.DRIFT_ANCHOR, 512 * k + len(anchors))
        anchors.append(kept(8) * anchors[-1] + math.sqrt(1 - kept(16)) * fresh)
    values = {8 * number: value for number, value in enumerate(anchors)}
    for half in (4, 2, 1):
        for middle in range(half, 8 * (len(anchors) - 1), 2 * half):
            between = kept(half) / (1 + kept(2 * half)) * (values[middle - half] + values[middle + half])
            spread = math.sqrt((1 - kept(2 * half)) / (1 + kept(2 * half)))
            values[middle] = between + spread * z(Decision.DRIFT_BRIDGE, 4096 * k + middle + 64)
    return SIGMA / math.sqrt(2 * kappa) * (values[day] - kept(day) * values[0])


def test_what_a_visit_finds_is_the_relaxation_plus_the_drift_of_its_day_whatever_else_happens():
    """Without flares and with a taper that sees nothing, drift changes nothing but what is seen."""
    quiet = [f"disease.flares.rate.{domain}.{kind}=0" for domain in ("renal", "hematologic", "extrarenal")
             for kind in ("severe", "mild")]  # fmt: skip
    still = ["effect=optimistic", "taper.forced=true", "disease.week12.p_worse=0", *quiet,
             "disease.week12.p_insufficient=0", "disease.clocks.serious_infection=0",
             "disease.clocks.death_activity=0"]  # fmt: skip
    lc_off = ["disease.cytopenia.platelets=0", "disease.cytopenia.hemoglobin=0", "disease.cytopenia.neutrophils=0"]
    config, enrolled, without = courses(*still, *lc_off, trials=range(2))
    _, _, with_drift = courses(*still, *lc_off, f"disease.drift={SIGMA}", trials=range(2))
    assert np.array_equal(without.visits["day"], with_drift.visits["day"])
    patient = np.repeat(np.arange(len(without.states)), without.states["rows"])
    compared = 0
    for row in np.flatnonzero((without.visits["attended"] == 1) & (without.visits["number"] >= 0)):
        trial, candidate = (int(x) for x in enrolled.addresses[patient[row]])
        day = int(without.visits["day"][row])
        moved = with_drift.visits["log_activity"][row] - without.visits["log_activity"][row]
        expected = [by_hand(config.run.seed, trial, candidate, k, day) for k in range(8)]
        np.testing.assert_allclose(moved, expected, rtol=0, atol=1e-9)
        compared += 1
    assert compared > 100


def test_a_flare_raises_the_activity_that_is_seen():
    state, _, p, _ = one_patient(f"disease.drift={SIGMA}")
    state["drift"] = np.linspace(-0.5, 0.5, 8)
    activity.look(state[0], p[0], 0)
    before = state["seen"][0].copy()
    activity.jump(state[0], p[0], 1, 0.9, 0)
    activity.look(state[0], p[0], 0)
    after = state["seen"][0]
    for k in range(8):
        rise = 0.9 if k in LINEAGES else 0.0
        assert math.exp(after[k]) == pytest.approx(math.exp(before[k]) + rise, rel=1e-12)


def test_hazards_see_the_drift_of_the_day_of_their_refresh():
    state, person, p, o = one_patient(f"disease.drift={SIGMA}")
    state["dose_of"], state["dose_from"] = 20.0, LONG_AGO
    rates = []
    for shift in (0.0, 0.3):
        state["drift"] = shift
        hazards.refresh(state[0], person[0], p[0], o[0], 0)
        rates.append(state["rate"][0].copy())
    np.testing.assert_allclose(rates[1][:6] / rates[0][:6], math.exp(0.7 * 0.3), rtol=1e-12)


# Pulses


def test_a_pulse_moves_the_set_points_while_it_runs_and_neither_hazards_nor_the_oral_dose():
    state, person, p, o = one_patient()
    log = np.zeros(10, LOG)
    state["dose_of"], state["dose_from"], state["minute"] = 20.0, LONG_AGO, clinic_minute(40)
    activity.update_set_points(state[0], person[0], p[0])
    hazards.refresh(state[0], person[0], p[0], o[0], clinic_minute(40))
    before, rates, fall = state["set_point"][0].copy(), state["rate"][0].copy(), hazards.dose_fall
    pulse.give_pulse(state[0], person[0], p[0], log)
    sensitivity = {0: 0.55, 1: 0.60, 2: 0.30, 3: 0.30, 4: 0.65}
    for k, s in sensitivity.items():
        lower = math.log((1 - s * 645 / 650) / (1 - s * 20 / 25))
        assert state["set_point"][0, k] - before[k] == pytest.approx(lower, abs=1e-12)
    assert state["due"][0, Event.PULSE_OFF] == clinic_minute(43)
    hazards.refresh(state[0], person[0], p[0], o[0], clinic_minute(40))
    np.testing.assert_allclose(state["rate"][0], rates, rtol=1e-13)  # nothing but the rebase has happened
    assert fall(state[0], p[0], clinic_minute(41)) == 0.0
    state["minute"] = clinic_minute(42)
    pulse.give_pulse(state[0], person[0], p[0], log)
    assert state["pulse"][0] == 625.0
    assert state["due"][0, Event.PULSE_OFF] == clinic_minute(45)
    state["minute"] = clinic_minute(45)
    pulse.end_pulse(state[0], person[0], p[0], log)
    np.testing.assert_allclose(state["set_point"][0], before, rtol=0, atol=1e-12)


def test_pulses_follow_severe_orders_with_their_probability_and_last_their_days():
    _, _, course = courses(
        "effect=none", "disease.orders.pulse.p_severe=0.4", "disease.flares.rate.renal.severe=2"
    )
    patient, orders = entries(course, [Happening.ORDER_DOSE])
    severe = orders["a"] == 1
    day_of = MINUTES_PER_DAY
    ordered = set(zip(patient[severe].tolist(), orders["minute"][severe].tolist(), strict=True))
    who, given = entries(course, [Happening.PULSE])
    pulses = list(zip(who.tolist(), given["minute"].tolist(), strict=True))
    assert set(pulses) <= ordered
    assert len(ordered) > 400
    assert stats.binomtest(len(pulses), len(ordered), 0.4).pvalue > 1e-5
    who, ended = entries(course, [Happening.PULSE_OFF])
    over = set(zip(who.tolist(), ended["minute"].tolist(), strict=True))
    followed = {
        (i, minute + 3 * day_of) for i, minute in pulses if minute // day_of + 4 < course.states["end_day"][i]
    }
    renewed = {
        (i, minute + 3 * day_of)
        for i, minute in pulses
        for j, later in pulses
        if i == j and 0 < later - minute < 3 * day_of
    }
    assert followed - renewed <= over
    assert over <= {(i, minute + 3 * day_of) for i, minute in pulses}
