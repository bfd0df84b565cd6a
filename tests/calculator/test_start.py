"""Scoring a data set needs no model of a patient: neither the compiler nor the clock is imported."""

import os
import subprocess
import sys
from pathlib import Path

from tests.calculator.clinic import clinic, write_csv

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (
    "import sys; from sim.cli import main; "
    "status = main(['task=endpoints', 'data=A', 'hydra.run.dir=B']); "
    "print(status, sorted({'numba', 'simpy', 'tqdm'} & set(sys.modules)))"
)


def test_scoring_imports_neither_numba_nor_simpy(tmp_path):
    write_csv(tmp_path / "A", clinic())
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.rstrip().endswith("\n0 []")
    assert done.stderr == ""
