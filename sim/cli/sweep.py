"""A sweep: every combination of the swept values, each in its own folder, one combined table at the end."""

import contextlib
import hashlib
import math
import re
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.cli.command import RunFailedError, complain
from sim.cli.ledger import (
    DONE,
    FAILED,
    REFUSED,
    RUNNING,
    STALE,
    Line,
    dropped,
    last_table,
    standing_of,
    without_page,
    write_ledger,
)
from sim.cli.overrides import given
from sim.cli.run import READS_DATA, Prepared, prepare, record
from sim.cli.store import is_full, told_if_full, with_folder
from sim.cli.tasks.report import make_report
from sim.config.compose import sweep_cells, swept_values
from sim.config.config import canonical_yaml, digest, parts
from sim.core.dictionary.entry import Entry, Kind
from sim.core.errors import InputError
from sim.core.tables import Table, concatenate
from sim.storage.folder import run_folder
from sim.storage.parquet import read_provenance, read_table, write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv


@dataclass
class _Cell:
    """One combination: what was asked, what came of it.

    clock : of a cell whose tables are there and whose page is not; else None.
    """

    line: Line
    overrides: tuple[str, ...]
    swept: Mapping[str, str]
    prepared: Prepared | None = None
    clock: str | None = None

    @property
    def title(self) -> str:
        return " ".join(f"{key}={value}" for key, value in self.swept.items()) or "no swept key"

    def note(self, status: str, error: str = "") -> None:
        self.line.status, self.line.error = status, error


def run_sweep(overrides: Sequence[str], config_folder: str | None) -> int:
    """Run every cell that is not done yet; a cell that fails never stops the others.

    Given the folder of an interrupted sweep, what is finished there is taken as it is.
    Status : 0 if every cell is done; 2 if one was refused for its input, else 1 if one failed.
    Errors : InputError, before anything is written, if every cell is refused.
    """
    texts = sweep_cells(overrides, config_folder)
    cells = [
        _Cell(Line(number, " ".join(text)), text, swept)
        for number, (text, swept) in enumerate(zip(texts, swept_values(texts), strict=True))
    ]
    for cell in cells:
        _check(cell, config_folder)
    ready = [cell.prepared for cell in cells if cell.prepared is not None]
    if not ready:
        raise _all_refused(cells)
    fresh = not given(overrides, "hydra.sweep.dir")
    with run_folder(ready[0].sweep_folder, "hydra.sweep.dir", fresh=fresh) as folder:
        again = with_folder(overrides, config_folder, "hydra.sweep.dir", folder, sweep=True)
        try:
            _run_all(cells, folder)
            files = _write(cells, folder, overrides)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"interrupted; {_progress(cells)}; go on with\n  {again}") from None
        except OSError as error:
            raise told_if_full(error, f"{_progress(cells)}; go on with\n  {again}") from None
    _report(cells)
    print("\n".join(["", "Synthetic data, written to", *(f"  {path}" for path in files)]))
    statuses = {cell.line.status for cell in cells}
    return 2 if REFUSED in statuses else 1 if FAILED in statuses else 0


def combined_table(swept: Sequence[Mapping[str, str]], tables: Sequence[Table]) -> tuple[Table, dict[str, Entry]]:
    """Tables of several cells, one below the other, with a column for each swept key.

    swept : for each table the swept keys and the text of their values. A key that is a column already, such as
            `effect`, keeps that column. Numbers become numbers, everything else stays text.
    Result : the table, the added columns first, and the entries of the columns that were added.
    """
    entries = {
        key: Entry(key, _kind([row[key] for row in swept]), "", f"Swept key {key}", nullable=True)
        for key in swept[0]
        if key not in tables[0]
    }
    rows = [_with_keys(row, table, entries) for row, table in zip(swept, tables, strict=True)]
    return concatenate(rows), entries


