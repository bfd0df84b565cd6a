"""How the decision rule fares over many virtual trials: `decide` each trial, then tabulate the power."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Benchmark, Design
from sim.core.tables import Table
from sim.design.closed_form import exact_power
from sim.design.decision import decide
from sim.design.populations import SUBGROUPS, column_stem, populations_of
from sim.design.rules import RULES, Plan, Question, at_least, interval_question, needed, plan_of, question
from sim.design.safety_stop import STOPPED, halted
from sim.design.staged import staged
from sim.design.tally import TRIALS, Counted, as_tally
from sim.design.verdicts import attained_size, exact_verdicts, staged_verdicts
from sim.stats import intervals, monte_carlo

__all__ = ["decide", "power_table"]

Counts = NDArray[Any]

_NAN: Final = float("nan")


@dataclass(frozen=True)
class Sample:
    """What the trials showed for one endpoint in one population; a row stands for all trials that showed the same.

    trials : (rows,) how many. n, responders : (rows,).
    strata_n, strata_responders : (rows, strata), by subgroup where patients differ by quota, else one column.
    """

    trials: Counts
    n: Counts
    responders: Counts
    strata_n: Counts
    strata_responders: Counts

    def totals(self) -> tuple[Counts, Counts]:
        """(strata,) evaluated patients and responders over all trials."""
        return self.trials @ self.strata_n.astype(np.int64), self.trials @ self.strata_responders.astype(np.int64)


def power_table(
    decided: Table | Counted,
    inert: Table | Counted | None,
    design: Design,
    effect: str,
    engine: str,
    n_requested: int,
    n_failed: int,
) -> Table:
    """Power of each endpoint: one row for each population, rule and alpha.

    decided   : one row per trial from `decide`, or the tally of such trials.
    inert     : the same trials without the effect of the cells, for `false_go_inert`; None if not simulated.
    Result    : the columns of `power`, and beside them `exact_power_mcse` (delta method),
                `false_go_inert_mcse`, `benchmark_low`, `_high`, `_assumed`, and what the same rule does against
                the upper end of that range (`interval_…`). Probabilities are over all trials. NaN where there is
                nothing to estimate or, for `n`, critical values and `attained_size` of a subgroup, where a random
                composition plans no number.
    Errors    : ValueError without a trial.
    Source    : exact test and intervals of stats, mixture of closed_form; composition is reading X40.
    """
    tally, idle = as_tally(decided), None if inert is None else as_tally(inert)
    if tally.n_trials == 0:
        raise ValueError("no trial to evaluate: every one failed")
    rows = [
        {"endpoint": endpoint, "population": population, "rule": design.rule, "effect": effect, "engine": engine}
        | _row(tally.endpoints[endpoint], idle, design, endpoint, population, benchmark, alpha)
        | {"n_trials": tally.n_trials, "n_requested": n_requested, "n_failed": n_failed}
        for endpoint in design.benchmarks.endpoints
        if endpoint in tally.endpoints and (benchmark := design.benchmarks.of(endpoint)) is not None
        for population in populations_of(endpoint)
        for alpha in design.alpha
    ]
    if not rows:
        raise ValueError("no endpoint to evaluate: none of those counted has a benchmark")
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def _row(
    counted: Table,
    inert: Counted | None,
    design: Design,
    endpoint: str,
    population: str,
    benchmark: Benchmark,
    alpha: float,
) -> dict[str, Any]:
    sample = sample_of(counted, design, endpoint, population)
    asked = question(design, endpoint, population, alpha)
    total, responders = int((sample.trials * sample.n).sum()), int((sample.trials * sample.responders).sum())
    n, upper = design.planned(population), interval_question(design, endpoint, population, alpha)
    idle = None if RULES[design.rule].planned else inert  # planned numbers belong to one benchmark
    interval = _beyond(counted, design, endpoint, population, upper)
    interval |= _false_go(idle, design, endpoint, population, upper)
    return {
        "n": _planned_n(n, design.rule, asked),
        "n_min": int(sample.n.min()),
        "n_max": int(sample.n.max()),
        **_test_at_planned_n(n, design.rule, asked),
        "response_rate": responders / total if total else _NAN,
        "response_rate_mcse": _rate_mcse(sample),
        **_simulated_power(
            _success(counted, design, endpoint, population, asked), counted["filled"], sample.trials
        ),
        **_exact_power(counted, sample, design, endpoint, population, asked),
        **_false_go(inert, design, endpoint, population, asked),
        **{f"interval_{name}": value for name, value in interval.items()},
        "model_low": _NAN,
        "model_high": _NAN,
        "benchmark_low": benchmark.low,
        "benchmark_high": benchmark.high,
        "benchmark_assumed": benchmark.basis == "assumed",
        "circular": design.benchmarks.circular(endpoint),
    }


def sample_of(counted: Table, design: Design, endpoint: str, population: str) -> Sample:
    """What rows of a tally (sim/design/tally.py) show in one population."""
    stem = column_stem(endpoint, population)
    by_quota = population == "all" and design.composition == "quota"
    stems = [column_stem(endpoint, subgroup) for subgroup in SUBGROUPS] if by_quota else [stem]
    return Sample(
        trials=counted[TRIALS],
        n=counted[f"{stem}_n"],
        responders=counted[f"{stem}_responders"],
        strata_n=np.stack([counted[f"{part}_n"] for part in stems], axis=1),
        strata_responders=np.stack([counted[f"{part}_responders"] for part in stems], axis=1),
    )


def _planned_n(n: int | None, rule: str, asked: Question) -> float:
    """Patients that the decision is planned on: the rule's own number, else the places."""
    plan = plan_of(rule, 0, asked) if RULES[rule].planned else None
    return float(plan.n) if plan else _NAN if n is None else float(n)


