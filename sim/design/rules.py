"""Decision rules on a yes/no endpoint: how many responders make a trial a success.

All of them are monotone, so each is "at least so many of n respond", some with a look after the first n1 patients
and some with a third verdict. The catalogue is RULES; `Plan` holds the numbers that a rule comes to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.stats import beta_binomial, binomial, intervals, two_stage

Counts = NDArray[Any]
Flags = NDArray[np.bool_]

UNREACHABLE: Final = np.iinfo(np.int64).max
"""Stands for "no number of responders succeeds" where whole numbers are needed."""


@dataclass(frozen=True)
class Question:
    """What a rule is asked: is the rate of this endpoint above its benchmark?

    target     : the rate worth finding. n_planned : places for the endpoint's population.
    boundaries : r1, n1, r, n as the user gave them (two_stage alone).
    """

    null_rate: float
    target: float
    alpha: float
    min_n: int
    n_planned: int
    power: float
    prior: tuple[float, float]
    calibrated: bool
    limit_above: float | None
    stop_below: float
    boundaries: tuple[int, ...] | None


@dataclass(frozen=True)
class Plan:
    """The numbers of a decision on the first n evaluated patients.

    needed     : fewest responders for success (go).
    stop_most  : most responders for stop; between the two the verdict is "consider".
    interim    : patients of a first look, 0 without one. futility : stop there with at most so many responders.
    """

    n: int
    needed: int
    stop_most: int
    interim: int = 0
    futility: int = -1

    @property
    def critical(self) -> int | None:
        """Fewest responders for success; None where not even n are enough."""
        return self.needed if self.needed <= self.n else None


def exact_binomial_threshold(n: int, null_rate: float, alpha: float, min_n: int) -> int | None:
    """Fewest responders of n evaluated patients that succeed; None where no number does.

    None when the exact one-sided test cannot reject `null_rate` at `alpha` with n patients, or n < min_n.
    """
    return None if n < min_n else binomial.critical_value(n, null_rate, alpha)


def at_least(responders: Counts, n: Counts, threshold: Callable[[int], int | None]) -> Flags:
    """Whether each trial has as many responders as its own number of patients needs."""
    sizes, position = np.unique(n, return_inverse=True)
    needed = [threshold(int(size)) for size in sizes]
    thresholds = np.array([UNREACHABLE if value is None else value for value in needed], dtype=np.int64)
    return np.asarray(responders >= thresholds[position.reshape(-1)], dtype=np.bool_)


def exact_binomial(n: int, asked: Question) -> Plan | None:
    """The exact one-sided test rejects the benchmark at alpha."""
    return _at_least(n, exact_binomial_threshold(n, asked.null_rate, asked.alpha, asked.min_n))


def bayes(n: int, asked: Question) -> Plan | None:
    """P(rate > benchmark | data) is at least 1 - alpha; calibrated: at least what keeps alpha at the benchmark."""
    if asked.calibrated:
        return exact_binomial(n, asked)
    return _at_least(n, _certain(n, asked.null_rate, asked))


def lower_limit(n: int, asked: Question) -> Plan | None:
    """The one-sided Clopper-Pearson limit of confidence 1 - alpha lies above a given rate (the benchmark)."""
    if n < asked.min_n:
        return None
    above = asked.null_rate if asked.limit_above is None else asked.limit_above
    limits, _ = intervals.clopper_pearson(np.arange(n + 1), n, 1.0 - 2.0 * asked.alpha)
    passing = np.flatnonzero(limits > above)
    return _at_least(n, int(passing[0]) if passing.size else None)


def go_consider_stop(n: int, asked: Question) -> Plan | None:
    """Stop where P(rate > target | data) is small; go where it is not and the benchmark is surely exceeded.

    Source : Lalonde, Clinical Pharmacology & Therapeutics 2007;82:22-32; with a posterior as Frewer,
             Pharmaceutical Statistics 2016;15:255-263.
    """
    if n < asked.min_n:
        return None
    sure = _certain(n, asked.null_rate, asked)
    hopeful = beta_binomial.fewest_above(n, asked.target, asked.stop_below, asked.prior)
    stop_most = n if hopeful is None else hopeful - 1
    needed = n + 1 if sure is None else max(sure, stop_most + 1)
    return Plan(n, needed, stop_most)


def ahern(_n: int, asked: Question) -> Plan | None:
    """A'Hern's single stage: the fewest patients that keep alpha at the benchmark and power at the target."""
    found = two_stage.ahern(asked.null_rate, asked.target, asked.alpha, asked.power, asked.n_planned)
    return None if found is None else _at_least(found.n, found.needed)


def simon_optimal(_n: int, asked: Question) -> Plan | None:
    """Simon's two stages with the fewest expected patients at the benchmark."""
    return _stages(_simon(asked)[0])


