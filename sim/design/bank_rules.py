"""The rule of a design, asked about the patients of a bank: for any number of patients of each kind.

A rule that counts is "so many responders of those evaluated", whoever came first. A rule with planned numbers
(Simon, A'Hern, given stages) looks at the first evaluated patients: sim/design/bank_stages.py.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from sim.config.design import Design
from sim.config.rules import PLANNED_RULES, RULES_WITH_TARGET
from sim.design.bank_algebra import EMPTY, Stratum, delta_grid, power_grid
from sim.design.bank_stages import Order, one_kind, staged_grid
from sim.design.populations import population_of
from sim.design.rules import Plan, Question, plan_of, question
from sim.design.verdicts import attained_size, chances_at
from sim.stats import binomial

Floats = NDArray[np.float64]
Strata = tuple[Stratum, Stratum]

_SEARCHED: Final = 60
_NAN: Final = float("nan")
_NUMBERS: Final = ("n_final", "interim", "futility", "critical_value")


@dataclass(frozen=True)
class BankRule:
    """A rule with what it is asked about one endpoint; the number of patients is left open."""

    name: str
    asked: Question

    @property
    def planned(self) -> bool:
        """Whether its numbers of patients are fixed before the trial, so that the order of enrolment counts."""
        return self.name in PLANNED_RULES

    def plan(self, n: int) -> Plan | None:
        """Its numbers where n patients are evaluated or, for a rule with planned numbers, planned."""
        if not self.planned:
            return plan_of(self.name, n, self.asked)
        return next(plan for plan, low, high in plans_of(self, _room(n)) if low <= n <= high)

    def threshold(self, n: int) -> int | None:
        """Fewest successful responders of n evaluated; not for a rule with planned numbers."""
        plan = self.plan(n)
        return None if plan is None else plan.critical

    def against(self, null_rate: float) -> "BankRule":
        """The same rule with another benchmark, which a limit must pass, too."""
        return replace(self, asked=replace(self.asked, null_rate=null_rate, limit_above=None))

    def rate_for_power(self, n: int, wanted: float) -> float:
        """The true rate that has the wanted power if n patients are planned and evaluated; NaN if none has."""
        plan = self.plan(n)
        if plan is None or plan.critical is None:
            return _NAN
        if not plan.interim:
            return binomial.rate_for_power(plan.n, plan.critical, wanted)
        return float(brentq(lambda rate: chances_at(plan, rate)["go"] - wanted, 0.0, 1.0, xtol=1e-10))

    def test_of(self, n: int | None) -> dict[str, float]:
        """The test of n planned patients as columns; NaN where there is none, or no number is planned (None)."""
        plan = None if n is None else self.plan(n)
        size = _NAN if n is None else attained_size(plan, self.asked.null_rate)
        if plan is None or plan.critical is None:
            return {**dict.fromkeys(_NUMBERS, _NAN), "attained_size": size}
        stages = (plan.interim, plan.futility) if plan.interim else (_NAN, _NAN)
        numbers = (float(plan.n), *(float(value) for value in stages), float(plan.critical))
        return {**dict(zip(_NUMBERS, numbers, strict=True)), "attained_size": size}


def rule_of(endpoint: str, design: Design, alpha: float, null_rate: float | None = None) -> BankRule:
    """The rule of a design for an endpoint.

    null_rate : benchmark of an endpoint that has none of its own.
    Errors    : ValueError for an endpoint without any benchmark, or a rule that needs a target it has not.
    """
    if design.benchmarks.of(endpoint) is None and needs_more_than_a_benchmark(design.rule):
        raise ValueError(f"{endpoint} has no target, which {design.rule} needs")
    return BankRule(design.rule, question(design, endpoint, population_of(endpoint), alpha, null_rate))


def needs_more_than_a_benchmark(rule: str) -> bool:
    """Whether a rule wants a target or boundaries, which an endpoint without a benchmark of its own has not."""
    return rule in RULES_WITH_TARGET or rule in PLANNED_RULES


def grid_of(rule: BankRule, strata: Strata, order: Order, largest: int) -> tuple[Floats, Floats]:
    """Power for every number of patients of two strata, at most `largest` in all, and its standard error.

    Result : as `bank_algebra.power_grid`. A rule with planned numbers plans for as many patients as there are,
             and of an endpoint for one subgroup as many as this has; where one stratum is empty, only numbers
             without it are known, else NaN.
    """
    if not rule.planned:
        return power_grid(strata, largest, rule.threshold)
    both = np.full((2, largest + 1, largest + 1), np.nan)
    total = np.add.outer(np.arange(largest + 1), np.arange(largest + 1))
    for plan, low, high in plans_of(rule, _room(largest)):
        rows, most = np.nonzero((total >= low) & (total <= min(high, largest))), min(high, largest)
        if low <= largest:
            for answer, found in zip(both, _with_error(rule, strata, order, plan, most), strict=True):
                answer[rows] = found[rows]
    return both[0], both[1]


def _room(n: int) -> int:
    """A number of places that many numbers of patients have in common, so that few plans are searched."""
    return max(1, -(-n // _SEARCHED)) * _SEARCHED


@lru_cache(maxsize=256)
def plans_of(rule: BankRule, largest: int) -> tuple[tuple[Plan | None, int, int], ...]:
    """The numbers of a rule with planned ones, with the smallest and largest trial for which they are chosen.

    The best plan of all up to some number is the best for every trial that has room for it.
    """
    found, high = [], largest
    while high >= 0:
        plan = plan_of(rule.name, 0, replace(rule.asked, n_planned=high))
        low = 0 if plan is None else plan.n
        found.append((plan, low, high))
        high = low - 1
    return tuple(found)


def _with_error(
    rule: BankRule, strata: Strata, order: Order, plan: Plan | None, largest: int
) -> tuple[Floats, Floats]:
    """Power of one plan over all numbers, and its error from both shares, both rates and the order."""
    values = np.array([value for stratum in strata for value in (stratum.share, stratum.rate)] + [order.share])
    variances = np.array([value for stratum in strata for value in stratum.variances] + [order.variance])

    def grid(moved: Floats) -> Floats:
        return success_grid(rule, moved, strata, largest, plan)

    return delta_grid(grid, values, np.diag(variances))


def success_grid(rule: BankRule, values: Floats, strata: Strata, largest: int, plan: Plan | None) -> Floats:
    """Probability of success of one plan for all numbers of patients of the strata that have any."""
    min_n, empty = rule.asked.min_n, [stratum == EMPTY for stratum in strata]
    if not any(empty):
        return staged_grid(tuple(values.tolist()), largest, plan, min_n)
    grid = np.full((largest + 1, largest + 1), np.nan)
    if empty[1]:
        grid[:, 0] = one_kind(values[0], values[1], largest, plan, min_n)
    else:
        grid[0, :] = one_kind(values[2], values[3], largest, plan, min_n)
    return grid
