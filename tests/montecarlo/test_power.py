"""The main job on trials whose truth is known; the real patients are tested elsewhere."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.errors import LimitError
from sim.core.tables import concatenate
from sim.montecarlo.cohort import cohort_chunks
from sim.montecarlo.failures import describe, failures_of
from sim.montecarlo.power import run_power
from sim.montecarlo.resume import merge
from tests.montecarlo.chunk_functions import decided

SILENT = ["run.progress=false", "run.workers=1", "effect=neutral"]


def power_of(*overrides):
    return run_power(load([*SILENT, *overrides]))


def same(left, right):
    assert list(left) == list(right)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_power_table_does_not_know_the_chunks(coins, size):
    same(power_of("run.trials=60", f"run.chunk={size}").power, power_of("run.trials=60").power)


def test_false_go_comes_from_the_inert_trials_of_the_same_numbers(coins):
    table = power_of("run.trials=300").power
    inert = coins.run_chunk(load(SILENT), range(300))["none"]
    row = np.flatnonzero((table["endpoint"] == "P1") & (table["population"] == "all"))[0]
    expected = np.mean(inert["P1_responders"] >= table["critical_value"][row])
    assert table["false_go_inert"][row] == pytest.approx(expected, abs=1e-12)
    assert set(table["effect"].tolist()) == {"neutral"}
    assert set(table["engine"].tolist()) == {"batch"}


def test_a_chunk_that_fails_is_counted_and_the_others_go_on(coins):
    whole = coins.run_chunk

    def limited(config, trials):
        if 25 in trials:
            raise LimitError("64 rings of clock 3 in trial 25")
        return whole(config, trials)

    coins.run_chunk = limited
    run = power_of("run.trials=100", "run.chunk=20")
    assert set(run.power["n_failed"].tolist()) == {20}
    assert set(run.power["n_trials"].tolist()) == {80}
    assert set(run.power["n_requested"].tolist()) == {100}
    assert describe(run.failures) == "trials 20 to 39: LimitError: 64 rings of clock 3 in trial 25"


def test_if_every_chunk_fails_there_is_no_table(coins):
    def broken(config, trials):
        raise LimitError("no")

    coins.run_chunk = broken
    run = power_of("run.trials=10", "run.chunk=5")
    assert run.power is None
    assert len(run.failures) == 2


def test_merging_keeps_the_order_of_the_chunks():
    parts = [{"a": decided(range(0, 3))}, {"a": decided(range(3, 5))}]
    same(merge(parts)["a"], decided(range(5)))
    assert merge([]) == {}


def test_a_cohort_comes_chunk_by_chunk(coins):
    found = list(cohort_chunks(load([*SILENT, "task=cohort", "run.trials=5", "run.chunk=2"])))
    assert [each.trials for each in found] == [range(0, 2), range(2, 4), range(4, 5)]
    together = concatenate([each.value["trials"] for each in found])
    np.testing.assert_array_equal(together["trial"], np.repeat(np.arange(5), 2))
    assert failures_of(found) == ()
