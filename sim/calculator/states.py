"""What a clinic derived beside the scores: low disease activity and BILAG-2004, worked out again and compared."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.calculator.derived import Compared, compare
from sim.calculator.findings import Examination
from sim.config.analysis import Analysis
from sim.core.tables import Table
from sim.endpoints.dataset import DataSet
from sim.endpoints.low_disease_activity import state_at_visits
from sim.endpoints.renal import filtration_at_visits
from sim.endpoints.sledai_endpoints import descriptors_at_visits
from sim.instruments.bilag import GRADES, D, E
from sim.instruments.bilag_visits import bilag_at_visits

Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]

_NUMBERS: Final = {
    "renal": ("upcr", "serum_creatinine", "urine_rbc", "urine_wbc", "albumin", "systolic_bp", "diastolic_bp"),
    "haematological": ("hemoglobin", "reticulocytes", "wbc", "neutrophils", "lymphocytes", "platelets"),
}
_FLAGS: Final = {"renal": ("cellular_casts", "edema"), "haematological": ("coombs",)}
"""What the two domains of BILAG-2004 are graded on that need nothing else; the others need items."""


def compare_states(found: Examination, data: DataSet, analysis: Analysis) -> list[Compared]:
    """Compare `lldas`, and the renal and haematological grades where all their inputs are there.

    The state is never read, so its recomputation counts. A grade is the physician's, who may know another cause;
    the recorded one is used. Whether a domain was ever affected before the trial is not in the tables: D and E
    are taken for one. Without candidates.biopsy_age_days the renal grade is not compared.
    """
    rows, compared = data.attended.rows, []
    if "lldas" in data.attended:
        again = state_at_visits(data, analysis)
        compared.append(compare(found, "lldas", data.flags("lldas"), again, rows, "derived_differs"))
    domains = [name for name in _NUMBERS if f"bilag_{name}" in data.attended]
    if "biopsy_age_days" not in data.subjects and "renal" in domains:
        domains.remove("renal")
    if domains:
        grades = _grades(data, analysis)
        for name in domains:
            known = _all_there(data, name)
            again = np.where(known & (grades[name] != -1), np.minimum(grades[name], D), -1).astype(np.int8)
            recorded = data.grades(name)
            recorded = np.where(recorded == E, D, recorded).astype(np.int8)
            compared.append(compare(found, f"bilag_{name}", recorded, again, rows, "grade_differs", show=_letter))
    return compared


def _letter(code: float) -> str:
    return "D or E" if code == D else GRADES[int(code)]


def _all_there(data: DataSet, domain: str) -> Flags:
    """Attended visits at which nothing is missing that the domain is graded on."""
    known = [~np.isnan(data.measured(name)) for name in _NUMBERS[domain]]
    known += [data.flags(name) != -1 for name in _FLAGS[domain]]
    return np.asarray(np.all(known, axis=0), dtype=np.bool_)


def _grades(data: DataSet, analysis: Analysis) -> dict[str, Nullable]:
    """BILAG-2004 codes of every attended visit; only those of the two domains mean anything."""
    held = data.attended
    columns: dict[str, NDArray[Any]] = {"visit": held["visit"], "day": held["at_day"]}
    columns["attended"] = np.ones(held.length, dtype=np.bool_)
    for names in _NUMBERS.values():
        columns |= {name: data.measured(name) for name in names}
    for names in _FLAGS.values():
        columns |= {name: data.flags(name) for name in names}
    columns |= {f"sledai_{name}": flag for name, flag in descriptors_at_visits(data, analysis).items()}
    columns["egfr"] = filtration_at_visits(data, analysis)
    biopsy = data.subjects.get("biopsy_age_days", np.full(data.size, np.nan)).astype(np.float64)
    return bilag_at_visits(Table(columns), held["row"], {}, biopsy)
