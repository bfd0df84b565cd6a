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
from sim.design.tally import TRIALS, Tally, as_tally
from sim.stats import intervals
from sim.stats.monte_carlo import proportion_mcse, ratio_mcse

_NAN: Final = float("nan")
_WEEK: Final = 7.0


def safety_table(
    decided: Mapping[str, Table | Tally], design: Design, n_requested: int, n_failed: int
) -> Table | None:
    """One row for each effect (`none` included) and endpoint, in its headline population at the first alpha.

    decided : for each effect one row a trial, with the columns of calendar_stops, or the tally of such trials.
    Result  : columns of `safety_stop`: the share of patients with a serious event, of trials that stop, patients
              treated, and power with the boundary beside that of the same trials without it; None where nothing
              watched.
    """
    rows = [
        {"effect": effect, "tolerated": design.settings.serious_tolerated}
        | {"certainty": design.settings.serious_certainty}
        | _stops(counted)
        | _power(counted, design, endpoint)
        | {"n_trials": int(counted[TRIALS].sum()), "n_requested": n_requested, "n_failed": n_failed}
        for effect, tally in ((name, as_tally(trials)) for name, trials in decided.items())
        for endpoint in design.benchmarks.endpoints
        if endpoint in tally.endpoints and STOPPED in (counted := tally.endpoints[endpoint])
    ]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]}) if rows else None


def _stops(counted: Table) -> dict[str, float]:
    trials, stopped = counted[TRIALS], counted[STOPPED]
    n_trials, n_stopped = int(trials.sum()), int(trials @ stopped)
    share, (low, high) = n_stopped / n_trials, intervals.wilson(n_stopped, n_trials)
    ill, treated = counted["n_serious"], counted["n_treated"]
    everybody = int(trials @ treated)
    return {
        "p_serious": int(trials @ ill) / everybody if everybody else _NAN,
        "p_serious_mcse": ratio_mcse(ill, treated, trials),
        "p_stop": share,
        "p_stop_mcse": proportion_mcse(share, n_trials),
        "p_stop_low": float(low),
        "p_stop_high": float(high),
        **_mean("treated_at_stop", counted["treated_at_stop"][stopped], trials[stopped]),
        **_mean("treated", np.where(stopped, counted["treated_at_stop"], treated), trials),
        **_mean("week_of_stop", counted["stop_day"][stopped] / _WEEK, trials[stopped]),
    }


def _power(counted: Table, design: Design, endpoint: str) -> dict[str, Any]:
    """Success with and without the boundary; the loss has the error of its pairs, for it is itself a share."""
    population, alpha = populations_of(endpoint)[0], design.alpha[0]
    acting, without = (
        successes(table, design, endpoint, population, alpha) for table in (counted, as_if_unwatched(counted))
    )
    shares = {"power": acting, "power_without_stop": without, "power_lost": without & ~acting}
    columns: dict[str, Any] = {"endpoint": endpoint, "population": population, "alpha": alpha}
    n_trials = int(counted[TRIALS].sum())
    for name, flags in shares.items():
        share = int(counted[TRIALS] @ flags) / n_trials
        columns |= {name: share, f"{name}_mcse": proportion_mcse(share, n_trials)}
    return columns


def _mean(name: str, values: NDArray[Any], trials: NDArray[Any]) -> dict[str, float]:
    """Mean over trials and its standard error; NaN of nothing, and the error below two.

    trials : how many trials had each value.
    """
    size = int(trials.sum())
    mean = float(trials @ values) / size if size else _NAN
    spread = float(trials @ (values - mean) ** 2) if size > 1 else _NAN
    return {name: mean, f"{name}_mcse": float(np.sqrt(spread / (size - 1) / size)) if size > 1 else _NAN}
