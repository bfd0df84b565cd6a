"""Changes from D0 by visit: blood counts (S8), kidney (S10), activity and damage (O1), T cells (O2).

The scheduled visit counts, else the nearest attended one after day 0 within two days (nominal day up to 7) or
seven, of two equally near the later; nothing is carried forward, and nothing replaces a missing D0.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.hematologic import LINEAGES, unspoiled
from sim.endpoints.outcomes import Changes, changes
from sim.endpoints.renal import filtration_at_visits
from sim.endpoints.sledai_endpoints import sledai_at_visits
from sim.instruments.bilag import DOMAINS, numeric_total
from sim.instruments.visit_order import flag_at

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NOMINAL_DAYS: Final = {
    **{"D3": 3, "W1": 7, "W4": 28, "W8": 56, "W12": 84},
    **{"W12D3": 87, "W13": 91, "W16": 112, "W20": 140, "W24": 168},
    **{"Y0.5": 182, "Y1": 365, "Y1.5": 548, "Y2": 731, "Y3": 1096},
}  # fmt: skip
_COUNTS: Final = ("D3", "W1", "W4", "W12", "W24")
_KIDNEY: Final = tuple(name for name in NOMINAL_DAYS if not name.startswith("Y"))
_BILAG: Final = ("W4", "W12", "W24")
_T_CELLS: Final = ("D3", "W1", "W4", "W12", "W24", "Y0.5", "Y1", "Y1.5", "Y2", "Y3")
"""Visits of each outcome in NCT04835883; for the kidney, which has none, every visit (reading X31)."""


def hematologic_changes(data: DataSet, _analysis: Analysis) -> Changes:
    """Change of white cells, platelets (10⁹/L) and hemoglobin (g/dL) (S8; LC).

    Values soon after a transfusion, immunoglobulins or G-CSF do not count, at D0 neither.
    """
    spoiled_by = {lineage.column: lineage.spoiled_by for lineage in LINEAGES}
    spoiled_by["wbc"] = spoiled_by["neutrophils"]
    measured = {name: unspoiled(data, name, spoiled_by[name]) for name in ("wbc", "platelets", "hemoglobin")}
    return changes(data.subjects["subgroup"] == "LC", _differences(data, measured, _COUNTS))


def renal_changes(data: DataSet, analysis: Analysis) -> Changes:
    """Change of creatinine (µmol/L), filtration rate (mL/min/1.73 m²) and UPCR (mg/mg), log UPCR ratio (S10; LN).

    Reading : X31, the record describes this outcome as times to event, which S11 has.
    """
    upcr = data.measured("upcr")
    measured = {
        "serum_creatinine": data.measured("serum_creatinine"),
        "egfr": filtration_at_visits(data, analysis),
        "upcr": upcr,
    }
    columns = _differences(data, measured, _KIDNEY) | _log_ratios(data, "log_upcr", upcr, _KIDNEY)
    return changes(data.subjects["subgroup"] == "LN", columns)


def activity_changes(data: DataSet, analysis: Analysis) -> Changes:
    """Change of SLEDAI-2K, of the damage index and of the numeric BILAG-2004 total (O1)."""
    score = {"sledai2k": sledai_at_visits(data, analysis), "sdi": data.measured("sdi")}
    total, _ = numeric_total({name: data.grades(name) for name in DOMAINS})
    columns = _differences(data, score, _COUNTS) | _differences(data, {"bilag": total}, _BILAG)
    return changes(np.ones(data.size, dtype=np.bool_), columns)


def t_cell_changes(data: DataSet, _analysis: Analysis) -> Changes:
    """Change of regulatory T and Th17 cells, % of CD4+ T cells (O2). Reading : X33, days 168 and 182 are two."""
    measured = {name: data.measured(name) for name in ("treg", "th17")}
    return changes(np.ones(data.size, dtype=np.bool_), _differences(data, measured, _T_CELLS))


def _differences(
    data: DataSet, measured: Mapping[str, Floats], visits: tuple[str, ...]
) -> dict[tuple[str, str], Floats]:
    """(variable, visit) → value at that visit minus value at D0, (subjects,)."""
    start = data.at("D0")
    return {
        (name, visit): take(value, _visit_of_change(data, ~np.isnan(value), visit)) - take(value, start)
        for name, value in measured.items()
        for visit in visits
    }


def _log_ratios(data: DataSet, name: str, value: Floats, visits: tuple[str, ...]) -> dict[tuple[str, str], Floats]:
    """(name, visit) → log of the ratio to D0, at the visits of the differences; NaN where either is 0."""
    logarithm = np.log(np.where(value > 0.0, value, np.nan))
    before = take(logarithm, data.at("D0"))
    usable = ~np.isnan(value)
    return {(name, visit): take(logarithm, _visit_of_change(data, usable, visit)) - before for visit in visits}


def _visit_of_change(data: DataSet, usable: NDArray[np.bool_], visit: str) -> Integers:
    """Per subject the place of the visit that stands for a scheduled one; -1 for none."""
    scheduled, nominal = data.at(visit), NOMINAL_DAYS[visit]
    chosen = np.where(flag_at(usable, scheduled) == 1, scheduled, -1)
    place, row = _near(data, visit)
    stands_in = (chosen[row] < 0) & usable[place]
    place, row = place[stands_in], row[stands_in]
    day = data.attended["at_day"][place]
    nearest_last = np.lexsort((day, -np.abs(day - nominal)))
    chosen[row[nearest_last]] = place[nearest_last]
    return chosen


def _near(data: DataSet, visit: str) -> tuple[Integers, Integers]:
    """Places of the attended visits in the window of a scheduled one, and whose they are."""
    if ("near", visit) not in data.memo:
        nominal, day = NOMINAL_DAYS[visit], data.attended["at_day"]
        window = 2 if nominal <= 7 else 7
        place = np.flatnonzero((day >= max(nominal - window, 1)) & (day <= nominal + window))
        data.memo["near", visit] = place, data.attended["row"][place]
    near: tuple[Integers, Integers] = data.memo["near", visit]
    return near
