"""Chunks on one process or many: same outcomes, same order, whatever dies."""

import os
from functools import partial

import pytest

from sim.config.compose import load
from sim.core.errors import InputError
from sim.montecarlo.executors import chunks, kept_workers, outcomes, piece_size, worker_count
from tests.montecarlo import chunk_functions


def test_chunks_cover_every_trial_once():
    assert [list(part) for part in chunks(range(7), 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert chunks(range(3), 100) == [range(3)]
    assert chunks(range(5, 9), 3) == [range(5, 8), range(8, 9)]


def test_no_more_processes_than_pieces():
    assert worker_count(8, 3) == 3
    assert worker_count(2, 100) == 2
    assert worker_count(None, 1) == 1
    assert worker_count(None, 10_000) >= 1


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_two_processes_give_what_one_gives_in_the_order_of_the_trials(size):
    pieces = chunks(range(21), size)
    single = list(outcomes(chunk_functions.squares, pieces, 1))
    assert [value for each in single for value in each.value] == [trial * trial for trial in range(21)]
    assert list(outcomes(chunk_functions.squares, pieces, 2)) == single


@pytest.mark.parametrize("workers", [1, 2])
def test_an_exception_costs_its_own_chunk_alone(workers):
    found = list(outcomes(chunk_functions.fails_on_seven, chunks(range(12), 2), workers))
    assert [each.value is None for each in found] == [False, False, False, True, False, False]
    assert found[3].trials == range(6, 8)
    assert found[3].error == "LimitError: 64 rings of clock 3 in trial 7"
    assert "fails_on_seven" in found[3].trace


@pytest.mark.parametrize("workers", [1, 2])
def test_an_input_error_stops_the_run(workers):
    with pytest.raises(InputError, match="batch cannot run"):
        list(outcomes(chunk_functions.refuses, chunks(range(12), 2), workers))


def test_a_process_that_dies_costs_nothing_but_a_second_try(tmp_path):
    found = list(outcomes(partial(chunk_functions.dies_once, str(tmp_path)), chunks(range(20), 2), 2))
    assert (tmp_path / "died").exists()
    assert found == list(outcomes(chunk_functions.squares, chunks(range(20), 2), 1))


def test_a_chunk_that_always_kills_its_process_fails_alone():
    found = list(outcomes(chunk_functions.always_dies_on_seven, chunks(range(12), 2), 2))
    assert [each.trials.start for each in found if each.value is None] == [6]
    assert "its process died 3 times" in found[3].error


def test_work_is_given_out_as_results_are_taken_so_memory_is_bounded(tmp_path):
    running = outcomes(partial(chunk_functions.leaves_a_mark, str(tmp_path)), chunks(range(100), 1), 2)
    next(running)
    running.close()
    assert len(list(tmp_path.iterdir())) <= 5


def process_numbers(workers):
    return {
        value
        for each in outcomes(chunk_functions.own_number, chunks(range(8), 1), workers)
        for value in each.value
    }


def test_kept_processes_serve_the_next_run():
    with kept_workers():
        first, again = process_numbers(2), process_numbers(2)
        assert len(first | again) <= 2
        assert process_numbers(1) == {os.getpid()}
    assert not process_numbers(2) & first


def test_kept_processes_are_replaced_when_one_dies(tmp_path):
    with kept_workers():
        before = process_numbers(2)
        found = list(outcomes(partial(chunk_functions.dies_once, str(tmp_path)), chunks(range(20), 2), 2))
        assert found == list(outcomes(chunk_functions.squares, chunks(range(20), 2), 1))
        assert len(process_numbers(2)) <= 2
        assert not before & process_numbers(2)


def test_what_a_stopped_run_was_at_is_not_waited_for(tmp_path):
    with kept_workers():
        running = outcomes(partial(chunk_functions.leaves_a_mark, str(tmp_path)), chunks(range(100), 1), 2)
        next(running)
        running.close()
        assert next(iter(outcomes(chunk_functions.squares, chunks(range(4), 2), 2))).value == [0, 1]
    assert len(list(tmp_path.iterdir())) <= 5


def test_small_runs_are_shared_out_among_kept_processes():
    run = load(["run.workers=2", "run.chunk=500"]).run
    assert piece_size(300, run) == 500
    with kept_workers():
        assert piece_size(300, run) == 150
        assert piece_size(301, run) == 151
        assert piece_size(1, run) == 1
        assert piece_size(5000, run) == 500
