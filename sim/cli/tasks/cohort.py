"""task=cohort: synthetic data sets in the files of the data model."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.run import Prepared
from sim.cli.store import opened_store
from sim.cli.task import Result, heading, nothing_done, provenance_of, report_failures
from sim.core.tables import Table
from sim.storage.parquet import TableWriter, table_writer, write_table

if TYPE_CHECKING:
    from sim.montecarlo.failures import Failure


def perform(prepared: Prepared, folder: Path) -> Result:
    """Simulate data sets and write all their tables, and the curves of the times to event over all trials."""
    from sim import pipeline
    from sim.core.columns import COHORT_TABLES
    from sim.endpoints.safety_rates import lines as safety_lines
    from sim.endpoints.safety_rates import totals
    from sim.endpoints.survival import Tally, survival_text
    from sim.montecarlo.cohort import cohort_chunks
    from sim.montecarlo.failures import failures_of

    config = prepared.config
    engine: str = pipeline.engine_of(config)
    said = provenance_of(prepared, engine)
    files = {name: folder / f"{name}.parquet" for name in COHORT_TABLES}
    failures: list[Failure] = []
    rows = dict.fromkeys(COHORT_TABLES, 0)
    observed: dict[str, float] = {}
    tally = Tally()
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(opened_store(config, folder))
        writers = {name: stack.enter_context(table_writer(path, name, said)) for name, path in files.items()}
        for outcome in cohort_chunks(config, store):
            failures.extend(failures_of([outcome]))
            if outcome.value is not None:
                _append(writers, outcome.value, rows)
                _add(observed, totals(outcome.value["endpoints"]))
                tally.add(outcome.value["endpoints"])
        if sum(len(each.trials) for each in failures) == config.run.trials:
            report_failures(failures, config)
            raise nothing_done(failures)
        for writer in writers.values():
            writer.finish()
    report_failures(failures, config)
    lines = [heading(config, engine), "", *(f"{name:12}{count:>12,} rows" for name, count in rows.items())]
    curves, means = folder / "survival.parquet", folder / "restricted_mean.parquet"
    write_table(curves, "survival", tally.curves(), said)
    write_table(means, "restricted_mean", tally.means(), said)
    lines += ["", *survival_text(tally.means()), "", *safety_lines(observed)]
    lines.append("Malignancies come at a rate that was put in, whatever the cells do (D171).")
    return Result("\n".join(lines), (*files.values(), curves, means), engine)


def _add(observed: dict[str, float], more: Mapping[str, float]) -> None:
    for name, count in more.items():
        observed[name] = observed.get(name, 0.0) + count


def _append(writers: Mapping[str, TableWriter], tables: Mapping[str, Table], rows: dict[str, int]) -> None:
    for name, writer in writers.items():
        writer.append(tables[name])
        rows[name] += tables[name].length
