"""How fast a data set is scored: every endpoint of 100,000 subjects, printed with machine and versions.

    python benchmarks/scoring.py [--trials 10000] [--repeats 5] [--folder FOLDER]

The data set is made by task=cohort (ten subjects a trial), or read from FOLDER where one was written before;
neither is timed. Measures and prints; asserts nothing.
"""

import argparse
import importlib.metadata
import os
import platform
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sim.calculator.needed import INPUTS
from sim.cli import main as command
from sim.config.compose import load
from sim.core.tables import Table
from sim.endpoints.catalogue import ENDPOINTS, IDS
from sim.endpoints.dataset import DataSet
from sim.endpoints.evaluate import evaluate
from sim.storage.parquet import read_table

Tables = dict[str, Table]


def tables_of(folder: Path, trials: int) -> Tables:
    """The tables of a cohort, simulated unless the folder holds one."""
    if not (folder / "visits.parquet").exists():
        given = ["task=cohort", "effect=neutral", f"run.trials={trials}", f"hydra.run.dir={folder}"]
        if command([*given, "run.progress=false"]) != 0:
            raise SystemExit(f"{folder}: no data set could be made there")
    return {name: read_table(folder / f"{name}.parquet") for name in INPUTS}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def report(name: str, seconds: list[tuple[float, float]]) -> None:
    clock, processor = zip(*seconds, strict=True)
    print(f"  {name:28s} {_said(clock)} by the clock, {_said(processor)} of processor")


def _said(seconds: tuple[float, ...]) -> str:
    return f"{statistics.median(seconds):6.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the endpoint calculator; prints, asserts nothing.")
    parser.add_argument("--trials", type=int, default=10_000, help="trials of ten subjects")
    parser.add_argument("--repeats", type=int, default=5, help="timed runs")
    parser.add_argument("--folder", type=Path, help="where the data set is, or is to be written")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        tables = tables_of(given.folder or Path(scratch) / "cohort", given.trials)
    analysis = load([]).analysis
    subjects = DataSet(**tables).size
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "pyarrow"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    print(f"{subjects:,} synthetic subjects, one process: median (minimum to maximum) of {given.repeats}")
    report(
        f"all {len(IDS)} endpoints, as a table",
        [timed(lambda: evaluate(DataSet(**tables), analysis, IDS)) for _ in range(given.repeats)],
    )
    data = DataSet(**tables)
    for endpoint in ENDPOINTS:  # one after the other: the first to need something computes it for the others
        report(endpoint.id, [timed(lambda each=endpoint: each.function(data, analysis))])
    print(
        f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB, reading included"
    )


if __name__ == "__main__":
    main()
