"""The real program is killed at random moments and asked again: the same table, nothing left over."""

import contextlib
import csv
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.storage.parquet import read_table

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")
ROOT = Path(__file__).resolve().parents[2]
RUN = ("run.trials=600", "effect=neutral", "run.seed=7")


def started(folder, *words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def finished(folder, *words, **options):
    process = started(folder, *words, **options)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def trials_kept(folder):
    return len(list(folder.glob("chunks/*/trials-*.parquet")))


def waits_for(process, seconds):
    """Whether a process ended in this time."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    return process.poll() is not None


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode


def leftovers(folder):
    return [path for path in folder.rglob("*") if path.name.endswith(".partial")]


def same_table(left, right):
    left, right = (read_table(folder / "power.parquet") for folder in (left, right))
    assert list(left) == list(right)
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of a run that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    status, _, err = finished(folder, *RUN, "run.chunk=5", "run.workers=1", "hydra.run.dir=A")
    assert status == 0, err
    return folder / "A"


def test_a_run_that_was_killed_goes_on_with_other_chunks_and_workers(tmp_path, whole):
    process = started(tmp_path, *RUN, "run.chunk=5", "run.workers=2", "hydra.run.dir=A")
    while not trials_kept(tmp_path / "A") and not waits_for(process, 0.05):
        pass
    kill(process)
    status, _, err = finished(tmp_path, *RUN, "run.chunk=1000", "run.workers=1", "hydra.run.dir=A")
    assert status == 0, err
    assert "of 600 trials are in A/chunks already" in err
    same_table(tmp_path / "A", whole)
    assert leftovers(tmp_path) == []


@pytest.mark.slow
def test_twenty_kills_at_random_moments_change_nothing(tmp_path, whole):
    moments = random.Random(2)
    for _ in range(20):
        chunk, workers, seconds = moments.choice((1, 7, 100)), moments.choice((1, 2, 5)), moments.uniform(0.5, 6.0)
        process = started(tmp_path, *RUN, f"run.chunk={chunk}", f"run.workers={workers}", "hydra.run.dir=A")
        if waits_for(process, seconds):
            _, err = process.communicate()
            assert process.returncode == 0, err
            same_table(tmp_path / "A", whole)
            shutil.rmtree(tmp_path / "A")
        else:
            kill(process)
    status, _, err = finished(tmp_path, *RUN, "run.workers=2", "hydra.run.dir=A")
    assert status == 0, err
    same_table(tmp_path / "A", whole)
    assert leftovers(tmp_path) == []


@pytest.mark.slow
def test_two_runs_on_one_store_at_once_give_the_same_table(tmp_path, whole):
    both = [
        started(tmp_path, *RUN, f"run.chunk={chunk}", "run.workers=1", "run.store=S", f"hydra.run.dir={name}")
        for chunk, name in ((3, "A"), (20, "B"))
    ]
    for process, name in zip(both, "AB", strict=True):
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        same_table(tmp_path / name, whole)
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "number",
    [pytest.param(signal.SIGINT, id="SIGINT"), pytest.param(signal.SIGTERM, id="SIGTERM", marks=pytest.mark.slow)],
)
def test_a_signal_is_answered_with_the_command_that_goes_on(tmp_path, number):
    words = ("run.trials=1000000", "run.chunk=5", "effect=neutral", "run.workers=2", "hydra.run.dir=A")
    process = started(tmp_path, *words)
    while not trials_kept(tmp_path / "A") and not waits_for(process, 0.05):
        pass
    os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err.rstrip().endswith(
        "python -m sim run.trials=1000000 run.chunk=5 effect=neutral run.workers=2 hydra.run.dir=A"
    )
    assert " of 1,000,000 trials are kept" in err
    assert "Traceback" not in err
    assert leftovers(tmp_path) == []


def test_a_file_that_may_not_grow_is_told_in_one_message_and_the_run_goes_on_later(tmp_path, whole):
    """A limit of file size stands for a full disk: writing fails in the same place with the same kind of error."""
    status, _, err = finished(
        tmp_path, *RUN, "run.workers=1", "hydra.run.dir=A", "run.progress=false",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
    )  # fmt: skip
    assert status == 1, err
    assert "cannot write (File too large); make room, or choose another folder" in err
    assert "Traceback" not in err
    assert leftovers(tmp_path) == []
    status, _, err = finished(tmp_path, *RUN, "run.workers=1", "hydra.run.dir=A")
    assert status == 0, err
    same_table(tmp_path / "A", whole)


@pytest.mark.slow
def test_a_full_disk_is_told_in_one_message_and_the_run_goes_on_where_there_is_room(tmp_path, whole):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        status, _, err = finished(disk, *RUN, "run.workers=2", "hydra.run.dir=A")
        assert status == 1, err
        assert "cannot write (No space left on device)" in err
        assert "Traceback" not in err
        assert leftovers(disk) == []
        shutil.copytree(disk / "A", tmp_path / "A")
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    status, _, err = finished(tmp_path, *RUN, "run.workers=1", "hydra.run.dir=A")
    assert status == 0, err
    same_table(tmp_path / "A", whole)


SWEEP = (
    "-m", "run.trials=60", "run.chunk=5", "run.sample=2", "effect=none,neutral", "taper=mandated,t24",
    "design.n=6,10",
)  # fmt: skip


def standing(folder):
    """Status of each cell as the ledger says."""
    path = folder / "cells.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row["status"] for row in csv.DictReader(file)]


@pytest.mark.slow
def test_a_sweep_interrupted_and_killed_ends_with_the_ledger_and_table_of_one_left_alone(tmp_path):
    status, _, err = finished(tmp_path, *SWEEP, "run.workers=1", "hydra.sweep.dir=T")
    assert status == 0, err
    for done, number, workers in ((2, signal.SIGINT, 2), (5, signal.SIGKILL, 1)):
        process = started(tmp_path, *SWEEP, f"run.workers={workers}", "hydra.sweep.dir=S")
        while standing(tmp_path / "S").count("done") < done and not waits_for(process, 0.05):
            pass
        os.killpg(process.pid, number)
        _, err = process.communicate(timeout=60)
        assert process.returncode == (130 if number == signal.SIGINT else -signal.SIGKILL), err
        assert 0 < standing(tmp_path / "S").count("done") < 8
        assert standing(tmp_path / "S").count("running") <= 1
    assert (
        f"{standing(tmp_path / 'S').count('done')} of 8 cells are done"
        in (finished(tmp_path, *SWEEP, "run.workers=2", "hydra.sweep.dir=S")[2])
    )
    assert standing(tmp_path / "S") == ["done"] * 8
    same_table(tmp_path / "S", tmp_path / "T")
    assert (tmp_path / "S" / "power.csv").read_bytes() == (tmp_path / "T" / "power.csv").read_bytes()
    assert leftovers(tmp_path) == []
