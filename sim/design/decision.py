"""From the patients' outcomes to one row per trial: counts, and the decision at the first level."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.populations import SUBGROUPS, column_stem, populations_of
from sim.design.rules import RULES

Counts = NDArray[Any]

_COUNT: Final = np.int16
"""A design has at most 10,000 patients; small counts keep a million trials in memory."""


def decide(outcomes: Table, trials: Table, design: Design, endpoints: Sequence[str] | None = None) -> Table:
    """Count responders in each trial and decide each endpoint.

    outcomes  : rows of the endpoints table with `trial`, `subgroup`, `endpoint`, `in_population`, `responder`
                (1, 0, or -1 where it is none); any order. Rows of other endpoints are left alone.
    trials    : one row per trial, those without a single patient included; `trial` unique, `n_enrolled`.
    endpoints : yes/no endpoints that were evaluated; by default all that have a benchmark. The columns depend
                on this alone, never on the rows, so that tables of different chunks fit together.
    Result    : `trials` with, for each endpoint, `<endpoint>_n`, `_responders`, the same for `_LN` and `_LC`,
                `<rule>_<endpoint>_success` at the first alpha (where it has a benchmark), and `filled`.
    Errors    : ValueError for an outcome of an unknown trial or subgroup.
    """
    names = design.benchmarks.endpoints if endpoints is None else tuple(endpoints)
    place = _cells(outcomes, trials)
    return decide_counted({name: _counts(outcomes, name, place, trials.length) for name in names}, trials, design)


def decide_counted(counts: Mapping[str, tuple[Counts, Counts]], trials: Table, design: Design) -> Table:
    """The table of `decide` from counts.

    counts : for each endpoint patients evaluated and responders, both (trials, 2), LN and LC.
    """
    columns: dict[str, Any] = {}
    for endpoint, (evaluated, responders) in counts.items():
        for ending, cells in (("n", evaluated.astype(_COUNT)), ("responders", responders.astype(_COUNT))):
            parts = {"all": cells.sum(axis=1, dtype=_COUNT), "LN": cells[:, 0], "LC": cells[:, 1]}
            for population, count in parts.items():
                columns[f"{column_stem(endpoint, population)}_{ending}"] = np.ascontiguousarray(count)
        columns.update(_success(columns, endpoint, design))
    columns["filled"] = trials["n_enrolled"] >= design.n
    return trials.adding(columns)


def _cells(outcomes: Table, trials: Table) -> Counts:
    """Row of `trials` times two, plus one for LC, for each outcome."""
    if outcomes.length == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(trials["trial"], kind="stable")
    known = trials["trial"][order]
    spot = np.minimum(np.searchsorted(known, outcomes["trial"]), max(trials.length - 1, 0))
    if trials.length == 0 or np.any(known[spot] != outcomes["trial"]):
        raise ValueError("outcomes hold a trial that is not in trials")
    subgroup = outcomes["subgroup"]
    is_lc = subgroup == SUBGROUPS[1]
    if np.any(~is_lc & (subgroup != SUBGROUPS[0])):
        raise ValueError(f"outcomes hold a subgroup that is none of {', '.join(SUBGROUPS)}")
    return np.asarray(2 * order[spot] + is_lc, dtype=np.int64)


def _counts(outcomes: Table, endpoint: str, place: Counts, n_trials: int) -> tuple[Counts, Counts]:
    """Evaluated patients and responders of one endpoint in each trial, (trials, 2)."""
    evaluated = responds = np.zeros(0, dtype=np.bool_)
    if outcomes.length:
        concerned = (outcomes["endpoint"] == endpoint) & (outcomes["in_population"] == 1)
        evaluated, responds = concerned & (outcomes["responder"] >= 0), concerned & (outcomes["responder"] == 1)
    cells = [
        np.bincount(place[rows], minlength=2 * n_trials).reshape(n_trials, 2) for rows in (evaluated, responds)
    ]
    return cells[0], cells[1]


def _success(columns: dict[str, Any], endpoint: str, design: Design) -> dict[str, Counts]:
    """The decision on all patients of the endpoint's population, at the first level."""
    benchmark = design.benchmarks.of(endpoint)
    if benchmark is None:
        return {}
    population = populations_of(endpoint)[0]
    rule, _ = RULES[design.rule]
    return {
        f"{design.rule}_{endpoint}_success": rule(
            columns[f"{endpoint}_responders"],
            columns[f"{endpoint}_n"],
            benchmark.rate(population),
            design.alpha[0],
            design.min_n,
        )
    }
