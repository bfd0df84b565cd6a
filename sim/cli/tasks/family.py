"""task=family: the primary endpoints together, under each procedure for several endpoints at once."""

from pathlib import Path

from sim.cli.run import Prepared
from sim.cli.store import opened_store
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.config.config import INERT
from sim.core.errors import InputError
from sim.core.tables import concatenate
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate the trials and write family.parquet, family.csv and family.txt."""
    from sim.design.family import family_table
    from sim.montecarlo.power import run_trials
    from sim.words.family import family_text

    config = prepared.config
    if config.design.rule != "exact_binomial":
        raise InputError(
            f"design.rule: {config.design.rule!r} gives no p-values, which task=family needs; use exact_binomial"
        )
    if missing := [name for name in config.design.settings.sequence if name not in config.analysis.endpoints]:
        raise InputError(
            f"design.settings.sequence: {', '.join(missing)} is not decided; add it to analysis.endpoints, or "
            "leave it out of the family"
        )
    with opened_store(config, folder) as store:
        run = run_trials(config, store)
    report_failures(run.failures, config)
    if not run.done:
        raise nothing_done(run.failures)
    inert = run.tallies[INERT]
    table = concatenate(
        [
            family_table(run.tallies[each.name], inert, config.design, each.name, run.n_requested, run.n_failed)
            for each in config.effects
        ]
    )
    text = "\n".join([heading(config, run.engine), "", family_text(table, config.design)])
    files = (folder / "family.parquet", folder / "family.csv", folder / "family.txt")
    write_csv(files[1], table)
    write_text(files[2], text + "\n")
    write_table(files[0], "family", table, provenance_of(prepared, run.engine))
    return Result(text, files, run.engine)
