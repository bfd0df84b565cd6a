"""The boundary for serious events as text, and what a trial of this size cannot show."""

from typing import Final

from sim.config.design import Design
from sim.config.rules import REFUSED, RuleSettings
from sim.core.tables import Table, rows_of
from sim.design.event_free import highest_reference
from sim.stats.signed_rank import needed_sum
from sim.words.decision import Layout
from sim.words.layout import Lines, number

_MODELS: Final = ("multiple_imputation", "mmrm", "augmented_binary")


def stopping_section(limits: Table, does: Table, settings: RuleSettings, layout: Layout) -> list[str]:
    """Stopping for serious events: after each patient how many are too many, and what that does.

    limits, does : the tables `stopping` and `stopping_characteristics`.
    """
    prior = f"Beta({settings.serious_prior_events:g}, {settings.serious_prior_none:g})"
    return [
        "## Stopping for serious events",
        "",
        f"Stop once P(share of patients with a serious event > {settings.serious_tolerated:g}) is at least "
        f"{settings.serious_certainty:g}, prior {prior}. Exact, each patient known before the next; "
        "design.safety_stop=true lets it stop the trials of task=power.",
        "",
        *layout(_limit_lines(limits)),
        "",
        *layout(_does_lines(does)),
        "",
    ]


def refused_section(design: Design) -> list[str]:
    """What is not computed, and why; what so few patients cannot show."""
    n, alpha = design.n, design.alpha[0]
    sizes = dict.fromkeys((n, *(places for places in design.quotas if places)))
    sums = "; ".join(f"{m} patients: {_needed(m, alpha)}" for m in sizes)
    return [
        "## What is not computed, and what cannot be shown",
        "",
        f"- Changes from baseline, exact signed-rank test, one-sided {alpha:g}: rank sum needed by {sums}, "
        "against a value that must be given (the mean of the same patients without the cells), never against 0; "
        "experiment=changes tells their power.",
        f"- Times to event (S7): even {n} of {n} patients without a severe flare reject only a reference up to "
        f"{highest_reference(n, alpha):.3f} at alpha {alpha:g}. Against a higher one no outcome can pass, so "
        "task=power does not test S7; experiment=times tells what is left.",
        *(f"- {name}: {REFUSED[name]}." for name in _MODELS),
        "- Robust mixture priors on the treatment rate: the weight of the mixture would decide, not the patients.",
    ]


def _limit_lines(limits: Table) -> Lines:
    lines = [["treated", "stop at", "P(share > tolerated)"]]
    for row in rows_of(limits):
        lines.append([str(row["treated"]), number(row["stop_at"], 0), number(row["p_above_tolerated"], 3)])
    return lines


def _does_lines(does: Table) -> Lines:
    lines = [["true share", "probability of stopping", "expected treated"]]
    for row in rows_of(does):
        lines.append([f"{row['rate']:.2f}", f"{row['p_stop']:.3f}", f"{row['expected_treated']:.1f}"])
    return lines


def _needed(patients: int, alpha: float) -> str:
    needed, most = needed_sum(patients, alpha), patients * (patients + 1) // 2
    return f"none of 0 to {most} is enough" if needed is None else f"{needed} of at most {most}"
