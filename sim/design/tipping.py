"""Tipping points: what a trial would decide for every way in which its missing outcomes could have turned out.

Source : Yan, Lee, Li, Statistics in Medicine 2009;28:1948–1962, on two arms; one arm leaves only how many of the
missing respond.
"""

from collections.abc import Iterator, Sequence
from math import comb
from typing import Any, Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.populations import populations_of
from sim.design.rules import RULES, needed, question
from sim.design.text_tables import aligned, table_of
from sim.design.words import Row, rows_of

UNSEEN: Final = ("missing", "withdrawal", "lost_to_follow_up")
"""Reasons of non-response that say nothing of the disease: the outcome was not seen. Death was."""


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
    **dict.fromkeys(("n", "responders", "missing", "assumed", "ways"), np.int32),
    **{"critical_value": float, "success": np.bool_},
}


def _rows(outcomes: Table, design: Design) -> Iterator[dict[str, Any]]:
    alpha = design.alpha[0]
    for trial in np.unique(outcomes["trial"]).tolist():
        for endpoint in design.benchmarks.endpoints:
            own = (outcomes["trial"] == trial) & (outcomes["endpoint"] == endpoint)
            own &= (outcomes["in_population"] == 1) & (outcomes["responder"] >= 0)
            n = int(own.sum())
            if not n:
                continue
            responders = int((outcomes["responder"][own] == 1).sum())
            unseen = np.isin(outcomes["reason"][own], UNSEEN) & (outcomes["responder"][own] == 0)
            missing = int(unseen.sum())
            population = populations_of(endpoint)[0]
            critical = needed(design.rule, n, question(design, endpoint, population, alpha))
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
                    "ways": np.int32(comb(missing, assumed)),
                    "critical_value": float("nan") if critical is None else float(critical),
                    "success": critical is not None and responders + assumed >= critical,
                }


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
    ways = sum(row["ways"] for row in group if row["success"])
    return (
        f"success if at least {succeeding[0]} of {group[0]['missing']} respond "
        f"({ways} of {2 ** group[0]['missing']} ways)"
    )
