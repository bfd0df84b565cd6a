"""A sweep: every combination of the swept values, each in its own folder, one combined table at the end."""

import contextlib
import traceback
from collections.abc import Sequence
from pathlib import Path

from sim.cli.cell import Cell, all_refused, progress
from sim.cli.combined import write_combined
from sim.cli.command import RunFailedError, complain
from sim.cli.ledger import (
    DONE,
    FAILED,
    REFUSED,
    RUNNING,
    STALE,
    Line,
    dropped,
    standing_of,
    without_page,
    write_ledger,
)
from sim.cli.overrides import given
from sim.cli.run import prepare, record
from sim.cli.store import is_full, told_if_full, with_folder
from sim.config.compose import sweep_cells, swept_values
from sim.core.errors import InputError
from sim.storage.folder import run_folder


def run_sweep(overrides: Sequence[str], config_folder: str | None) -> int:
    """Run every cell that is not done yet; a cell that fails never stops the others.

    Given the folder of an interrupted sweep, what is finished there is taken as it is.
    Status : 0 if every cell is done; 2 if one was refused for its input, else 1 if one failed.
    Errors : InputError, before anything is written, if every cell is refused.
    """
    texts = sweep_cells(overrides, config_folder)
    cells = [
        Cell(Line(number, " ".join(text)), text, swept)
        for number, (text, swept) in enumerate(zip(texts, swept_values(texts), strict=True))
    ]
    for cell in cells:
        _check(cell, config_folder)
    ready = [cell.prepared for cell in cells if cell.prepared is not None]
    if not ready:
        raise all_refused(cells)
    fresh = not given(overrides, "hydra.sweep.dir")
    with run_folder(ready[0].sweep_folder, "hydra.sweep.dir", fresh=fresh) as folder:
        again = with_folder(overrides, config_folder, "hydra.sweep.dir", folder, sweep=True)
        try:
            _run_all(cells, folder)
            files = write_combined(cells, folder, overrides)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"interrupted; {progress(cells)}; go on with\n  {again}") from None
        except OSError as error:
            raise told_if_full(error, f"{progress(cells)}; go on with\n  {again}") from None
    _report(cells)
    print("\n".join(["", "Synthetic data, written to", *(f"  {path}" for path in files)]))
    statuses = {cell.line.status for cell in cells}
    return 2 if REFUSED in statuses else 1 if FAILED in statuses else 0


def _check(cell: Cell, config_folder: str | None) -> None:
    try:
        cell.prepared = prepare(cell.overrides, config_folder)
    except InputError as error:
        cell.note(REFUSED, "\n".join(error.problems))


def _run_all(cells: Sequence[Cell], folder: Path) -> None:
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
        complain(progress(cells))
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


def _run(cell: Cell, folder: Path) -> None:
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


def _report(cells: Sequence[Cell]) -> None:
    """List the cells that failed, on stderr."""
    bad = [cell for cell in cells if cell.line.status != DONE]
    if bad:
        complain(f"{len(bad)} of {len(cells)} cells failed:")
    for cell in bad:
        line = cell.line
        complain(f"  {line.cell}: {cell.title}: {line.status}\n    " + line.error.replace("\n", "\n    "))
