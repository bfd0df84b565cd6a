"""Trials until power is known well enough: the same number however they are computed."""

import doctest

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.errors import LimitError
from sim.montecarlo import precision
from sim.montecarlo.power import run_power
from sim.montecarlo.precision import cut_at_looks, looks, widest
from sim.storage.chunks import ChunkStore

SILENT = ["run.progress=false", "run.workers=1", "effect=neutral"]


def power_of(*overrides, store=None):
    return run_power(load([*SILENT, *overrides]), store)


def same(left, right):
    assert list(left) == list(right)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


def test_looks_and_cuts():
    assert doctest.testmod(precision).failed == 0
    assert looks(1000) == [1000]
    ranges = cut_at_looks([range(5, 2500), range(2999, 4001)])
    assert [trial for one in ranges for trial in one] == [*range(5, 2500), *range(2999, 4001)]
    assert all(one.start // 1000 == (one.stop - 1) // 1000 for one in ranges)


def test_it_stops_at_the_first_look_that_is_precise_enough(coins):
    run = power_of("run.trials=9000", "run.precision=0.018")
    table = power_of(f"run.trials={run.trials}").power
    same(run.power, table)
    assert run.trials % 1000 == 0
    assert 1000 < run.trials < 9000
    assert widest(run.power)[0] == widest(table)[0] <= 0.018
    assert widest(power_of(f"run.trials={run.trials - 1000}").power)[0] > 0.018


def test_the_longest_interval_is_named(coins):
    table = power_of("run.trials=300").power
    half, row = widest(table)
    lengths = table["power_high"] - table["power_low"]
    assert half == lengths.max() / 2
    assert row == np.flatnonzero(lengths == lengths.max())[0]


@pytest.mark.parametrize("chunk", [7, 500, 4000])
def test_chunks_leave_no_trace(coins, chunk):
    run = power_of("run.trials=9000", "run.precision=0.018", f"run.chunk={chunk}")
    same(run.power, power_of("run.trials=9000", "run.precision=0.018", "run.chunk=1000").power)


def test_what_a_store_has_changes_nothing_and_is_not_computed_again(coins, tmp_path):
    plain = power_of("run.trials=9000", "run.precision=0.018")
    for before in (1500, 8000):
        store = ChunkStore(tmp_path / str(before), "seed: 1\n")
        power_of(f"run.trials={before}", "run.chunk=333", store=store)
        whole, asked = coins.run_chunk, []

        def counting(config, trials, whole=whole, asked=asked):
            asked.extend(trials)
            return whole(config, trials)

        coins.run_chunk = counting
        same(power_of("run.trials=9000", "run.precision=0.018", store=store).power, plain.power)
        coins.run_chunk = whole
        assert asked == list(range(before, plain.trials))


def test_where_the_trials_do_not_suffice_all_are_used(coins):
    run = power_of("run.trials=1500", "run.precision=0.001")
    assert run.trials == 1500
    assert widest(run.power)[0] > 0.001
    same(run.power, power_of("run.trials=1500").power)


def test_failed_trials_are_counted_up_to_the_last_look(coins):
    whole = coins.run_chunk

    def limited(config, trials):
        if 25 in trials or 8999 in trials:
            raise LimitError("64 rings of clock 3")
        return whole(config, trials)

    coins.run_chunk = limited
    run = power_of("run.trials=9000", "run.precision=0.018", "run.chunk=100")
    assert set(run.power["n_failed"].tolist()) == {100}
    assert set(run.power["n_requested"].tolist()) == {run.trials}
    assert set(run.power["n_trials"].tolist()) == {run.trials - 100}


def test_real_patients_on_one_worker_and_on_two():
    words = ("run.trials=5000", "run.precision=0.022", "analysis.endpoints=[P1]")
    one = power_of(*words, "run.chunk=500")
    two = power_of(*words, "run.workers=2", "run.chunk=7")
    assert one.trials == two.trials == 2000
    same(one.power, two.power)
