"""Assurance: the probability of success averaged over what is believed, never the power at the average belief.

Source : O'Hagan, Stevens, Campbell, Pharmaceutical Statistics 2005;4:187–201.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Row, Table, concatenate, rows_of
from sim.design.evaluation import power_table
from sim.design.tally import Tally
from sim.stats.monte_carlo import mean_mcse

_QUANTILES: Final = {"power_p05": 0.05, "power_p25": 0.25, "power_p50": 0.5, "power_p75": 0.75, "power_p95": 0.95}


def draws_table(
    decided: Mapping[int, Mapping[str, Tally]],
    values: Mapping[str, NDArray[np.float64]],
    designs: Sequence[Design],
    effect: str,
    inert: str,
) -> Table:
    """Rate and power of each endpoint, population and alpha in each draw, with the drawn values beside them.

    decided : by draw and effect, what the trials decided.
    """
    pieces = []
    for draw, tables in decided.items():
        table = power_table(tables[effect], tables[inert], designs[draw], effect, "batch", 0, 0)
        kept = table.only(
            ("endpoint", "population", "alpha", "null_rate", "critical_value", "n", "response_rate",
             "response_rate_mcse", "power", "power_mcse", "exact_power", "exact_power_mcse", "n_trials")
        )  # fmt: skip
        beside = {f"prior_{name}": np.full(kept.length, column[draw]) for name, column in values.items()}
        pieces.append(Table({"draw": np.full(kept.length, draw, np.int32), **kept, **beside}))
    return concatenate(pieces)


def assurance_table(draws: Table, n_requested: int, n_failed: int) -> Table:
    """One row for each endpoint, population and alpha.

    Result : `assurance`, the mean over draws of the share of trials that succeed, with the standard error from
             draw to draw; the same for the response rate; quantiles over the draws of the closed-form power at
             each draw's simulated rates, which the Monte Carlo error of those rates spreads a little.
    """
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows_of(draws):
        groups.setdefault((row["endpoint"], row["population"], row["alpha"]), []).append(row)
    answer = []
    for rows in groups.values():
        power = np.array([row["power"] for row in rows])
        rate = np.array([row["response_rate"] for row in rows])
        exact = np.array([row["exact_power"] for row in rows])
        known = not np.isnan(exact).any()
        answer.append(
            {
                name: rows[0][name]
                for name in ("endpoint", "population", "alpha", "null_rate", "critical_value", "n")
            }
            | {"response_rate": float(rate.mean()), "response_rate_mcse": mean_mcse(rate)}
            | {"assurance": float(power.mean()), "assurance_mcse": mean_mcse(power)}
            | {name: float(np.quantile(exact, at)) if known else math.nan for name, at in _QUANTILES.items()}
            | {"draws": len(rows), "n_trials": sum(row["n_trials"] for row in rows)}
            | {"n_requested": n_requested, "n_failed": n_failed}
        )
    return Table({name: np.array([row[name] for row in answer]) for name in answer[0]})
