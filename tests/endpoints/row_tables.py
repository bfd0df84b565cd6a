"""A data set of rows (dicts, None where missing) as the tables that the endpoint calculator reads."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from sim.core.tables import Table
from sim.endpoints.dataset import DataSet
from sim.instruments.bilag import DOMAINS

Row = dict[str, Any]
GRADES = tuple(f"bilag_{name}" for name in DOMAINS)
TEXTS = ("subgroup", "sex", "visit", "reason", "kind", "detail", "severity", *GRADES)
CANDIDATE_FLAGS = ("I5_1E", "I5_1N", "I5_1L", "I5_1P")


def numbers(rows: list[Row], name: str) -> np.ndarray:
    return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=np.float64)


def flags(rows: list[Row], name: str) -> np.ndarray:
    return np.array([-1 if row[name] is None else row[name] for row in rows], dtype=np.int8)


def texts(rows: list[Row], name: str) -> np.ndarray:
    return np.array([row[name] or "" for row in rows], dtype=np.str_)


def table(rows: list[Row], whole: Iterable[str], measured: Iterable[str], flagged: Iterable[str] = ()) -> Table:
    """Columns of rows: trial and `whole` ones int64, `measured` ones float64 or words, `flagged` ones int8."""
    columns = {name: np.array([row[name] for row in rows], dtype=np.int64) for name in ("trial", *whole)}
    columns |= {name: texts(rows, name) if name in TEXTS else numbers(rows, name) for name in measured}
    return Table(columns | {name: flags(rows, name) for name in flagged})


def visits_table(rows: list[Row]) -> Table:
    """Every column of visits that rows have: measurements, flags, grades and derived ones."""
    names = rows[0].keys() - {"trial", "subject", "attended"}
    flagged = {name for name in names if any(isinstance(row[name], bool) for row in rows)}
    measured = sorted(names - flagged)
    attended = np.array([row["attended"] for row in rows], dtype=np.bool_)
    return table(rows, ("subject",), measured, sorted(flagged)).adding({"attended": attended})


def data_set(data: dict[str, list[Row]]) -> DataSet:
    """The five tables of a data set of rows."""
    return DataSet(
        candidates=table(data["candidates"], (), ("subject", "subgroup", "age", "sex"), CANDIDATE_FLAGS),
        visits=visits_table(data["visits"]),
        dosing=table(data["dosing"], ("subject", "start_day", "end_day"), ("dose", "reason")),
        infusions=table(data["infusions"], ("subject", "infusion"), ("day",)),
        events=table(data["events"], ("subject", "day"), ("kind", "detail", "severity")),
    )
