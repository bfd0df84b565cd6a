"""How many responders a trial has: their distribution over trials, and success as the benchmark moves."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Column, Table, concatenate
from sim.design.populations import column_stem, populations_of
from sim.design.tally import TRIALS, Tally, as_tally, distinct, weighted_sum
from sim.stats import binomial, monte_carlo

BENCHMARKS: Final = np.round(np.arange(0.02, 0.981, 0.01), 2)
"""The benchmarks that are tried."""


def responders_table(decided: Mapping[str, Table | Tally], design: Design) -> Table:
    """The trials counted by their evaluated patients and responders.

    decided : for each effect one row a trial (sim/design/decision.py), or their tally.
    Result  : rows of `responders`: effect, endpoint, population, n, responders, and how many trials had these.
    """
    parts = [
        _counted(effect, endpoint, population, tally.endpoints[endpoint])
        for effect, tally in ((effect, as_tally(each)) for effect, each in decided.items())
        for endpoint in design.benchmarks.endpoints
        if endpoint in tally.endpoints
        for population in populations_of(endpoint)
    ]
    return concatenate(parts)


def _counted(effect: str, endpoint: str, population: str, table: Table) -> Table:
    stem = column_stem(endpoint, population)
    pairs = Table({"n": table[f"{stem}_n"], "responders": table[f"{stem}_responders"]})
    rows, place = distinct(list(pairs.values()))
    trials = weighted_sum(place, table[TRIALS], len(rows))
    same = {"effect": effect, "endpoint": endpoint, "population": population}
    return Table(
        {name: np.full(len(rows), value) for name, value in same.items()}
        | {name: column.astype(np.int32) for name, column in pairs.where(rows).adding({"trials": trials}).items()}
    )


def moving_benchmark(responders: Table, design: Design) -> Table | None:
    """Success of the same trials at the first level, had the benchmark been another.

    responders : from `responders_table`; the first population of each endpoint is taken.
    Result     : rows of `moving_benchmark`: effect, endpoint, population, alpha, null_rate, success and its error.
                 None for a rule whose threshold does not follow from one benchmark, and where serious events
                 stop trials.
    """
    if design.rule != "exact_binomial" or design.safety_stop:
        return None
    parts = []
    for endpoint in dict.fromkeys(responders["endpoint"].tolist()):
        population = populations_of(endpoint)[0]
        for effect in dict.fromkeys(responders["effect"].tolist()):
            rows = (responders["endpoint"] == endpoint) & (responders["population"] == population)
            counts = responders.where(rows & (responders["effect"] == effect))
            parts.append(_moved(counts, design))
    return concatenate(parts)


def _moved(counts: Table, design: Design) -> Table:
    """One endpoint under one effect, over all benchmarks."""
    alpha, trials = design.alpha[0], int(counts["trials"].sum())
    success = np.array([_success(counts, float(rate), alpha, design.min_n) for rate in BENCHMARKS]) / trials
    errors = np.array([monte_carlo.proportion_mcse(float(rate), trials) for rate in success])
    same: dict[str, Any] = {name: counts[name][0] for name in ("effect", "endpoint", "population")}
    return Table(
        {name: np.full(len(BENCHMARKS), value) for name, value in {**same, "alpha": alpha}.items()}
        | {"null_rate": BENCHMARKS, "success": success, "success_mcse": errors}
    )


def _success(counts: Table, null_rate: float, alpha: float, min_n: int) -> float:
    """How many of the counted trials succeed against a benchmark, each on its own n."""
    sizes: Column = np.unique(counts["n"])
    needed = {int(n): binomial.critical_value(int(n), null_rate, alpha) if n >= min_n else None for n in sizes}
    total = 0
    for n, responders, trials in zip(
        *(counts[name].tolist() for name in ("n", "responders", "trials")), strict=True
    ):
        critical = needed[n]
        total += trials if critical is not None and responders >= critical else 0
    return float(total)
