"""A pipeline that tosses coins instead of simulating patients: quick, and its truth is known."""

import sys
import types

import numpy as np

import sim
from sim.core.columns import COHORT_TABLES
from sim.core.tables import Table
from tests.montecarlo.chunk_functions import decided


def engine_of(config):
    """The clock that would run."""
    return "batch" if config.run.engine == "auto" else config.run.engine


def run_chunk(config, trials):
    """Decided trials of every effect, and of none."""
    names = ["none", "pessimistic", "neutral", "optimistic"]
    wanted = {"none", *(effect.name for effect in config.effects)}
    return {name: decided(trials, config.run.seed + k) for k, name in enumerate(names) if name in wanted}


def cohort_chunk(config, trials):
    """The tables of a data set, with two rows for each trial; nobody has an event."""
    rows = Table({"trial": np.repeat(np.array(trials, np.int32), 2)})
    timed = {
        "endpoint": ["S7", "SAF"] * len(trials),
        "variable": ["", "person_years"] * len(trials),
        "value": [np.nan, 1.0] * len(trials),
        "time": np.full(rows.length, 168.0),
        "event": np.zeros(rows.length, np.int8),
        "reason": np.full(rows.length, ""),
    }
    return {name: rows.adding(timed) if name == "endpoints" else rows for name in COHORT_TABLES}


def install(monkeypatch):
    """Put this pipeline in the place of the real one, as a module of its own that a test may change."""
    module = types.ModuleType("sim.pipeline")
    module.engine_of, module.run_chunk, module.cohort_chunk = engine_of, run_chunk, cohort_chunk
    monkeypatch.setitem(sys.modules, "sim.pipeline", module)
    monkeypatch.setattr(sim, "pipeline", module, raising=False)
    monkeypatch.setattr("sim.montecarlo.sample.sample", lambda config, decided: {})  # a coin has no course
    return module
