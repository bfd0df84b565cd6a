"""Virtual candidates for the tests of the population."""

from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.config.build import build
from sim.config.population import Population
from sim.core.compiled import compiled
from sim.population.generate_history import generate_candidate
from sim.population.history import HISTORY
from sim.population.parameters import population_parameters
from sim.population.person import LC, LN, PERSON
from sim.population.variables import BASELINE_END

CONF = Path(__file__).resolve().parents[2] / "conf" / "population" / "korean_sle.yaml"
N = 20_000


@compiled
def _generate(persons, histories, parameters, seed, trial, subgroup):
    draws = np.zeros(BASELINE_END)
    for candidate in range(persons.size):
        generate_candidate(
            persons[candidate], histories[candidate], parameters, draws, seed, trial, candidate, subgroup
        )


@pytest.fixture(scope="session")
def plain():
    """The shipped population as plain nested values."""
    return yaml.safe_load(CONF.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def population(plain):
    return build(Population, plain, "population")


@pytest.fixture(scope="session")
def parameters(population):
    return population_parameters(population)[0]


@pytest.fixture(scope="session")
def generate(parameters):
    """generate(n, subgroup, seed, trial) -> persons, histories."""

    def make(n, subgroup, seed=20260101, trial=0):
        persons, histories = np.zeros(n, PERSON), np.zeros(n, HISTORY)
        _generate(persons, histories, parameters, seed, trial, subgroup)
        return persons, histories

    return make


@pytest.fixture(scope="session")
def nephritis(generate):
    """20,000 candidates of the nephritis stream."""
    return generate(N, LN)


@pytest.fixture(scope="session")
def cytopenia(generate):
    """20,000 candidates of the cytopenia stream."""
    return generate(N, LC)
