"""What the tasks that ask a patient bank have in common: making it, saying what is doubtful, writing the table."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run import Prepared
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.config.config import Config
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.storage.atomic import write_text
from sim.storage.parquet import write_table
from sim.storage.text import write_csv

if TYPE_CHECKING:
    from sim.montecarlo.bank import BankRun


def banked(config: Config, names: Sequence[str], title: str = "trials") -> "BankRun":
    """The bank of a configuration, fit for the algebra.

    Errors : RunFailedError if no trial could be computed, InputError where patients of a trial are coupled, and
             where an endpoint is imputed.
    """
    from sim.design.bank import refuse_coupled
    from sim.montecarlo.bank import run_bank

    if imputed := [name for name in names if getattr(config.analysis.missing, name, "") == "mi"]:
        raise InputError(
            [
                f"analysis.missing.{name}: 'mi' is not allowed with task={config.task}, whose bank holds what "
                "each patient answers; choose nri, obs, locf, best or worst"
                for name in imputed
            ]
        )
    run = run_bank(config, names, title)
    report_failures(run.failures, config)
    if not run.patients:
        raise nothing_done(run.failures)
    for table in run.patients.values():
        refuse_coupled(table, [name for name in names if f"{name}_missing" in table])
    return run


def unfilled(run: "BankRun", config: Config) -> list[str]:
    """A warning where places stayed empty in trials of the bank: its power is that of trials that fill."""
    import numpy as np

    patients = next(iter(run.patients.values()))
    full = int((np.bincount(np.unique(patients["trial"], return_inverse=True)[1]) == config.design.n).sum())
    trials = config.run.trials - run.n_failed
    if full == trials:
        return []
    return [
        f"{trials - full} of {trials:,} trials of the bank did not fill; power here is that of trials that fill"
    ]


def opening(config: Config, engine: str) -> str:
    """The first lines of what a task says: synthetic, how many trials, and by which rule they decide."""
    from sim.design.rules import RULES

    rule = config.design.rule
    return f"{heading(config, engine)}\nDecided by design.rule={rule}: {RULES[rule].words}."


def asked_endpoints(config: Config) -> tuple[str, ...]:
    """The endpoint of the question, or all that are decided."""
    return config.analysis.endpoints if config.endpoint is None else (config.endpoint,)


def written(
    prepared: Prepared, folder: Path, name: str, table: Table, text: str, doubts: Iterable[str], engine: str
) -> Result:
    """Write NAME.parquet, NAME.csv and summary.txt, and return them with the text."""
    warnings = [f"Warning: {words}" for words in dict.fromkeys(doubts)]
    full = "\n".join([text, *([""] if warnings else []), *warnings])
    files = (folder / f"{name}.parquet", folder / f"{name}.csv", folder / "summary.txt")
    write_csv(files[1], table)
    write_text(files[2], full + "\n")
    write_table(files[0], name, table, provenance_of(prepared, engine))
    return Result(full, files, engine)
