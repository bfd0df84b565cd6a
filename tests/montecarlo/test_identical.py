"""Real patients: the same table for any workers, any size of chunk, either clock, whatever else is asked."""

import itertools

import numpy as np
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


@pytest.mark.parametrize("engine", ["batch", "simpy"])
@pytest.mark.parametrize("endpoints", ["P3", "P3,S3", "S4,P1,P3,S2"])
def test_what_else_is_asked_changes_no_byte_of_an_endpoint(plain, endpoints, engine):
    words = [f"analysis.endpoints=[{endpoints}]", f"run.engine={engine}", "run.trials=15", "run.progress=false"]
    power = run_power(load([*words, "run.workers=1"])).power
    mine, usual = (table.where(table["endpoint"] == "P3") for table in (power, plain))
    assert mine.length > 0
    for name in usual:
        if name != "engine":
            np.testing.assert_array_equal(mine[name], usual[name], err_msg=name)
