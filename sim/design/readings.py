"""How far other readings and assumptions move each rate and each power: the table, its range, and its words."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Row, Table, concatenate, rows_of
from sim.design.evaluation import power_table
from sim.design.paired import mean_error, power_change, rate_change
from sim.design.populations import column_stem

_CARRIED: Final = (
    "endpoint", "population", "alpha", "effect", "null_rate", "critical_value", "n", "n_min", "n_max",
    "response_rate", "response_rate_mcse", "power", "power_mcse", "power_low", "power_high", "exact_power",
    "p_filled", "n_trials", "n_requested", "n_failed",
)  # fmt: skip
Decided = Mapping[str, Table]


def readings_table(
    alternatives: Sequence[tuple[str, str, str, Design]],
    decided: Mapping[str, Decided],
    effects: Sequence[str],
    inert: str,
    engine: str,
    n_requested: int,
    n_failed: int,
) -> Table:
    """One row for each alternative, effect, endpoint, population and alpha.

    alternatives : name, kind, words and design of each; the first is what the others are compared with.
    decided      : for each name and effect one row per trial, the same trials everywhere.
    Result       : columns of the power table, `alternative`, `kind`, `words`, and against the first the paired
                   `rate_change`, `power_change` and `screened_change`, each with its Monte Carlo standard error,
                   and `n_changed`, trials with other patients or responders.
    """
    base, _, _, base_design = alternatives[0]
    pieces = []
    for name, kind, words, design in alternatives:
        if name not in decided:
            continue
        for effect in effects:
            table = decided[name][effect]
            power = power_table(table, decided[name][inert], design, effect, engine, n_requested, n_failed)
            rows = [
                {"alternative": name, "kind": kind, "words": words}
                | {column: row[column] for column in _CARRIED}
                | _changes((decided[base][effect], base_design), (table, design), row)
                for row in rows_of(power)
            ]
            pieces.append(Table({column: np.array([row[column] for row in rows]) for column in rows[0]}))
    return concatenate(pieces)


def _changes(before: tuple[Table, Design], after: tuple[Table, Design], row: Row) -> dict[str, float]:
    endpoint, population = row["endpoint"], row["population"]
    rate, rate_error = rate_change(before[0], after[0], endpoint, population)
    power, power_error = power_change(before, after, endpoint, population, row["alpha"])
    screened = [table["n_screened"].astype(np.float64) for table, _ in (before, after)]
    counts = [f"{column_stem(endpoint, population)}_{ending}" for ending in ("n", "responders")]
    return {
        "rate_change": rate,
        "rate_change_mcse": rate_error,
        "power_change": power,
        "power_change_mcse": power_error,
        "n_changed": int(np.logical_or.reduce([before[0][name] != after[0][name] for name in counts]).sum()),
        "screened": float(screened[1].mean()),
        "screened_mcse": mean_error(screened[1]),
        "screened_change": float((screened[1] - screened[0]).mean()),
        "screened_change_mcse": mean_error(screened[1] - screened[0]),
    }


def with_model_range(power: Table, readings: Table, kinds: Sequence[str]) -> Table:
    """A power table with `model_low` and `model_high`: the range of its power over alternatives of these kinds."""
    ranges: dict[tuple[Any, ...], list[float]] = {}
    for row in rows_of(readings):
        if row["kind"] in kinds:
            ranges.setdefault(_key(row), []).append(row["power"])
    found = [ranges.get(_key(row), [math.nan]) for row in rows_of(power)]
    return power.adding(
        {
            "model_low": np.array([min(values) for values in found]),
            "model_high": np.array([max(values) for values in found]),
        }
    )


def _key(row: Row) -> tuple[Any, ...]:
    return row["endpoint"], row["population"], row["alpha"], row["effect"]
