"""Filling the quotas: places, caps, numbering, calendar and the screen failures to be expected."""

import math

import numpy as np
import pytest

from sim.core.decisions import Decision
from sim.core.draws import exponential_quantile, uniform
from sim.population.history import HISTORY
from sim.population.person import LC, LN, PERSON
from sim.population.variables import Arrival
from sim.screening.candidates import candidates_table
from sim.screening.clinic import COUNTS, Clinic, accrual_open, arrive, enrol, screen
from sim.screening.fill import fill

ANY2 = "protocol.ln_lab_rule=ANY2"


def test_quotas_are_filled_in_order_of_arrival(configured):
    enrolled = fill(range(20), configured(ANY2))
    assert np.all(enrolled.trials["filled"])
    assert np.array_equal(enrolled.subject, np.tile(np.arange(10), 20))
    assert np.array_equal(enrolled.trial, np.repeat(np.arange(20), 10))
    for trial in range(20):
        rows = enrolled.trial == trial
        assert enrolled.person["subgroup"][rows].sum() == 5
        assert np.all(np.diff(enrolled.candidate[rows]) > 0)
        assert np.all(np.diff(enrolled.arrival_day[rows]) >= 0)
    assert np.all(enrolled.enrolled_day == enrolled.arrival_day + 42)


def test_a_trial_is_the_same_alone_and_in_any_chunk(configured):
    config = configured(ANY2)
    chunk, alone = fill([3, 5, 8], config), fill([5], config)
    rows = chunk.trial == 5
    assert chunk.person[rows].tobytes() == alone.person.tobytes()
    for name in HISTORY.names:
        np.testing.assert_array_equal(chunk.history[name][rows], alone.history[name])
    assert np.array_equal(chunk.candidate[rows], alone.candidate)


def test_candidates_table_holds_the_enrolled_and_every_failure(configured):
    config = configured(ANY2)
    enrolled, table = fill(range(4), config), candidates_table(range(4), config)
    chosen = table.where(~np.isnan(table["subject"]))
    assert np.array_equal(chosen["candidate"], enrolled.candidate)
    assert np.array_equal(chosen["subject"], enrolled.subject)
    assert np.array_equal(chosen["age"], enrolled.person["age"])
    assert np.array_equal(chosen["ana_titer"], enrolled.history["ana_titer"])
    assert np.array_equal(table["eligible"], ~np.isnan(table["subject"]))
    assert table.length == enrolled.trials["n_screened"].sum()
    nephritis = table.where(table["subgroup"] == "LN")
    assert np.array_equal(nephritis["serum_creatinine"], nephritis["serum_creatinine_3"])


def test_steps_taken_one_by_one_give_the_same_trial(configured):
    config = configured(ANY2)
    clinic, expected = Clinic.of(config), fill([7], config)
    counts, room = np.zeros(1, COUNTS), clinic.room()
    person, history = np.zeros(1, PERSON), np.zeros(1, HISTORY)
    found = []
    while accrual_open(room, counts):
        candidate, minute, subgroup, seen = arrive(room, counts, 7)
        if seen and screen(room, person, history, 0, subgroup, 7, candidate):
            assert enrol(counts, subgroup, minute) == len(found)
            found.append(candidate)
            assert person.tobytes() == expected.person[len(found) - 1].tobytes()
    assert found == expected.candidate.tolist()
    assert counts["turned_away"][0] == expected.trials["n_turned_away"][0]


def test_arrivals_that_are_turned_away_use_a_number_and_no_row(configured):
    config = configured()
    enrolled = fill(range(10), config).trials
    table = candidates_table(range(10), config)
    for trial in range(10):
        numbers = table["candidate"][table["trial"] == trial]
        assert numbers.max() + 1 == len(numbers) + enrolled["n_turned_away"][trial]
    assert enrolled["n_turned_away"].sum() > 0


def test_caps_leave_a_trial_short(configured):
    caps = ("design.max_candidates_LN_per_place=2", "design.max_candidates_LC_per_place=1")
    trials = fill(range(30), configured(*caps)).trials
    assert np.all(trials["n_screened_LN"] <= 10)
    assert np.all(trials["n_screened_LC"] <= 5)
    assert not trials["filled"].any()
    assert np.all(trials["n_enrolled"] == trials["n_enrolled_LN"] + trials["n_enrolled_LC"])


def test_one_stream_alone(configured):
    none = fill(range(5), configured("design.n_LN=0"))
    assert np.all(none.person["subgroup"] == LC)
    assert np.all(none.trials["n_screened_LN"] == 0)
    all_of_them = fill(range(3), configured(ANY2, "design.n_LC=0", "design.n=3"))
    assert np.all(all_of_them.person["subgroup"] == LN)
    assert np.all(all_of_them.trials["filled"])


def test_random_composition_takes_the_first_eligible_of_either_stream(configured):
    enrolled = fill(range(200), configured(ANY2, "design.composition=random"))
    trials = enrolled.trials
    assert np.all(trials["n_enrolled"] == 10)
    assert np.all(trials["n_turned_away"] == 0)
    assert len(np.unique(trials["n_enrolled_LN"])) > 3


def test_gaps_between_arrivals_are_exponential_weeks(configured):
    room, counts = Clinic.of(configured()).room(), np.zeros(1, COUNTS)
    minutes = np.array([arrive(room, counts, 0)[1] for _ in range(20_000)])
    gaps = np.sort(np.diff(minutes, prepend=0)) / 10_080.0
    distance = np.max(np.abs(1.0 - np.exp(-gaps) - (np.arange(20_000) + 0.5) / 20_000))
    assert distance < 2.2 / math.sqrt(20_000)  # exceeded with probability 1.3e-4; a gap is up to a minute late


@pytest.mark.parametrize("per_week", [0.001, 1.0, 5_000.0])
def test_a_gap_is_the_exact_quantile_in_whole_minutes(configured, per_week):
    clinic = Clinic.of(configured(f"design.arrivals_per_week={per_week}"))
    room, counts = clinic.room(), np.zeros(1, COUNTS)
    minutes = [0, *(arrive(room, counts, 3)[1] for _ in range(5_000))]
    mean = float(clinic.plan["mean_gap"][0])
    draws = (
        uniform(clinic.seed, 3, candidate, int(Decision.BASELINE), int(Arrival.GAP)) for candidate in range(5_000)
    )
    exact = [max(1, math.ceil(mean * exponential_quantile(draw))) for draw in draws]
    assert np.diff(minutes).tolist() == exact


EXPECTED = [((), 39.0), ((ANY2,), 9.0)]


@pytest.mark.parametrize(("overrides", "per_place"), EXPECTED)
def test_screen_failures_agree_with_the_product_of_prevalences(configured, overrides, per_place):
    # The published expectation is approximate: agreement is a fifth. 300 trials know the ratio to 3 %.
    trials = fill(range(300), configured(*overrides)).trials
    assert trials["n_screened_LN"].sum() / trials["n_enrolled_LN"].sum() == pytest.approx(per_place, rel=0.2)
    assert trials["n_screened_LC"].sum() / trials["n_enrolled_LC"].sum() == pytest.approx(4.0, rel=0.2)
