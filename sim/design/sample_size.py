"""Power over the number of patients, for every split of them: exact, with its sawtooth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT
from sim.config.design import Design
from sim.core.errors import InputError
from sim.core.tables import Table, table_of
from sim.design.bank import numbers_of, sizes_of, strata_of
from sim.design.bank_algebra import Stratum, mean_rate, power_grid
from sim.design.bank_rules import BankRule, Strata, grid_of, rule_of
from sim.design.bank_stages import order_of
from sim.design.populations import population_of
from sim.design.tournament import Bank, Counts

Floats = NDArray[np.float64]
Sizes = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Sizes at which power is enough: the first at all, and the first from which it stays; None where none is.

    best : size of the highest power.
    """

    first: int | None
    steady: int | None
    best: int


def size_table(
    bank: Bank,
    endpoints: Sequence[str],
    design: Design,
    effects: Sequence[str],
    sizes: range,
    wanted: float,
    counts: Counts,
) -> Table:
    """One row for each endpoint, effect, level, number of patients and split.

    bank  : by effect, `none` included. sizes : numbers of patients of the endpoint's population.
    Under quotas an endpoint for all patients has every split, one for a subgroup only its patients; under a random
    composition the numbers are those of the trial.
    """
    rows: list[dict[str, Any]] = []
    for endpoint in endpoints:
        for alpha in design.alpha:
            rule = rule_of(endpoint, design, alpha)
            grids = {
                effect: _grid(bank, endpoint, design, effect, rule, sizes[-1])
                for effect in dict.fromkeys((INERT, *effects))
            }
            splits = [split for n in sizes for split in splits_of(endpoint, design, n)]
            for effect in effects:
                rows += _rows(grids, endpoint, design, effect, rule, splits)
    return table_of([{**row, "wanted_power": wanted, **counts.columns} for row in rows])


def planned_size_rows(
    strata: Mapping[str, Strata], endpoint: str, design: Design, effects: Sequence[str], sizes: range
) -> list[dict[str, Any]]:
    """The rows of `size_table` for one endpoint at the split of the design alone, by a rule that counts.

    strata : by effect, `none` included.
    """
    rows: list[dict[str, Any]] = []
    splits = [planned_split(endpoint, design, n) for n in sizes]
    for alpha in design.alpha:
        rule = rule_of(endpoint, design, alpha)
        grids = {
            effect: _Grid(strata[effect], *power_grid(strata[effect], sizes[-1], rule.threshold))
            for effect in dict.fromkeys((INERT, *effects))
        }
        for effect in effects:
            rows += _rows(grids, endpoint, design, effect, rule, splits)
    return rows


@dataclass(frozen=True)
class _Grid:
    strata: tuple[Stratum, Stratum]
    power: Floats
    error: Floats


def null_rate_of(endpoint: str, design: Design) -> float:
    """The assumed benchmark of an endpoint; InputError where there is none."""
    benchmark = design.benchmarks.of(endpoint)
    if benchmark is None:
        raise InputError(
            f"design.benchmarks.{endpoint}: missing; an endpoint without a benchmark has no sample size"
        )
    return benchmark.rate(population_of(endpoint))


def planned_test(rule: BankRule, endpoint: str, design: Design, n: int) -> dict[str, float]:
    """The test if n patients are evaluated, as columns; NaN where none is, and where n is not planned.

    Under a random composition n is of the whole trial, and how many of them are of a subgroup is left to chance.
    """
    by_chance = design.composition == "random" and population_of(endpoint) != "all"
    return rule.test_of(None if by_chance else n)


def splits_of(endpoint: str, design: Design, n: int) -> list[Sizes]:
    """How n patients of an endpoint's population can be split; the first stratum grows.

    Only kinds that the design enrols are in the bank, so a design of one kind has one split.
    """
    population = population_of(endpoint)
    if design.composition == "random" or population == "LN" or design.quotas[1] == 0:
        return [(n, 0)]
    if population == "LC" or design.quotas[0] == 0:
        return [(0, n)]
    return [(first, n - first) for first in range(n + 1)]


def planned_split(endpoint: str, design: Design, n: int) -> Sizes:
    """The split that the design has for n patients of an endpoint's population."""
    splits = splits_of(endpoint, design, n)
    return splits[0] if len(splits) == 1 else sizes_of(design, n)


def found(sizes: Sequence[int], power: Iterable[float], wanted: float) -> Found:
    """Sizes, in rising order, at which power is enough.

    >>> found([5, 6, 7, 8], [0.8, 0.7, 0.9, 0.9], 0.8)
    Found(first=5, steady=7, best=7)
    """
    values = np.array(list(power))
    enough = values >= wanted
    lasting = np.logical_and.accumulate(enough[::-1])[::-1]
    first, steady = (int(sizes[int(np.argmax(where))]) if where.any() else None for where in (enough, lasting))
    return Found(first, steady, int(sizes[int(np.argmax(values))]))


def _grid(bank: Bank, endpoint: str, design: Design, effect: str, rule: BankRule, largest: int) -> _Grid:
    strata = strata_of(bank[effect], endpoint, design, population_of(endpoint))
    return _Grid(strata, *grid_of(rule, strata, order_of(bank[effect], design), largest))


def _rows(
    grids: dict[str, _Grid], endpoint: str, design: Design, effect: str, rule: BankRule, splits: Sequence[Sizes]
) -> list[dict[str, Any]]:
    grid, inert, null_rate = grids[effect], grids[INERT], null_rate_of(endpoint, design)
    tests = {n: planned_test(rule, endpoint, design, n) for n in dict.fromkeys(map(sum, splits))}
    rows = []
    for split in splits:
        n = sum(split)
        rate, rate_error = mean_rate(grid.strata, split)
        rows.append(
            {
                "endpoint": endpoint,
                "population": population_of(endpoint),
                "effect": effect,
                "n": n,
                **numbers_of(design, split),
                "planned_split": split == planned_split(endpoint, design, n),
                "null_rate": null_rate,
                "circular": design.benchmarks.circular(endpoint),
                "alpha": rule.asked.alpha,
                **tests[n],
                "rate": rate,
                "rate_mcse": rate_error,
                "power": grid.power[split],
                "power_mcse": grid.error[split],
                "false_go_inert": inert.power[split],
                "false_go_inert_mcse": inert.error[split],
            }
        )
    return rows
