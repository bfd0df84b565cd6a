"""The command line from a fresh process, as a user meets it: real patients, real files, real exit status."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from sim.core.columns import COHORT_TABLES, TABLES
from sim.storage.parquet import read_table

ROOT = Path(__file__).resolve().parents[2]


def sim(folder, *words):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "sim", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_help_imports_nothing_heavy(tmp_path):
    program = (
        "import sys; from sim.cli import main; main(['--help']); "
        "print(sorted({'numba', 'scipy', 'pyarrow', 'numpy', 'hydra', 'simpy'} & set(sys.modules)))"
    )
    words = [sys.executable, "-c", program]
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.rstrip().endswith("[]")
    assert "usage: python -m sim" in done.stdout


def test_bad_input_has_status_2_one_message_and_leaves_nothing(tmp_path):
    done = sim(tmp_path, "design.n=0", "effect=foo")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_main_job_gives_the_same_table_on_one_process_and_on_two(tmp_path):
    common = ("run.trials=6", "run.chunk=2", "effect=neutral", "run.seed=7")
    one = sim(tmp_path, *common, "run.workers=1", "hydra.run.dir=A")
    two = sim(tmp_path, *common, "run.workers=2", "hydra.run.dir=B")
    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert one.stdout.rstrip().splitlines()[-4:] == [
        "  A/power.parquet", "  A/power.csv", "  A/summary.txt", "  A/report.html",
    ]  # fmt: skip
    left, right = (read_table(tmp_path / folder / "power.parquet") for folder in "AB")
    assert set(left) == set(TABLES["power"])
    for name in left:
        np.testing.assert_array_equal(left[name], right[name], err_msg=name)


def test_both_clocks_write_the_same_data_set(tmp_path):
    for engine, folder in (("simpy", "A"), ("batch", "B")):
        done = sim(
            tmp_path,
            "task=cohort",
            "run.trials=3",
            "effect=neutral",
            f"run.engine={engine}",
            f"hydra.run.dir={folder}",
        )
        assert done.returncode == 0, done.stderr
    for name in COHORT_TABLES:
        left, right = (read_table(tmp_path / folder / f"{name}.parquet") for folder in "AB")
        assert list(left) == list(right)
        for column in left:
            np.testing.assert_array_equal(left[column], right[column], err_msg=f"{name}.{column}")


def test_the_record_is_shown_with_every_criterion_and_endpoint(tmp_path):
    done = sim(tmp_path, "task=protocol")
    assert done.returncode == 0, done.stderr
    for name in ("I0a", "I5_1E", "I5_2a", "E2g", "E8", "P1", "P2", "P3", "S1", "S3"):
        assert re.search(rf"entries: .*\b{name}\b", done.stdout)
    assert list(tmp_path.iterdir()) == []
