"""The operating characteristics of a rule in sentences, and as an aligned table."""

import math
from collections.abc import Iterator
from typing import Final

from sim.core.tables import Row, Table, rows_of
from sim.design.rules import RULES
from sim.words.layout import aligned, number
from sim.words.rows import label_of

_TITLES: Final = {
    "simon_minimax": "Simon's two-stage minimax design (Controlled Clinical Trials 1989;10:1)",
    "simon_optimal": "Simon's two-stage optimal design (Controlled Clinical Trials 1989;10:1)",
    "two_stage": "Two stages with given boundaries",
    "ahern": "A'Hern's exact single-stage design (Statistics in Medicine 2001;20:859)",
    "bayes": "Success where the posterior probability above the benchmark is at least 1 - alpha",
    "lower_limit": "Success where the one-sided lower confidence limit is above the given rate",
    "go_consider_stop": "Go, consider or stop (Clinical Pharmacology & Therapeutics 2007;82:22)",
}
_LEGEND: Final = (
    "stages: stop early with at most r1 of n1, success with more than r of n; else success with at least c of n;",
    "size, power: exact probability of success at the benchmark and at the target; PET: exact probability of",
    "stopping early at the benchmark; E(n): expected patients there with an accrual pause / without one;",
    "weeks: expected, opening to decision, with / without the pause, at the simulated rates of enrolment;",
    "go, consider, stop: simulated shares of all trials (go ± Monte Carlo standard error), exact law in brackets.",
)


def rule_sentences(rules: Table) -> list[str]:
    """What the rule asks of each endpoint, and what it costs; each endpoint in its headline population, once."""
    rows = list(rows_of(rules))
    lines = [f"{_TITLES.get(rows[0]['rule'], RULES[rows[0]['rule']].words)}."]
    seen: set[tuple[str, float]] = set()
    first: dict[str, str] = {}
    for row in rows:
        population = first.setdefault(row["endpoint"], row["population"])
        if row["population"] != population or (row["endpoint"], row["alpha"]) in seen:
            continue
        seen.add((row["endpoint"], row["alpha"]))
        lines.append(f"{_name(row)}, {row['null_rate']:.2f} against {row['target']:.2f}: {_sentence(row)}")
    return lines


def rules_table(rules: Table) -> str:
    """One line for each endpoint, population, alpha and effect."""
    head = ["endpoint", "population", "alpha", "stages", "size", "power", "PET", "E(n)", "weeks", "effect", "go"]
    lines = [[*head, "consider", "stop", "stop early"]]
    lines += [list(_cells(row)) for row in rows_of(rules)]
    return "\n".join([*aligned(lines), "", *_LEGEND])


def _sentence(row: Row) -> str:
    if math.isnan(row["n_final"]):
        return _no_design(row)
    if not math.isnan(row["interim"]):
        return _two_stages(row)
    if math.isnan(row["needed"]):
        return f"no outcome of {row['n_final']:.0f} patients is a go; {_stops(row)}."
    text = f"success with at least {row['needed']:.0f} of {row['n_final']:.0f} responders"
    if row["stop_most"] < row["needed"] - 1:
        text += f", {_stops(row)}, else consider"
    return f"{text}; exact size {row['go_at_benchmark']:.3f}, power {row['go_at_target']:.3f} at the target."


def _stops(row: Row) -> str:
    return "never stop" if row["stop_most"] < 0 else f"stop with at most {row['stop_most']:.0f}"


def _two_stages(row: Row) -> str:
    return (
        f"first {row['interim']:.0f} patients, stop with at most {row['futility']:.0f} responders; else "
        f"{row['n_final']:.0f} patients, success with more than {row['needed'] - 1:.0f}. "
        f"Exact size {row['go_at_benchmark']:.3f}, power {row['go_at_target']:.3f} at the target; stops early "
        f"with probability {row['stop_early_at_benchmark']:.2f} at the benchmark; expected patients there "
        f"{row['expected_n_pause_at_benchmark']:.1f} if accrual pauses for the outcomes of the first stage, "
        f"{number(row['expected_n_no_pause_at_benchmark'], 1)} if it goes on "
        f"({number(row['enrolled_at_look_at_benchmark'], 0)} enrolled by then); "
        f"{number(row['weeks_pause_at_benchmark'], 0)} and {number(row['weeks_no_pause_at_benchmark'], 0)} "
        "weeks from the opening to the decision."
    )


def _no_design(row: Row) -> str:
    if math.isnan(row["places"]):
        return "the number of patients is left to chance, each trial is decided on its own."
    if row["rule"] == "two_stage":
        return "no boundaries are given, so no outcome succeeds."
    if RULES[row["rule"]].planned:
        return (
            f"no such design of at most {row['places']:.0f} patients keeps size and power, so none succeeds; "
            "raise design.n, the target or the level."
        )
    return f"no number of responders out of {row['places']:.0f} succeeds."


def _cells(row: Row) -> Iterator[str]:
    yield from (row["endpoint"], row["population"], f"{row['alpha']:g}", _stages(row))
    yield from (number(row[f"go_at_{place}"], 3) for place in ("benchmark", "target"))
    yield number(row["stop_early_at_benchmark"], 2) if not math.isnan(row["interim"]) else "–"
    yield _pair(row, "expected_n", 1)
    yield _pair(row, "weeks", 0)
    yield row["effect"]
    yield f"{row['p_go']:.3f} ± {number(row['p_go_mcse'], 4)} [{row['exact_go']:.3f}]"
    for verdict in ("consider", "stop", "stop_early"):
        yield f"{row[f'p_{verdict}']:.3f} [{row[f'exact_{verdict}']:.3f}]"


def _stages(row: Row) -> str:
    if math.isnan(row["n_final"]):
        return "none"
    if math.isnan(row["interim"]):
        return f"{number(row['needed'], 0)} of {row['n_final']:.0f}"
    return _two_stages_short(row["futility"], row["interim"], row["needed"], row["n_final"])


def _two_stages_short(futility: float, interim: float, needed: float, n_final: float) -> str:
    return f"{futility:.0f}/{interim:.0f} {needed - 1:.0f}/{n_final:.0f}"


def needed_words(row: Row) -> str:
    """What a planned test asks, from the columns of a search: – where no number of responders succeeds.

    Result : fewest responders / patients; two stages as r1/n1 r/n: stop with at most r1 of n1, success with more
             than r of n.
    """
    if math.isnan(row["critical_value"]):
        return "–"
    if math.isnan(row["interim"]):
        return f"{row['critical_value']:.0f}/{row['n_final']:.0f}"
    return _two_stages_short(row["futility"], row["interim"], row["critical_value"], row["n_final"])


def _pair(row: Row, name: str, digits: int) -> str:
    pause, on = (row[f"{name}_{way}_at_benchmark"] for way in ("pause", "no_pause"))
    return f"{number(pause, digits)}/{number(on, digits)}"


def _name(row: Row) -> str:
    return f"{label_of(row)} at alpha {row['alpha']:g}"
