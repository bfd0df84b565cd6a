"""A change from baseline, tested against the mean of the same patients without the cells, never against 0.

Each trial of the bank is a trial: its patients are tested by a one-sided t test for a fall below the reference.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from sim.core.tables import Table
from sim.design.change_tests import rejects, t_p_values
from sim.design.samples import own_trials, values_in
from sim.stats.monte_carlo import proportion_mcse

Floats = NDArray[np.float64]

_NAN: Final = float("nan")
_WIDEST: Final = 50.0
"""Standard errors by which a mean may have to differ; more than any power needs."""


def change_columns(
    treated: Table, inert: Table, name: str, *, n: int, alpha: float, min_n: int, wanted: float
) -> dict[str, Any]:
    """What a change says under an effect and in the same patients without the cells.

    treated, inert : banks of the same patients, `name` NaN where the change is unknown or not asked for (LC).
    n              : planned patients, for the mean change that has the wanted power.
    """
    value, twin = treated[name], inert[name]
    asked, known = int((treated["subgroup"] == 0).sum()), int(np.isfinite(value).sum())
    reference = mean_of(twin)
    power, false_go = (t_success(table, name, reference, alpha, min_n) for table in (treated, inert))
    lost = 1.0 - known / asked if asked else _NAN
    return {
        "circular": True,
        "reference": reference,
        "mean": mean_of(value),
        "mean_mcse": error_of_mean(value),
        "power": power[0],
        "power_mcse": power[1],
        "false_go_inert": false_go[0],
        "false_go_inert_mcse": false_go[1],
        "needed": mean_for_power(n, reference, float(np.nanstd(value)), alpha, wanted) if known else _NAN,
        "missing": lost,
        "missing_mcse": proportion_mcse(lost, asked),
        "difference": mean_of(value - twin),
        "difference_mcse": error_of_mean(value - twin),
        "n_patients": known,
    }


def mean_of(values: Floats) -> float:
    """Mean of what is known; NaN without anything."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else _NAN


def error_of_mean(values: Floats) -> float:
    """Standard error of that mean; NaN below two values."""
    known = values[np.isfinite(values)]
    return float(known.std(ddof=1) / np.sqrt(len(known))) if len(known) > 1 else _NAN


def t_success(table: Table, name: str, reference: float, alpha: float, min_n: int) -> tuple[float, float]:
    """Share of the bank's own trials in which the one-sided t test finds a fall, and its standard error."""
    values = values_in(table[name], own_trials(table))
    success = rejects(t_p_values(values, reference, "less", min_n), alpha)
    power = float(success.mean()) if success.size else _NAN
    return power, proportion_mcse(power, success.size)


def mean_for_power(n: int, reference: float, spread: float, alpha: float, wanted: float) -> float:
    """Mean change at which the t test on n normal values of this spread has the wanted power; NaN below 2."""
    if n < 2:
        return _NAN
    limit = stats.t.ppf(1.0 - alpha, n - 1)
    shift = optimize.brentq(lambda d: stats.nct.sf(limit, n - 1, d) - wanted, 0.0, _WIDEST)
    return reference - float(shift) * spread / float(np.sqrt(n))
