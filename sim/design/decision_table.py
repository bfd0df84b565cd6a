"""Every outcome that a trial of planned size can have: what it says, and how likely it is under each effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.tables import Table, concatenate
from sim.design.evaluation import sample_of, simulated_rates
from sim.design.outcome_law import cell_law, outcome_law
from sim.design.populations import SUBGROUPS, populations_of
from sim.design.rules import Plan, Question, interval_question, plan_of, question
from sim.design.tally import Tally, weighted_sum
from sim.stats import beta_binomial, intervals, monte_carlo

Counts = NDArray[Any]
SHOWN_RULES: Final = ("exact_binomial", "bayes", "lower_limit", "go_consider_stop")
"""Rules that are settled by the number of responders alone."""
WHOLE_RANGE: Final = "interval"
"""The exact test against the upper end of the benchmark's range, beside them."""


@dataclass(frozen=True)
class Run:
    """Simulated trials of one effect, with the counts asked for and failed."""

    effect: str
    tally: Tally
    n_requested: int
    n_failed: int


def planned_places(design: Design, endpoint: str) -> Counts:
    """Patients planned for an endpoint, by LN and LC where it is for both, else of its subgroup."""
    population = populations_of(endpoint)[0]
    if population == "all":
        return np.array(design.quotas)
    return np.array([design.quotas[SUBGROUPS.index(population)]])


def decision_table(runs: Sequence[Run], design: Design, endpoints: Sequence[str]) -> Table:
    """One row for each endpoint, number of responders and effect: columns of `decisions`.

    Estimate, exact 95 % limits, posterior under the beta prior and the verdict of each rule at the first alpha;
    then `probability` (exact law at the simulated rates) and `frequency` among the trials in which all planned
    patients were evaluated (`n_complete`), each with its Monte Carlo standard error.
    """
    return concatenate([_decisions(run, design, endpoint) for endpoint in endpoints for run in runs])


def cell_table(runs: Sequence[Run], design: Design, endpoints: Sequence[str]) -> Table | None:
    """One row for each pair of responders of LN and LC of endpoints for both, and effect: columns of `cells`."""
    both = [endpoint for endpoint in endpoints if populations_of(endpoint)[0] == "all"]
    parts = [_cells(run, design, endpoint) for endpoint in both for run in runs]
    return concatenate(parts) if parts else None


def question_of(design: Design, endpoint: str) -> Question:
    """The question about an endpoint in its headline population at the first alpha."""
    return question(design, endpoint, populations_of(endpoint)[0], design.alpha[0])


def interval_plan(design: Design, endpoint: str, n: int) -> Plan | None:
    """The exact test of the upper end of the benchmark's range at the first alpha (the interval null, D117)."""
    asked = interval_question(design, endpoint, populations_of(endpoint)[0], design.alpha[0])
    return plan_of("exact_binomial", n, asked)


def verdict_words(plan: Plan | None, responders: Counts) -> Counts:
    """go, consider or stop for each number of responders."""
    if plan is None:
        return np.full(len(responders), "stop")
    words = np.where(responders >= plan.needed, "go", "consider")
    return np.where((responders <= plan.stop_most) & (responders < plan.needed), "stop", words)


def _decisions(run: Run, design: Design, endpoint: str) -> Table:
    places, asked = planned_places(design, endpoint), question_of(design, endpoint)
    n = int(places.sum())
    x = np.arange(n + 1)
    sample = _complete(run.tally, design, endpoint, places)
    chance, error = outcome_law(places, sample.rates, sample.errors)
    seen = weighted_sum(sample.responders.sum(axis=1), sample.trials, n + 1)
    columns = {
        **_keys(endpoint, run.effect, n + 1),
        "alpha": np.full(n + 1, asked.alpha),
        "n": np.full(n + 1, n, np.int32),
        "responders": x.astype(np.int32),
        **_what_it_says(x, n, asked),
        **_verdicts(design, endpoint, x, n),
        **_how_likely(chance, error, seen, int(sample.trials.sum())),
    }
    return Table(columns | _counts(run, n + 1))


