"""task=decisions: every outcome the trial can have, what it means by each rule, and how likely it is."""

from collections.abc import Mapping
from typing import Any, Final

from sim.core.tables import Row, rows_of
from sim.report.answer import about
from sim.report.html import Html, joined, table, tag
from sim.report.numbers import effects_of, listed, primary, with_error
from sim.report.question import Question, screen
from sim.report.results import Results
from sim.words.rows import chosen_effect, label_of

RULES: Final = {
    "exact_binomial": "exact test",
    "bayes": "posterior",
    "lower_limit": "lower limit",
    "go_consider_stop": "go / consider / stop",
}
"""Columns with verdicts, as a reader meets them."""
_CAPTION: Final = (
    "Fewest responders for go, and most for stop, by each rule: the exact one-sided test, the posterior "
    "probability above the benchmark, the lower exact limit, and benchmark and target together (between its "
    "two numbers: consider). Right: exact probability of go by {rule} at the simulated rates ± Monte "
    "Carlo standard error."
)


def _screen(results: Results) -> Html:
    groups, effects = outcomes(list(rows_of(results.main))), effects_of(results.main)
    rule = rule_shown(results.configuration)
    return screen(
        "What would each outcome of the trial mean, and how likely is it?",
        about(results.configuration),
        _sentence(groups, chosen_effect(effects), rule),
        ["± is the Monte Carlo standard error, in points, at most: that of the single probabilities added up."],
        [_table(groups, effects, rule)],
        results,
    )


def rule_shown(configuration: Mapping[str, Any]) -> str:
    """The rule of the design where the table has its verdicts, else the exact test."""
    rule = configuration["design"]["rule"]
    return rule if rule in RULES else "exact_binomial"


def outcomes(rows: list[Row]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each endpoint under each effect, in the order of responders."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["endpoint"], row["effect"]), []).append(row)
    return {key: sorted(group, key=lambda row: row["responders"]) for key, group in groups.items()}


def go_from(group: list[Row], rule: str) -> int | None:
    """Fewest responders for go; None where no number does."""
    return next((row["responders"] for row in group if row[rule] == "go"), None)


def chance_of_go(group: list[Row], rule: str) -> tuple[float, float]:
    """Probability of go, and a bound of its Monte Carlo error: that of all terms added."""
    go = [row for row in group if row[rule] == "go"]
    return sum(row["probability"] for row in go), sum(row["probability_mcse"] for row in go)


def _sentence(groups: dict[tuple[str, str], list[Row]], effect: str, rule: str) -> Any:
    """From how many responders the primary endpoints succeed, and how likely that is."""
    found = [group for (_, name), group in groups.items() if name == effect]
    chosen = {row["endpoint"]: row for row in primary([group[0] for group in found])}
    least = {name: go_from(groups[name, effect], rule) for name in chosen}
    able = [name for name in chosen if least[name] is not None]
    if not able:
        names = listed([label_of(row) for row in chosen.values()])
        return f"No number of responders makes {names} succeed by {_named(rule)}."
    needed = [f"{label_of(chosen[name])} from {least[name]} of {chosen[name]['n']}" for name in able]
    parts = [
        f"By {_named(rule)} the trial succeeds on ",
        listed(needed),
        f" responders up; under “{effect}” this ",
    ]
    parts += ["has a probability of ", listed([tag("b", _chance(groups[name, effect], rule)) for name in able])]
    if effect != "none" and all((name, "none") in groups for name in able):
        inert = [_chance(groups[name, "none"], rule) for name in able]
        parts += [", if the cells did nothing of ", listed(inert)]
    return joined([*parts, "."])


def _named(rule: str) -> str:
    return "the exact test" if rule == "exact_binomial" else f"the rule “{RULES[rule]}”"


def _chance(group: list[Row], rule: str) -> str:
    return with_error(*chance_of_go(group, rule))


def _table(groups: dict[tuple[str, str], list[Row]], effects: list[str], rule: str) -> Html:
    lines = []
    for name in dict.fromkeys(name for name, _ in groups):
        group = groups[name, effects[0]]
        verdicts = [_limits(group, each) for each in RULES]
        lines.append([label_of(group[0]), *verdicts, *(_chance(groups[name, effect], rule) for effect in effects)])
    caption = _CAPTION.format(rule=_named(rule))
    return table(["Endpoint", *RULES.values(), *effects], lines, caption, class_="numbers")


def _limits(group: list[Row], rule: str) -> Html:
    least, n = go_from(group, rule), group[0]["n"]
    stop = [row["responders"] for row in group if row[rule] == "stop"]
    go = "no go" if least is None else f"go from {least} of {n}"
    return joined([tag("span", go), tag("small", f"stop up to {max(stop)}" if stop else "never stop")])


def _method(results: Results) -> str:
    settings = results.configuration["design"]["settings"]
    return (
        "For each possible number of responders the verdict of each rule is computed exactly, and how likely "
        "the number is follows from the simulated response rates (Poisson-binomial over the subgroups). The "
        f"posterior has the prior Beta({settings['prior_responders']:g}, {settings['prior_failures']:g}). The "
        "stopping boundary for serious events is exact and acts on no simulated trial."
    )


DECISIONS: Final = Question(
    "decisions",
    _screen,
    "To list, before anybody is treated, every outcome the trial can have, what it means by each rule, and how "
    "likely it is under each assumption about the cells.",
    _method,
    "Probabilities of outcomes are exact at the simulated rates; the share of simulated trials stands beside "
    "in the data.",
)
