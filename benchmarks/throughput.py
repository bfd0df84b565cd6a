"""How fast: trials a second on both clocks, where the time goes, and other programs; with machine and versions.

    python benchmarks/throughput.py [--trials 20000] [--repeats 5] [--scaling 1000 10000 100000] [--million]

Measures and prints; asserts nothing. Everything is measured in one session and in turns, so that a busy machine
slows all of it alike; figures are medians. A rate is given twice: of the running phase (trials are computed and
tabulated; program, compiled code and processes are there already) and of the whole command (from the shell to the
page of the report). Parts are processor time of one process.
"""

import argparse
import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from peers import bare_simpy, floor, plain_simpy, plain_vectorized
from watched import watched

from sim import pipeline
from sim.config.compose import load
from sim.config.config import Config
from sim.core import draws
from sim.core.compiled import compiled
from sim.design.decision import decide_counted
from sim.fused.chunk import counted, judged
from sim.montecarlo.executors import kept_workers
from sim.montecarlo.power import run_power
from sim.screening.fill import fill

BATCH, SIMPY = "batch, 1 worker, effect neutral and none", "SimPy, 1 worker, effect neutral and none"
TWO = "batch, 2 workers, effect neutral and none"
CASES = (
    ("batch, 2 workers, effect none", 1.0, ("effect=none", "run.workers=2")),
    (TWO, 1.0, ("effect=neutral", "run.workers=2")),
    ("batch, 2 workers, four effects", 1.0, ("effect=every", "run.workers=2")),
    (BATCH, 1.0, ("effect=neutral", "run.workers=1")),
    ("SimPy, 1 worker, effect none", 0.05, ("effect=none", "run.workers=1", "run.engine=simpy")),
    (SIMPY, 0.05, ("effect=neutral", "run.workers=1", "run.engine=simpy")),
)
"""Name, share of --trials, settings."""
RATIOS = (
    (TWO, SIMPY, "batch clock on two cores against SimPy"),
    (BATCH, SIMPY, "batch clock against SimPy, one core"),
    (TWO, BATCH, "two workers against one"),
)
BLOCKS = {"none": 2621, "neutral": 3105}
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


def computed(config: Config) -> None:
    """Run the trials; a run that fails is fast and no measurement."""
    if failures := run_power(config).failures:
        raise SystemExit(f"trials failed: {failures[0].error}")


def print_speeds(trials: int, repeats: int) -> None:
    """Trials a second of each case and of the other programs, in turns."""
    works: list[tuple[str, int, Callable[[], object]]] = []
    commands: list[tuple[str, int, Sequence[str]]] = []
    for name, share, overrides in CASES:
        size = max(int(trials * share), 20)
        config = load([f"run.trials={size}", "run.progress=false", *overrides])
        works.append((name, size, lambda config=config: computed(config)))  # type: ignore[misc]
        commands.append((name, size, (f"run.trials={size}", *overrides)))
    numbers = BLOCKS["neutral"]
    few = max(trials // 50, 20)
    works += [
        (f"floor: {numbers:,} numbers a trial drawn and written", trials, lambda: floor(trials, numbers)),
        ("floor: SimPy, as many events that do nothing", few, lambda: bare_simpy(few)),
        ("other: plain SimPy, no screening, no rules", few, lambda: plain_simpy(few)),
        ("other: plain NumPy, typed-in response rates", trials, lambda: plain_vectorized(trials)),
    ]
    running: dict[str, list[float]] = {name: [] for name, _, _ in works}
    whole: dict[str, list[float]] = {name: [] for name, _, _ in commands}
    with kept_workers():
        for _, _, work in works:
            work()
        for _ in range(repeats):
            for name, size, work in works:
                running[name].append(size / timed(work))
            for name, size, settings in commands:
                whole[name].append(size / watched(*settings).seconds)
    print("ten-patient trials a second, complete model, all endpoints: median (minimum to maximum)")
    print(f"  {'':54s} {'running phase':>28s} {'whole command':>28s} trials")
    for name, size, _ in works:
        print(f"  {name:54s} {_speeds(running[name])} {_speeds(whole.get(name, []))} {size:,}")
    for over, under, words in RATIOS:
        ratios = [statistics.median(each[over]) / statistics.median(each[under]) for each in (running, whole)]
        print(
            f"  {words}: {ratios[0]:.1f} in the running phase, {ratios[1]:.1f} as whole commands of these trials"
        )


def _speeds(speeds: Sequence[float]) -> str:
    if not speeds:
        return f"{'':28s}"
    return f"{statistics.median(speeds):9,.0f} ({min(speeds):,.0f} to {max(speeds):,.0f})".rjust(28)


def print_parts(effect: str, repeats: int) -> None:
    """Where one process spends its time on a chunk."""
    config = pipeline.until_decided(load([f"effect={effect}", "run.progress=false"]))
    unasked = replace(config, analysis=replace(config.analysis, endpoints=()))
    effects, trials = pipeline._with_inert(config), range(CHUNK)
    enrolled = fill(trials, config)
    found = judged(config, enrolled, effects)

    def decisions() -> None:
        for each in found.values():
            counts = counted(enrolled, each.answers, config.analysis.endpoints)
            decide_counted(counts, pipeline._trials(enrolled, each.end_day), config.design)

    works = {
        "all": lambda: pipeline.run_chunk(config, trials),
        "screening": lambda: fill(trials, config),
        "lives": lambda: judged(config, enrolled, effects),
        "courses": lambda: judged(unasked, enrolled, effects),
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
        ("courses: events, orders, the measurements they need", spent["courses"]),
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


def print_scaling(lengths: Sequence[int]) -> None:
    """Whole commands of growing length with one worker and with two: cost of a trial, and memory.

    The rate between two lengths leaves out what a command costs before its first trial and after its last.
    """
    print(
        "whole commands, effect neutral and none; MiB at most of all processes, of the first, of the largest other"
    )
    print(f"  {'trials':>10s} workers {'seconds':>8s} {'trials/s':>9s} {'beyond the length before':>26s} MiB")
    before: dict[int, tuple[int, float]] = {}
    for trials in lengths:
        for workers in (1, 2):
            took = watched(f"run.trials={trials}", "effect=neutral", f"run.workers={workers}")
            further = ""
            if workers in before:
                fewer, seconds = before[workers]
                further = f"{(trials - fewer) / (took.seconds - seconds):,.0f} trials/s"
            before[workers] = trials, took.seconds
            memory = f"{took.together:.0f}, {took.first:.0f}, {took.largest:.0f}"
            rate = f"{trials / took.seconds:,.0f}"
            print(
                f"  {trials:10,d} {workers:7d} {took.seconds:8.1f} {rate:>9s} {further:>26s} {memory}", flush=True
            )


def start_up(*arguments: str) -> float:
    """Seconds of a fresh process."""
    command = [sys.executable, "-m", "sim", *arguments]
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed and memory of the simulator; prints, asserts nothing.")
    parser.add_argument("--trials", type=int, default=20_000, help="trials of one timed run of the batch clock")
    parser.add_argument("--repeats", type=int, default=5, help="timed runs of each kind")
    lengths = [1000, 10_000, 100_000]
    parser.add_argument("--scaling", type=int, nargs="*", default=lengths, help="commands of these lengths")
    parser.add_argument("--million", action="store_true", help="and of a million trials")
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
    print_scaling([*given.scaling, *([1_000_000] if given.million else [])])


if __name__ == "__main__":
    main()
