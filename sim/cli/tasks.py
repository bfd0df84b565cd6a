"""What each task does with a checked configuration and a folder."""

import contextlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.command import RunFailedError, complain
from sim.cli.run import Prepared
from sim.cli.store import opened_store
from sim.config.config import Config, canonical_yaml, digest, parts
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.storage.atomic import write_text
from sim.storage.parquet import TableWriter, table_writer, write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv

if TYPE_CHECKING:
    from sim.montecarlo.failures import Failure


@dataclass(frozen=True)
class Result:
    """What a task produced: text for the terminal, files under a heading, and the power table if there is one."""

    text: str
    files: tuple[Path, ...]
    engine: str
    power: Table | None = None
    heading: str = "Synthetic data, written to"


def perform(prepared: Prepared, folder: Path) -> Result:
    """Do the task of a configuration and write its tables into a folder.

    Errors : RunFailedError if no trial could be computed.
    """
    task = prepared.config.task
    if task == "endpoints":
        from sim.cli.scoring import score_data

        return score_data(prepared, folder)
    if task not in ("power", "cohort"):
        raise InputError(f"task: {task} writes no tables of its own kind, so it cannot be swept")
    return _power(prepared, folder) if task == "power" else _cohort(prepared, folder)


def command(overrides: Sequence[str], *, sweep: bool = False) -> str:
    """The command line that asks for the same again."""
    return shlex.join(["python", "-m", "sim", *(["-m"] if sweep else []), *overrides])


def _power(prepared: Prepared, folder: Path) -> Result:
    from sim.design.summary import comparison_table, summary_table
    from sim.design.words import explain
    from sim.montecarlo.power import run_power

    config = prepared.config
    with opened_store(config, folder) as store:
        run = run_power(config, store)
    _report(run.failures, config)
    if run.power is None:
        raise _nothing(run.failures)
    words = "\n".join([_heading(config, run.engine), "", *explain(run.power), ""])
    full = f"{words}\n{summary_table(run.power)}"
    text = full if len(config.effects) == 1 else f"{words}\n{comparison_table(run.power)}"
    files = (folder / "power.parquet", folder / "power.csv", folder / "summary.txt")
    write_csv(files[1], run.power)
    write_text(files[2], full + "\n")
    write_table(
        files[0], "power", run.power, _provenance(prepared, run.engine)
    )  # last: all is done where it stands
    return Result(text, files, run.engine, run.power)


def _cohort(prepared: Prepared, folder: Path) -> Result:
    from sim import pipeline
    from sim.core.columns import COHORT_TABLES
    from sim.montecarlo.cohort import cohort_chunks
    from sim.montecarlo.failures import failures_of

    config = prepared.config
    engine: str = pipeline.engine_of(config)
    said = _provenance(prepared, engine)
    files = {name: folder / f"{name}.parquet" for name in COHORT_TABLES}
    failures: list[Failure] = []
    rows = dict.fromkeys(COHORT_TABLES, 0)
    with contextlib.ExitStack() as stack:
        writers = {name: stack.enter_context(table_writer(path, name, said)) for name, path in files.items()}
        for outcome in cohort_chunks(config):
            failures.extend(failures_of([outcome]))
            if outcome.value is not None:
                _append(writers, outcome.value, rows)
        if sum(len(each.trials) for each in failures) == config.run.trials:
            _report(failures, config)
            raise _nothing(failures)
        for writer in writers.values():
            writer.finish()
    _report(failures, config)
    lines = [_heading(config, engine), "", *(f"{name:12}{count:>12,} rows" for name, count in rows.items())]
    return Result("\n".join(lines), tuple(files.values()), engine)


def _nothing(failures: "Sequence[Failure]") -> RunFailedError:
    return RunFailedError(f"every trial failed, so there is no result; the first: {failures[0].error}")


def _append(writers: Mapping[str, TableWriter], tables: Mapping[str, Table], rows: dict[str, int]) -> None:
    for name, writer in writers.items():
        writer.append(tables[name])
        rows[name] += tables[name].length


def _heading(config: Config, engine: str) -> str:
    n_ln, n_lc = config.design.quotas
    split = f"{n_ln} LN, {n_lc} LC" if config.design.composition == "quota" else "LN and LC as they come"
    return (
        f"Synthetic: virtual patients only. {config.run.trials:,} trials of n = {config.design.n} ({split}), "
        f"taper {config.taper.name}, seed {config.run.seed}, {engine} clock."
    )


def _provenance(prepared: Prepared, engine: str) -> dict[str, str]:
    values = parts(prepared.config)
    return provenance(
        configuration=canonical_yaml(values),
        configuration_sha256=digest(values),
        seed=prepared.config.run.seed,
        engine=engine,
        command=command(prepared.overrides),
    )


def _report(failures: "Sequence[Failure]", config: Config) -> None:
    """Say on stderr which trials failed, why, and where the first of them went wrong."""
    if not failures:
        return
    from sim.montecarlo.failures import describe

    failed = sum(len(each.trials) for each in failures)
    complain(f"{failed} of {config.run.trials} trials failed and are not in the result:\n{describe(failures)}")
    if trace := next((each.trace for each in failures if each.trace), ""):
        complain(trace.rstrip())
