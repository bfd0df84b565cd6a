"""The benchmark seen from the model: how often these patients respond without the cells, and how sure that is.

The simulated rate supports an assumed benchmark and never replaces it. Where a benchmark is taken from the model,
the rate of false go is the size of the test by construction: circular, and said so.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Row, Table, rows_of
from sim.design.closed_form import exact_power
from sim.design.evaluation import Sample, sample_of, simulated_rates
from sim.design.populations import populations_of
from sim.design.rules import Question, needed, question
from sim.design.tally import Counted
from sim.stats import binomial

_GRID: Final = np.round(np.arange(0.01, 1.0, 0.01), 2)
RANGE_KINDS: Final = ("base", "reading", "assumption")
"""What the interval of the null rate runs over; worlds take it apart and are nobody's belief."""


def benchmark_table(readings: Table, inert: str, design: Design) -> Table:
    """The assumed benchmark beside the simulated null rate and its range: a row for each endpoint and population.

    At the first alpha.

    readings : from `readings_table`, with the effect `inert`.
    Result   : `null_rate` as assumed and its range; `inert_rate` of the base with its standard error; lowest and
               highest over the declared readings and assumptions with their names; `interval_null`, the higher of
               the assumed benchmark and the highest simulated rate; the critical value at both, each with its
               exact size at the benchmark it belongs to.
    """
    rows = [row for row in rows_of(readings) if row["effect"] == inert and row["alpha"] == design.alpha[0]]
    answer = []
    for base in [row for row in rows if row["kind"] == "base"]:
        place = (base["endpoint"], base["population"])
        benchmark = design.benchmarks.of(base["endpoint"])
        if benchmark is None or math.isnan(base["response_rate"]):
            continue
        alike = [
            row
            for row in rows
            if (row["endpoint"], row["population"]) == place
            and row["kind"] in RANGE_KINDS
            and not math.isnan(row["response_rate"])
        ]
        low = min(alike, key=lambda row: float(row["response_rate"]))
        high = max(alike, key=lambda row: float(row["response_rate"]))
        upper = max(base["null_rate"], high["response_rate"])
        answer.append(
            {
                "endpoint": base["endpoint"],
                "population": base["population"],
                "alpha": base["alpha"],
                "n": base["n"],
                "null_rate": base["null_rate"],
                "benchmark_low": benchmark.low,
                "benchmark_high": benchmark.high,
                "inert_rate": base["response_rate"],
                "inert_rate_mcse": base["response_rate_mcse"],
                "inert_low": low["response_rate"],
                "inert_low_under": low["alternative"],
                "inert_high": high["response_rate"],
                "inert_high_under": high["alternative"],
                "interval_null": upper,
            }
            | _test(base, base["null_rate"], design, "")
            | _test(base, upper, design, "_interval")
            | {name: base[name] for name in ("n_trials", "n_requested", "n_failed")}
        )
    return Table({name: np.array([row[name] for row in answer]) for name in answer[0]})


def _test(base: Row, null_rate: float, design: Design, ending: str) -> dict[str, float]:
    """Critical value and exact size at the planned n; NaN where n is left to chance or nothing succeeds."""
    if math.isnan(base["n"]):
        return {f"critical_value{ending}": math.nan, f"attained_size{ending}": math.nan}
    n = int(base["n"])
    asked = question(design, base["endpoint"], base["population"], base["alpha"])
    critical = needed(design.rule, n, replace(asked, null_rate=null_rate))
    return {
        f"critical_value{ending}": math.nan if critical is None else float(critical),
        f"attained_size{ending}": binomial.power(n, critical, null_rate),
    }


def drift_table(inert: Counted, design: Design) -> Table:
    """The rate of false go as the benchmark moves, at the first alpha: 99 rows (0.01 to 0.99) for each endpoint.

    inert  : the trials where the cells do nothing.
    Result : critical value at the planned n, exact size at the benchmark, and the exact probability of success at
             the simulated null rates of the strata, with its error by the delta method.
    """
    rows = []
    for endpoint in design.benchmarks.endpoints:
        population = populations_of(endpoint)[0]
        n = design.planned(population)
        if n is not None and endpoint in inert.endpoints:
            place = {"endpoint": endpoint, "population": population, "alpha": design.alpha[0], "n": float(n)}
            sample = sample_of(inert.endpoints[endpoint], design, endpoint, population)
            asked = question(design, endpoint, population, design.alpha[0])
            rows += [place | row for row in _drift(sample, design.rule, asked, n)]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def _drift(sample: Sample, rule: str, asked: Question, n: int) -> Iterator[dict[str, float]]:
    rates, errors = simulated_rates(sample)
    distinct = np.unique(sample.strata_n.sum(axis=1)).tolist()
    known: dict[tuple[int | None, ...], tuple[float, float]] = {}
    for null_rate in _GRID.tolist():
        moved = replace(asked, null_rate=null_rate)
        fewest = {size: needed(rule, size, moved) for size in {*distinct, n}}
        key = tuple(fewest[size] for size in distinct)
        if key not in known:
            known[key] = exact_power(sample.strata_n, rates, errors, fewest.__getitem__, sample.trials)
        critical = fewest[n]
        yield {
            "null_rate": null_rate,
            "critical_value": math.nan if critical is None else float(critical),
            "attained_size": binomial.power(n, critical, null_rate),
            "false_go_inert": known[key][0],
            "false_go_inert_mcse": known[key][1],
        }
