"""The decision table as a document: for each endpoint its outcomes, what they say, how likely they are."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from sim.config.design import Design
from sim.core.tables import Row, Table, rows_of
from sim.design.decision_table import SHOWN_RULES, WHOLE_RANGE, interval_plan, planned_places, question_of
from sim.design.populations import populations_of
from sim.design.rules import RULES, Plan, Question, plan_of
from sim.design.verdicts import chances_at
from sim.stats import beta_binomial
from sim.words.layout import Lines

Layout = Callable[[Lines], list[str]]
_PLANNED: Final = ("ahern", "simon_optimal", "simon_minimax")
_MOST_SEARCHED: Final = 50
_SHORT: Final = {
    "exact_binomial": "exact",
    "bayes": "posterior",
    "lower_limit": "limit",
    "go_consider_stop": "three",
    WHOLE_RANGE: "range",
}


def document(
    decisions: Table,
    cells: Table | None,
    predictive: Table,
    design: Design,
    endpoints: Sequence[str],
    layout: Layout,
) -> list[str]:
    """One section for each endpoint; layout writes a table for a terminal or in Markdown."""
    lines: list[str] = []
    for endpoint in endpoints:
        asked, n = question_of(design, endpoint), int(planned_places(design, endpoint).sum())
        lines += [
            _title(design, endpoint, n, asked),
            "",
            *layout(_rule_lines(design, endpoint, n, asked)),
            "",
            *_calibration(n, asked),
        ]
        lines += [*layout(_outcome_lines(decisions, endpoint)), "", *_completeness(decisions, endpoint)]
        if cells is not None and populations_of(endpoint)[0] == "all":
            lines += _cell_section(cells, endpoint, plan_of("exact_binomial", n, asked), layout)
        lines += ["Predictive probability of success (exact test) with patients pending, in %:", ""]
        lines += [*layout(_predictive_lines(predictive, endpoint)), ""]
    return lines


def _title(design: Design, endpoint: str, n: int, asked: Question) -> str:
    benchmark = design.benchmarks.of(endpoint)
    origin = " (both assumed)" if benchmark is None or benchmark.basis == "assumed" else " (assumed)"
    population = populations_of(endpoint)[0]
    who = "patients" if population == "all" else f"{population} patients"
    upper = ", the upper end of its range" if design.benchmarks.tested == "interval_upper" else ""
    return f"## {endpoint}: {n} {who}, benchmark {asked.null_rate:g}{upper}, target {asked.target:g}{origin}"


def _rule_lines(design: Design, endpoint: str, n: int, asked: Question) -> Lines:
    """Every rule that counts is "at least c of n": which c, and what that does."""
    lines = [["rule", "go with at least", "stop with at most", "size at the benchmark", "power at the target"]]
    lines += [_rule_line(_rule_name(name, asked), plan_of(name, n, asked), n, asked) for name in SHOWN_RULES]
    benchmark = design.benchmarks.of(endpoint)
    if benchmark is not None and benchmark.high > asked.null_rate:
        words = f"range: exact test against the upper end {benchmark.high:g}"
        lines.insert(2, _rule_line(words, interval_plan(design, endpoint, n), n, asked))
    return [*lines, *(_planned_line(name, n, asked) for name in _PLANNED if asked.null_rate < asked.target < 1.0)]


def _rule_line(words: str, plan: Plan | None, n: int, asked: Question) -> list[str]:
    go, stop = (_of(plan.critical, n), str(plan.stop_most)) if plan else ("never", str(n))
    chance = [chances_at(plan, rate)["go"] for rate in (asked.null_rate, asked.target)]
    return [words, go, stop if stop != "-1" else "never", *(f"{p:.3f}" for p in chance)]


def _planned_line(name: str, n: int, asked: Question) -> list[str]:
    """A design with its own number of patients, and whether so many are planned."""
    most = max(n, _MOST_SEARCHED)
    plan = plan_of(name, 0, replace(asked, n_planned=most))
    if plan is None:
        return [f"{RULES[name].words}: none up to {most} patients", "–", "–", "–", "–"]
    enough = "" if plan.n <= n else f", {n} are planned"
    early = f"{plan.futility} of the first {plan.interim}, or " if plan.interim else ""
    chance = [chances_at(plan, rate)["go"] for rate in (asked.null_rate, asked.target)]
    words = f"{RULES[name].words}: {plan.n} patients{enough}"
    return [words, _of(plan.critical, plan.n), f"{early}{plan.stop_most}", *(f"{p:.3f}" for p in chance)]


def _rule_name(name: str, asked: Question) -> str:
    certainty = f"P(rate > benchmark) ≥ {1.0 - asked.alpha:g}"
    above = asked.null_rate if asked.limit_above is None else asked.limit_above
    return {
        "exact_binomial": f"exact: one-sided binomial test, alpha {asked.alpha:g}",
        "bayes": "posterior: calibrated to alpha" if asked.calibrated else f"posterior: {certainty}",
        "lower_limit": f"limit: lower {100 * (1.0 - asked.alpha):g} % limit above {above:g}",
        "go_consider_stop": f"three: go {certainty}; stop P(rate > target) < {asked.stop_below:g}",
    }.get(name, RULES[name].words)


def _calibration(n: int, asked: Question) -> list[str]:
    """Which certainties of the posterior rule are the exact test."""
    plan = plan_of("exact_binomial", n, asked)
    if plan is None:
        return [f"No number of {n} responders rejects {asked.null_rate:g} at alpha {asked.alpha:g}.", ""]
    sure = beta_binomial.probability_above(
        asked.null_rate, np.array([plan.needed - 1, plan.needed]), n, asked.prior
    )
    return [
        f"Calibrated to alpha: a certainty above {sure[0]:.4f} and up to {sure[1]:.4f} makes the posterior "
        f"rule the exact test (at least {plan.needed} of {n}).",
        "",
    ]


def _outcome_lines(decisions: Table, endpoint: str) -> Lines:
    rows = [row for row in rows_of(decisions) if row["endpoint"] == endpoint]
    effects = list(dict.fromkeys(row["effect"] for row in rows))
    head = ["responders", "estimate", "95 % limits", "posterior mean", "P(> benchmark)", "P(> target)"]
    lines = [[*head, *_SHORT.values(), *(f"{effect}: % ± (seen)" for effect in effects)]]
    of_effect = [[row for row in rows if row["effect"] == effect] for effect in effects]
    for same in zip(*of_effect, strict=True):
        row = same[0]
        lines.append([*_said(row), *(row[rule] for rule in _SHORT), *(_likely(each) for each in same)])
    return lines


def _said(row: Row) -> list[str]:
    return [
        f"{row['responders']} of {row['n']}",
        f"{row['estimate']:.2f}",
        f"{row['low']:.3f}–{row['high']:.3f}",
        f"{row['posterior_mean']:.2f}",
        f"{row['p_above_benchmark']:.3f}",
        f"{row['p_above_target']:.3f}",
    ]


def _likely(row: Row) -> str:
    seen = "–" if math.isnan(row["frequency"]) else f"{100 * row['frequency']:.1f}"
    return f"{100 * row['probability']:.1f} ± {100 * row['probability_mcse']:.1f} ({seen})"


def _completeness(decisions: Table, endpoint: str) -> list[str]:
    rows = [row for row in rows_of(decisions) if row["endpoint"] == endpoint and row["responders"] == 0]
    parts = [f"{row['n_complete']:,} of {row['n_trials']:,} under {row['effect']}" for row in rows]
    return [
        "%: exact law at the simulated response rates ± Monte Carlo standard error; (seen): share of the trials "
        f"in which all planned patients were evaluated: {'; '.join(parts)}.",
        "",
    ]


def _cell_section(cells: Table, endpoint: str, plan: Plan | None, layout: Layout) -> list[str]:
    rows = [row for row in rows_of(cells) if row["endpoint"] == endpoint]
    effects = list(dict.fromkeys(row["effect"] for row in rows))
    needed = "no cell succeeds" if plan is None else f"cells with at least {plan.needed} responders succeed (*)"
    lines = []
    for effect in dict.fromkeys((effects[0], effects[-1])):
        lines += [f"LN × LC under {effect}, exact probability in %; {needed}, exact test:", ""]
        lines += [*layout(_cell_lines([row for row in rows if row["effect"] == effect], plan)), ""]
    return lines


def _cell_lines(rows: list[Row], plan: Plan | None) -> Lines:
    last = max(row["responders_LC"] for row in rows)
    lines = [["LN \\ LC", *(str(k) for k in range(last + 1))]]
    for first in sorted({row["responders_LN"] for row in rows}):
        cells = [row for row in rows if row["responders_LN"] == first]
        lines.append([str(first), *(_cell(row, plan) for row in cells)])
    return lines


def _cell(row: Row, plan: Plan | None) -> str:
    mark = "*" if plan is not None and row["responders"] >= plan.needed else ""
    return f"{100 * row['probability']:.1f}{mark}"


def _predictive_lines(predictive: Table, endpoint: str) -> Lines:
    rows = [row for row in rows_of(predictive) if row["endpoint"] == endpoint]
    n = rows[0]["n"]
    lines = [["read out", *(f"{x} resp." for x in range(n + 1))]]
    for read_out in range(n + 1):
        chances = [f"{100 * row['p_success']:.0f}" for row in rows if row["read_out"] == read_out]
        lines.append([f"{read_out} of {n}", *chances, *[""] * (n - read_out)])
    return lines


def _of(critical: int | None, n: int) -> str:
    return "never" if critical is None else f"{critical} of {n}"
