"""task=tournament: every endpoint on the same patients, and what the cells change in pairs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run import Prepared
from sim.cli.task import Result, heading, provenance_of
from sim.cli.tasks.bank import banked, unfilled, written
from sim.core.tables import Table
from sim.storage.parquet import table_writer

if TYPE_CHECKING:
    from sim.montecarlo.bank import BankRun


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the bank, write bank.parquet and the tournament's table, and tell it."""
    from sim.design.bank import doubts, require_enough, strata_of
    from sim.design.tournament import CHANGE, Counts, planned_sizes, population_of, tournament_table
    from sim.design.tournament_words import tournament_text
    from sim.endpoints.answers import ANSWERS

    config, design = prepared.config, prepared.config.design
    names = ANSWERS if config.endpoint is None else (config.endpoint,)
    run = banked(config, names)
    effects = [effect.name for effect in config.effects]
    warnings = unfilled(run, config)
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
    text = f"{heading(config, run.engine)}\n\n{tournament_text(table)}"
    bank = _write_bank(prepared, folder, run)
    result = written(prepared, folder, "tournament", table, text, warnings, run.engine)
    return Result(result.text, (*result.files, bank), run.engine)


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
