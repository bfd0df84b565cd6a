"""What an estimate from so few patients is worth: exact width and coverage of intervals, and rare events.

Everything is a finite binomial sum; nothing is simulated.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.stats import binomial, intervals
from sim.stats.two_stage import probabilities

Floats = NDArray[np.float64]

METHODS: Final[Mapping[str, Callable[..., intervals.Interval]]] = MappingProxyType(
    {
        "clopper_pearson": intervals.clopper_pearson,
        "wilson": intervals.wilson,
        "jeffreys": intervals.jeffreys,
    }
)
CONFIDENCE: Final = 0.95


def interval_table(sizes: tuple[int, ...], rates: Floats, above: Floats) -> Table:
    """One row for each method, n, true rate and value to exceed: columns of `estimation`.

    Result : `width` expected width, `coverage` probability that the interval holds the true rate, `below` and
             `beyond` that it lies wholly below or above it, `p_limit_above` that the lower limit exceeds `above`.
    """
    rows: list[dict[str, Any]] = []
    for method, interval in METHODS.items():
        for n in sizes:
            low, high = interval(np.arange(n + 1), n, CONFIDENCE)
            for rate in rates.tolist():
                chance = probabilities(n, rate)
                common = {"method": method, "n": n, "rate": rate, **_behaviour(chance, low, high, rate)}
                rows += [common | {"above": x, "p_limit_above": _sum(chance[low > x])} for x in above.tolist()]
    return _table(rows)


def rare_event_table(sizes: tuple[int, ...], rates: Floats) -> Table:
    """One row for each n and true rate of an adverse event: columns of `rare_events`.

    Result : `p_at_least_one` to see it at all; `upper_none`, the one-sided exact 95 % upper limit after none
             (1 - 0.05 ** (1 / n)), the same for every rate, and `expected` patients with it.
    """
    rows = [
        {
            "n": n,
            "rate": rate,
            "expected": n * rate,
            "p_at_least_one": float(binomial.upper_tail(1, n, rate)),
            "upper_none": 1.0 - (1.0 - CONFIDENCE) ** (1.0 / n),
        }
        for n in sizes
        for rate in rates.tolist()
    ]
    return _table(rows)


def _behaviour(chance: Floats, low: Floats, high: Floats, rate: float) -> dict[str, float]:
    below, beyond = _sum(chance[high < rate]), _sum(chance[low > rate])
    return {
        "width": float(chance @ (high - low)),
        "coverage": _sum(chance[(low <= rate) & (rate <= high)]),
        "below": below,
        "beyond": beyond,
    }


def _sum(chances: Floats) -> float:
    return float(min(1.0, chances.sum()))


def _table(rows: list[dict[str, Any]]) -> Table:
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})
