"""Workers are copies of one process that has imported the model."""

import sys
from multiprocessing import get_all_start_methods

import pytest

from sim.config.compose import load
from sim.montecarlo import executors
from sim.montecarlo.executors import begin_early, outcomes
from tests.montecarlo import chunk_functions

needs_server = pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="no fork server here")


@needs_server
def test_a_worker_has_the_model_before_its_first_work():
    for outcome in outcomes(chunk_functions.has_the_model, [range(1), range(1, 2)], 2):
        assert outcome.value == [True]


@pytest.mark.parametrize(
    ("settings", "begun"),
    [
        (["run.workers=2", "run.trials=1001"], 1),
        (["run.workers=1", "run.trials=1001"], 0),
        (["run.workers=2", "run.trials=500"], 0),
        (["run.workers=2", "run.trials=1001", "run.executor=dask"], 0),
    ],
)
def test_imports_begin_early_only_where_processes_will_compute(settings, begun, monkeypatch):
    calls = []
    monkeypatch.setattr(executors, "begin_imports", lambda: calls.append(1))
    begin_early(load(settings).run)
    assert len(calls) == begun


def test_systems_without_a_fork_server_start_fresh_processes(monkeypatch):
    starting = sys.modules["sim.montecarlo.starting"]
    monkeypatch.setattr(starting, "get_all_start_methods", lambda: ["spawn"])
    assert starting.start_context().get_start_method() == "spawn"
    starting.begin_imports()