def _check(cell: _Cell, config_folder: str | None) -> None:
    try:
        cell.prepared = prepare(cell.overrides, config_folder)
    except InputError as error:
        cell.note(REFUSED, "\n".join(error.problems))


def _run_all(cells: Sequence[_Cell], folder: Path) -> None:
    """Run what is not done, with the ledger on disk all the while."""
    ledger = folder / "cells.csv"
    lines = [cell.line for cell in cells] + dropped(ledger, len(cells))
    todo = []
    for cell in cells:
        if cell.prepared is not None:
            cell.note(standing_of(cell.prepared, folder / str(cell.line.cell)))
            if cell.line.status == DONE:
                cell.clock = without_page(cell.prepared, folder / str(cell.line.cell))
            if cell.line.status != DONE or cell.clock is not None:
                todo.append(cell)
    if len(todo) < len(cells) and any(cell.line.status == DONE for cell in cells):
        complain(_progress(cells))
    from sim.montecarlo.executors import kept_workers

    with contextlib.ExitStack() as stack:
        stack.callback(write_ledger, ledger, lines)
        stack.enter_context(kept_workers())
        for cell in todo:
            was_stale = cell.line.status == STALE
            cell.note(RUNNING)
            write_ledger(ledger, lines)
            complain(
                f"cell {cell.line.cell + 1} of {len(cells)}: {cell.title}"
                + (" (stale)" if was_stale else " (its page alone)" if cell.clock is not None else "")
            )
            _run(cell, folder)


def _run(cell: _Cell, folder: Path) -> None:
    """Run a cell, or make the page that it lacks; whatever happens is noted in it, but a disk without room or
    Ctrl-C stops the sweep.
    """
    from sim.cli.task import perform, write_report

    prepared = cell.prepared
    if prepared is None:
        return
    try:
        with run_folder(folder / str(cell.line.cell), "hydra.sweep.dir", fresh=False) as own:
            if cell.clock is not None:
                write_report(prepared, own, cell.clock)
            else:
                record(own, prepared)
                perform(prepared, own)
    except InputError as error:
        cell.note(REFUSED, "\n".join(error.problems))
    except RunFailedError as error:
        cell.note(FAILED, str(error))
    except Exception as error:
        if isinstance(error, OSError) and is_full(error):
            raise
        cell.note(FAILED, f"{type(error).__name__}: {error}")
        complain(traceback.format_exc().rstrip())
    else:
        cell.note(DONE)


def _write(cells: Sequence[_Cell], folder: Path, overrides: Sequence[str]) -> list[Path]:
    """The combined table of the cells of one task that have one, as it stands in their folders; prints power."""
    if all(cell.line.status == REFUSED for cell in cells):
        (folder / "cells.csv").unlink(missing_ok=True)
        raise _all_refused(cells)
    files = [folder / "cells.csv"]
    tasks = {cell.prepared.config.task for cell in cells if cell.prepared is not None}
    task = tasks.pop()
    if tasks or task in ("cohort", *READS_DATA):
        return files
    name = last_table(task, next(cell.prepared.config.endpoint for cell in cells if cell.prepared is not None))
    paths = {cell.line.cell: folder / str(cell.line.cell) / f"{name}.parquet" for cell in cells}
    done = [cell for cell in cells if cell.line.status == DONE and paths[cell.line.cell].exists()]
    if not done:
        return files
    rows = [{"cell": str(cell.line.cell), **cell.swept} for cell in done]
    table, entries = combined_table(rows, [read_table(paths[cell.line.cell]) for cell in done])
    engines = {read_provenance(paths[cell.line.cell])["engine"] for cell in done}
    files += [folder / f"{name}.parquet", folder / f"{name}.csv"]
    write_table(files[1], name, table, _provenance(done, engines, overrides), entries)
    write_csv(files[2], table)
    if name == "power":
        print(_text(table, [key for key in entries if key != "cell"]))
    else:
        print(_headlines(folder))
        texts = (folder / str(cell.line.cell) / "summary.txt" for cell in done)
        files += [text for text in texts if text.exists()]
    formats = next(cell.prepared.config.report.formats for cell in done if cell.prepared is not None)
    return [*files, *make_report(folder, formats)]


