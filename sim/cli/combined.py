"""The combined table of a sweep: the cells of one task below each other, and what it says on the terminal."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.cli.cell import Cell, all_refused
from sim.cli.ledger import DONE, REFUSED, last_table
from sim.cli.run import READS_DATA
from sim.cli.tasks.report import make_report
from sim.config.config import canonical_yaml, digest, parts
from sim.core.dictionary.entry import Entry, Kind
from sim.core.tables import Table, concatenate
from sim.storage.parquet import read_provenance, read_table, write_table
from sim.storage.provenance import provenance
from sim.storage.text import write_csv

_SHOWN: Final = (
    *("endpoint", "population", "effect", "alpha", "n", "critical_value"),
    *("response_rate", "power", "power_mcse"),
)
"""Columns of the power table that matter most."""


def write_combined(cells: Sequence[Cell], folder: Path, overrides: Sequence[str]) -> list[Path]:
    """The combined table of the cells of one task that have one, as it stands in their folders; prints power."""
    if all(cell.line.status == REFUSED for cell in cells):
        (folder / "cells.csv").unlink(missing_ok=True)
        raise all_refused(cells)
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
    if others := [str(cell.line.cell) for cell in cells if cell.line.status == DONE and cell not in done]:
        print(f"Not in the combined table, for they have another one than {name}: cells {', '.join(others)}")
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


def _headlines(folder: Path) -> str:
    """The table of the sweep's page for the terminal."""
    from sim.report.results import read
    from sim.report.sweep import sweep_lines
    from sim.words.layout import aligned

    return "\n".join(
        ["Synthetic; ± Monte Carlo standard error, in points.", "", *aligned(sweep_lines(read(folder)))]
    )


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


def _provenance(cells: Sequence[Cell], engines: Iterable[str], overrides: Sequence[str]) -> dict[str, str]:
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
