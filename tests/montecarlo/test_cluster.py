"""The chunks on a real Dask cluster of this machine: the same outcomes, also when a worker is lost."""

import contextlib
import os
import signal
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from sim import pipeline
from sim.config.compose import load
from sim.core.errors import InputError
from sim.montecarlo.cluster import cluster_outcomes, in_order
from sim.montecarlo.executors import attempt, chunks, computed, outcomes
from tests.montecarlo import chunk_functions

REAL = ("run.trials=60", "run.chunk=2", "run.progress=false", "effect=neutral")


def test_at_most_so_many_are_begun_ahead_and_the_order_is_kept():
    begun = []

    def work(trials):
        begun.append(trials.start)
        return attempt(chunk_functions.squares, trials)

    with ThreadPoolExecutor(2) as pool:
        running = in_order(partial(pool.submit, work), chunks(range(100), 1), 4)
        first = next(running)
        running.close()
    assert first.trials == range(1)
    assert len(begun) <= 4


def test_a_task_that_the_engine_lost_is_a_failed_chunk():
    def lost(trials):
        if 3 in trials:
            raise RuntimeError("worker lost")
        return attempt(chunk_functions.squares, trials)

    with ThreadPoolExecutor(2) as pool:
        found = list(in_order(partial(pool.submit, lost), chunks(range(6), 2), 4))
    assert [each.error for each in found] == ["", "lost by the cluster: RuntimeError: worker lost", ""]


def test_without_dask_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    run = load(["run.executor=dask", "run.workers=1"]).run
    with pytest.raises(InputError, match=r"run\.executor: dask is not installed; install the extra \[cluster\]"):
        list(computed(chunk_functions.squares, chunks(range(3), 1), run))


def test_a_scheduler_is_refused_without_the_executor_that_has_one():
    with pytest.raises(InputError, match=r"run\.scheduler: .* add run\.executor=dask"):
        load(["run.scheduler='tcp://127.0.0.1:1'"])


@contextlib.contextmanager
def cluster_of_two():
    """A cluster of two processes, as somebody else would have started it; it replaces those that are killed."""
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as found:
            yield found


@pytest.fixture(scope="module")
def cluster():
    with cluster_of_two() as found:
        yield found


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_gives_what_one_process_gives(cluster):
    pieces = chunks(range(21), 2)
    found = list(cluster_outcomes(chunk_functions.squares, pieces, 2, cluster.scheduler_address))
    assert found == list(outcomes(chunk_functions.squares, pieces, 1))


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_is_killed_in_mid_run_changes_no_byte_of_what_real_patients_decided():
    with cluster_of_two() as doomed:
        config = load([*REAL, "run.executor=dask", f"run.scheduler='{doomed.scheduler_address}'"])
        work, pieces = partial(pipeline.run_chunk, config), chunks(range(config.run.trials), config.run.chunk)
        running = computed(work, pieces, config.run)
        found = [next(running)]
        victim = doomed.workers[0].pid
        os.kill(victim, signal.SIGKILL)
        found += running
        assert victim not in {worker.pid for worker in doomed.workers.values()}
    for one, alone in zip(found, outcomes(work, pieces, 1), strict=True):
        assert (one.error, list(one.value)) == ("", list(alone.value))
        for effect, table in alone.value.items():
            assert list(one.value[effect]) == list(table)
            for name, column in table.items():
                assert one.value[effect][name].tobytes() == column.tobytes(), name


@pytest.mark.filterwarnings("ignore")
def test_an_exception_costs_its_own_chunk_and_an_input_error_the_run(cluster):
    pieces, address = chunks(range(12), 2), cluster.scheduler_address
    found = list(cluster_outcomes(chunk_functions.fails_on_seven, pieces, 2, address))
    assert [each.value is None for each in found] == [False, False, False, True, False, False]
    with pytest.raises(InputError, match="batch cannot run"):
        list(cluster_outcomes(chunk_functions.refuses, pieces, 2, address))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_is_started_where_none_is_named():
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    found = list(cluster_outcomes(chunk_functions.squares, chunks(range(6), 2), 2, None))
    assert found == list(outcomes(chunk_functions.squares, chunks(range(6), 2), 1))


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr("sim.montecarlo.cluster._SECONDS", 1)
    with pytest.raises(InputError, match=r"run\.scheduler: tcp://127\.0\.0\.1:9 does not answer"):
        list(cluster_outcomes(chunk_functions.squares, chunks(range(6), 2), 2, "tcp://127.0.0.1:9"))
