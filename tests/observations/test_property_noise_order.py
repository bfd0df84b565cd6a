"""Noise is a function of candidate, analyte and day: not of what was asked for before, or together."""

import numpy as np

from sim.config.compose import load
from sim.core.compiled import compiled
from sim.observations.noise import begin, log_noise, new_noise, surely_above
from sim.observations.parameters import N_ANALYTES, parameters


@compiled
def read(o, noise, analytes, days, candidate, afresh, value):
    """Noise in the order given, from one workspace, or from an empty one each time."""
    begin(noise[0], 5, 1, candidate)
    for place in range(days.size):
        if afresh:
            begin(noise[0], 5, 1, candidate)
        elif place % 3 == 0:
            surely_above(noise[0], o[0], analytes[place], days[place], -0.5)
        value[place] = log_noise(noise[0], o[0], analytes[place], days[place])


def test_noise_does_not_depend_on_the_order_of_reading():
    config, rng = load([]), np.random.default_rng(3)
    o, noise = parameters(config.observation, config.disease.activity_cap), new_noise()
    for candidate in range(30):
        analytes, days = rng.integers(0, N_ANALYTES, 2_000), rng.integers(-64, 260, 2_000)
        days[rng.random(2_000) < 0.2] = 0
        found, alone = np.empty(2_000), np.empty(2_000)
        read(o, noise, analytes, days, candidate, False, found)
        read(o, noise, analytes, days, candidate, True, alone)
        np.testing.assert_array_equal(found, alone)
        noisy = (o["slow_sd"][0] > 0.0)[analytes]
        assert len(np.unique(alone[noisy])) == len(np.unique(np.stack([analytes, days])[:, noisy], axis=1).T)


def test_a_new_workspace_knows_nothing():
    config = load([])
    o, fresh, used = parameters(config.observation, config.disease.activity_cap), new_noise(), new_noise()
    analytes, days = np.repeat(np.arange(N_ANALYTES), 3), np.tile([-7, 0, 100], N_ANALYTES)
    first, second = np.empty(days.size), np.empty(days.size)
    read(o, used, analytes, days, 1, False, first)
    read(o, used, analytes, days, 2, False, first)
    read(o, fresh, analytes, days, 2, False, second)
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, np.zeros(days.size))
