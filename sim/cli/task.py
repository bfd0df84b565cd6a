"""What each task does with a checked configuration and a folder."""

import importlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.cli.command import RunFailedError, complain
from sim.cli.run import READS_DATA, Prepared
from sim.cli.tasks.report import check_formats, make_report
from sim.config.config import Config, canonical_yaml, digest, parts
from sim.config.rules import COUNTED_RULES, PLANNED_RULES
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.report.leads import leading
from sim.storage.provenance import provenance

if TYPE_CHECKING:
    from sim.montecarlo.failures import Failure

PERFORMERS: Final = {
    "power": "sim.cli.tasks.power",
    "cohort": "sim.cli.tasks.cohort",
    "endpoints": "sim.cli.tasks.endpoints",
    "readings": "sim.cli.tasks.readings",
    "assurance": "sim.cli.tasks.assurance",
    "predict": "sim.cli.tasks.predict",
    "tournament": "sim.cli.tasks.tournament",
    "sample_size": "sim.cli.tasks.sample_size",
    "alternatives": "sim.cli.tasks.alternatives",
    "composition": "sim.cli.tasks.composition",
    "decisions": "sim.cli.tasks.decisions",
    "family": "sim.cli.tasks.family",
    "estimation": "sim.cli.tasks.estimation",
    "changes": "sim.cli.tasks.changes",
    "times": "sim.cli.tasks.times",
}
"""The module that does each task, imported when it is asked for; its `perform` takes what `perform` here takes."""


NO_PATIENTS: Final = "none"
"""The clock of a task that simulates nobody."""


@dataclass(frozen=True)
class Result:
    """What a task produced: text for the terminal, files under a heading, and the power table if there is one."""

    text: str
    files: tuple[Path, ...]
    engine: str
    power: Table | None = None
    heading: str = "Synthetic data, written to"


def perform(prepared: Prepared, folder: Path) -> Result:
    """Do the task of a configuration and write its tables into a folder, and the page of its answer.

    Errors : RunFailedError if no trial could be computed.
    """
    task = prepared.config.task
    if task not in PERFORMERS:
        raise InputError(f"task: {task} writes no tables of its own kind, so it cannot be swept")
    check_formats(prepared.config.report.formats)
    if task not in READS_DATA:
        from sim.montecarlo.executors import begin_early

        begin_early(prepared.config.run)
    result: Result = importlib.import_module(PERFORMERS[task]).perform(prepared, folder)
    if not leading(result.files):
        return result
    return replace(result, files=(*result.files, *write_report(prepared, folder, result.engine)))


def write_report(prepared: Prepared, folder: Path, engine: str) -> tuple[Path, ...]:
    """Write what the answer rests on, where patients were simulated (`engine` of the task), and the page."""
    from sim.cli.tasks.evidence import write_background

    if engine != NO_PATIENTS:
        write_background(prepared.config, folder, provenance_of(prepared, engine))
    return make_report(folder, prepared.config.report.formats)


def command(overrides: Sequence[str], *, sweep: bool = False) -> str:
    """The command line that asks for the same again."""
    return shlex.join(["python", "-m", "sim", *(["-m"] if sweep else []), *overrides])


def nothing_done(failures: "Sequence[Failure]") -> RunFailedError:
    """What to raise where no trial could be computed."""
    return RunFailedError(f"every trial failed, so there is no result; the first: {failures[0].error}")


def heading(config: Config, engine: str) -> str:
    """The first line of every result: synthetic, how many trials, of what."""
    n_ln, n_lc = config.design.quotas
    split = f"{n_ln} LN, {n_lc} LC" if config.design.composition == "quota" else "LN and LC as they come"
    return (
        f"Synthetic: virtual patients only. {config.run.trials:,} trials of n = {config.design.n} ({split}), "
        f"taper {config.taper.name}, seed {config.run.seed}, {engine} clock."
    )


def counting_rule(config: Config) -> None:
    """A task whose mathematics counts responders, whoever came first.

    Errors : InputError where the rule has planned numbers of patients.
    """
    if config.design.rule in PLANNED_RULES:
        raise InputError(
            f"design.rule: {config.design.rule!r} decides on its own numbers of patients in order of enrollment, "
            f"which task={config.task} cannot do; choose one of {', '.join(COUNTED_RULES)}"
        )


def provenance_of(prepared: Prepared, engine: str) -> dict[str, str]:
    """What a table of this run says of its making."""
    values = parts(prepared.config)
    return provenance(
        configuration=canonical_yaml(values),
        configuration_sha256=digest(values),
        seed=prepared.config.run.seed,
        engine=engine,
        command=command(prepared.overrides),
    )


def report_failures(failures: "Sequence[Failure]", config: Config) -> None:
    """Say on stderr which trials failed, why, and where the first of them went wrong."""
    if not failures:
        return
    from sim.montecarlo.failures import describe

    failed = sum(len(each.trials) for each in failures)
    complain(f"{failed} of {config.run.trials} trials failed and are not in the result:\n{describe(failures)}")
    if trace := next((each.trace for each in failures if each.trace), ""):
        complain(trace.rstrip())
