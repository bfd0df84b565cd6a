"""The family of endpoints as text: what each procedure claims, and what it guarantees."""

import math
from collections.abc import Iterator, Sequence
from typing import Final

from sim.config.design import Design
from sim.core.tables import Row, Table, rows_of
from sim.design.populations import populations_of
from sim.design.rules import question
from sim.words.layout import aligned, number
from sim.words.rows import chosen_effect

_LEGEND: Final = (
    "claims: share of all trials ± Monte Carlo standard error; any, all: at least one, each one of the family",
    "(any endpoint at alpha is `any` of separate); inert: share of trials with any claim although the cells do",
    "nothing, a property of benchmarks and model and no type I error; at benchmarks: exact chance of any claim",
    "where each rate is at its benchmark and endpoints are independent (at most, whatever the dependence);",
    "controlled: any false claim at most alpha, whichever of the rates are at their benchmarks.",
)


def family_text(family: Table, design: Design) -> str:
    """The order of the family, one line for each procedure, alpha and effect, and what the words mean."""
    sequence = design.settings.sequence
    rows = list(rows_of(family))
    groups: dict[tuple[str, float, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["effect"], row["alpha"], row["procedure"]), []).append(row)
    lines = [["effect", "alpha", "procedure", *sequence, "any", "all", "inert", "at benchmarks", "controlled"]]
    lines += [[effect, f"{alpha:g}", name, *_cells(group)] for (effect, alpha, name), group in groups.items()]
    return "\n".join([_in_short(groups, sequence), "", *_sentences(design), "", *aligned(lines), "", *_LEGEND])


def _in_short(groups: dict[tuple[str, float, str], list[Row]], sequence: Sequence[str]) -> str:
    """At the first alpha, under neutral or the last effect: any and all claims, and any under Holm."""
    effects = list(dict.fromkeys(effect for effect, _, _ in groups))
    effect = chosen_effect(effects)
    alpha = next(iter(groups))[1]
    plain, guarded = (_of_claims(groups[effect, alpha, name]) for name in ("separate", "holm"))
    by_itself, every, held = plain["any"], plain["all"], guarded["any"]
    return (
        f"In short: under {effect} at alpha {alpha:g}, {', '.join(sequence)} each by itself give at least one "
        f"success in {_percent(by_itself['power'])} of the trials ({_percent(by_itself['false_go_inert'])} if the "
        f"cells did nothing) and all of them in {_percent(every['power'])}. Holm, which holds the error of the "
        f"family at alpha, leaves {_percent(held['power'])} ({_percent(held['false_go_inert'])})."
    )


def _of_claims(rows: list[Row]) -> dict[str, Row]:
    return {row["claim"]: row for row in rows}


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def _sentences(design: Design) -> Iterator[str]:
    sequence = design.settings.sequence
    named = []
    for endpoint in sequence:
        asked = question(design, endpoint, populations_of(endpoint)[0], design.alpha[0])
        named.append(f"{endpoint} (benchmark {asked.null_rate:g})")
    yield f"Family in this order: {', '.join(named)}."
    yield "fixed_sequence stops at the first failure; gatekeeping tests the rest by Holm if the first succeeds."
    yield "Errors are controlled at the benchmarks alone: where the untreated rate is above one, claims are easy."


def _cells(group: list[Row]) -> Iterator[str]:
    of = _of_claims(group)
    for claim in of:
        yield f"{of[claim]['power']:.3f} ± {of[claim]['power_mcse']:.3f}"
    any_of = of["any"]
    yield number(any_of["false_go_inert"])
    bound = number(any_of["error_bound"])
    yield f"{number(any_of['error_independent'])} ({bound})"
    yield "yes" if any_of["controlled"] else "no"
