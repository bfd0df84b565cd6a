"""A whole command from outside: its seconds, and the memory of all its processes together."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_PAUSE = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Command:
    """What a command took.

    seconds : from its start to its end. together : MiB of all its processes at most, shared pages once.
    first   : MiB of the process that was started. largest : of the largest of the others. NaN without /proc.
    """

    seconds: float
    together: float
    first: float
    largest: float


def watched(*settings: str) -> Command:
    """Run `python -m sim` with these settings in a folder of its own, which is removed."""
    peaks = {"together": 0.0, "first": 0.0, "largest": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-m", "sim", *settings, f"hydra.run.dir={folder}/run", "run.progress=false"]
        started = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while process.poll() is None:
            for name, value in _memory(process.pid).items():
                peaks[name] = max(peaks[name], value)
            try:
                process.wait(_PAUSE)
            except subprocess.TimeoutExpired:
                continue
        seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    known = Path("/proc/self/smaps_rollup").exists()
    return Command(seconds, *(peaks[name] if known else float("nan") for name in ("together", "first", "largest")))


def _memory(root: int) -> dict[str, float]:
    """MiB now: proportional over all processes below `root`, and resident of it and of the largest other."""
    together = largest = first = 0.0
    for pid in _below(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:  # gone meanwhile
            continue
        found = {
            line.split(":")[0]: float(line.split()[1]) / 1024 for line in text.splitlines() if line[:3] in _READ
        }
        together += found.get("Pss", 0.0)
        if pid == root:
            first = found.get("Rss", 0.0)
        else:
            largest = max(largest, found.get("Rss", 0.0))
    return {"together": together, "first": first, "largest": largest}


_READ = ("Rss", "Pss")


def _below(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found
