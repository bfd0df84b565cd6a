"""How far other readings and assumptions move each rate and each power: the table, its range, and its words."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Row, Table, concatenate, rows_of
from sim.design.evaluation import power_table
from sim.design.paired import Pairs, both_ways, power_change, rate_change, screened_change
from sim.design.populations import column_stem
from sim.design.tally import TRIALS

_CARRIED: Final = (
    "endpoint", "population", "alpha", "effect", "null_rate", "critical_value", "n", "n_min", "n_max",
    "response_rate", "response_rate_mcse", "power", "power_mcse", "power_low", "power_high", "exact_power",
    "p_filled", "n_trials", "n_requested", "n_failed",
)  # fmt: skip


def readings_table(
    alternatives: Sequence[tuple[str, str, str, Design]],
    found: Mapping[str, Mapping[str, Pairs]],
    effects: Sequence[str],
    inert: str,
    engine: str,
    n_requested: int,
    n_failed: int,
) -> Table:
    """One row for each alternative, effect, endpoint, population and alpha.

    alternatives : name, kind, words and design of each; the first is what the others are compared with.
    found        : for each name and effect the trials beside those of the first, the same trials everywhere.
    Result       : columns of the power table, `alternative`, `kind`, `words`, and against the first the paired
                   `rate_change`, `power_change` and `screened_change`, each with its Monte Carlo standard error,
                   and `n_changed`, trials with other patients or responders.
    """
    base_design = alternatives[0][3]
    pieces = []
    for name, kind, words, design in alternatives:
        if name not in found:
            continue
        for effect in effects:
            pairs = found[name][effect]
            power = power_table(pairs, found[name][inert], design, effect, engine, n_requested, n_failed)
            rows = [
                {"alternative": name, "kind": kind, "words": words}
                | {column: row[column] for column in _CARRIED}
                | _changes(pairs, (base_design, design), row)
                for row in rows_of(power)
            ]
            pieces.append(Table({column: np.array([row[column] for row in rows]) for column in rows[0]}))
    return concatenate(pieces)


def _changes(pairs: Pairs, designs: tuple[Design, Design], row: Row) -> dict[str, float]:
    endpoint, population = row["endpoint"], row["population"]
    counted = pairs.endpoints[endpoint]
    before, after = both_ways(counted)
    trials = counted[TRIALS]
    rate, rate_error = rate_change(before, after, endpoint, population, trials)
    power, power_error = power_change(
        (before, designs[0]), (after, designs[1]), endpoint, population, row["alpha"], trials
    )
    counts = [f"{column_stem(endpoint, population)}_{ending}" for ending in ("n", "responders")]
    differs = np.logical_or.reduce([before[name] != after[name] for name in counts])
    return {
        "rate_change": rate,
        "rate_change_mcse": rate_error,
        "power_change": power,
        "power_change_mcse": power_error,
        "n_changed": int(trials @ differs),
        **screened_change(pairs),
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
