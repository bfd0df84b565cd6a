"""A sweep: every combination of the swept values, each in its own folder, one combined table at the end."""

import hashlib
import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.cli.command import RunFailedError, complain
from sim.cli.run import Prepared, given, prepare, record
from sim.config.compose import sweep_cells, swept_values
from sim.config.config import canonical_yaml, digest, parts
from sim.core.dictionary.entry import Entry, Kind
from sim.core.errors import InputError
from sim.core.tables import Table, concatenate
from sim.storage.folder import run_folder
from sim.storage.parquet import write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv

_INPUT: Final = "input error"
_OTHER: Final = "failed"


@dataclass
class _Cell:
    """One combination: what was asked, what came of it."""

    number: int
    overrides: tuple[str, ...]
    swept: Mapping[str, str]
    prepared: Prepared | None = None
    status: str = "not run"
    error: str = ""
    engine: str = ""
    power: Table | None = None

    @property
    def title(self) -> str:
        return " ".join(f"{key}={value}" for key, value in self.swept.items()) or "no swept key"


def run_sweep(overrides: Sequence[str], config_folder: str | None) -> int:
    """Run every cell; a cell that fails never stops the others.

    Status : 0 if every cell is done; 2 if one was refused for its input, else 1 if one failed.
    Errors : InputError, before anything is written, if every cell is refused.
    """
    texts = sweep_cells(overrides, config_folder)
    cells = [
        _Cell(number, text, swept)
        for number, (text, swept) in enumerate(zip(texts, swept_values(texts), strict=True))
    ]
    for cell in cells:
        _check(cell, config_folder)
    ready = [cell.prepared for cell in cells if cell.prepared is not None]
    if not ready:
        raise InputError(list(dict.fromkeys(line for cell in cells for line in cell.error.splitlines())))
    fresh = not given(overrides, "hydra.sweep.dir")
    with run_folder(ready[0].sweep_folder, "hydra.sweep.dir", fresh=fresh) as folder:
        for cell in cells:
            _run(cell, folder, len(cells))
        files = _write(cells, folder, overrides)
    _report(cells)
    print("\n".join(["", "Synthetic data, written to", *(f"  {path}" for path in files)]))
    statuses = {cell.status for cell in cells}
    return 2 if _INPUT in statuses else 1 if _OTHER in statuses else 0


def combined_power(swept: Sequence[Mapping[str, str]], tables: Sequence[Table]) -> tuple[Table, dict[str, Entry]]:
    """Power tables of several cells, one below the other, with a column for each swept key.

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
        cell.status, cell.error = _INPUT, "\n".join(error.problems)


def _run(cell: _Cell, folder: Path, cells: int) -> None:
    """Run a cell that was not refused; whatever happens is noted in the cell."""
    if cell.prepared is None:
        return
    from sim.cli.tasks import perform

    complain(f"cell {cell.number + 1} of {cells}: {cell.title}")
    try:
        with run_folder(folder / str(cell.number), "hydra.sweep.dir", fresh=False) as own:
            record(own, cell.prepared)
            result = perform(cell.prepared, own)
    except InputError as error:
        cell.status, cell.error = _INPUT, "\n".join(error.problems)
    except RunFailedError as error:
        cell.status, cell.error = _OTHER, str(error)
    except Exception as error:
        cell.status, cell.error = _OTHER, f"{type(error).__name__}: {error}"
        complain(traceback.format_exc().rstrip())
    else:
        cell.status, cell.engine, cell.power = "done", result.engine, result.power


def _write(cells: Sequence[_Cell], folder: Path, overrides: Sequence[str]) -> list[Path]:
    """The list of cells, and the combined table of those that have one; prints the latter."""
    if all(cell.status == _INPUT for cell in cells):
        raise InputError(list(dict.fromkeys(line for cell in cells for line in cell.error.splitlines())))
    files = [folder / "cells.csv"]
    write_csv(files[0], _ledger(cells))
    done = [(cell, cell.power) for cell in cells if cell.power is not None]
    if not done:
        return files
    rows = [{"cell": str(cell.number), **cell.swept} for cell, _ in done]
    table, entries = combined_power(rows, [power for _, power in done])
    files += [folder / "power.parquet", folder / "power.csv"]
    write_table(files[1], "power", table, _provenance([cell for cell, _ in done], overrides), entries)
    write_csv(files[2], table)
    print(_text(table, [key for key in entries if key != "cell"]))
    return files


def _ledger(cells: Sequence[_Cell]) -> Table:
    return Table(
        {
            "cell": np.array([cell.number for cell in cells], np.int32),
            "status": np.array([cell.status for cell in cells], np.str_),
            "overrides": np.array([" ".join(cell.overrides) for cell in cells], np.str_),
            "error": np.array([cell.error.replace("\n", "; ") for cell in cells], np.str_),
        }
    )


def _report(cells: Sequence[_Cell]) -> None:
    """List the cells that failed, on stderr."""
    bad = [cell for cell in cells if cell.status != "done"]
    if bad:
        complain(f"{len(bad)} of {len(cells)} cells failed:")
    for cell in bad:
        complain(f"  {cell.number}: {cell.title}: {cell.status}\n    " + cell.error.replace("\n", "\n    "))


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


def _provenance(cells: Sequence[_Cell], overrides: Sequence[str]) -> dict[str, str]:
    """Of the combined table: every cell's overrides and digest; the digest of the whole is that of these."""
    from sim.cli.tasks import command

    prepared = [cell.prepared for cell in cells if cell.prepared is not None]
    listed = [
        {"cell": cell.number, "overrides": list(cell.overrides), "configuration": parts(one.config)}
        for cell, one in zip(cells, prepared, strict=True)
    ]
    digests = "\n".join(digest(parts(one.config)) for one in prepared)
    seeds = sorted({one.config.run.seed for one in prepared})
    return provenance(
        configuration=canonical_yaml({"cells": listed}),
        configuration_sha256=hashlib.sha256(digests.encode()).hexdigest(),
        seed=", ".join(map(str, seeds)),
        engine=", ".join(sorted({cell.engine for cell in cells})),
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
