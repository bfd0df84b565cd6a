"""The state of a patient at one visit: what measurement looks at."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.uncounted import compiled

ITEMS: Final = (
    "arthritis", "rash", "alopecia", "mucosal_ulcers", "fever", "pleurisy", "pericarditis",
    "vasculitis", "myositis",
)  # fmt: skip
"""SLEDAI-2K descriptors that follow extrarenal activity, in the order of their analytes."""
CNS_ITEMS: Final = ("seizure", "psychosis", "cva", "cranial_nerve_disorder", "lupus_headache")
"""SLEDAI-2K descriptors that only flares bring."""

SCREENING: Final = -1
UNSCHEDULED: Final = 100
"""Visit numbers: -1 screening, from 0 the schedule, 101, 102, … unscheduled ones."""

VISIT: Final = np.dtype(
    [
        ("number", "i8"),
        ("planned_day", "i8"),
        ("day", "i8"),
        ("attended", "i8"),
        ("minute", "i8"),
        ("log_activity", "f8", (8,)),  # R, X, S, T, H_P, H_N, H_L, H_E; 0 = the affected organ at enrolment
        ("dose", "f8"),  # mg/day in force before today's orders
        ("damage", "f8"),  # factor on creatinine
        ("platelets_added", "f8"),  # 10^9/L, from immunoglobulins
        ("hemoglobin_added", "f8"),  # g/dL, from transfusions
        ("neutrophils_factor", "f8"),  # from G-CSF
        ("sdi", "i8"),
        ("infused", "i8"),  # infusions received before this visit
        ("item_threshold", "f8", (9,)),  # infinite where the patient does not own the item
        ("cns", "i8"),  # bits of CNS_ITEMS present now
        ("recent_items", "i8"),  # bits of ITEMS new by a flare recognised within the look-back
        ("recent_cns", "i8"),  # bits of CNS_ITEMS of such flares
        ("flare", "i8"),  # recognised today: 0 none, 1 mild, 2 severe
        ("flare_domains", "i8"),  # bits: 1 renal, 2 hematologic, 4 extrarenal
        ("ordered_dose", "f8"),  # mg/day after today's orders
        ("immunosuppressant", "i8"),  # ordered today
        ("pga", "f8"),  # as recorded
    ],
    align=True,
)

Record = Any
"""One row of a structured array, as compiled code sees it."""


@compiled
def at_enrolment(visit: Record, person: Record, day: int) -> None:
    """Fill a visit with the state before day 0: constant activity, entry dose, no treatment."""
    visit.number = SCREENING
    visit.planned_day = day
    visit.day = day
    visit.attended = 1
    visit.minute = day * 1440 + 540
    for k in range(8):
        visit.log_activity[k] = person.log_activity[k]
    visit.dose = person.prednisone_dose
    visit.damage = 1.0
    visit.platelets_added = 0.0
    visit.hemoglobin_added = 0.0
    visit.neutrophils_factor = 1.0
    visit.sdi = person.sdi
    visit.infused = 0
    for j in range(9):
        visit.item_threshold[j] = person.item_threshold[j] if person.item_owned[j] == 1 else np.inf
    visit.cns = (1 << person.cns_item) if person.cns_item >= 0 else 0
    visit.recent_items = 0
    visit.recent_cns = 0
    visit.flare = 0
    visit.flare_domains = 0
    visit.ordered_dose = person.prednisone_dose
    visit.immunosuppressant = 0
    visit.pga = np.nan


@compiled
def kidney_at_enrolment(visit: Record, person: Record) -> None:
    """Fill what creatinine and urine read, before day 0, and leave the rest of the visit and its day open."""
    visit.log_activity[0] = person.log_activity[0]
    visit.damage = 1.0


def new_visits(*shape: int) -> NDArray[np.void]:
    """An empty array of visits."""
    return np.zeros(shape, VISIT)
