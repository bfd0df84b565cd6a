"""Trials that could not be computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.montecarlo.executors import Outcome


@dataclass(frozen=True)
class Failure:
    """A chunk that failed: which trials, why in one line, and where in the program."""

    trials: range
    error: str
    trace: str


def failures_of(outcomes: Iterable[Outcome[Any]]) -> tuple[Failure, ...]:
    """The failures among outcomes."""
    return tuple(Failure(each.trials, each.error, each.trace) for each in outcomes if each.value is None)


def describe(failures: Iterable[Failure]) -> str:
    """One line for each failed chunk."""
    return "\n".join(f"trials {each.trials.start} to {each.trials.stop - 1}: {each.error}" for each in failures)
