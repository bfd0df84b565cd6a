"""task=alternatives: the same patients in other trials, and in worlds where one thing is different."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.task import Result
from sim.cli.tasks.bank import asked_endpoints, banked, opening, unfilled, written
from sim.config.compose import load
from sim.config.config import Config
from sim.config.rules import PLANNED_RULES
from sim.core.errors import InputError

_SAME = ("design", "effects", "run", "question", "analysis")


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate a bank for every world, compare the designs, write and tell alternatives.parquet."""
    from sim.design.alternatives import SINGLE_ARM, alternatives_table
    from sim.design.bank import doubts, require_enough, strata_of
    from sim.design.populations import population_of
    from sim.design.sample_size import null_rate_of
    from sim.design.tournament import Counts, planned_sizes
    from sim.words.alternatives import alternatives_text

    config, design, question = prepared.config, prepared.config.design, prepared.config.question
    endpoints = asked_endpoints(config)
    for endpoint in endpoints:
        null_rate_of(endpoint, design)
    worlds = {SINGLE_ARM: config, **_worlds(prepared)}
    runs = {name: banked(world, endpoints, name) for name, world in worlds.items()}
    warnings = [f"{name}: {words}" for name, run in runs.items() for words in unfilled(run, config)]
    effects = [effect.name for effect in config.effects]
    for name, run in runs.items():
        for endpoint in endpoints:
            for effect in effects:
                strata = strata_of(run.patients[effect], endpoint, design, population_of(endpoint))
                largest = planned_sizes(design, endpoint, question.n_high)
                require_enough(strata, largest, f"question.n_high = {question.n_high}")
                warnings += doubts(strata, largest, f"{name}, {endpoint} under {effect}")
    if design.rule in PLANNED_RULES and question.drift:
        warnings.append(
            f"no external control: the stages of design.rule={design.rule} are planned for one benchmark, and an "
            "external control gives another for each number of its responders"
        )
    counts = {name: Counts(config.run.trials, run.n_failed) for name, run in runs.items()}
    banks = {name: run.patients for name, run in runs.items()}
    table = alternatives_table(banks, endpoints, design, question, effects, config.power, counts)
    engine = runs[SINGLE_ARM].engine
    text = f"{opening(config, engine)}\n\n{alternatives_text(table)}"
    return written(prepared, folder, "alternatives", table, text, warnings, engine)


def _worlds(prepared: Prepared) -> Mapping[str, Config]:
    """The configuration of every world: the words of this run, and those that the world changes.

    Errors : InputError naming the world whose words cannot be composed, or change what is compared.
    """
    found = {}
    for name, words in prepared.config.question.worlds.items():
        place = f"question.worlds.{name}"
        try:
            found[name] = load(_replaced(prepared.overrides, words.split()), prepared.config_folder)
        except InputError as error:
            raise InputError([f"{place}: {problem}" for problem in error.problems]) from None
        for part in _SAME:
            if getattr(found[name], part) != getattr(prepared.config, part):
                raise InputError(
                    f"{place}: {words!r} is not allowed; a world must leave {part.removesuffix('s')} as it is, "
                    "which is compared: ask for that in a run of its own"
                )
    return found


def _replaced(overrides: Sequence[str], words: Sequence[str]) -> list[str]:
    """The overrides with further ones, which win where both give one key."""
    keys = {word.partition("=")[0].lstrip("+") for word in words}
    return [*(text for text in overrides if text.partition("=")[0].lstrip("+") not in keys), *words]