def simon_minimax(_n: int, asked: Question) -> Plan | None:
    """Simon's two stages with the fewest patients."""
    return _stages(_simon(asked)[1])


def given_stages(_n: int, asked: Question) -> Plan | None:
    """Two stages with the boundaries of the configuration; None where it gives none for the endpoint."""
    if asked.boundaries is None:
        return None
    r1, n1, r, n = asked.boundaries
    return _stages(two_stage.TwoStage(n1, r1, n, r)) if n <= asked.n_planned else None  # too many for a subgroup


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue.

    plan    : (evaluated patients, question) -> its numbers; None where no outcome succeeds.
    planned : the numbers of patients are fixed before the trial; whoever is missing is no responder.
    """

    name: str
    words: str
    plan: Callable[[int, Question], Plan | None]
    planned: bool = False


CATALOGUE: Final = (
    Rule("exact_binomial", "exact one-sided binomial test of the benchmark", exact_binomial),
    Rule("bayes", "posterior probability above the benchmark", bayes),
    Rule("lower_limit", "lower confidence limit above a rate", lower_limit),
    Rule("go_consider_stop", "three verdicts by benchmark and target", go_consider_stop),
    Rule("ahern", "A'Hern single stage", ahern, planned=True),
    Rule("simon_optimal", "Simon two-stage, optimal", simon_optimal, planned=True),
    Rule("simon_minimax", "Simon two-stage, minimax", simon_minimax, planned=True),
    Rule("two_stage", "two stages with given boundaries", given_stages, planned=True),
)
RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.name: rule for rule in CATALOGUE})
"""Configuration word -> rule."""


def plan_of(rule: str, n: int, asked: Question) -> Plan | None:
    """The numbers of a rule for n evaluated patients, or for the planned ones where it fixes them itself."""
    return _plan(rule, 0 if RULES[rule].planned else n, asked)


def needed(rule: str, n: int, asked: Question) -> int | None:
    """Fewest responders of n evaluated patients that succeed by a rule that counts; None where no number does."""
    plan = plan_of(rule, n, asked)
    return None if plan is None else plan.critical


@lru_cache(maxsize=65536)
def _plan(rule: str, n: int, asked: Question) -> Plan | None:
    plan = RULES[rule].plan(n, asked)
    return None if plan is None or plan.n < asked.min_n else plan


def question(
    design: Design, endpoint: str, population: str, alpha: float, null_rate: float | None = None
) -> Question:
    """The question about an endpoint of a design in one population.

    null_rate : the benchmark of an endpoint that has none of its own; it has no target, either (NaN).
    Errors    : ValueError for an endpoint without a benchmark.
    """
    benchmark, settings = design.benchmarks.of(endpoint), design.settings
    own = null_rate if benchmark is None else benchmark.rate(population)
    if own is None:
        raise ValueError(f"{endpoint} has no benchmark")
    return Question(
        null_rate=own,
        target=float("nan") if benchmark is None else benchmark.target,
        alpha=alpha,
        min_n=design.min_n,
        n_planned=design.planned(population) or 0,
        power=settings.power,
        prior=(settings.prior_responders, settings.prior_failures),
        calibrated=settings.calibrated,
        limit_above=settings.limit_above,
        stop_below=settings.stop_below,
        boundaries=(settings.boundaries or {}).get(endpoint),
    )


def interval_question(design: Design, endpoint: str, population: str, alpha: float) -> Question:
    """The question about the upper end of the benchmark's range: a success beats every rate of it (D117, D150).

    An end below the benchmark is raised to it; where the end is 1 nothing succeeds.
    Errors : ValueError for an endpoint without a benchmark.
    """
    asked, benchmark = question(design, endpoint, population, alpha), design.benchmarks.of(endpoint)
    upper = asked.null_rate if benchmark is None else max(asked.null_rate, benchmark.high)
    above = None if asked.limit_above is None else max(asked.limit_above, upper)
    return replace(asked, null_rate=upper, limit_above=above)


def _certain(n: int, rate: float, asked: Question) -> int | None:
    return None if n < asked.min_n else beta_binomial.fewest_above(n, rate, 1.0 - asked.alpha, asked.prior)


def _at_least(n: int, needed: int | None) -> Plan | None:
    return None if needed is None else Plan(n, needed, needed - 1)


def _simon(asked: Question) -> tuple[two_stage.TwoStage | None, two_stage.TwoStage | None]:
    return two_stage.simon(asked.null_rate, asked.target, asked.alpha, asked.power, asked.n_planned)


def _stages(found: two_stage.TwoStage | None) -> Plan | None:
    return None if found is None else Plan(found.n, found.r + 1, found.r, found.n1, found.r1)
