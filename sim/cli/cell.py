"""A cell of a sweep: one combination of the swept values, what it asks for and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.cli.ledger import DONE, STALE, Line
from sim.cli.run import Prepared
from sim.core.errors import InputError


@dataclass
class Cell:
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
        """The swept values."""
        return " ".join(f"{key}={value}" for key, value in self.swept.items()) or "no swept key"

    def note(self, status: str, error: str = "") -> None:
        """Say in the ledger's line what became of it."""
        self.line.status, self.line.error = status, error


def all_refused(cells: Sequence[Cell]) -> InputError:
    """What to raise where no cell can be run: each problem once."""
    return InputError(list(dict.fromkeys(line for cell in cells for line in cell.line.error.splitlines())))


def progress(cells: Sequence[Cell]) -> str:
    """How many cells are done, for a person."""
    done = sum(cell.line.status == DONE for cell in cells)
    stale = sum(cell.line.status == STALE for cell in cells)
    return f"{done} of {len(cells)} cells are done" + (f", {stale} stale" if stale else "")
