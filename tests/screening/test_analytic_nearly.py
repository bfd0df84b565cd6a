"""What is nearly exact is as near as it says, and close questions are measured."""

import math

import numpy as np
import pytest
from scipy import special

from sim.core.compiled import compiled
from sim.core.decisions import Analyte
from sim.observations import noise
from sim.observations.parameters import parameters
from sim.screening import nearly
from sim.screening.rules import least_above

PLACES = np.unique(np.concatenate([(np.arange(1, 65_536) - 0.5) / 65_536, 2.0 ** -np.arange(1.0, 54.0)]))


@compiled
def _normals(places):
    return np.array([nearly.near_normal(each) for each in places])


@compiled
def _exponentials(places):
    return np.array([nearly.near_exponential(each) for each in places])


def test_near_normal_is_within_its_error_of_scipy():
    for places in (PLACES, 1.0 - PLACES):
        error = np.abs(_normals(places) - special.ndtri(places))
        assert nearly.NORMAL_ERROR / 2.0 < error.max() < nearly.NORMAL_ERROR


def test_near_exponential_is_within_its_error_of_the_logarithm():
    error = np.abs(_exponentials(PLACES) + np.log1p(-PLACES))
    assert nearly.EXPONENTIAL_ERROR / 2.0 < error.max() < nearly.EXPONENTIAL_ERROR


@pytest.mark.parametrize("slow_days", [0.1, 10.0, 5_000.0])
def test_near_slow_is_within_its_error_of_the_noise_of_every_day(configured, slow_days):
    config = configured(f"observation.creatinine.slow_days={slow_days}")
    o = parameters(config.observation, config.disease.activity_cap)[0]
    analyte = int(Analyte.CREATININE)
    for candidate in range(60):
        own = noise.new_noise()[0]
        noise.begin(own, 5, 1, candidate)
        for day in range(-48, 0):
            exact = noise.slow(own, o, analyte, day)
            near = nearly.near_slow(o, analyte, day, 5, 1, candidate)
            assert abs(near - exact) < nearly.SLOW_ERROR


def test_clear_answers_only_outside_the_error():
    error = 0.01 + nearly.SLOW_ERROR * 0.5 + nearly.NORMAL_ERROR * 0.2
    for distance, verdict in ((1.001, 1), (0.999, 0), (-0.999, 0), (-1.001, -1)):
        assert nearly.clear(4.0, 0.7, 4.7 - distance * error, 0.01, 0.5, 0.2) == verdict
    assert nearly.clear(301.0, 0.0, 4.0, 0.01, 0.5, 0.2) == 0
    assert nearly.clear(4.0, math.nan, 4.0, 0.01, 0.5, 0.2) == 0


@pytest.mark.parametrize("per_unit", [1.0, 100.0])
@pytest.mark.parametrize("limit", [0.0, 1.0, 1.004999, 1.01 - 1e-9, 10.5, 106.0, 106.99999999999, 250.0])
def test_least_above_is_where_rounded_values_pass_the_limit(limit, per_unit):
    least = math.exp(least_above(limit, per_unit))
    below, above = (math.floor(least * factor * per_unit + 0.5) / per_unit for factor in (1 - 1e-9, 1 + 1e-9))
    assert below <= limit + 1e-9 < above


def test_least_above_of_a_limit_that_rounding_does_not_reach():
    assert least_above(1e300, 100.0) == math.log(1e300)
