"""Units: does a column hold what patients have, or the same in another unit?

The limits are wide: a median outside them is no group of patients, whatever their disease (assumed). Conversion
factors are those of the SI brochure and of molar masses (creatinine 113.12 g/mol).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.findings import Examination, number
from sim.core.columns import entry

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Credible:
    """A column, the limits of a credible median, and units that are mistaken for its own.

    others : (unit, factor from that unit to the column's own).
    """

    table: str
    column: str
    low: float
    high: float
    others: tuple[tuple[str, float], ...]


_PER_CUBIC_MILLIMETER: Final = ("per mm³", 0.001)
CREDIBLE: Final = (
    Credible("candidates", "age", 14, 90, (("months", 1 / 12), ("days", 1 / 365.25))),
    Credible("candidates", "weight", 30, 100, (("lb", 0.45359237), ("g", 0.001))),
    Credible("candidates", "height", 130, 200, (("m", 100), ("inches", 2.54), ("mm", 0.1))),
    Credible("visits", "day", -60, 2000, (("minutes", 1 / 1440),)),
    Credible("visits", "serum_creatinine", 20, 1000, (("mg/dL", 88.42), ("mmol/L", 1000))),
    Credible("visits", "upcr", 0, 5, (("mg/mmol", 0.00884), ("mg/g", 0.001))),
    Credible("visits", "proteinuria_24h", 0, 20, (("mg/24 h", 0.001),)),
    Credible("visits", "egfr", 4, 180, (("mL/s/1.73 m²", 60),)),
    Credible("visits", "hemoglobin", 7, 18, (("g/L", 0.1), ("mmol/L", 1.611))),
    Credible("visits", "reticulocytes", 0.15, 25, (("a fraction", 100), ("per mille", 0.1))),
    Credible("visits", "wbc", 0.5, 30, (_PER_CUBIC_MILLIMETER,)),
    Credible("visits", "neutrophils", 0.2, 25, (_PER_CUBIC_MILLIMETER, ("% of white cells", 0.05))),
    Credible("visits", "lymphocytes", 0.05, 8, (_PER_CUBIC_MILLIMETER, ("% of white cells", 0.05))),
    Credible("visits", "platelets", 4, 900, (_PER_CUBIC_MILLIMETER,)),
    Credible("visits", "c3", 15, 300, (("g/L", 100), ("mg/L", 0.1))),
    Credible("visits", "c4", 1, 100, (("g/L", 100), ("mg/L", 0.1))),
    Credible("visits", "pga", 0, 3, (("0 to 10", 0.3), ("0 to 100 mm", 0.03))),
    Credible("visits", "albumin", 8, 60, (("g/dL", 10), ("mg/dL", 0.01))),
    Credible("visits", "systolic_bp", 60, 260, (("kPa", 7.50062),)),
    Credible("visits", "diastolic_bp", 30, 160, (("kPa", 7.50062),)),
    Credible("visits", "weight", 30, 100, (("lb", 0.45359237), ("g", 0.001))),
    Credible("infusions", "cells_per_kg", 1e4, 1e9, (("10⁶ cells/kg", 1e6),)),
)
DOSE: Final = Credible("dosing", "dose", 1.5, 150, (("mg/kg/day", 50), ("µg/day", 0.001), ("mg/week", 1 / 7)))
"""Limits of the median of the doses of day 0 that are not zero; later ones may be small."""
_FEWEST: Final = 5
"""Values from which a median says something."""
_MIXED: Final = 3
"""Implausible values of a column that fit another unit from which that is no chance."""
_FAR: Final = 2.0
"""How many times beyond the limit half of them lie; the tail of a large data set lies nearer."""
_DATES: Final = (10_000, 40_000)
"""Calendar dates of our time as days since 1960 or 1970; those since 1900 are more than a column of days holds."""


def check_units(found: Examination) -> None:
    """Note columns whose median is in another unit, parts of columns that are, and single outliers."""
    for credible in CREDIBLE:
        if found.has(credible.table, credible.column):
            values = found.tables[credible.table][credible.column]
            _examine(found, credible, values, np.ones(len(values), dtype=np.bool_))
    if found.has("dosing", "dose", "start_day"):
        dosing = found.tables["dosing"]
        _examine(found, DOSE, dosing["dose"], (dosing["start_day"] <= 0) & (dosing["dose"] > 0))
    examined = {(credible.table, credible.column) for credible in (*CREDIBLE, DOSE)}
    for table, columns in found.tables.items():
        for name, values in columns.items():
            if values.dtype == np.float64:
                _negative(found, table, name, values)
                if (table, name) not in examined:
                    _outliers(found, table, name, values)


def _examine(found: Examination, credible: Credible, values: Floats, counted: NDArray[np.bool_]) -> None:
    known = values[counted & ~np.isnan(values)]
    median = float(np.median(known)) if len(known) else np.nan
    if len(known) >= _FEWEST and not credible.low <= median <= credible.high:
        unit = entry(credible.table, credible.column).unit
        likely = _likely(credible, median)
        guess = f"is it {' or '.join(likely)}?" if likely else "in which unit is it?"
        text = f"the median is {number(median)}, which is not in {unit or 'this unit'}; {guess}"
        found.note("unit_suspected", credible.table, text, column=credible.column)
    elif not _mixed(found, credible, values):
        _outliers(found, credible.table, credible.column, values)


def _likely(credible: Credible, median: float) -> list[str]:
    """Units that bring a median inside the limits, the most credible first."""
    if credible.column == "day" and _DATES[0] <= median <= _DATES[1]:
        return ["a calendar date (write days from the first infusion)"]
    middle = np.sqrt(max(credible.low, credible.high / 1000) * credible.high)
    fits = {
        abs(float(np.log(median * factor / middle))): name
        for name, factor in credible.others
        if median > 0 and credible.low <= median * factor <= credible.high
    }
    return [name for _, name in sorted(fits.items())]


def _mixed(found: Examination, credible: Credible, values: Floats) -> bool:
    """Values far outside the credible and the plausible range that another unit would bring inside."""
    known = entry(credible.table, credible.column)
    low, high = min(known.low, credible.low), max(known.high, credible.high)
    outside = (values > 0) & ((values < low) | (values > high))
    if outside.sum() < _MIXED or np.median(np.fmax(values[outside] / high, low / values[outside])) < _FAR:
        return False
    likely = [
        name
        for name, factor in credible.others
        if np.all((values[outside] * factor >= credible.low) & (values[outside] * factor <= credible.high))
    ]
    found.note_rows(
        "mixed_units",
        credible.table,
        lambda row: f"{number(values[row])} is not in {known.unit}; is it {' or '.join(likely)}?",
        column=credible.column,
        rows=outside & bool(likely),
    )
    return bool(likely)


def _negative(found: Examination, table: str, name: str, values: Floats) -> None:
    known = entry(table, name)
    if known.low >= 0:
        found.note_rows(
            "negative_value",
            table,
            lambda row: f"{number(values[row])} is below zero; leave a missing value empty",
            column=name,
            rows=values < 0,
        )


def _outliers(found: Examination, table: str, name: str, values: Floats) -> None:
    known = entry(table, name)
    outside = ((values < known.low) & ~((values < 0) & (known.low >= 0))) | (values > known.high)
    found.note_rows(
        "outlier",
        table,
        lambda row: f"{number(values[row])} is outside {number(known.low)} to {number(known.high)} {known.unit}",
        column=name,
        rows=outside,
    )
