"""What the tasks that ask about changes and times cannot be asked, with the reason."""

from collections.abc import Mapping
from typing import Final

from sim.config.design import Design
from sim.config.measures import MEASURES, TIMES, VISITS, measures_at
from sim.config.question import Question

OWN_RULES: Final = {"changes": ("signed_rank", "t_test"), "times": ("kaplan_meier",)}
"""The rules of these tasks, all shown side by side."""
MOST: Final = 60
"""Most patients of a trial: the exact signed-rank test enumerates every sign."""


def own_rule_problems(task: str, endpoint: str | None, design: Design, question: Question) -> list[str]:
    """Another rule, more patients than are enumerated, a visit without measures, a rate that nothing can beat."""
    if task not in OWN_RULES:
        return []
    problems = []
    if design.rule != "exact_binomial":
        problems.append(
            f"design.rule: {design.rule!r} is for yes/no endpoints; task={task} decides by rules of its own "
            f"({', '.join(OWN_RULES[task])}): leave design.rule at exact_binomial"
        )
    problems += [
        f"{key}: {n} is not allowed with task={task}, which enumerates every sign; it must be at most {MOST}"
        for key, n in (("design.n", design.n), ("question.n_shown", max(question.n_shown, default=0)))
        if n > MOST
    ]
    if task == "changes" and not measures_at(question.visit, endpoint):
        usable = ", ".join(visit for visit in VISITS if measures_at(visit, endpoint))
        problems.append(f"question.visit: {question.visit!r} has no {endpoint}; it must be one of {usable}")
    population = {**TIMES, **{each.endpoint: each.population for each in MEASURES}}.get(endpoint or "", "all")
    if design.planned(population) == 0:
        problems.append(
            f"endpoint: {endpoint!r} is for {population} patients, and the design has no place for them"
        )
    if task == "times" and question.event_free is not None:
        asked = TIMES if endpoint is None else {endpoint: TIMES[endpoint]}
        problems += _beyond(question.event_free, asked, design)
    return problems


def _beyond(rate: float, endpoints: Mapping[str, str], design: Design) -> list[str]:
    """Endpoints for which no outcome of the planned patients can beat a rate free of the event."""
    problems = []
    for endpoint, population in endpoints.items():
        places, alpha = design.planned(population), max(design.alpha)
        if places and rate > (most := alpha ** (1.0 / places)):
            problems.append(
                f"question.event_free: {rate:g} is not allowed for {endpoint}: even {places} of {places} patients "
                f"without the event reject only rates up to {most:.3f} (alpha {alpha:g}), so no outcome can pass; "
                "lower it, name another endpoint, or leave it null"
            )
    return problems
