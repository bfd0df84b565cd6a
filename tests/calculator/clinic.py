"""A small clinic's data set, written by hand as rows: six treated subjects and one screen failure."""

import csv
import dataclasses
from pathlib import Path
from typing import Any

from sim.calculator.dataset import Examined, examine
from tests.endpoints.records import CLINICAL, NOMINAL, SICK, WELL, WITHOUT_SEROLOGY, analysis

Rows = list[dict[str, Any]]
Tables = dict[str, Rows]
SUBJECTS = range(6)
_SHIPPED = analysis()


def clinic() -> Tables:
    """Subjects 0 to 2 have nephritis, 3 to 5 cytopenia (platelets); all respond to everything."""
    candidates: Rows = [_candidate(number, number, "LN" if number < 3 else "LC") for number in SUBJECTS]
    candidates.append(_candidate(6, None, "LC"))
    return {
        "candidates": candidates,
        "visits": [_visit(subject, name) for subject in SUBJECTS for name in NOMINAL],
        "dosing": [row for subject in SUBJECTS for row in _dosing(subject)],
        "infusions": [_infusion(subject, number) for subject in SUBJECTS for number in (1, 2)],
        "events": [_event(1, 60, "infection", "not serious"), _event(4, 70, "infection", "not serious")],
    }


def _candidate(number: int, subject: int | None, subgroup: str) -> dict[str, Any]:
    cytopenia = subgroup == "LC"
    return {
        "trial": 0,
        "candidate": number,
        "subject": subject,
        "subgroup": subgroup,
        "age": 30.0 + number,
        "sex": "M" if number == 2 else "F",
        "weight": 56.0,
        "height": 162.0,
        "I5_1E": False if cytopenia else None,
        "I5_1N": False if cytopenia else None,
        "I5_1L": False if cytopenia else None,
        "I5_1P": True if cytopenia else None,
        "eligible": subject is not None,
    }


def _visit(subject: int, name: str) -> dict[str, Any]:
    day = NOMINAL[name]
    row: dict[str, Any] = {
        "trial": 0,
        "subject": subject,
        "visit": name,
        "planned_day": day,
        "day": day,
        "attended": True,
        "subgroup": "LN" if subject < 3 else "LC",
        "sex": "M" if subject == 2 else "F",
        "prednisone_dose": _dose(day),
        "pga": 1.0,
        "sdi": 1,
        "bilag_renal": "D",
        **(SICK if day <= 0 else WELL),
    }
    row["cellular_casts"] = False
    if name in WITHOUT_SEROLOGY:
        row |= {"c3": None, "c4": None, "anti_dsdna": None}
    return row | {f"sledai_{item}": item == "arthritis" and day <= 0 for item in CLINICAL}


PERIODS = ((0, 6, 20.0, "baseline"), (7, 27, 10.0, "taper"), (28, 83, 7.5, "taper"), (84, 168, 5.0, "taper"))


def _dose(day: int) -> float:
    return next((dose for start, end, dose, _ in PERIODS if start <= day <= end), 20.0)


def _dosing(subject: int) -> Rows:
    return [
        {"trial": 0, "subject": subject, "start_day": start, "end_day": end, "dose": dose, "reason": reason}
        for start, end, dose, reason in PERIODS
    ]


def _infusion(subject: int, number: int) -> dict[str, Any]:
    day = 0 if number == 1 else 84
    return {
        "trial": 0,
        "subject": subject,
        "infusion": number,
        "planned_day": day,
        "day": day,
        "cells_per_kg": 2e6,
        "reason_not_given": None,
    }


def _event(subject: int, day: int, kind: str, detail: str | None) -> dict[str, Any]:
    return {"trial": 0, "subject": subject, "day": day, "kind": kind, "severity": None, "detail": detail}


def event(tables: Tables, subject: int, day: int, kind: str, detail: str | None = None) -> int:
    """Add an event; its row, from 0."""
    tables["events"].append(_event(subject, day, kind, detail))
    return len(tables["events"]) - 1


def place(rows: Rows, **wanted: Any) -> int:
    """The first row that has these values, from 0."""
    return next(
        number for number, row in enumerate(rows) if all(row[key] == value for key, value in wanted.items())
    )


def write_csv(folder: Path, tables: Tables, only: tuple[str, ...] = ()) -> Path:
    """Write tables as CSV files, as a clinic's software would; missing values are empty."""
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        if rows and (not only or name in only):
            header = list(dict.fromkeys(key for row in rows for key in row))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(header)
                writer.writerows([_cell(row.get(key)) for key in header] for row in rows)
    return folder


def _cell(value: Any) -> Any:
    if value is None or value != value:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def examined(folder: Path, **readings: Any) -> Examined:
    """Examine a folder with the shipped readings, some changed."""
    return examine(folder, dataclasses.replace(_SHIPPED, **readings))
