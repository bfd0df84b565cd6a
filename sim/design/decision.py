"""From the patients' outcomes to one row per trial: counts, and the decision at the first level."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.populations import SUBGROUPS, column_stem, populations_of
from sim.design.rules import RULES, at_least, plan_of, question
from sim.design.safety_stop import Flags, halted
from sim.design.staged import Evaluated, staged, staged_counts
from sim.design.verdicts import staged_verdicts

Counts = NDArray[Any]

NO_STAGES: Final[Mapping[str, Mapping[str, Counts]]] = MappingProxyType({})
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
                `<rule>_<endpoint>_success` at the first alpha (where it has a benchmark), and `filled`; under a
                rule with planned numbers also those of its stages (sim/design/staged.py), for which `outcomes`
                needs `subject`, the order of enrolment.
    Errors    : ValueError for an outcome of an unknown trial or subgroup.
    """
    names = design.benchmarks.endpoints if endpoints is None else tuple(endpoints)
    place = _cells(outcomes, trials)
    counts = {name: _counts(outcomes, name, place, trials.length) for name in names}
    tested = [name for name in names if design.benchmarks.of(name) is not None]
    stages = {name: _stages(outcomes, name, place, trials.length, design) for name in tested}
    return decide_counted(counts, trials, design, stages)


def counts_suffice(design: Design) -> bool:
    """Whether numbers of patients decide alone, and neither who came first nor when something happened."""
    return not (RULES[design.rule].planned or design.safety_stop)


def decide_counted(
    counts: Mapping[str, tuple[Counts, Counts]],
    trials: Table,
    design: Design,
    stages: Mapping[str, Mapping[str, Counts]] = NO_STAGES,
) -> Table:
    """The table of `decide` from counts.

    counts : for each endpoint patients evaluated and responders, both (trials, 2), LN and LC.
    stages : for each endpoint what a rule with planned numbers saw of the first patients.
    """
    columns: dict[str, Any] = {}
    for endpoint, (evaluated, responders) in counts.items():
        for ending, cells in (("n", evaluated.astype(_COUNT)), ("responders", responders.astype(_COUNT))):
            parts = {"all": cells.sum(axis=1, dtype=_COUNT), "LN": cells[:, 0], "LC": cells[:, 1]}
            for population, count in parts.items():
                columns[f"{column_stem(endpoint, population)}_{ending}"] = np.ascontiguousarray(count)
        if design.benchmarks.of(endpoint) is not None:
            columns.update(stages.get(endpoint, {}))
            columns.update(_success(columns, endpoint, design, halted(trials)))
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


def _stages(outcomes: Table, endpoint: str, place: Counts, n_trials: int, design: Design) -> dict[str, Counts]:
    """Under a rule with planned numbers: who responded among the first patients of each trial."""
    if not RULES[design.rule].planned:
        return {}
    evaluated = _evaluated(outcomes, endpoint, place)
    columns: dict[str, Counts] = {}
    for population in populations_of(endpoint):
        plan = plan_of(design.rule, 0, question(design, endpoint, population, design.alpha[0]))
        columns |= staged_counts(plan, endpoint, population, evaluated, n_trials)
    return columns


def _evaluated(outcomes: Table, endpoint: str, place: Counts) -> Evaluated:
    if outcomes.length == 0:
        nobody = np.zeros(0, dtype=np.int64)
        return Evaluated(nobody, nobody > 0, nobody, nobody > 0)
    concerned = (outcomes["endpoint"] == endpoint) & (outcomes["in_population"] == 1)
    rows = np.flatnonzero(concerned & (outcomes["responder"] >= 0))
    cells = place[rows]
    return Evaluated(cells // 2, cells % 2 == 1, outcomes["subject"][rows], outcomes["responder"][rows] == 1)


def _success(columns: dict[str, Any], endpoint: str, design: Design, stopped: Flags) -> dict[str, Counts]:
    """The decision on all patients of the endpoint's population, at the first level; no success where stopped."""
    population, name = populations_of(endpoint)[0], f"{design.rule}_{endpoint}_success"
    asked = question(design, endpoint, population, design.alpha[0])
    evaluated = columns[f"{endpoint}_n"]
    if RULES[design.rule].planned:
        seen = staged(Table(columns), endpoint, population)
        go = staged_verdicts(seen, evaluated, plan_of(design.rule, 0, asked), design.min_n)["go"]
        return {name: go & ~stopped}

    def threshold(n: int) -> int | None:
        plan = plan_of(design.rule, n, asked)
        return None if plan is None else plan.needed

    return {name: at_least(columns[f"{endpoint}_responders"], evaluated, threshold) & ~stopped}
