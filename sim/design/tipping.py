"""Tipping points: what a trial would decide for every way in which its missing outcomes could have turned out.

Source : Yan, Lee, Li, Statistics in Medicine 2009;28:1948–1962, on two arms; one arm leaves only how many of the
missing respond.
"""

from collections.abc import Iterator
from math import comb, inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table, table_of
from sim.design.populations import populations_of
from sim.design.rules import RULES, needed, question

UNSEEN: Final = ("missing", "withdrawal", "lost_to_follow_up")
"""Reasons of non-response that say nothing of the disease: the outcome was not seen. Death was."""

_LARGEST: Final = int(np.finfo(np.float64).max)


def tipping_table(outcomes: Table, design: Design) -> Table:
    """One row for each trial, endpoint with a benchmark, and number of missing outcomes taken for responses.

    outcomes : endpoints of subjects, with `subgroup`; a response that was not seen has one of UNSEEN as reason.
    Result   : subjects `n`, `responders` seen, `missing`, `assumed` of these, in how many `ways`, `critical_value`
               and `success`; at the first alpha, for the headline population. Without a row where the rule fixes
               its own numbers of patients.
    """
    rows = [] if RULES[design.rule].planned else list(_rows(outcomes, design))
    return table_of(rows) if rows else Table({name: np.zeros(0, kind) for name, kind in _EMPTY.items()})


_EMPTY: Final[dict[str, Any]] = {
    **{"trial": np.int32, "endpoint": np.str_, "population": np.str_, "alpha": float},
    **dict.fromkeys(("n", "responders", "missing", "assumed"), np.int32),
    **{"ways": float, "critical_value": float, "success": np.bool_},
}


def _rows(outcomes: Table, design: Design) -> Iterator[dict[str, Any]]:
    alpha = design.alpha[0]
    trials, of_row = np.unique(outcomes["trial"], return_inverse=True)
    counts = {name: _counts(outcomes, of_row, len(trials), name) for name in design.benchmarks.endpoints}
    critical_values: dict[tuple[str, int], int | None] = {}
    for place, trial in enumerate(trials.tolist()):
        for endpoint in design.benchmarks.endpoints:
            n, responders, missing = (int(number) for number in counts[endpoint][:, place])
            if not n:
                continue
            population = populations_of(endpoint)[0]
            if (endpoint, n) not in critical_values:
                asked = question(design, endpoint, population, alpha)
                critical_values[endpoint, n] = needed(design.rule, n, asked)
            critical = critical_values[endpoint, n]
            for assumed in range(missing + 1):
                yield {
                    "trial": np.int32(trial),
                    "endpoint": endpoint,
                    "population": population,
                    "alpha": alpha,
                    "n": np.int32(n),
                    "responders": np.int32(responders),
                    "missing": np.int32(missing),
                    "assumed": np.int32(assumed),
                    "ways": _real(comb(missing, assumed)),
                    "critical_value": float("nan") if critical is None else float(critical),
                    "success": critical is not None and responders + assumed >= critical,
                }


def _counts(outcomes: Table, of_row: NDArray[np.int64], trials: int, endpoint: str) -> NDArray[np.int64]:
    """Of one endpoint those judged, responders, and those whose outcome was not seen; (3, trials)."""
    own = np.flatnonzero(outcomes["endpoint"] == endpoint)
    own = own[(outcomes["in_population"][own] == 1) & (outcomes["responder"][own] >= 0)]
    responder = outcomes["responder"][own] == 1
    unseen = np.isin(outcomes["reason"][own], UNSEEN) & ~responder
    kinds = (own, own[responder], own[unseen])
    return np.stack([np.bincount(of_row[rows], minlength=trials) for rows in kinds])


def _real(ways: int) -> float:
    """As a float; infinite beyond the largest one, which a thousand missing outcomes reach."""
    return float(ways) if ways < _LARGEST else inf