def _cells(run: Run, design: Design, endpoint: str) -> Table:
    places, asked = planned_places(design, endpoint), question_of(design, endpoint)
    n, size = int(places.sum()), int(np.prod(places + 1))
    first, second = (grid.ravel() for grid in np.indices(tuple(places + 1)))
    sample = _complete(run.tally, design, endpoint, places)
    chance, error = cell_law(places, sample.rates, sample.errors)
    codes = sample.responders[:, 0] * (places[1] + 1) + sample.responders[:, 1]
    columns = {
        **_keys(endpoint, run.effect, size),
        "alpha": np.full(size, asked.alpha),
        "n": np.full(size, n, np.int32),
        "responders": (first + second).astype(np.int32),
        "responders_LN": first.astype(np.int32),
        "responders_LC": second.astype(np.int32),
        **_what_it_says(first + second, n, asked),
        **_verdicts(design, endpoint, first + second, n),
        **_how_likely(
            chance.ravel(), error.ravel(), weighted_sum(codes, sample.trials, size), int(sample.trials.sum())
        ),
    }
    return Table(columns | _counts(run, size))


@dataclass(frozen=True)
class _Complete:
    """Responders by stratum of trials in which all planned patients were evaluated, and rates over all trials.

    trials : how many trials each row of `responders` stands for.
    """

    trials: Counts
    responders: Counts
    rates: NDArray[np.float64]
    errors: NDArray[np.float64]


def _complete(tally: Tally, design: Design, endpoint: str, places: Counts) -> _Complete:
    sample = sample_of(tally.endpoints[endpoint], design, endpoint, populations_of(endpoint)[0])
    whole = np.all(sample.strata_n == places, axis=1)
    responders = sample.strata_responders[whole].astype(np.int64)
    return _Complete(sample.trials[whole], responders, *simulated_rates(sample))


def _what_it_says(x: Counts, n: int, asked: Question) -> dict[str, Counts]:
    low, high = intervals.clopper_pearson(x, n)
    return {
        "estimate": x / n if n else np.full(len(x), np.nan),
        "low": low,
        "high": high,
        "posterior_mean": beta_binomial.posterior_mean(x, n, asked.prior),
        "p_above_benchmark": beta_binomial.probability_above(asked.null_rate, x, n, asked.prior),
        "p_above_target": beta_binomial.probability_above(asked.target, x, n, asked.prior),
    }


def _verdicts(design: Design, endpoint: str, x: Counts, n: int) -> dict[str, Counts]:
    """go, consider or stop by each rule, and by the exact test of the whole range of the benchmark."""
    asked = question_of(design, endpoint)
    return {rule: verdict_words(plan_of(rule, n, asked), x) for rule in SHOWN_RULES} | {
        WHOLE_RANGE: verdict_words(interval_plan(design, endpoint, n), x)
    }


def _how_likely(chance: Counts, error: Counts, seen: Counts, trials: int) -> dict[str, Counts]:
    share = seen / trials if trials else np.full(len(seen), np.nan)
    return {
        "probability": chance,
        "probability_mcse": error,
        "frequency": share,
        "frequency_mcse": np.array([monte_carlo.proportion_mcse(float(p), trials) for p in share]),
        "n_complete": np.full(len(seen), trials, np.int32),
    }


def _keys(endpoint: str, effect: str, rows: int) -> dict[str, Counts]:
    words: Mapping[str, str] = {
        "endpoint": endpoint,
        "population": populations_of(endpoint)[0],
        "effect": effect,
    }
    return {name: np.full(rows, word) for name, word in words.items()}


def _counts(run: Run, rows: int) -> dict[str, Counts]:
    counts = {"n_trials": run.tally.n_trials, "n_requested": run.n_requested, "n_failed": run.n_failed}
    return {name: np.full(rows, number, np.int32) for name, number in counts.items()}
