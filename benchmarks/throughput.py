"""How fast: trials a second on both clocks, start-up, and memory; printed with machine and versions.

    python benchmarks/throughput.py [--trials 4000] [--repeats 3] [--memory]

Measures and prints; asserts nothing. Compilation happens before anything is timed. `--memory` adds a run of
100,000 trials.
"""

import argparse
import importlib.metadata
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from sim.config.compose import load
from sim.montecarlo.power import run_power


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def trials_a_second(trials: int, repeats: int, *overrides: str) -> list[float]:
    """Trials a second of `repeats` runs, after a small one that compiles."""
    config = load([f"run.trials={trials}", "run.progress=false", *overrides])
    run_power(load(["run.trials=4", "run.chunk=2", "run.progress=false", *overrides]))
    return [trials / timed(lambda: run_power(config)) for _ in range(repeats)]


def start_up(*arguments: str) -> float:
    """Seconds of a fresh process."""
    command = [sys.executable, "-m", "sim", *arguments]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


def peak_mebibytes(*overrides: str) -> tuple[float, float]:
    """Peak memory of the largest worker, and seconds, of a run in processes of its own."""
    seconds = timed(lambda: run_power(load(["run.progress=false", *overrides])))
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the simulator; prints, asserts nothing.")
    parser.add_argument("--trials", type=int, default=4000, help="trials of one timed run of the batch clock")
    parser.add_argument("--repeats", type=int, default=3, help="timed runs of each kind")
    parser.add_argument("--memory", action="store_true", help="also 100,000 trials, for the memory")
    given = parser.parse_args()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "numba", "simpy"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    print("ten-patient trials a second, complete model, all endpoints: median (minimum to maximum)")
    slow = max(given.trials // 20, 20)
    cases = (
        ("batch, 2 workers, effect none", given.trials, ("effect=none", "run.workers=2")),
        ("batch, 2 workers, effect neutral and none", given.trials, ("effect=neutral", "run.workers=2")),
        ("batch, 2 workers, four effects", given.trials, ("effect=every", "run.workers=2")),
        ("batch, 1 worker, effect neutral and none", given.trials // 2, ("effect=neutral", "run.workers=1")),
        ("SimPy, 1 worker, effect none", slow, ("effect=none", "run.workers=1", "run.engine=simpy")),
        (
            "SimPy, 1 worker, effect neutral and none",
            slow,
            ("effect=neutral", "run.workers=1", "run.engine=simpy"),
        ),
    )
    for name, trials, overrides in cases:
        speeds = trials_a_second(trials, given.repeats, *overrides)
        print(f"  {name:44s} {statistics.median(speeds):8.0f} ({min(speeds):.0f} to {max(speeds):.0f})")
    print(f"--help {statistics.median(start_up('--help') for _ in range(3)):.2f} s; ", end="")
    print(f"task=protocol {start_up('task=protocol'):.2f} s")
    if given.memory:
        peak, seconds = peak_mebibytes("effect=neutral", "run.trials=100000", "run.workers=2")
        print(f"100,000 trials: {seconds:.0f} s, largest process {peak:.0f} MiB")


if __name__ == "__main__":
    main()
