"""Who came first: responders among the first patients of each trial, in order of enrolment.

A rule with planned numbers looks at the first n evaluated patients of its population, and two stages look at the
first n1 of them before. Columns: `P1_first_LN_n`, `P1_later_LC_responders` for all patients by subgroup,
`P2_LC_first_n` for a population that is one subgroup.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.design.populations import SUBGROUPS, column_stem
from sim.design.rules import Plan

Counts = NDArray[Any]

STAGES = ("first", "later")


@dataclass(frozen=True)
class Staged:
    """(trials, strata) patients and responders of the first stage and of the rest up to the planned n."""

    first_n: Counts
    first_responders: Counts
    later_n: Counts
    later_responders: Counts


@dataclass(frozen=True)
class Evaluated:
    """The evaluated patients of one endpoint, in any order.

    row : of the trial. subject : order of enrolment within it.
    """

    row: Counts
    is_lc: Counts
    subject: Counts
    responds: Counts


def order_in_trial(trial: Counts, subject: Counts) -> Counts:
    """Place of each row among the rows of its trial by subject, from 0; any order of rows."""
    order = np.lexsort((subject, trial))
    sorted_trial = trial[order]
    begins = np.flatnonzero(np.r_[True, sorted_trial[1:] != sorted_trial[:-1]]) if len(trial) else np.zeros(0, int)
    lengths = np.diff(np.r_[begins, len(trial)])
    place = np.empty(len(trial), dtype=np.int64)
    place[order] = np.arange(len(trial)) - np.repeat(begins, lengths)
    return place


def staged_counts(
    plan: Plan | None, endpoint: str, population: str, evaluated: Evaluated, n_trials: int
) -> dict[str, Counts]:
    """Columns of one endpoint and population; all zero where there is no plan."""
    keep = np.ones(len(evaluated.row), dtype=np.bool_)
    if population != "all":
        keep = evaluated.is_lc == (population == SUBGROUPS[1])
    row, is_lc, responds = evaluated.row[keep], evaluated.is_lc[keep], evaluated.responds[keep]
    place = order_in_trial(row, evaluated.subject[keep])
    limits = (0, 0, 0) if plan is None else (0, plan.interim, plan.n)
    columns: dict[str, Counts] = {}
    for stage, low, high in zip(STAGES, limits[:2], limits[1:], strict=True):
        inside = (place >= low) & (place < high)
        for name, stratum in zip(_names(endpoint, population, stage), _strata(population, is_lc), strict=True):
            for ending, chosen in (("n", inside & stratum), ("responders", inside & stratum & responds)):
                columns[f"{name}_{ending}"] = np.bincount(row[chosen], minlength=n_trials).astype(np.int16)
    return columns


def staged(decided: Table, endpoint: str, population: str) -> Staged:
    """The counts as they stand in the columns of decided trials."""

    def read(stage: str, ending: str) -> Counts:
        names = _names(endpoint, population, stage)
        return np.stack([decided[f"{name}_{ending}"].astype(np.int64) for name in names], axis=1)

    return Staged(*(read(stage, ending) for stage in STAGES for ending in ("n", "responders")))


def _names(endpoint: str, population: str, stage: str) -> list[str]:
    stem = f"{column_stem(endpoint, population)}_{stage}"
    return [f"{stem}_{subgroup}" for subgroup in SUBGROUPS] if population == "all" else [stem]


def _strata(population: str, is_lc: Counts) -> list[Counts]:
    return [~is_lc, is_lc] if population == "all" else [np.ones(len(is_lc), dtype=np.bool_)]
