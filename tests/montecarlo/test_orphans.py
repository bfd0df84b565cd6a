"""Worker processes do not outlive a parent that was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os
from functools import partial
from sim.montecarlo.executors import chunks, outcomes
from tests.montecarlo import chunk_functions
if __name__ == "__main__":
    for outcome in outcomes(chunk_functions.says_who_and_waits, chunks(range(100), 1), 2):
        pass
"""


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_workers_end_when_their_parent_is_killed(tmp_path):
    """The workers hold the other end of the parent's output, so its end is seen when the last of them is gone."""
    (tmp_path / "program.py").write_text(PROGRAM)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py")],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    workers = {int(parent.stdout.readline()) for _ in range(2)}
    assert parent.pid not in workers
    parent.send_signal(signal.SIGKILL)
    rest, _ = parent.communicate(timeout=60)
    assert all(line.isdigit() for line in rest.split())
