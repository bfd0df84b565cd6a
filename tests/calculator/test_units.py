"""A column in another unit is recognised by what a clinic would have written in that unit."""

import pytest

from tests.calculator.clinic import clinic, examined, write_csv

WRITTEN = [
    ("candidates", "age", 396, "year", "months"),
    ("candidates", "age", 12_053, "year", "days"),
    ("candidates", "weight", 123, "kg", "lb"),
    ("candidates", "weight", 56_000, "kg", "g"),
    ("candidates", "height", 1.62, "cm", "m"),
    ("candidates", "height", 64, "cm", "inches"),
    ("candidates", "height", 1620, "cm", "mm"),
    ("visits", "day", 20_000, "day", "a calendar date (write days from the first infusion)"),
    ("visits", "day", 6 * 1440, "day", "minutes"),
    ("visits", "serum_creatinine", 0.9, "µmol/L", "mg/dL or mmol/L"),
    ("visits", "serum_creatinine", 0.08, "µmol/L", "mmol/L"),
    ("visits", "upcr", 34, "mg/mg", "mg/mmol or mg/g"),
    ("visits", "upcr", 1500, "mg/mg", "mg/g"),
    ("visits", "proteinuria_24h", 850, "g/24 h", "mg/24 h"),
    ("visits", "egfr", 1.6, "mL/min/1.73 m^2", "mL/s/1.73 m²"),
    ("visits", "hemoglobin", 118, "g/dL", "g/L"),
    ("visits", "hemoglobin", 5.9, "g/dL", "mmol/L"),
    ("visits", "reticulocytes", 0.015, "%", "a fraction"),
    ("visits", "reticulocytes", 30, "%", "per mille"),
    ("visits", "wbc", 12_000, "10^9/L", "per mm³"),
    ("visits", "neutrophils", 55, "10^9/L", "% of white cells"),
    ("visits", "neutrophils", 10_500, "10^9/L", "per mm³"),
    ("visits", "lymphocytes", 15, "10^9/L", "% of white cells"),
    ("visits", "lymphocytes", 900, "10^9/L", "per mm³"),
    ("visits", "platelets", 45_000, "10^9/L", "per mm³"),
    ("visits", "c3", 0.9, "mg/dL", "g/L"),
    ("visits", "c3", 900, "mg/dL", "mg/L"),
    ("visits", "c4", 0.2, "mg/dL", "g/L"),
    ("visits", "c4", 200, "mg/dL", "mg/L"),
    ("visits", "pga", 5, "0 to 3", "0 to 100 mm or 0 to 10"),
    ("visits", "pga", 40, "0 to 3", "0 to 100 mm"),
    ("visits", "albumin", 3.6, "g/L", "g/dL"),
    ("visits", "albumin", 3600, "g/L", "mg/dL"),
    ("visits", "systolic_bp", 16.5, "mmHg", "kPa"),
    ("visits", "diastolic_bp", 10.5, "mmHg", "kPa"),
    ("visits", "weight", 125, "kg", "lb"),
    ("infusions", "cells_per_kg", 2, "cells/kg", "10⁶ cells/kg"),
    ("dosing", "dose", 0.4, "mg/day", "mg/kg/day"),
    ("dosing", "dose", 20_000, "mg/day", "µg/day"),
    ("dosing", "dose", 175, "mg/day", "mg/week"),
]


def suspicions(folder, tables):
    found = examined(write_csv(folder, tables)).found
    lines = found.lines(fatal=True) + found.lines(fatal=False)
    return [line for line in lines if line.endswith("[unit_suspected]")]


@pytest.mark.parametrize(("table", "column", "value", "unit", "likely"), WRITTEN)
def test_the_unit_that_was_meant_is_named(tmp_path, table, column, value, unit, likely):
    tables = clinic()
    for row in tables[table]:
        row[column] = value
    (line,) = suspicions(tmp_path, tables)
    assert f"column {column}: the median is {value}, which is not in {unit}; is it {likely}?" in line


def test_days_without_a_dose_and_later_doses_say_nothing_of_the_unit(tmp_path):
    """Half of the subjects took nothing before the first infusion, the others 20 mg; all taper to 1 mg."""
    tables = clinic()
    for row in tables["dosing"]:
        row["dose"] = (0.0 if row["subject"] < 4 else 20.0) if row["start_day"] <= 0 else 1.0
    tables["dosing"] += [
        row | {"start_day": start, "end_day": start + 2}
        for row in tables["dosing"]
        if row["start_day"] == 0
        for start in (-9, -6, -3)
    ]
    assert suspicions(tmp_path, tables) == []
