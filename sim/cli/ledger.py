"""The ledger of a sweep: what became of each cell, on disk while the sweep runs.

waiting      not begun
running      begun and not finished; a killed sweep leaves it so
done         its table stands in its folder, made from what the cell asks for; a missing page is made of it
failed       with its error; input error: refused, with the reason
stale        its folder holds a table made from something else, or the sweep does not have this cell any more
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sim.cli.run import READS_DATA, Prepared
from sim.cli.tasks.report import page_of
from sim.config.config import digest, parts
from sim.config.measures import VALUED
from sim.core.columns import COHORT_TABLES
from sim.core.source import model_digest
from sim.core.tables import Table
from sim.report.leads import leading
from sim.storage.parquet import read_provenance, read_table
from sim.storage.text import write_csv

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
REFUSED: Final = "input error"
STALE: Final = "stale"


@dataclass
class Line:
    """One cell: its number, which is the name of its folder, what was asked, and what became of it."""

    cell: int
    overrides: str
    status: str = WAITING
    error: str = ""


def write_ledger(path: Path, lines: Sequence[Line]) -> None:
    """Write the ledger as a whole."""
    write_csv(
        path,
        Table(
            {
                "cell": np.array([line.cell for line in lines], np.int32),
                "status": np.array([line.status for line in lines], np.str_),
                "overrides": np.array([line.overrides for line in lines], np.str_),
                "error": np.array([line.error.replace("\n", "; ") for line in lines], np.str_),
            }
        ),
    )


def dropped(path: Path, cells: int) -> list[Line]:
    """Cells of an older ledger at this place that this sweep does not have any more; they are stale."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["cell"]) >= cells]
    return [Line(int(row["cell"]), row["overrides"], STALE, row["error"]) for row in rows]


def last_table(task: str, endpoint: str | None = None) -> str:
    """The table that a task about an endpoint (None: all) writes last: where it stands all is done."""
    if task == "readings":
        return "value_readings" if endpoint in VALUED else "power"
    return task


def standing_of(prepared: Prepared, folder: Path) -> str:
    """Whether a cell's folder holds what the cell asks for (done), something else (stale), or nothing (waiting).

    A file that cannot be read back is nothing.
    """
    task = prepared.config.task
    if task in READS_DATA:  # the digest does not know what is in the data
        return WAITING
    names = COHORT_TABLES if task == "cohort" else (last_table(task, prepared.config.endpoint),)
    paths = [folder / f"{name}.parquet" for name in names]
    if not all(path.exists() for path in paths):
        return WAITING
    wanted = digest(parts(prepared.config)), model_digest()
    try:
        said = [read_provenance(path) for path in paths]
        read_table(paths[-1])
    except (OSError, ValueError, KeyError):
        return WAITING
    found = {(each.get("configuration_sha256"), each.get("model_sha256")) for each in said}
    return DONE if found == {wanted} else STALE


def without_page(prepared: Prepared, folder: Path) -> str | None:
    """The clock of a cell that is done, if a page was asked for and none was made after its tables; else None.

    A run can be killed between its leading table, which is the last, and its page.
    """
    table = folder / f"{last_table(prepared.config.task, prepared.config.endpoint)}.parquet"
    pages = [folder / page_of(name) for name in prepared.config.report.formats]
    if not leading([table]) or all(_later(page, table) for page in pages):
        return None
    return read_provenance(table)["engine"]


def _later(page: Path, table: Path) -> bool:
    return page.exists() and page.stat().st_mtime_ns >= table.stat().st_mtime_ns
