"""Functions of a range of trials for the executors' tests; worker processes import them by name."""

import os
import sys
import threading
from pathlib import Path

import numpy as np

from sim.core.errors import InputError, LimitError
from sim.core.tables import Table

IMPORTED_FIRST = "sim.pipeline" in sys.modules


def squares(trials):
    """One row for each trial."""
    return [trial * trial for trial in trials]


def fails_on_seven(trials):
    """Like squares, but one trial exceeds a limit."""
    if 7 in trials:
        raise LimitError("64 rings of clock 3 in trial 7")
    return squares(trials)


def refuses(trials):
    """What the user asked for cannot be run."""
    raise InputError(f"run.engine: batch cannot run trials {trials.start}")


def dies_once(folder, trials):
    """The process is gone the first time that trial 7 comes up."""
    mark = Path(folder) / "died"
    if 7 in trials and not mark.exists():
        mark.touch()
        os._exit(9)
    return squares(trials)


def always_dies_on_seven(trials):
    """The process is gone whenever trial 7 comes up."""
    if 7 in trials:
        os._exit(9)
    return squares(trials)


def leaves_a_mark(folder, trials):
    """Says on disk which trials were begun."""
    (Path(folder) / str(trials.start)).touch()
    return squares(trials)


def decided(trials, seed=5):
    """Decided trials of ten patients whose response is drawn for each trial by its own number."""
    draws = np.array([np.random.default_rng([seed, trial]).random((3, 10)) for trial in trials])
    columns = {"trial": np.array(trials, np.int32), "filled": np.ones(len(trials), np.bool_)}
    for subgroup, screened in (("LN", 50), ("LC", 10)):
        columns[f"n_screened_{subgroup}"] = np.full(len(trials), screened, np.int32)
        columns[f"n_enrolled_{subgroup}"] = np.full(len(trials), 5, np.int32)
    for endpoint, rate in (("P1", 0.7), ("S1", 0.6), ("S3", 0.4)):
        hit = draws[:, ("P1", "S1", "S3").index(endpoint)] < rate
        for stem, part in (("", slice(0, 10)), ("_LN", slice(0, 5)), ("_LC", slice(5, 10))):
            columns[f"{endpoint}{stem}_n"] = np.full(len(trials), part.stop - part.start, np.int16)
            columns[f"{endpoint}{stem}_responders"] = hit[:, part].sum(axis=1).astype(np.int16)
    return Table(columns)


def of_both_effects(trials):
    """What the trials decided under two effects."""
    return {"none": decided(trials, 1), "neutral": decided(trials, 2)}


def says_who_and_waits(trials):
    """The process says its number, then waits until somebody ends it."""
    os.write(1, f"{os.getpid()}\n".encode())
    threading.Event().wait()


def own_number(trials):
    """The number of the process that computes."""
    return [os.getpid() for _ in trials]


def has_the_model(trials):
    """Whether the process had imported the model before it was asked anything."""
    return [IMPORTED_FIRST for _ in trials]
