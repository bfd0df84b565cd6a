"""What stopping for serious events does to a design: how often and when it stops, and what that costs in power."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.evaluation import successes
from sim.design.populations import populations_of
from sim.design.safety_stop import STOPPED, as_if_unwatched
from sim.design.stopping import boundary, stopping_law
from sim.stats import intervals
from sim.stats.monte_carlo import proportion_mcse, ratio_mcse

_NAN: Final = float("nan")
_WEEK: Final = 7.0


def safety_table(decided: Mapping[str, Table], design: Design, n_requested: int, n_failed: int) -> Table | None:
    """One row for each effect (`none` included) and endpoint, in its headline population at the first alpha.

    decided : for each effect one row a trial, with the columns of calendar_stops; None where nothing watched.
    Result  : columns of `safety_stop`: the share of patients with a serious event, of trials that stop, patients
              treated, and power with the boundary beside that of the same trials without it.
    """
    rows = [
        {"effect": effect, "tolerated": design.settings.serious_tolerated}
        | {"certainty": design.settings.serious_certainty}
        | _stops(trials, design)
        | _power(trials, design, endpoint)
        | {"n_trials": trials.length, "n_requested": n_requested, "n_failed": n_failed}
        for effect, trials in decided.items()
        if STOPPED in trials
        for endpoint in design.benchmarks.endpoints
        if f"{endpoint}_n" in trials
    ]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]}) if rows else None


def _stops(trials: Table, design: Design) -> dict[str, float]:
    stopped = trials[STOPPED]
    share, (low, high) = float(stopped.mean()), intervals.wilson(int(stopped.sum()), stopped.size)
    ill, treated = trials["n_serious"], trials["n_treated"]
    return {
        "p_serious": float(ill.sum() / treated.sum()) if treated.sum() else _NAN,
        "p_serious_mcse": ratio_mcse(ill, treated),
        "p_stop": share,
        "p_stop_mcse": proportion_mcse(share, stopped.size),
        "p_stop_low": float(low),
        "p_stop_high": float(high),
        "p_stop_one_by_one": _one_by_one(float(ill.sum()) / max(float(treated.sum()), 1.0), design),
        **_mean("treated_at_stop", trials["treated_at_stop"][stopped]),
        **_mean("treated", np.where(stopped, trials["treated_at_stop"], treated)),
        **_mean("week_of_stop", trials["stop_day"][stopped] / _WEEK),
    }


def _one_by_one(rate: float, design: Design) -> float:
    """Exact chance to stop at this share of patients with an event, had each been known before the next came."""
    return 1.0 - float(stopping_law(boundary(design.n, design.settings), rate)[-1])


def _power(trials: Table, design: Design, endpoint: str) -> dict[str, Any]:
    """Success with and without the boundary; the loss has the error of its pairs, for it is itself a share."""
    population, alpha = populations_of(endpoint)[0], design.alpha[0]
    acting, without = (
        successes(table, design, endpoint, population, alpha) for table in (trials, as_if_unwatched(trials))
    )
    shares = {"power": acting, "power_without_stop": without, "power_lost": without & ~acting}
    columns: dict[str, Any] = {"endpoint": endpoint, "population": population, "alpha": alpha}
    for name, flags in shares.items():
        share = float(flags.mean())
        columns |= {name: share, f"{name}_mcse": proportion_mcse(share, flags.size)}
    return columns


def _mean(name: str, values: NDArray[Any]) -> dict[str, float]:
    """Mean over trials and its standard error; NaN of nothing, and the error below two."""
    return {
        name: float(values.mean()) if values.size else _NAN,
        f"{name}_mcse": float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else _NAN,
    }
