"""What is known of a measurement before all of it is drawn must be true of the measurement."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.compiled import compiled
from sim.core.draws import FARTHEST, normal_quantile
from sim.observations import measure
from sim.observations.noise import begin, log_noise, new_noise, surely_above
from sim.observations.parameters import parameters
from sim.observations.visit import new_visits
from sim.screening.fill import fill

DAYS = np.arange(-14, 212)
LIMITS = (-2.5, -1.5, -0.8, -0.3, -0.1, 0.0)


@compiled
def look(o, noise, analyte, limit, days, candidate, sure, value):
    """Sure or not, each day from an empty workspace; and the noise itself."""
    for place in range(days.size):
        begin(noise[0], 5, 1, candidate)
        sure[place] = surely_above(noise[0], o[0], analyte, days[place], limit)
        value[place] = log_noise(noise[0], o[0], analyte, days[place])


@compiled
def quantile(u):
    return normal_quantile(u)


@pytest.mark.parametrize("analyte", [measure.PLATELETS, measure.HEMOGLOBIN, measure.NEUTROPHILS, measure.CASTS])
def test_what_is_surely_above_a_limit_is_above_it(analyte):
    config = load([])
    o, noise = parameters(config.observation, config.disease.activity_cap), new_noise()
    sure, value = np.zeros(len(DAYS), bool), np.zeros(len(DAYS))
    shares = []
    for limit in LIMITS:
        found = []
        for candidate in range(40):
            look(o, noise, analyte, limit, DAYS, candidate, sure, value)
            assert (value[sure] > limit).all()
            found.append(sure.mean())
        shares.append(np.mean(found))
    assert shares[0] > 0.3 and all(np.diff(shares) <= 0.0) and shares[0] > shares[-1]


def test_the_farthest_normal_number_is_farther_than_any_that_can_be_drawn():
    smallest = 2.0**-53
    assert -FARTHEST < quantile(smallest) < -8.2
    assert quantile(1.0 - smallest) < FARTHEST


@compiled
def blood(o, persons, visits, noise, limit, candidate):
    """Sure of platelets and of hemoglobin; platelets and hemoglobin."""
    begin(noise[0], 5, 1, candidate)
    visit, person = visits[0], persons[0]
    return (
        measure.platelets_surely_from(o[0], person, visit, limit, noise[0]),
        measure.hemoglobin_surely_from(o[0], person, visit, limit / 3.0, noise[0]),
        measure.platelets(o[0], person, visit, noise[0]),
        measure.hemoglobin(o[0], person, visit, noise[0]),
    )


def test_blood_that_is_surely_not_low_is_not_low_when_it_is_measured():
    config = load(["effect=none"])
    enrolled = fill(range(10), config)
    o, noise, visit = parameters(config.observation, config.disease.activity_cap), new_noise(), new_visits(1)
    rng, counts = np.random.default_rng(2), np.zeros(2)
    for i in range(len(enrolled.person)):
        for day in range(0, 200, 9):
            visit["day"], visit["log_activity"] = day, rng.normal(size=8)
            sure_p, sure_h, platelets, hemoglobin = blood(o, enrolled.person[i : i + 1], visit, noise, 25.0, i)
            counts += (sure_p, sure_h)
            assert not sure_p or platelets >= 25.0
            assert not sure_h or hemoglobin >= 25.0 / 3.0
    assert (counts > 100).all()
