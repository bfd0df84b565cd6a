"""Everything that a run calls has been compiled when the rehearsal is over."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import gc
from numba.core.dispatcher import Dispatcher
from sim.config.compose import load
from sim.pipeline import cohort_chunk, run_chunk
from sim.rehearsal import PARTS, rehearse

def known():
    found = [each for each in gc.get_objects() if isinstance(each, Dispatcher)]
    return {f"{each.py_func.__qualname__}{kinds}" for each in found for kinds in each.overloads}

config = load(["effect=neutral"])
rehearse(config, range(len(PARTS)))
before = known()
run_chunk(config, range(2))
cohort_chunk(config, range(2))
print(len(before), *(each[:60] for each in known() - before), sep="\\n")
"""


def test_a_run_compiles_nothing_more():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    known, *more = done.stdout.splitlines()
    assert int(known) > 5
    assert more == []
