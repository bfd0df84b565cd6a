"""One person's true constants: drawn once, read by the disease model, the measurements and the screening.

Truth, not observation: no noise, no rounding. A record of `PERSON` is filled by sim.population.generate; the
compiled code reads its fields as attributes.
"""

from enum import IntEnum
from typing import Final

import numpy as np

LN: Final = 0
"""Code of the lupus nephritis stream in `subgroup`."""
LC: Final = 1
"""Code of the lupus cytopenia stream in `subgroup`."""
SUBGROUPS: Final = ("LN", "LC")


class Primary(IntEnum):
    """Lineage for which a person was referred to the cytopenia stream; -1 in the nephritis stream."""

    PLATELETS = 0
    HEMOLYSIS = 1
    NEUTROPHILS = 2
    LYMPHOCYTES = 3


class Activity(IntEnum):
    """Order of `log_activity`: renal, extra-renal, serological, T cells, then the four blood lineages."""

    RENAL = 0
    EXTRARENAL = 1
    SEROLOGICAL = 2
    T_CELLS = 3
    PLATELETS = 4
    NEUTROPHILS = 5
    LYMPHOCYTES = 6
    HEMOLYSIS = 7


ITEMS: Final = 9
"""Extra-renal SLEDAI items a person may own, in the order of core.decisions.Analyte from ARTHRITIS to MYOSITIS."""
CNS_ITEMS: Final = ("seizure", "psychosis", "cva", "cranial_nerve_disorder", "lupus_headache")
"""Central nervous items; `cns_item` is a position in this tuple, or -1 for none."""

PERSON: Final = np.dtype(
    [
        ("subgroup", "i8"),  # LN or LC, the referral stream
        ("female", "i8"),
        ("age", "f8"),  # year
        ("weight", "f8"),  # kg
        ("height", "f8"),  # cm
        ("disease_duration", "f8"),  # year since diagnosis
        ("prednisone_dose", "f8"),  # mg/day, constant over the 28 days before day 0
        ("log_activity", "f8", (8,)),  # ln x at enrolment, order of Activity
        ("creatinine", "f8"),  # µmol/L at entry
        ("upcr", "f8"),  # mg/mg, U0: the mean at x_R = 1; NaN in LC
        ("fixed_proteinuria", "f8"),  # mg/mg, p_f; at most half of U0 in LN
        ("urine_rbc", "f8"),  # cells per field at x_R = 1; NaN in LC
        ("urine_wbc", "f8"),  # cells per field at x_R = 1
        ("casts_owned", "i8"),
        ("casts_threshold", "f8"),
        ("platelets", "f8"),  # 10^9/L at entry, as the next two
        ("neutrophils", "f8"),
        ("lymphocytes", "f8"),
        ("hemoglobin", "f8"),  # g/dL at entry
        ("platelets_normal", "f8"),  # the value without lupus, at least 1.03 times the entry value
        ("neutrophils_normal", "f8"),
        ("lymphocytes_normal", "f8"),
        ("hemoglobin_normal", "f8"),
        ("c3", "f8"),  # mg/dL at x_S = 1
        ("c4", "f8"),  # mg/dL at x_S = 1
        ("anti_dsdna", "f8"),  # IU/mL at x_S = 1
        ("treg_offset", "f8"),  # log scale
        ("th17_offset", "f8"),  # log scale
        ("hemolytic", "i8"),  # 1 where the primary type is hemolysis
        ("item_owned", "i8", (ITEMS,)),
        ("item_threshold", "f8", (ITEMS,)),  # infinite where the item is not owned
        ("cns_item", "i8"),  # position in CNS_ITEMS at screening, -1 none
        ("sdi", "i8"),  # damage index at entry
        ("primary_type", "i8"),  # Primary, -1 in LN
    ],
    align=True,
)
