"""What the examination of a data set found: every problem with its file, row and column."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.kinds import COLUMN, ERROR, KINDS, UNREAD
from sim.core.tables import Table

Rows = NDArray[np.int64]
Text = str | Callable[[int], str]

SHOWN: Final = 20
"""Problems of one kind and column that get a line each; the rows of the others stand together in one line."""
_SPAN: Final = 2**32
_NO_ROWS: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Finding:
    """One kind of problem in one column of one table.

    rows  : positions in the table (from 0) at which it is; empty where it is about the whole column or file.
    text  : one sentence for all, or for each row; fatal : whether it makes a result wrong.
    """

    kind: str
    fatal: bool
    table: str
    column: str
    rows: Rows
    text: Text


@dataclass
class Examination:
    """A data set under examination.

    files  : table to name of its file. tables : columns that could be read; whole numbers are float64 with NaN.
    read   : table to the columns that the endpoints asked for depend on.
    """

    files: dict[str, str]
    tables: dict[str, Table]
    read: dict[str, frozenset[str]]
    findings: list[Finding] = field(default_factory=list)
    _keys: dict[str, Rows] = field(default_factory=dict)

    def has(self, table: str, *columns: str) -> bool:
        """Whether a table was read and has these columns."""
        return table in self.tables and all(name in self.tables[table] for name in columns)

    def keys(self, table: str) -> Rows:
        """One whole number for trial and subject of each row of a table; -1 where either is missing."""
        if table not in self._keys:
            self._keys[table] = subject_keys(self.tables[table])
        return self._keys[table]

    def note(self, kind: str, table: str, text: Text, *, column: str = "", rows: Any = _NO_ROWS) -> None:
        """Keep a problem; `rows` is an array of positions, or a mask of the table's length."""
        severity, _ = KINDS[kind]
        fatal = severity == ERROR or (severity == COLUMN and column in self.read[table])
        places = np.asarray(rows)
        places = np.flatnonzero(places) if places.dtype == np.bool_ else places.astype(np.int64)
        self.findings.append(Finding(kind, fatal, table, column, places, text))

    def note_rows(self, kind: str, table: str, text: Text, *, column: str, rows: Any) -> None:
        """Keep a problem of rows, if there are any."""
        if np.any(rows) if np.asarray(rows).dtype == np.bool_ else len(rows):
            self.note(kind, table, text, column=column, rows=rows)

    def emptied(self, table: str, column: str) -> NDArray[np.bool_]:
        """Rows of a column whose value could not be read: noted, and not to be called missing, too."""
        rows = np.zeros(self.tables[table].length, dtype=np.bool_)
        for each in self.findings:
            if (each.table, each.column) == (table, column) and each.kind in UNREAD:
                rows[each.rows if len(each.rows) else slice(None)] = True
        return rows

    @property
    def fatal(self) -> bool:
        """Whether anything makes a result wrong."""
        return any(finding.fatal for finding in self.findings)

    @property
    def fatal_count(self) -> int:
        """How many kinds of problem, each in one column, make a result wrong."""
        return sum(finding.fatal for finding in self.findings)

    def lines(self, *, fatal: bool) -> list[str]:
        """The problems as sentences, either those that make a result wrong or the warnings."""
        return [line for finding in self.findings if finding.fatal == fatal for line in self._sentences(finding)]

    def _sentences(self, finding: Finding) -> Iterator[str]:
        head = "error" if finding.fatal else "warning"
        file = self.files.get(finding.table, finding.table)
        column = f", column {finding.column}" if finding.column else ""
        if not len(finding.rows):
            yield f"{head}: {file}{column}: {_said(finding, 0)} [{finding.kind}]"
            return
        for row in finding.rows[:SHOWN].tolist():
            where = f"{file}, row {row + 1}{self._who(finding.table, row)}{column}"
            yield f"{head}: {where}: {_said(finding, row)} [{finding.kind}]"
        if len(finding.rows) > SHOWN:
            rest = finding.rows[SHOWN:]
            yield f"{head}: {file}, {len(rest)} more rows{column}: {ranges(rest + 1)} [{finding.kind}]"

    def _who(self, table: str, row: int) -> str:
        if table not in self.tables:
            return ""
        columns = self.tables[table]
        said = [
            f"{name} {_plain(columns[name][row])}"
            for name in ("trial", "subject", "visit")
            if name in columns and row < columns.length and _plain(columns[name][row])
        ]
        return f" ({', '.join(said)})" if said else ""


def subject_keys(table: Table) -> Rows:
    """One whole number for trial and subject of each row; -1 where either is missing."""
    trial, subject = table["trial"], table["subject"]
    known = ~(np.isnan(trial) | np.isnan(subject))
    whole = np.where(known, trial, 0).astype(np.int64) * _SPAN + np.where(known, subject, 0).astype(np.int64)
    return np.where(known, whole, -1)


def ranges(rows: Rows) -> str:
    """Ascending whole numbers with runs joined: 3, 5–9, 12."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    runs = np.split(rows, breaks)
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def number(value: float) -> str:
    """A number as a person would write it; "" for NaN."""
    return "" if np.isnan(value) else f"{value:.6g}"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str) else number(float(value))


def _said(finding: Finding, row: int) -> str:
    return finding.text if isinstance(finding.text, str) else finding.text(row)
