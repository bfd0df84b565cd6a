"""BILAG-2004 of every visit of a table: from SLEDAI-2K descriptors, urine, blood and history to nine grades.

The domains of items are derived, coarsely, from descriptors (bilag_items.FROM_SLEDAI); the renal and the
haematological domain are complete. Sources: those of bilag.py.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.instruments.bilag import DOMAINS, PREVIOUS_ASSESSMENT_DAYS, UNKNOWN, D, E, ever_involved
from sim.instruments.bilag_haematological import BloodCount, haematological_grade
from sim.instruments.bilag_items import ITEM_DOMAINS, item_grade, items_from_sledai
from sim.instruments.bilag_renal import RenalSigns, renal_grade, renal_measurements
from sim.instruments.hematologic_response import hemolytic_anemia
from sim.instruments.nullable import Nullable
from sim.instruments.sledai import NAMES
from sim.instruments.visit_order import previous_value

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

WITHOUT_BILAG: Final = ("D3", "W1", "W12D3", "W13")
"""Visits three and seven days after an infusion; all others, unscheduled ones included, are assessed."""
ITEM_ACTIVITY: Final = "item_activity_"
"""Beginning of the columns with the activity observed in a descriptor."""
_RENAL_VALUES: Final = ("upcr", "serum_creatinine", "egfr", "systolic_bp", "diastolic_bp")


def bilag_at_visits(
    visits: Table, subject: Integers, involved: Mapping[str, Nullable], biopsy_age_days: Floats
) -> dict[str, Codes]:
    """Grade codes of the nine domains at each visit; -1 at a visit that was missed or is without BILAG.

    visits   : scored (egfr, descriptors), sorted by subject, then day; subject : (visits,) whose visit it is.
    involved : (subjects,) by domain, was it affected before the trial: 1, 0, -1; a domain left out was not.
    biopsy_age_days : (subjects,) age on day 0 of a biopsy with active nephritis, NaN for none.
    Changes are against the last assessment at least 14 days earlier; D0 has none, and what it shows is the same.
    """
    place = np.flatnonzero((visits["attended"] == 1) & ~np.isin(visits["visit"], WITHOUT_BILAG))
    seen, who = visits.where(place), subject[place]
    day = seen["day"].astype(np.float64)
    history = {name: involved.get(name, np.zeros(len(biopsy_age_days), np.int8))[who] for name in DOMAINS}
    items = _items(seen, who, day)
    found = {name: item_grade(name, items, history[name]) for name in ITEM_DOMAINS}
    found["renal"] = _renal(seen, who, day, history["renal"], day + biopsy_age_days[who])
    found["haematological"] = haematological_grade(_blood(seen), history["haematological"])
    grades = {}
    for name in DOMAINS:
        grade = np.full(visits.length, UNKNOWN, dtype=np.int8)
        grade[place] = _remembering(who, day, found[name], history[name])
        grades[name] = grade
    return grades


def _remembering(subject: Integers, day: Floats, grade: Codes, history: Nullable) -> Codes:
    """A domain that was active at an earlier visit is D and never E again."""
    before = ever_involved(subject, day, grade, history)
    return np.where((grade == E) & (before == 1), np.int8(D), grade).astype(np.int8)


def _items(seen: Table, subject: Integers, day: Floats) -> dict[str, Codes]:
    """Change codes of the items that descriptors stand for."""
    present = {name: np.asarray(seen[f"sledai_{name}"]).astype(np.int8) for name in NAMES}
    activity = {name: seen[ITEM_ACTIVITY + name] for name in NAMES if ITEM_ACTIVITY + name in seen}
    return items_from_sledai(subject, day, np.asarray(seen["visit"] == "D0"), present, activity)


def _renal(seen: Table, subject: Integers, day: Floats, involved: Nullable, since_biopsy: Floats) -> Codes:
    def before(name: str) -> Floats:
        return previous_value(subject, day, np.asarray(seen[name], float), days=PREVIOUS_ASSESSMENT_DAYS)

    rows = seen.length
    signs = RenalSigns(
        urine_rbc=seen["urine_rbc"],
        urine_wbc=seen["urine_wbc"],
        cellular_casts=seen["cellular_casts"],
        retinopathy=np.zeros(rows, np.int8),
        days_since_biopsy=since_biopsy,
        albumin=seen["albumin"],
        edema=seen["edema"],
    )
    return renal_grade(
        renal_measurements(rows, **{name: seen[name] for name in _RENAL_VALUES}),
        renal_measurements(rows, **{name: before(name) for name in _RENAL_VALUES}),
        signs,
        involved,
    )


def _blood(seen: Table) -> BloodCount:
    return BloodCount(
        hemoglobin=seen["hemoglobin"],
        wbc=seen["wbc"],
        neutrophils=seen["neutrophils"],
        lymphocytes=seen["lymphocytes"],
        platelets=seen["platelets"],
        hemolysis=hemolytic_anemia(seen["hemoglobin"], seen["reticulocytes"]),
        coombs=seen["coombs"],
        ttp=np.zeros(seen.length, np.int8),
    )
