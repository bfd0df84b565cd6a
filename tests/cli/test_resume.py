"""An interrupted run says how it goes on, and the command it names does."""

import csv
import errno
import shlex

import numpy as np
import pytest

from sim.cli import main
from sim.core.errors import LimitError
from sim.storage.parquet import read_provenance, read_table

RUN = ["run.trials=60", "run.workers=1", "run.chunk=5", "effect=neutral", "report.formats=[]"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def asked(coins):
    """Seeds and trials that were computed; `stop` raises the error before trial 23 of a seed."""
    whole = coins.run_chunk

    class Asked:
        error, seed = None, 0

        def stop(self, error, seed=20260101):
            self.error, self.seed = error, seed

    found = Asked()
    found.trials = []

    def chunk(config, trials):
        if found.error is not None and 23 in trials and config.run.seed == found.seed:
            raise found.error
        found.trials.extend((config.run.seed, trial) for trial in trials)
        return whole(config, trials)

    coins.run_chunk = chunk
    return found


def same_table(left, right):
    left, right = read_table(left / "power.parquet"), read_table(right / "power.parquet")
    assert list(left) == list(right)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


def ledger(folder):
    with (folder / "cells.csv").open() as file:
        return {int(row["cell"]): row for row in csv.DictReader(file)}


def named_command(capsys):
    """The last line that an interrupted run printed, as words after `python -m sim`."""
    words = shlex.split(capsys.readouterr().err.splitlines()[-1])
    assert words[:3] == ["python", "-m", "sim"]
    return words[3:]


def test_ctrl_c_names_the_command_that_goes_on(asked, tmp_path, capsys):
    asked.stop(KeyboardInterrupt())
    assert main(RUN) == 130
    shown = capsys.readouterr().err
    assert "interrupted; 20 of 60 trials are kept; go on with" in shown
    words = shlex.split(shown.splitlines()[-1])[3:]
    asked.stop(None)
    assert main(words) == 0
    assert "20 of 60 trials are in" in capsys.readouterr().err
    assert sorted(trial for _, trial in asked.trials) == list(range(60))
    assert main([*RUN, "hydra.run.dir=B"]) == 0
    folder = next((tmp_path / "outputs").glob("*/*"))
    same_table(folder, tmp_path / "B")
    assert len(list((tmp_path / "outputs").glob("*/*"))) == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "No space left on device); make room"),
        (errno.EROFS, "Read-only file system); make it writable"),
    ],
)
def test_a_full_disk_is_one_message_and_status_1(asked, tmp_path, capsys, monkeypatch, number, said):
    from sim.storage import chunks

    whole, written = chunks.write_table, []

    def full(path, *rest):
        if len(written) == 2:
            raise OSError(number, "no room")
        written.append(path)
        whole(path, *rest)

    monkeypatch.setattr(chunks, "write_table", full)
    monkeypatch.setattr("sim.montecarlo.resume._SECONDS", 0.0)
    monkeypatch.setattr("sim.montecarlo.resume._SHARE", 0.0)
    assert main([*RUN, "hydra.run.dir=A"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith(f"cannot write ({said}, or choose another folder; 10 of 60 trials are kept")
    assert "Traceback" not in shown
    monkeypatch.setattr(chunks, "write_table", whole)
    assert main([*RUN, "hydra.run.dir=A"]) == 0
    assert main([*RUN, "hydra.run.dir=B"]) == 0
    same_table(tmp_path / "A", tmp_path / "B")


def test_another_specification_in_the_same_folder_is_told_and_not_mixed(asked, tmp_path, capsys):
    assert main([*RUN, "hydra.run.dir=A"]) == 0
    assert main([*RUN, "hydra.run.dir=A", "run.seed=7"]) == 0
    assert "another specification (seed: 20260101), so they are not used" in capsys.readouterr().err
    assert main([*RUN, "hydra.run.dir=B", "run.seed=7"]) == 0
    same_table(tmp_path / "A", tmp_path / "B")


def test_trials_of_another_version_of_the_model_are_not_used(asked, tmp_path, capsys, monkeypatch):
    assert main([*RUN, "hydra.run.dir=A"]) == 0
    monkeypatch.setattr("sim.cli.store.model_digest", lambda: "another")
    assert main([*RUN, "hydra.run.dir=A"]) == 0
    assert "another specification (model_sha256: " in capsys.readouterr().err
    assert len(asked.trials) == 120


def test_a_store_can_be_shared(asked, tmp_path, capsys):
    assert main([*RUN, "run.store=shared", "hydra.run.dir=A"]) == 0
    assert main([*RUN, "run.store=shared", "hydra.run.dir=B", "run.engine=simpy"]) == 0
    assert len(asked.trials) == 60
    assert not (tmp_path / "A" / "chunks").exists()


def test_a_store_that_cannot_be_written_is_named(asked, tmp_path, capsys):
    assert main([*RUN, "run.store=/dev/null/x", "hydra.run.dir=A"]) == 2
    assert capsys.readouterr().err.startswith("run.store: cannot write in /dev/null/x")


SWEEP = ["-m", *RUN, "run.seed=1,2,3"]


def test_an_interrupted_sweep_goes_on_and_its_table_is_that_of_one_never_interrupted(asked, tmp_path, capsys):
    for seed, status in ((2, {0: "done", 1: "running", 2: "waiting"}), (3, {0: "done", 1: "done", 2: "running"})):
        asked.stop(KeyboardInterrupt(), seed)
        assert main([*SWEEP, "hydra.sweep.dir=S"]) == 130
        assert {cell: row["status"] for cell, row in ledger(tmp_path / "S").items()} == status
    words = named_command(capsys)
    asked.stop(None)
    assert main(words) == 0
    assert sorted(asked.trials) == [(seed, trial) for seed in (1, 2, 3) for trial in range(60)]
    assert {row["status"] for row in ledger(tmp_path / "S").values()} == {"done"}
    assert main([*SWEEP, "hydra.sweep.dir=T"]) == 0
    same_table(tmp_path / "S", tmp_path / "T")
    assert (tmp_path / "S" / "power.csv").read_bytes() == (tmp_path / "T" / "power.csv").read_bytes()


def test_a_failed_cell_keeps_its_error_and_is_tried_again(asked, tmp_path, capsys):
    asked.stop(LimitError("64 rings"), 2)
    assert main([*SWEEP, "run.chunk=60", "hydra.sweep.dir=S"]) == 1
    failed = ledger(tmp_path / "S")[1]
    assert failed["status"] == "failed"
    assert "64 rings" in failed["error"]
    assert "run.seed=2" in failed["overrides"]
    before = len(asked.trials)
    asked.stop(None)
    assert main([*SWEEP, "run.chunk=60", "hydra.sweep.dir=S"]) == 0
    assert {seed for seed, _ in asked.trials[before:]} == {2}


def test_what_was_made_from_something_else_is_stale(asked, tmp_path, capsys):
    assert main([*SWEEP, "hydra.sweep.dir=S"]) == 0
    asked.stop(KeyboardInterrupt(), 8)
    assert main(["-m", *RUN, "run.seed=1,8", "hydra.sweep.dir=S"]) == 130
    assert {cell: row["status"] for cell, row in ledger(tmp_path / "S").items()} == {
        0: "done",
        1: "running",
        2: "stale",
    }
    asked.stop(None)
    assert main(["-m", *RUN, "run.seed=1,8", "hydra.sweep.dir=S"]) == 0
    assert set(read_table(tmp_path / "S" / "power.parquet")["run.seed"].tolist()) == {1, 8}
    assert ledger(tmp_path / "S")[2]["status"] == "stale"
    assert read_provenance(tmp_path / "S" / "1" / "power.parquet")["seed"] == "8"


def test_cells_of_another_version_of_the_model_are_stale(asked, tmp_path, capsys, monkeypatch):
    assert main([*SWEEP, "hydra.sweep.dir=S"]) == 0
    for place in ("sim.cli.ledger", "sim.cli.store", "sim.storage.provenance"):
        monkeypatch.setattr(f"{place}.model_digest", lambda: "another")
    assert main([*SWEEP, "hydra.sweep.dir=S"]) == 0
    assert capsys.readouterr().err.count("(stale)") == 3
    assert len(asked.trials) == 360
