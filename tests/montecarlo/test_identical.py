"""Real patients: the same table for any number of workers, any size of chunk, either clock."""

import itertools

import pytest

from sim.config.compose import load
from sim.montecarlo.power import run_power

SETTINGS = list(itertools.product((1, 2, 5), (1, 7, 1000), ("batch", "simpy")))


@pytest.fixture(scope="module")
def plain():
    return run_power(load(["run.trials=15", "run.progress=false", "run.workers=1"])).power


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "chunk", "engine"), SETTINGS)
def test_how_it_is_computed_changes_no_byte(plain, workers, chunk, engine):
    words = [f"run.workers={workers}", f"run.chunk={chunk}", f"run.engine={engine}"]
    power = run_power(load(["run.trials=15", "run.progress=false", *words])).power
    assert list(power) == list(plain)
    for name in plain:
        if name != "engine":
            assert power[name].dtype == plain[name].dtype
            assert power[name].tobytes() == plain[name].tobytes(), name