def _test_at_planned_n(n: int | None, rule: str, asked: Question) -> dict[str, float]:
    """The test as planned: numbers that need no simulation."""
    plan = None if n is None else plan_of(rule, n, asked)
    critical = None if plan is None else plan.critical
    return {
        "null_rate": asked.null_rate,
        "alpha": asked.alpha,
        "critical_value": _NAN if critical is None else float(critical),
        "attained_size": _NAN if n is None else attained_size(plan, asked.null_rate),
    }


def _rate_mcse(sample: Sample) -> float:
    """Stratified where every trial has the same numbers of patients, by trial where they are random."""
    if np.any(sample.strata_n != sample.strata_n[0]):
        return monte_carlo.ratio_mcse(sample.responders, sample.n, sample.trials)
    patients, responders = sample.totals()
    return monte_carlo.stratified_mcse(responders, patients)


def successes(decided: Table, design: Design, endpoint: str, population: str, alpha: float) -> NDArray[np.bool_]:
    """(trials,) whether each trial succeeds on an endpoint in a population, by the rule of the design.

    Errors : ValueError for an endpoint without a benchmark.
    """
    return _success(decided, design, endpoint, population, question(design, endpoint, population, alpha))


def _success(decided: Table, design: Design, endpoint: str, population: str, asked: Question) -> NDArray[np.bool_]:
    stem = column_stem(endpoint, population)
    n = decided[f"{stem}_n"]
    if RULES[design.rule].planned:
        seen = staged(decided, endpoint, population)
        go = staged_verdicts(seen, n, plan_of(design.rule, 0, asked), design.min_n)["go"]
    else:
        go = at_least(decided[f"{stem}_responders"], n, lambda size: needed(design.rule, size, asked))
    return go & ~halted(decided)


def _simulated_power(success: NDArray[np.bool_], filled: Counts, counts: Counts) -> Mapping[str, float]:
    """Share of all trials that succeed; beside it the share that filled, and the power of those alone."""
    trials, successes, n_filled = (int(counts @ rows) for rows in (np.ones(len(counts), int), success, filled))
    power = successes / trials
    low, high = intervals.wilson(successes, trials)
    return {
        "power": power,
        "power_mcse": monte_carlo.proportion_mcse(power, trials),
        "power_low": float(low),
        "power_high": float(high),
        "p_filled": n_filled / trials,
        "power_given_filled": int(counts @ (success & filled)) / n_filled if n_filled else _NAN,
    }


def _exact_power(
    counted: Table, sample: Sample, design: Design, endpoint: str, population: str, asked: Question
) -> dict[str, float]:
    """Closed form at the simulated rates; there is none where serious events stop trials."""
    if STOPPED in counted:
        return {"exact_power": _NAN, "exact_power_mcse": _NAN}
    rates, errors = simulated_rates(sample)
    if RULES[design.rule].planned:
        seen, plan = staged(counted, endpoint, population), plan_of(design.rule, 0, asked)
        of_size = partial(plan_if_enough, plan, design.min_n)
        power, error = exact_verdicts(seen.first_n, seen.later_n, rates, errors, of_size, sample.trials)["go"]
    else:
        power, error = exact_power(
            sample.strata_n, rates, errors, lambda n: needed(design.rule, n, asked), sample.trials
        )
    return {"exact_power": power, "exact_power_mcse": error}


def plan_if_enough(plan: Plan | None, min_n: int, n: int) -> Plan | None:
    """The planned numbers, or None where fewer patients were evaluated than are ever decided."""
    return plan if n >= min_n else None


def simulated_rates(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(strata,) response rates over all trials, and their errors; NaN in a stratum without patients."""
    totals, responders = sample.totals()
    rates = np.array([x / m if m else _NAN for x, m in zip(responders, totals, strict=True)])
    errors = np.array([monte_carlo.proportion_mcse(rate, int(m)) for rate, m in zip(rates, totals, strict=True)])
    return rates, errors


def _false_go(
    inert: Counted | None, design: Design, endpoint: str, population: str, asked: Question
) -> dict[str, float]:
    """Success although the cells do nothing: a property of benchmark and model, not a type I error."""
    if inert is None:
        return {"false_go_inert": _NAN, "false_go_inert_mcse": _NAN}
    rate, error = _share(inert.endpoints[endpoint], design, endpoint, population, asked)
    return {"false_go_inert": rate, "false_go_inert_mcse": error}


def _beyond(counted: Table, design: Design, endpoint: str, population: str, asked: Question) -> dict[str, float]:
    """What the same rule needs, and how often it succeeds, against the upper end of the range (interval null)."""
    if RULES[design.rule].planned:
        return dict.fromkeys(("critical_value", "power", "power_mcse"), _NAN)
    n = design.planned(population)
    critical = None if n is None else needed(design.rule, n, asked)
    power, error = _share(counted, design, endpoint, population, asked)
    return {
        "critical_value": _NAN if critical is None else float(critical),
        "power": power,
        "power_mcse": error,
    }


def _share(counted: Table, design: Design, endpoint: str, population: str, asked: Question) -> tuple[float, float]:
    """Share of all trials that succeed, and its Monte Carlo standard error."""
    trials = int(counted[TRIALS].sum())
    share = int(counted[TRIALS] @ _success(counted, design, endpoint, population, asked)) / trials
    return share, monte_carlo.proportion_mcse(share, trials)
