"""Designs from the shipped configuration, and outcome tables drawn with known response rates."""

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim.config.build import build
from sim.config.design import Design
from sim.core.tables import Table

SHIPPED = Path(__file__).parents[2] / "conf" / "design" / "nct04835883.yaml"


@cache
def _parsed() -> dict[str, Any]:
    return yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def shipped_values() -> dict[str, Any]:
    return copy.deepcopy(_parsed())


def design(benchmarks: Mapping[str, Mapping[str, Any]] | None = None, **changes: Any) -> Design:
    values = shipped_values() | changes
    for endpoint, benchmark in (benchmarks or {}).items():
        values["benchmarks"][endpoint].update(benchmark)
    return build(Design, values, "design")


def draw(
    generator: np.random.Generator,
    enrolled: np.ndarray,
    rates: Mapping[str, tuple[float, float]],
    evaluable: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Table, Table]:
    """Outcomes and trials in which every patient responds independently.

    enrolled  : (trials, 2) LN and LC patients.
    rates     : for each endpoint the response rates of LN and LC.
    evaluable : for an endpoint, the probability of being in its population (1 where it is not named).
    """
    trial = np.repeat(np.arange(len(enrolled)), enrolled.sum(axis=1))
    stream = np.concatenate([np.repeat([0, 1], row) for row in enrolled]) if trial.size else trial
    blocks = []
    for endpoint, by_stream in rates.items():
        share = np.array((evaluable or {}).get(endpoint, (1.0, 1.0)))[stream]
        inside = generator.random(trial.size) < share
        responds = generator.random(trial.size) < np.array(by_stream)[stream]
        blocks.append((np.full(trial.size, endpoint), inside, np.where(inside, responds, -1).astype(np.int8)))
    outcomes = Table(
        {
            "trial": np.tile(trial, len(blocks)).astype(np.int32),
            "subject": np.tile(_mixed_order(trial), len(blocks)),
            "subgroup": np.tile(np.array(["LN", "LC"])[stream], len(blocks)),
            "endpoint": np.concatenate([block[0] for block in blocks]),
            "in_population": np.concatenate([block[1] for block in blocks]),
            "responder": np.concatenate([block[2] for block in blocks]),
        }
    )
    return outcomes, trials_table(enrolled)


def _mixed_order(trial: np.ndarray) -> np.ndarray:
    """Order of enrolment that mixes the subgroups, from 0 in each trial."""
    order = np.lexsort((np.random.default_rng(99).random(trial.size), trial))
    begins = np.searchsorted(trial, trial)
    subject = np.empty(trial.size, dtype=np.int32)
    subject[order] = np.arange(trial.size) - begins
    return subject


def trials_table(enrolled: np.ndarray) -> Table:
    return Table(
        {
            "trial": np.arange(len(enrolled), dtype=np.int32),
            "n_enrolled": enrolled.sum(axis=1).astype(np.int32),
            "n_enrolled_LN": enrolled[:, 0].astype(np.int32),
            "n_enrolled_LC": enrolled[:, 1].astype(np.int32),
            "n_screened_LN": (20 * enrolled[:, 0]).astype(np.int32),
            "n_screened_LC": (2 * enrolled[:, 1]).astype(np.int32),
        }
    )


def row(table: Table, **keys: Any) -> dict[str, Any]:
    """The one row of a power table with these values."""
    found = np.flatnonzero(np.logical_and.reduce([table[name] == value for name, value in keys.items()]))
    assert found.size == 1
    return {name: column[found[0]].item() for name, column in table.items()}
