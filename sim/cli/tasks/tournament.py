"""task=tournament: every endpoint on the same patients, and what the cells change in pairs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run import Prepared
from sim.cli.task import Result, provenance_of
from sim.cli.tasks.bank import banked, opening, unfilled, written
from sim.config.config import Config
from sim.core.tables import Table
from sim.storage.parquet import table_writer

if TYPE_CHECKING:
    from sim.montecarlo.bank import BankRun


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the bank, write bank.parquet and the tournament's table, and tell it."""
    from sim.design.bank import doubts, require_enough, strata_of
    from sim.design.populations import population_of
    from sim.design.tournament import CHANGE, Counts, planned_sizes, tournament_table
    from sim.words.tournament import tournament_text

    config, design = prepared.config, prepared.config.design
    names, warnings = _asked(config)
    run = banked(config, names)
    effects = [effect.name for effect in config.effects]
    warnings += unfilled(run, config)
    for name in (name for name in names if name != CHANGE):
        for effect in effects:
            strata, sizes = (
                strata_of(run.patients[effect], name, design, population_of(name)),
                planned_sizes(design, name),
            )
            require_enough(strata, sizes, f"design.n = {design.n}")
            warnings += doubts(strata, sizes, f"{name} under {effect}")
    counts = Counts(config.run.trials, run.n_failed)
    table = tournament_table(run.patients, names, design, effects, config.power, counts)
    text = f"{opening(config, run.engine)}\n\n{tournament_text(table)}"
    bank = _write_bank(prepared, folder, run)
    result = written(prepared, folder, "tournament", table, text, warnings, run.engine)
    return Result(result.text, (*result.files, bank), run.engine)


def _asked(config: Config) -> tuple[tuple[str, ...], list[str]]:
    """The answers that enter, and a warning for those that the rule cannot decide."""
    from sim.design.bank_rules import needs_more_than_a_benchmark
    from sim.design.tournament import CHANGE
    from sim.endpoints.answers import ANSWERS

    names = ANSWERS if config.endpoint is None else (config.endpoint,)
    if not needs_more_than_a_benchmark(config.design.rule):
        return names, []
    out = [name for name in names if name != CHANGE and config.design.benchmarks.of(name) is None]
    said = [f"{', '.join(out)}: left out, for design.rule={config.design.rule} needs a target, and there is none"]
    return tuple(name for name in names if name not in out), said if out else []


def _write_bank(prepared: Prepared, folder: Path, run: "BankRun") -> Path:
    """The patients under every effect, one below the other."""
    import numpy as np

    path = folder / "bank.parquet"
    with table_writer(path, "bank", provenance_of(prepared, run.engine)) as writer:
        for effect, patients in run.patients.items():
            subgroup = np.array(["LN", "LC"])[patients["subgroup"]]
            named = {"effect": np.full(patients.length, effect), "subgroup": subgroup}
            plain = {name: patients[name] == 1 for name in patients if _is_plain(name)}
            columns = {
                **{name: patients[name] for name in ("trial", "subject")},
                **named,
                **patients,
                **named,
                **plain,
            }
            writer.append(Table(columns))
    return path


def _is_plain(name: str) -> bool:
    """Whether a flag of the bank can never be missing."""
    return name in ("infused", "lymphopenia_only") or name.endswith("_missing")
