"""From a folder to a data set that can be scored, or to the list of everything that is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sim.calculator import files
from sim.calculator.cells import convert
from sim.calculator.days import check_days
from sim.calculator.derived import Compared, compare_derived
from sim.calculator.details import check_details
from sim.calculator.doses import check_doses
from sim.calculator.findings import Examination
from sim.calculator.grades import check_items, complete, gradable
from sim.calculator.needed import INPUTS, LINEAGES, required, wanted_by
from sim.calculator.people import check_people
from sim.calculator.states import compare_states
from sim.calculator.units import check_units
from sim.config.analysis import Analysis
from sim.core.columns import TABLES
from sim.core.tables import Column, Table
from sim.endpoints.dataset import DataSet

CHECKS: Final[tuple[Callable[[Examination], None], ...]] = (
    check_units,
    check_people,
    check_items,
    check_details,
    check_days,
    check_doses,
)
_BOTH: Final = frozenset({"LN", "LC"})


@dataclass(frozen=True)
class Examined:
    """What came of an examination.

    data      : the tables to score; None where something makes a result wrong.
    found     : every problem. compared : derived columns against their recomputation.
    synthetic : what the files say: true, false or unknown. digests : table to SHA-256 of its file.
    """

    data: DataSet | None
    found: Examination
    compared: tuple[Compared, ...]
    synthetic: str
    digests: dict[str, str]


def examine(folder: Path, analysis: Analysis) -> Examined:
    """Read and examine a data set in the data model's format, each table Parquet or CSV.

    Optional columns may be missing; all problems are collected before anything is decided.
    Errors : InputError where there is no such folder.
    """
    found = Examination({}, {}, {table: frozenset() for table in INPUTS})
    paths = files.find(folder, found)
    found.read = required(analysis, _BOTH, lineages_known=False)
    present: dict[str, list[str]] = {}
    for table in INPUTS:
        raw = files.read(table, paths[table], found) if table in paths else None
        if raw is not None:
            present[table] = raw.column_names
            convert(found, table, raw)
            if table == "candidates":
                found.read = required(analysis, _subgroups(found), _lineages_known(found))
    _missing_columns(found, present, analysis)
    for check in CHECKS:
        check(found)
    compared = compare_derived(found, analysis)
    data = None if found.fatal else _data_set(found.tables)
    if data is not None:
        data, grades = complete(found, data, analysis)
        compared += [*grades, *compare_states(found, data, analysis)]
    digests = {table: files.sha256(path) for table, path in paths.items()}
    return Examined(data, found, tuple(compared), _synthetic(paths, found), digests)


def _synthetic(paths: dict[str, Path], found: Examination) -> str:
    return files.says_synthetic({table: path for table, path in paths.items() if table in found.tables})


def _subgroups(found: Examination) -> frozenset[str]:
    """Subgroups of those enrolled; both where that is not known."""
    if not found.has("candidates", "subject", "subgroup"):
        return _BOTH
    candidates = found.tables["candidates"]
    enrolled = candidates["subgroup"][~np.isnan(candidates["subject"])]
    return frozenset(str(name) for name in np.unique(enrolled) if name) or _BOTH


def _lineages_known(found: Examination) -> bool:
    """Whether candidates says of everybody enrolled with cytopenia which lineages qualified."""
    if not found.has("candidates", "subject", "subgroup", *LINEAGES):
        return False
    candidates = found.tables["candidates"]
    asked = ~np.isnan(candidates["subject"]) & (candidates["subgroup"] == "LC")
    return all(bool((candidates[name][asked] != -1).all()) for name in LINEAGES)


def _missing_columns(found: Examination, present: dict[str, list[str]], analysis: Analysis) -> None:
    follows = {f"bilag_{name}" for name in gradable(present.get("candidates", ()), present.get("visits", ()))}
    for table, names in present.items():
        for column in sorted(found.read[table] - set(names) - follows):
            wanted = wanted_by(column, analysis) if table == "visits" else ()
            remedy = (
                f"; {', '.join(wanted)} read it: add it, or leave them out of analysis.endpoints" if wanted else ""
            )
            found.note("missing_column", table, f"is missing{remedy}", column=column)


def _data_set(tables: dict[str, Table]) -> DataSet:
    candidates, visits, dosing, infusions, events = (_typed(table, tables[table]) for table in INPUTS)
    return DataSet(candidates, visits, dosing, infusions, events)


def _typed(table: str, columns: Table) -> Table:
    """The columns as every other stage holds them: whole numbers and flags that cannot be missing as such."""
    return Table({name: _as_held(table, name, values) for name, values in columns.items()})


def _as_held(table: str, name: str, values: Column) -> Column:
    entry = TABLES[table][name]
    if entry.nullable or entry.kind not in ("int16", "int32", "flag"):
        return values
    if (values == -1).any() if entry.kind == "flag" else np.isnan(values).any():
        return values  # a column that no endpoint reads, with values missing
    return values == 1 if entry.kind == "flag" else values.astype(entry.kind)
