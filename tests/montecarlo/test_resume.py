"""Going on: nothing is computed twice, nothing finished is lost, and the table does not show it."""

import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.errors import LimitError
from sim.montecarlo.executors import chunks, outcomes
from sim.montecarlo.forecast import COPIES, Forecast, duration
from sim.montecarlo.memory import own_memory
from sim.montecarlo.power import run_power
from sim.montecarlo.resume import keeping, missing
from sim.storage.chunks import ChunkStore
from tests.montecarlo import chunk_functions

SILENT = ["run.progress=false", "run.workers=1", "effect=neutral"]


@pytest.fixture
def store(tmp_path):
    return ChunkStore(tmp_path / "chunks", "seed: 1\n")


@pytest.fixture
def asked(coins, monkeypatch):
    """The trials that were computed."""
    whole, trials = coins.run_chunk, []

    def counting(config, chunk):
        trials.extend(chunk)
        return whole(config, chunk)

    coins.run_chunk = counting
    return trials


def power_of(store, *overrides):
    return run_power(load([*SILENT, *overrides]), store)


def same(left, right):
    assert list(left) == list(right)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.mark.parametrize(
    ("held", "gaps"),
    [
        ([], [range(10)]),
        ([range(10)], []),
        ([range(3)], [range(3, 10)]),
        ([range(2, 4), range(4, 5), range(7, 10)], [range(2), range(5, 7)]),
    ],
)
def test_what_is_missing(held, gaps):
    assert missing(held, 10) == gaps


@pytest.mark.parametrize("first", [1, 7, 1000])
@pytest.mark.parametrize("then", [1, 7, 1000])
def test_a_run_stopped_anywhere_goes_on_with_any_chunk_and_gives_the_same(coins, store, asked, first, then):
    whole = coins.run_chunk

    def stopping(config, trials):
        if 23 in trials:
            raise KeyboardInterrupt
        return whole(config, trials)

    coins.run_chunk = stopping
    with pytest.raises(KeyboardInterrupt):
        power_of(store, "run.trials=60", f"run.chunk={first}")
    finished = len(asked)
    assert finished == 23 // first * first
    assert store.count(60) == finished
    coins.run_chunk = whole
    resumed = power_of(store, "run.trials=60", f"run.chunk={then}")
    assert sorted(asked) == list(range(60))
    same(resumed.power, power_of(None, "run.trials=60").power)


def test_a_run_grows(coins, store, asked):
    power_of(store, "run.trials=20", "run.chunk=8")
    grown = power_of(store, "run.trials=50", "run.chunk=8")
    assert sorted(asked) == list(range(50))
    same(grown.power, power_of(None, "run.trials=50").power)


def test_a_finished_run_computes_nothing_again_nor_does_a_smaller_one(coins, store, asked):
    power_of(store, "run.trials=20")
    smaller = power_of(store, "run.trials=11")
    assert len(asked) == 20
    same(smaller.power, power_of(None, "run.trials=11").power)


def test_trials_that_failed_are_tried_again(coins, store):
    whole = coins.run_chunk

    def limited(config, trials):
        if 25 in trials:
            raise LimitError("64 rings")
        return whole(config, trials)

    coins.run_chunk = limited
    assert set(power_of(store, "run.trials=60", "run.chunk=10").power["n_failed"].tolist()) == {10}
    assert store.count(60) == 50
    coins.run_chunk = whole
    same(power_of(store, "run.trials=60").power, power_of(None, "run.trials=60").power)


def test_two_processes_fill_the_same_store(store):
    work = partial(chunk_functions.of_both_effects)
    found = list(keeping(outcomes(work, chunks(range(21), 4), 2), store))
    assert [each.trials.start for each in found] == [0, 4, 8, 12, 16, 20]
    assert store.count(21) == 21


def test_finished_trials_are_written_while_the_run_goes_on(store):
    """The clock of this run ticks half a second at each look, so every third chunk or so is written."""
    ticks = iter(np.arange(0.0, 1000.0, 0.5))
    running = keeping(
        outcomes(chunk_functions.of_both_effects, chunks(range(400), 10), 1), store, partial(next, ticks)
    )
    for _ in range(6):
        next(running)
    assert store.count(400) >= 40
    running.close()
    assert store.count(400) == 60


def test_a_long_run_says_what_it_will_cost_once():
    now = iter([0.0, 1.0, 3.0, 4.0, 5.0])
    forecast = Forecast(1_000_000, 1, clock=partial(next, now))
    said = [forecast.after(each) for each in outcomes(chunk_functions.of_both_effects, chunks(range(400), 100), 1)]
    assert said[:2] == ["", ""]
    assert re.fullmatch(r"1,000,000 trials: about 4\.2 h to go, [\d,]+ MiB in all", said[2])
    assert said[3] == ""
    assert re.fullmatch(
        r"400 trials in 5 s: 60 trials/s, [\d,]+ MiB at the peak in this process", forecast.looking_back()
    )


def memory_foretold(trials, size=None, worker=0.0):
    """MiB of a long run of so many trials, beyond what this process took before."""
    now = iter([0.0, 3.0])
    forecast = Forecast(trials, 2, size=size, clock=partial(next, now))
    for each in outcomes(chunk_functions.of_both_effects, chunks(range(200), 100), 1):
        said = forecast.after(replace(each, memory=worker * 2**20))
    return float(said.rsplit(", ", 1)[1].split()[0].replace(",", "")) - own_memory() / 2**20


def test_memory_does_not_grow_with_trials_that_are_counted_and_does_with_what_is_kept():
    flat = [memory_foretold(trials) for trials in (10**5, 10**7)]
    assert flat[0] == pytest.approx(flat[1], abs=2)
    kept = [memory_foretold(trials, size=lambda _: 700) for trials in (10**5, 10**7)]
    assert kept[1] - kept[0] == pytest.approx(COPIES * 7 * (10**7 - 10**5) / 2**20, rel=0.01)


def test_each_worker_is_counted_where_workers_need_most():
    assert memory_foretold(10**5, worker=700.0) == pytest.approx(1400, abs=2)


def test_workers_say_what_they_take_and_this_process_is_not_counted_twice():
    for workers, said in ((1, False), (2, True)):
        found = list(outcomes(chunk_functions.squares, chunks(range(4), 2), workers))
        assert all((each.memory > 10 * 2**20) is said for each in found)


def test_a_short_run_says_nothing():
    now = iter([0.0, 3.0, 6.0, 9.0, 9.0])
    forecast = Forecast(400, 1, clock=partial(next, now))
    for each in outcomes(chunk_functions.of_both_effects, chunks(range(400), 100), 1):
        assert forecast.after(each) == ""
    assert forecast.looking_back() == ""


@pytest.mark.parametrize(("seconds", "words"), [(45, "45 s"), (240, "4 min"), (9000, "2.5 h")])
def test_durations_in_words(seconds, words):
    assert duration(seconds) == words
