"""Operating characteristics of a design's rule: what it looks at, what it says how often, what it costs.

At the benchmark and at the target all is exact. Under each effect the probabilities are simulated, with the exact
law at the simulated rates beside them.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table
from sim.design.accrual import Accrual, accrual_of, duration
from sim.design.evaluation import plan_if_enough, sample_of, simulated_rates
from sim.design.populations import populations_of
from sim.design.rules import RULES, Plan, Question, plan_of, question
from sim.design.safety_stop import STOPPED, Flags, halted
from sim.design.staged import staged
from sim.design.tally import Tally, as_tally
from sim.design.verdicts import (
    VERDICTS,
    chances_at,
    counted_verdicts,
    exact_verdicts,
    patients_used,
    staged_verdicts,
)
from sim.stats import monte_carlo

_NAN: Final = float("nan")


def characteristics(decided: Table | Tally, design: Design, effect: str, n_requested: int, n_failed: int) -> Table:
    """One row for each endpoint with a benchmark, population and alpha: columns of `rules`.

    decided : one row per trial from `decide`, or the tally of such trials.
    Result  : `interim`, `futility`, `n_final`, `needed`, `stop_most` (the rule at the planned n; NaN without one);
              at `benchmark` and `target` the exact chance of each verdict, expected patients and weeks; under the
              effect `p_<verdict>` with `_mcse` and `exact_<verdict>` with `_mcse`; `n_trials` and so on.
    Errors  : ValueError without a trial.
    """
    tally = as_tally(decided)
    if tally.n_trials == 0:
        raise ValueError("no trial to evaluate: every one failed")
    rows = [
        {"endpoint": endpoint, "population": population, "rule": design.rule, "effect": effect, "alpha": alpha}
        | _row(tally, design, endpoint, population, alpha)
        | {"n_trials": tally.n_trials, "n_requested": n_requested, "n_failed": n_failed}
        for endpoint in design.benchmarks.endpoints
        if endpoint in tally.endpoints
        for population in populations_of(endpoint)
        for alpha in design.alpha
    ]
    return Table({name: np.array([row[name] for row in rows]) for name in rows[0]})


def operating_curve(decided: Table | Tally, design: Design, rates: Sequence[float]) -> Table:
    """What the rule does at each of these true rates, exactly: columns of `curve`, one row for each rate.

    decided : trials that tell how fast places fill; everything else needs no simulation.
    """
    tally = as_tally(decided)
    rows = [
        {"endpoint": endpoint, "population": population, "rule": design.rule, "alpha": alpha, "rate": rate}
        | _at(
            "rate",
            _planned_plan(design, endpoint, population, alpha),
            rate,
            accrual,
            design.settings.outcome_weeks,
        )
        for endpoint in design.benchmarks.endpoints
        if endpoint in tally.endpoints
        for population in populations_of(endpoint)
        for accrual in (accrual_of(tally.totals, population, design),)
        for alpha in design.alpha
        for rate in rates
    ]
    return Table({name.removesuffix("_at_rate"): np.array([row[name] for row in rows]) for name in rows[0]})


def _planned_plan(design: Design, endpoint: str, population: str, alpha: float) -> Plan | None:
    """The rule's numbers at the planned places; None without, or where they are left to chance."""
    places = design.planned(population)
    return None if places is None else plan_of(design.rule, places, question(design, endpoint, population, alpha))


def _row(tally: Tally, design: Design, endpoint: str, population: str, alpha: float) -> dict[str, Any]:
    asked = question(design, endpoint, population, alpha)
    planned = design.planned(population)
    plan = _planned_plan(design, endpoint, population, alpha)
    accrual = accrual_of(tally.totals, population, design)
    weeks = design.settings.outcome_weeks
    return {
        "null_rate": asked.null_rate,
        "target": asked.target,
        "places": _NAN if planned is None else float(planned),
        **_numbers(plan),
        **_at("benchmark", plan, asked.null_rate, accrual, weeks),
        **_at("target", plan, asked.target, accrual, weeks),
        **_simulated(tally.endpoints[endpoint], design, endpoint, population, asked),
    }


