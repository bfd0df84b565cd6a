"""task=estimation: how wide, how honest and how blind estimates from so few patients are. Exact, no trials."""

from pathlib import Path
from typing import Final

import numpy as np

from sim.cli.run import Prepared
from sim.cli.task import NO_PATIENTS, Result, provenance_of
from sim.config.design import Design
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv

_RATES: Final = np.arange(1, 100) / 100
_EVENT_RATES: Final = np.array([0.01, 0.02, 0.05, 0.10, 0.20, 0.30, 0.50])


def perform(prepared: Prepared, folder: Path) -> Result:
    """Write estimation.parquet, rare_events.parquet, estimation.csv and estimation.txt."""
    from sim.design.estimation import interval_table, rare_event_table
    from sim.words.estimation import estimation_text

    design = prepared.config.design
    sizes = _sizes(design)
    tables = {
        "estimation": interval_table(sizes, _RATES, _above(design, prepared.config.endpoint)),
        "rare_events": rare_event_table(sizes, _EVENT_RATES),
    }
    text = estimation_text(tables["estimation"], tables["rare_events"])
    files = [folder / "estimation.txt", folder / "estimation.csv"]
    write_text(files[0], text + "\n")
    write_csv(files[1], tables["estimation"])
    for name, table in tables.items():
        files.append(folder / f"{name}.parquet")
        write_table(files[-1], name, table, provenance_of(prepared, NO_PATIENTS))
    return Result(text, tuple(files), NO_PATIENTS, heading="Exact figures, no patients simulated, written to")


def _sizes(design: Design) -> tuple[int, ...]:
    """The places of each subgroup and of the trial, each number once."""
    parts = (*(design.quotas if design.composition == "quota" else ()), design.n)
    return tuple(sorted({n for n in parts if n > 0}))


def _above(design: Design, endpoint: str | None) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Values to exceed: the benchmarks, of one endpoint or of all."""
    names = design.benchmarks.endpoints if endpoint is None else (endpoint,)
    found = (design.benchmarks.of(name) for name in names)
    return np.array(sorted({benchmark.null_rate for benchmark in found if benchmark is not None}))
