"""The years after week 24 against theory and against the rule of the slow reduction."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from sim.config.compose import load
from sim.config.observation import SCHEDULED, T_CELLS_ALONE
from sim.core.clock import MINUTES_PER_DAY, clinic_minute
from sim.core.errors import LimitError
from sim.disease import activity, course, drift, hazards, steroid
from sim.disease.state import LOG, LONG_AGO, Event, Happening, Phase
from sim.disease.visits import NOMINAL_DAYS
from sim.observations import measure
from sim.observations.noise import begin, new_noise
from sim.observations.visit import new_visits
from sim.trial import doses
from sim.trial.engines.batch_engine import run
from sim.trial.tables import entries
from tests.disease.test_analytic_course import CONSTANT, YEAR
from tests.disease.test_analytic_options import one_patient

REST = [text for text in CONSTANT if "rate" not in text]
LONG = ["protocol.follow_up=year_5", "protocol.ln_lab_rule=ANY2"]
ALONE = [SCHEDULED.index(name) for name in T_CELLS_ALONE]


def course_of(*overrides, trials=range(100)):
    config = load([*LONG, *overrides])
    _, courses = run(trials, config, config.effects)
    return next(iter(courses.values()))


@pytest.fixture(scope="module")
def lives():
    """A thousand patients over five years, with the shipped hazards."""
    return course_of("effect=neutral")


def test_a_constant_hazard_gives_poisson_counts_spread_evenly_over_five_years():
    lived = course_of(*REST, "disease.flares.rate.extrarenal.mild=4")
    patient, log = entries(lived, [Happening.FLARE])
    mild = log["a"] == 5
    patient, day = patient[mild], log["minute"][mild] / MINUTES_PER_DAY
    exposure = lived.states["end_day"] + 9 / 24
    assert exposure.min() > 1790
    counts, expected = np.bincount(patient, minlength=len(exposure)), 4.0 / YEAR * exposure
    assert abs(counts.sum() - expected.sum()) < 4.5 * math.sqrt(expected.sum())
    dispersion = np.sum((counts - expected) ** 2 / expected)
    assert min(stats.chi2.sf(dispersion, len(counts)), stats.chi2.cdf(dispersion, len(counts))) > 1e-5
    assert stats.kstest(day / exposure[patient], "uniform").pvalue > 1e-5
    same = patient[1:] == patient[:-1]
    first, second = day[:-1][same], day[1:][same]
    gap, left = second - first, exposure[patient[1:][same]] - first
    early = left > 200.0  # given a gap below 200 days its length has the truncated exponential distribution
    gap = gap[early & (gap < 200.0)]
    share = (1 - np.exp(-4.0 / YEAR * gap)) / (1 - math.exp(-4.0 / YEAR * 200.0))
    assert stats.kstest(share, "uniform").pvalue > 1e-5


# (dose, phase, days since the last recognised flare, last PGA) -> dose after; interval 90, step and floor 2.5
STEPS = [
    (7.5, Phase.OVER, 1000, 1.0, 5.0),
    (5.0, Phase.LAST, 1000, 0.0, 2.5),
    (4.0, Phase.OVER, 91, 0.5, 2.5),
    (7.5, Phase.STEPS, 91, 0.5, 5.0),
    (7.5, Phase.OVER, 90, 0.5, 7.5),
    (7.5, Phase.OVER, 0, 0.5, 7.5),
    (7.5, Phase.OVER, 1000, 1.1, 7.5),
    (7.5, Phase.OVER, 1000, math.nan, 7.5),
    (7.5, Phase.HIGH, 1000, 0.5, 7.5),
    (7.5, Phase.REDUCE, 1000, 0.5, 7.5),
    (2.5, Phase.OVER, 1000, 0.5, 2.5),
    (0.0, Phase.OVER, 1000, 0.5, 0.0),
]


@pytest.mark.parametrize(("dose", "phase", "since", "pga", "after"), STEPS)
def test_the_slow_reduction_waits_for_quiet_patients(dose, phase, since, pga, after):
    state, person, p, o = one_patient("protocol.follow_up=year_5")
    log, day = np.zeros(5, LOG), 168 + 90 * 3
    visits = new_visits(1)
    visits["pga"], state["assessments"] = pga, 1
    state["dose"], state["dose_of"], state["dose_from"] = dose, dose, LONG_AGO
    state["phase"], state["minute"] = phase, clinic_minute(day)
    state["flare_recognised"] = day - since
    steroid.long_term_step(state[0], person[0], p[0], o[0], visits, log, new_noise()[0])
    assert state["dose"][0] == after
    assert state["due"][0, Event.LONG_TERM_STEP] == clinic_minute(day + 90)
    assert state["entries"][0] == int(after != dose)
    if after != dose:
        assert (log[0]["kind"], log[0]["a"], log[0]["value"]) == (Happening.STEP, 2, after)


def test_every_slow_reduction_of_a_life_keeps_the_rule(lives):
    patient, log = entries(lives, [Happening.STEP])
    slow = log["a"] == 2
    patient, minute = patient[slow], log["minute"][slow]
    day = minute // MINUTES_PER_DAY
    assert len(day) > 300
    assert ((minute == day * MINUTES_PER_DAY + 540) & ((day - 168) % 90 == 0) & (day >= 258)).all()
    assert log["value"][slow].min() >= 2.5
    found, recognised = entries(lives, [Happening.RECOGNISED])
    for i, when in zip(patient.tolist(), day.tolist(), strict=True):
        since = when - recognised["minute"][found == i] // MINUTES_PER_DAY
        assert not ((since >= 0) & (since <= 90)).any()


def test_quiet_patients_are_reduced_on_every_such_day(lives):
    """Somebody in whom no flare was ever recognised: the dose of every long-term day follows from the visits."""
    found, _ = entries(lives, [Happening.RECOGNISED])
    quiet = np.setdiff1d(np.arange(len(lives.states)), found)
    daily, _ = doses.daily(lives)
    checked = 0
    for i in quiet[lives.states["end_day"][quiet] > 400]:
        first = lives.visit_start[i]
        rows = lives.visits[first : first + lives.states["rows"][i]]
        rows = rows[(rows["attended"] == 1) & (rows["number"] >= 0) & ~np.isin(rows["number"], ALONE)]
        for day in range(258, int(lives.states["end_day"][i]), 90):
            before = daily[i, day - 1]
            low = rows["pga"][rows["day"] <= day][-1] <= 1.0 + 1e-9
            assert daily[i, day] == (max(2.5, before - 2.5) if low and before > 2.5 else before)
            checked += 1
    assert checked > 200


def test_no_step_of_the_24_weeks_is_taken_later(lives):
    _, log = entries(lives, [Happening.STEP, Happening.HELD, Happening.SKIPPED])
    scheduled = (log["kind"] != Happening.STEP) | (log["a"] == 0)
    assert (log["minute"][scheduled] <= clinic_minute(168)).all()


def test_visits_fall_into_their_windows_in_order(lives):
    for number, width in zip(range(11, 17), (14, 30, 30, 30, 30, 30), strict=True):
        held = lives.visits[(lives.visits["number"] == number) & (lives.visits["attended"] == 1)]
        late = held["day"] - NOMINAL_DAYS[number]
        assert len(held) > 150
        assert np.abs(late).max() <= width or (number == 11 and late.max() <= 29)  # the day after a late W24
        assert late.std() > width / 4
    for i in range(len(lives.states)):
        first = lives.visit_start[i]
        rows = lives.visits[first : first + lives.states["rows"][i]]
        planned = rows[rows["number"] < 100]
        assert list(planned["number"]) == list(range(-1, 17))
        held = planned["day"][planned["attended"] == 1]
        assert (np.diff(held) > 0).all()


def test_a_visit_for_t_cells_recognises_nothing_and_orders_nothing(lives):
    alone = np.isin(lives.visits["number"], ALONE) & (lives.visits["attended"] == 1)
    assert alone.sum() > 1000
    rows = lives.visits[alone]
    assert (rows["flare"] == 0).all()
    assert np.isnan(rows["pga"]).all()
    patient = np.repeat(np.arange(len(lives.states)), lives.states["rows"])[alone]
    at = set(zip(patient.tolist(), rows["minute"].tolist(), strict=True))
    who, log = entries(lives, [Happening.RECOGNISED, Happening.ORDER_DOSE, Happening.IMMUNOSUPPRESSANT])
    seen = set(zip(who.tolist(), log["minute"].tolist(), strict=True))
    assert not (seen & at) - unscheduled_minutes(lives)


def unscheduled_minutes(lives):
    patient = np.repeat(np.arange(len(lives.states)), lives.states["rows"])
    rows = lives.visits["number"] > 100
    return set(zip(patient[rows].tolist(), lives.visits["minute"][rows].tolist(), strict=True))


def test_a_planned_unscheduled_visit_stands_while_t_cells_are_taken(lives):
    """Between the onset of a flare and its unscheduled visit some patients come for T cells alone."""
    met = 0
    for i in range(len(lives.states)):
        first = lives.visit_start[i]
        rows = lives.visits[first : first + lives.states["rows"][i]]
        rows = rows[(rows["attended"] == 1) & (rows["number"] >= 0)]
        for before, after in itertools.pairwise(rows):
            if before["number"] in ALONE and after["number"] > 100 and after["day"] - before["day"] <= 5:
                met += after["flare"] > 0
    assert met > 3


def test_looking_more_often_changes_nothing_latent():
    """Activity, drift, the fall of the dose and a measurement are read at every turn of a life, or never."""
    state, person, p, o = one_patient(
        "protocol.follow_up=year_5", "disease.drift=0.1", "disease.orders.pulse.p_severe=1",
        "disease.flares.rate.renal.severe=2", "disease.clocks.dropout=0", "disease.clocks.death=0",
        "disease.clocks.pregnancy=0", "disease.clocks.serious_infection_fatality=0",
    )  # fmt: skip
    rng = np.random.default_rng(4)
    logs, ends = [], []
    for looks in (0, 5):
        own, noise = state.copy(), new_noise()
        visits, log = new_visits(192), np.zeros(2048, LOG)
        begin(noise[0], 11, 0, 3)
        course.start(own[0], person[0], p[0], o[0], visits, noise[0], 1.0)
        while not own["done"][0]:
            minute, kind = course.next_event(own[0])
            for between in sorted(rng.integers(own["minute"][0], minute + 1, looks).tolist()):
                drift.drift_to(own[0], p[0], between // MINUTES_PER_DAY)
                hazards.dose_fall(own[0], p[0], between)
                activity.look(own[0], p[0], between)
                measure.upcr(o[0], person[0], visits[0], noise[0])
            course.apply(own[0], kind, minute, person[0], p[0], o[0], visits, log, noise[0])
        logs.append(log[: own["entries"][0]])
        ends.append(own)
    assert len(logs[0]) > 60
    assert {Happening.PULSE, Happening.PULSE_OFF} <= set(logs[0]["kind"].tolist())
    assert np.array_equal(*logs)
    for name in ("log_activity", "set_point", "drift", "dose_of", "budget"):
        np.testing.assert_array_equal(ends[0][name], ends[1][name], err_msg=name)


def test_a_log_or_a_list_of_visits_that_is_full_stops_the_run():
    state, person, p, o = one_patient("protocol.follow_up=year_5")
    for visits, log, words in ((192, 5, "log has room"), (4, 2048, "visits of one patient")):
        rows, entries_, noise = new_visits(visits), np.zeros(log, LOG), new_noise()
        begin(noise[0], 11, 0, 3)
        course.start(state[0], person[0], p[0], o[0], rows, noise[0], 1.0)
        with pytest.raises(LimitError, match=words):
            while not state["done"][0]:
                minute, kind = course.next_event(state[0])
                course.apply(state[0], kind, minute, person[0], p[0], o[0], rows, entries_, noise[0])


def test_more_rings_of_a_clock_than_there_are_addresses_stop_the_run():
    with pytest.raises(LimitError, match="64 times"):
        course_of("effect=none", "disease.flares.rate.extrarenal.mild=60", trials=range(2))
