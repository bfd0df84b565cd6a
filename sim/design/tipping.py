"""Tipping points: what a trial would decide for every way in which its missing outcomes could have turned out.

Source : Yan, Lee, Li, Statistics in Medicine 2009;28:1948–1962, on two arms; one arm leaves only how many of the
missing respond.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import comb, inf
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.populations import populations_of
from sim.design.rules import RULES, needed, question
from sim.design.text_tables import aligned, table_of
from sim.design.words import Row, rows_of

UNSEEN: Final = ("missing", "withdrawal", "lost_to_follow_up")
"""Reasons of non-response that say nothing of the disease: the outcome was not seen. Death was."""

_WRITTEN_OUT: Final = 10**6
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


def tipping_text(table: Table, most_trials: int = 1) -> list[str]:
    """What the missing outcomes could change, a line for each endpoint; nothing for more trials than asked for."""
    rows = list(rows_of(table))
    if not rows or len({row["trial"] for row in rows}) > most_trials:
        return []
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["endpoint"], []).append(row)
    lines = [["endpoint", "respond", "not seen", "needed", "if the missing had been seen"]]
    lines += [_line(group) for group in groups.values()]
    return [
        f"Tipping points at alpha {rows[0]['alpha']:g}: every outcome that the missing could have had",
        *aligned(lines),
    ]


def _line(group: Sequence[Row]) -> list[str]:
    first = group[0]
    place = first["endpoint"] if first["population"] == "all" else f"{first['endpoint']} ({first['population']})"
    return [
        place,
        f"{first['responders']}/{first['n']}",
        str(first["missing"]),
        "–" if np.isnan(first["critical_value"]) else f"{first['critical_value']:.0f}",
        _verdict(group),
    ]


def _verdict(group: Sequence[Row]) -> str:
    succeeding = [row["assumed"] for row in group if row["success"]]
    if not succeeding:
        return "no success, however they turn out"
    if len(succeeding) == len(group):
        return "success, however they turn out" if group[0]["missing"] else "success"
    missing = group[0]["missing"]
    ways = sum(comb(missing, assumed) for assumed in succeeding)
    return f"success if at least {succeeding[0]} of {missing} respond ({_said(ways)} of {_said(2**missing)} ways)"


def _said(ways: int) -> str:
    return str(ways) if ways < _WRITTEN_OUT else f"{Decimal(ways):.2e}"


def _real(ways: int) -> float:
    """As a float; infinite beyond the largest one, which a thousand missing outcomes reach."""
    return float(ways) if ways < _LARGEST else inf
