"""What is not reckoned would have changed nothing."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.clock import MINUTES_PER_DAY
from sim.disease import activity
from sim.disease.state import new_states
from sim.observations.parameters import parameters as observation_parameters
from sim.screening.fill import fill
from sim.trial.courses import model
from sim.trial.engines.batch_engine import simulate

MOST = ("most_serious", "most_death", "most_damage")
HARSH = (
    "disease.clocks.serious_infection=0.3", "disease.clocks.death=0.1", "disease.clocks.renal_damage=0.3",
    "disease.clocks.serious_infection_fatality=0", "run.seed=3",
)  # fmt: skip


YEARS = (
    "protocol.follow_up=year_5", "disease.clocks.serious_infection=0.03", "disease.clocks.death=0.01",
    "disease.clocks.renal_damage=0.03", "run.seed=3",
)  # fmt: skip


DEADLY = (*HARSH, "disease.clocks.death=0.4", "disease.drift=0.2")
"""Activity rises above 1 in many patients."""


@pytest.mark.parametrize(
    "settings", [(), HARSH, (*HARSH, "disease.clocks.serious_infection_dose=-0.05"), YEARS, DEADLY]
)
def test_a_clock_that_is_silent_would_not_have_rung(settings):
    config = load(["effect=neutral", "protocol.follow_up=week_24", *settings])
    enrolled = fill(range(60), config)
    seen = observation_parameters(config.observation, config.disease.activity_cap)
    p = model(config, config.effects[0])
    awake = p.copy()
    for name in MOST:
        awake[name] = np.inf
    lives = [simulate(enrolled.person, enrolled.addresses, config.run.seed, each, seen) for each in (p, awake)]
    silent = lives[0].states["silent"].sum(axis=0)
    assert lives[1].states["silent"].sum() == 0
    assert all(30 < silent[clock] < len(enrolled.person) for clock in (6, 9, 12)), silent
    np.testing.assert_array_equal(lives[0].log, lives[1].log)
    for name in ("count", "infusion_day", "end_day", "dose"):
        np.testing.assert_array_equal(lives[0].states[name], lives[1].states[name])
    assert (lives[0].states["count"].sum(axis=0)[[6, 12]] > 0).all()


def test_the_table_of_the_clinics_calendar_holds_what_the_formula_gives():
    config = load(["effect=none"])
    p = model(config, config.effects[0])
    tabled = new_states(1)
    tabled["log_activity"], tabled["set_point"] = np.linspace(-1.0, 1.0, 8), np.linspace(0.5, -2.0, 8)
    kappa = p["kappa"][0]
    for minute in (0, 180, 540, 900, 7 * MINUTES_PER_DAY, 100 * MINUTES_PER_DAY + 540, 210 * MINUTES_PER_DAY + 1):
        activity.relax(tabled[0], p[0], minute)
        gap = tabled["log_activity"][0] - tabled["set_point"][0]
        expected = tabled["set_point"][0] + gap * np.exp(-kappa * minute / MINUTES_PER_DAY)
        np.testing.assert_allclose(tabled["relaxed"][0], expected, rtol=0, atol=1e-15)