def _numbers(plan: Plan | None) -> dict[str, float]:
    """The rule in numbers; a first look only where there is one."""
    if plan is None:
        return dict.fromkeys(("interim", "futility", "n_final", "needed", "stop_most"), _NAN)
    return {
        "interim": float(plan.interim) if plan.interim else _NAN,
        "futility": float(plan.futility) if plan.interim else _NAN,
        "n_final": float(plan.n),
        "needed": _NAN if plan.critical is None else float(plan.critical),
        "stop_most": float(plan.stop_most),
    }


def _at(place: str, plan: Plan | None, rate: float, accrual: Accrual, weeks: int) -> dict[str, float]:
    """Exact chances of each verdict at one rate, and what the trial then costs on average."""
    chances = chances_at(plan, rate)
    columns = {f"{verdict}_at_{place}": chances[verdict] for verdict in VERDICTS}
    names = ("enrolled_at_look", "expected_n_pause", "expected_n_no_pause", "weeks_pause", "weeks_no_pause")
    if plan is None:
        return columns | {f"{name}_at_{place}": _NAN for name in names}
    cost = duration(accrual, plan.interim, plan.n, chances["stop_early"], weeks)
    return columns | {f"{name}_at_{place}": _finite(getattr(cost, name)) for name in names}


def _simulated(
    counted: Table, design: Design, endpoint: str, population: str, asked: Question
) -> dict[str, float]:
    sample = sample_of(counted, design, endpoint, population)
    n, trials = sample.n, sample.trials
    rates, errors = simulated_rates(sample)
    used = n.astype(np.float64)
    if RULES[design.rule].planned:
        seen, plan = staged(counted, endpoint, population), plan_of(design.rule, 0, asked)
        verdicts = staged_verdicts(seen, n, plan, design.min_n)
        of_size = partial(plan_if_enough, plan, design.min_n)
        exact = exact_verdicts(seen.first_n, seen.later_n, rates, errors, of_size, trials)
        used = patients_used(seen, plan, verdicts["stop_early"]).astype(np.float64) if plan else used * _NAN
    else:
        plan_for = partial(_plan_for, design.rule, asked)
        verdicts = counted_verdicts(sample.responders, n, plan_for)
        exact = exact_verdicts(np.zeros_like(sample.strata_n), sample.strata_n, rates, errors, plan_for, trials)
    if STOPPED in counted:
        verdicts, exact = _stopping(verdicts, halted(counted)), dict.fromkeys(VERDICTS, (_NAN, _NAN))
    return _shares(verdicts, trials) | _exact(exact) | _mean(used, trials)


def _stopping(verdicts: Mapping[str, NDArray[np.bool_]], stopped: Flags) -> dict[str, NDArray[np.bool_]]:
    """The verdicts where serious events stop trials: stop, whatever the responders say."""
    kept = {name: flags & ~stopped for name, flags in verdicts.items()}
    return {**kept, "stop": verdicts["stop"] | stopped, "stop_early": verdicts["stop_early"]}


def _plan_for(rule: str, asked: Question, n: int) -> Plan | None:
    return plan_of(rule, n, asked)


def _shares(verdicts: Mapping[str, NDArray[np.bool_]], trials: NDArray[np.int64]) -> dict[str, float]:
    columns: dict[str, float] = {}
    number = int(trials.sum())
    for name, flags in verdicts.items():
        share = int(trials @ flags) / number
        columns |= {f"p_{name}": share, f"p_{name}_mcse": monte_carlo.proportion_mcse(share, number)}
    return columns


def _exact(exact: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    columns: dict[str, float] = {}
    for name, (chance, error) in exact.items():
        columns |= {f"exact_{name}": chance, f"exact_{name}_mcse": error}
    return columns


def _mean(used: NDArray[np.float64], trials: NDArray[np.int64]) -> dict[str, float]:
    """Patients whose outcomes the decision used, as in trials that pause for the look."""
    number = int(trials.sum())
    mean = float(trials @ used) / number
    spread = float(trials @ (used - mean) ** 2)
    return {"mean_n": mean, "mean_n_mcse": np.sqrt(spread / (number - 1) / number) if number > 1 else _NAN}


def _finite(value: float) -> float:
    return value if np.isfinite(value) else _NAN