def _headlines(folder: Path) -> str:
    """The table of the sweep's page for the terminal."""
    from sim.report.results import read
    from sim.report.sweep import sweep_lines
    from sim.words.layout import aligned

    return "\n".join(
        ["Synthetic; ± Monte Carlo standard error, in points.", "", *aligned(sweep_lines(read(folder)))]
    )


def _all_refused(cells: Sequence[_Cell]) -> InputError:
    return InputError(list(dict.fromkeys(line for cell in cells for line in cell.line.error.splitlines())))


def _progress(cells: Sequence[_Cell]) -> str:
    done = sum(cell.line.status == DONE for cell in cells)
    stale = sum(cell.line.status == STALE for cell in cells)
    return f"{done} of {len(cells)} cells are done" + (f", {stale} stale" if stale else "")


def _report(cells: Sequence[_Cell]) -> None:
    """List the cells that failed, on stderr."""
    bad = [cell for cell in cells if cell.line.status != DONE]
    if bad:
        complain(f"{len(bad)} of {len(cells)} cells failed:")
    for cell in bad:
        line = cell.line
        complain(f"  {line.cell}: {cell.title}: {line.status}\n    " + line.error.replace("\n", "\n    "))


def _kind(texts: Sequence[str]) -> Kind:
    """int32 or real where every text is such a number, else text."""
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        return "text"
    whole = all(re.fullmatch(r"[+-]?\d{1,9}", text) for text in texts)
    return "int32" if whole else "real" if all(map(math.isfinite, numbers)) else "text"


def _with_keys(row: Mapping[str, str], table: Table, entries: Mapping[str, Entry]) -> Table:
    added: dict[str, Any] = {}
    for key, entry in entries.items():
        value = {"int32": int, "real": float}.get(entry.kind, str)(row[key])
        added[key] = np.full(table.length, value)
    return Table({**added, **table})


def _provenance(cells: Sequence[_Cell], engines: Iterable[str], overrides: Sequence[str]) -> dict[str, str]:
    """Of the combined table: every cell's overrides and digest; the digest of the whole is that of these."""
    from sim.cli.task import command

    prepared = [cell.prepared for cell in cells if cell.prepared is not None]
    listed = [
        {"cell": cell.line.cell, "overrides": list(cell.overrides), "configuration": parts(one.config)}
        for cell, one in zip(cells, prepared, strict=True)
    ]
    digests = "\n".join(digest(parts(one.config)) for one in prepared)
    seeds = sorted({one.config.run.seed for one in prepared})
    return provenance(
        configuration=canonical_yaml({"cells": listed}),
        configuration_sha256=hashlib.sha256(digests.encode()).hexdigest(),
        seed=", ".join(map(str, seeds)),
        engine=", ".join(sorted(engines)),
        command=command(overrides, sweep=True),
    )


_SHOWN: Final = (
    "endpoint",
    "population",
    "effect",
    "alpha",
    "n",
    "critical_value",
    "response_rate",
    "power",
    "power_mcse",
)


def _text(table: Table, keys: Sequence[str]) -> str:
    """The combined table for the terminal: swept keys, then the columns that matter most."""
    names = [*keys, *_SHOWN]
    lines = [names, *([_shown(table[name][row]) for name in names] for row in range(table.length))]
    widths = [max(len(line[k]) for line in lines) for k in range(len(names))]
    aligned = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join(["Synthetic: virtual patients only.", "", *aligned])


def _shown(value: Any) -> str:
    if not isinstance(value, float):
        return str(value)
    if np.isnan(value):
        return "–"
    return f"{value:.0f}" if value >= 1 and value == int(value) else f"{value:.4g}"
