"""How fast: trials a second on both clocks, where the time goes, and other programs; with machine and versions.

    python benchmarks/throughput.py [--trials 20000] [--repeats 5] [--memory] [--scaling 1000 10000 100000 1000000]

Measures and prints; asserts nothing. Compilation happens before anything is timed. Everything is measured in one
session and in turns, so that a busy machine slows all of it alike; figures are medians. Parts are processor time
of one process. `--memory` adds a run of 100,000 trials, `--scaling` runs of the lengths given.
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
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from peers import floor, plain_simpy, plain_vectorized

from sim import pipeline
from sim.config.compose import load
from sim.core import draws
from sim.core.compiled import compiled
from sim.design.decision import decide_counted
from sim.fused.chunk import counted, judged
from sim.montecarlo.power import run_power
from sim.screening.fill import fill

CASES = (
    ("batch, 2 workers, effect none", 1.0, ("effect=none", "run.workers=2")),
    ("batch, 2 workers, effect neutral and none", 1.0, ("effect=neutral", "run.workers=2")),
    ("batch, 2 workers, four effects", 1.0, ("effect=every", "run.workers=2")),
    ("batch, 1 worker, effect neutral and none", 0.5, ("effect=neutral", "run.workers=1")),
    ("SimPy, 1 worker, effect none", 0.01, ("effect=none", "run.workers=1", "run.engine=simpy")),
    ("SimPy, 1 worker, effect neutral and none", 0.01, ("effect=neutral", "run.workers=1", "run.engine=simpy")),
)
"""Name, share of --trials, settings."""
BLOCKS = {"none": 4074, "neutral": 5151}
"""Blocks of the generator that a trial takes, up to four numbers each; counted once by a generator that counts."""
CHUNK = 500


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def processor(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def print_speeds(trials: int, repeats: int) -> None:
    """Trials a second of each case and of the other programs, in turns."""
    works: list[tuple[str, int, Callable[[], object]]] = []
    for name, share, overrides in CASES:
        size = max(int(trials * share), 20)
        run_power(load(["run.trials=4", "run.chunk=2", "run.progress=false", *overrides]))
        config = load([f"run.trials={size}", "run.progress=false", *overrides])
        works.append((name, size, lambda config=config: run_power(config)))  # type: ignore[misc]
    numbers = BLOCKS["neutral"]
    few = max(trials // 50, 20)
    works += [
        (f"floor: {numbers:,} numbers a trial drawn and written", trials, lambda: floor(trials, numbers)),
        ("other: plain SimPy, no screening, no rules", few, lambda: plain_simpy(few)),
        ("other: plain NumPy, typed-in response rates", trials, lambda: plain_vectorized(trials)),
    ]
    found: dict[str, list[float]] = {name: [] for name, _, _ in works}
    for _ in range(repeats):
        for name, size, work in works:
            found[name].append(size / timed(work))
    print("ten-patient trials a second, complete model, all endpoints: median (minimum to maximum)")
    for name, speeds in found.items():
        print(f"  {name:54s} {statistics.median(speeds):9,.0f} ({min(speeds):,.0f} to {max(speeds):,.0f})")


def print_parts(effect: str, repeats: int) -> None:
    """Where one process spends its time on a chunk."""
    config = pipeline.until_decided(load([f"effect={effect}", "run.progress=false"]))
    unasked = replace(config, analysis=replace(config.analysis, endpoints=()))
    effects, trials = pipeline._with_inert(config), range(CHUNK)
    enrolled, found = judged(config, trials, effects)

    def decisions() -> None:
        for each in found.values():
            counts = counted(enrolled, each.answers, config.analysis.endpoints)
            decide_counted(counts, pipeline._trials(enrolled, each.end_day), config.design)

    works = {
        "all": lambda: pipeline.run_chunk(config, trials),
        "screening": lambda: fill(trials, config),
        "lives": lambda: judged(config, trials, effects),
        "courses": lambda: judged(unasked, trials, effects),
        "decisions": decisions,
        "draws": lambda: _draw(CHUNK * BLOCKS[effect]),
    }
    spent = dict.fromkeys(works, np.inf)
    for _ in range(repeats):
        for name, work in works.items():
            spent[name] = min(spent[name], processor(work) / CHUNK * 1e6)
    print(
        f"processor time of a trial, one process, effect {effect}, {CHUNK} trials a chunk: {spent['all']:.0f} µs"
    )
    for name, value in (
        ("screening: candidates drawn, measured, tested", spent["screening"]),
        ("courses: events, orders, the measurements they need", spent["courses"] - spent["screening"]),
        ("observation and scoring for the endpoints", spent["lives"] - spent["courses"]),
        ("counting and decisions", spent["decisions"]),
        (f"of all this: {BLOCKS[effect]:,} blocks of random numbers", spent["draws"]),
    ):
        print(f"  {name:54s} {value:6.1f} µs {100 * value / spent['all']:4.0f} %")


@compiled
def _draw(blocks: int) -> float:
    total = 0.0
    for index in range(blocks):
        first, second, third, fourth = draws.uniforms(1, index >> 8, index & 255, 0, 0)
        total += first + second + third + fourth
    return total


def print_scaling(lengths: list[int]) -> None:
    """Runs of growing length: the cost of a trial, and the memory of this process and of the largest worker."""
    print(
        "trials, seconds, trials a second, MiB of this process and of the largest worker (effect neutral and none)"
    )
    for trials in lengths:
        config = load([f"run.trials={trials}", "effect=neutral", "run.workers=2", "run.progress=false"])
        seconds = timed(lambda config=config: run_power(config))  # type: ignore[misc]
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        worker = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"  {trials:9,d} {seconds:8.1f} {trials / seconds:8,.0f} {own:6.0f} {worker:6.0f}")


def start_up(*arguments: str) -> float:
    """Seconds of a fresh process."""
    command = [sys.executable, "-m", "sim", *arguments]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the simulator; prints, asserts nothing.")
    parser.add_argument("--trials", type=int, default=20_000, help="trials of one timed run of the batch clock")
    parser.add_argument("--repeats", type=int, default=5, help="timed runs of each kind")
    parser.add_argument("--memory", action="store_true", help="also 100,000 trials, for the memory")
    parser.add_argument("--scaling", type=int, nargs="+", default=[], help="also runs of these lengths")
    given = parser.parse_args()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "numba", "simpy"))
    load_average = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    print(f"load of the machine before: {load_average} (1, 5 and 15 minutes)")
    print_speeds(given.trials, given.repeats)
    for effect in ("none", "neutral"):
        print_parts(effect, given.repeats)
    print(f"--help {statistics.median(start_up('--help') for _ in range(3)):.2f} s; ", end="")
    print(f"task=protocol {start_up('task=protocol'):.2f} s")
    print_scaling([*given.scaling, *([100_000] if given.memory else [])])


if __name__ == "__main__":
    main()
