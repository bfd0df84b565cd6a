"""Lupus low disease activity state, and DORIS remission, at one visit.

Sources: Franklyn 2016, Annals of the Rheumatic Diseases 75:1615 (LLDAS; reading X37); van Vollenhoven 2021,
Lupus Science & Medicine 8:e000538 (DORIS 2021); Golder 2016, Arthritis Research & Therapy 18:260 (doses).
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import UNKNOWN, A, C
from sim.instruments.nullable import Nullable, all_of, any_of, at_most, below, negated
from sim.instruments.sledai import DESCRIPTORS, NAMES
from sim.instruments.visit_order import earlier, event_within, flag_at, value_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

MAJOR_ORGAN: Final = (
    *(item.name for item in DESCRIPTORS if item.group in ("nervous", "renal")),
    "vasculitis",
    "pleurisy",
    "pericarditis",
    "fever",
)
"""Descriptors of SLEDAI-2K that must be absent."""
COMPONENTS: Final = ("sledai", "major_organ", "new_activity", "pga", "dose", "immunosuppressant")
"""What the state asks for, in the order of Franklyn 2016, whose first component is the first two here."""
HIGHEST_SLEDAI: Final = 4.0
HIGHEST_PGA: Final = 1.0
HIGHEST_DOSE: Final = 7.5
"""mg/day of prednisone."""
STANDARD_DOSE: Final = {
    "hydroxychloroquine": 400.0,
    "methotrexate": 30.0,
    "azathioprine": 200.0,
    "mycophenolate_mofetil": 3000.0,
    "mycophenolic_acid": 2160.0,
    "leflunomide": 20.0,
}
"""Highest maintenance dose that is standard; mg/day, methotrexate mg/week (Golder 2016)."""
PREVIOUS_VISIT_DAYS: Final = 28
RESCUE_DAYS: Final = 28


def major_organs_quiet(
    present: Mapping[str, Nullable], hemolytic_anemia: Nullable, gastrointestinal: Codes
) -> Nullable:
    """No activity in a major organ, no hemolytic anemia, no gastrointestinal activity.

    present : descriptors by name, -1 unknown; gastrointestinal : BILAG-2004 codes, A, B or C being activity. Low
    platelets or leukocytes alone do not violate it.
    """
    active = np.where(gastrointestinal == UNKNOWN, -1, (gastrointestinal >= A) & (gastrointestinal <= C))
    return negated(any_of(*(present[name] for name in MAJOR_ORGAN), hemolytic_anemia, active.astype(np.int8)))


def new_activity(
    subject: NDArray[Any], day: Floats, scheduled: Flags, present: Mapping[str, Nullable]
) -> Nullable:
    """A SLEDAI-2K descriptor present now and absent at the last scheduled visit at least 28 days earlier.

    subject, day : (visits,), sorted by subject, then day; scheduled : planned visits, which alone are looked
    back to. -1 where there is no such visit, or where unknown descriptors decide.
    """
    place = earlier(subject, day, scheduled, days=PREVIOUS_VISIT_DAYS)
    appeared = []
    for name in NAMES:
        before = flag_at(present[name], place)
        appeared.append(all_of(present[name], negated(before)))
    return np.where(place < 0, -1, any_of(*appeared)).astype(np.int8)


def flare_since_previous_visit(
    subject: Integers, day: Floats, scheduled: Flags, flare_subject: Integers, flare_day: Floats
) -> Nullable:
    """New activity by the other reading: a flare after the last scheduled visit at least 28 days earlier.

    flare_subject, flare_day : (flares,), any order, subjects numbered from 0 as in `subject`. A flare on the
    day of the earlier visit is not after it. -1 where there is no such visit.
    """
    place = earlier(subject, day, scheduled, days=PREVIOUS_VISIT_DAYS)
    since = day - value_at(day, place)
    recent = event_within(subject, day, flare_subject, flare_day, days=since - 1.0)
    return np.where(place < 0, -1, recent).astype(np.int8)


def mean_dose(daily: Floats, row: Integers, day: Floats, *, days: int = 7) -> Floats:
    """Mean daily prednisone over the days that end at each visit, mg/day.

    daily : (subjects, days from 0), the last column standing for later days; row : (visits,) row in daily.
    Days before day 0 are left out; NaN for a visit before day 0 and where a dose of those days is missing.
    """
    if not daily.shape[1]:
        return np.full(len(day), np.nan)
    added, counted = np.zeros(len(day)), np.zeros(len(day))
    for back in range(days):
        asked = day - back
        column = np.clip(asked, 0, daily.shape[1] - 1).astype(np.int64)
        inside = asked >= 0
        added += np.where(inside, daily[row, column], 0.0)
        counted += inside
    return np.asarray(np.where(counted > 0, added / np.maximum(counted, 1.0), np.nan), dtype=np.float64)


def standard_doses(doses: Mapping[str, Floats]) -> Nullable:
    """Is every maintenance dose at most the standard one of STANDARD_DOSE? -1 where a missing dose decides.

    doses  : by drug, columns of one length, 0 for a drug not taken.
    Errors : ValueError without doses, and for a drug without a standard dose.
    """
    unknown = sorted(set(doses) - set(STANDARD_DOSE))
    if unknown or not doses:
        given = f"drug {unknown[0]!r} has no standard dose" if unknown else "no drug was given"
        raise ValueError(f"{given}; allowed: {', '.join(STANDARD_DOSE)}")
    return all_of(*(at_most(dose, STANDARD_DOSE[drug]) for drug, dose in doses.items()))


def standard_treatment(
    immunosuppressant_stable: Nullable,
    subject: Integers,
    day: Floats,
    rescue_subject: Integers,
    rescue_day: Floats,
) -> Nullable:
    """Maintenance treatment well tolerated and standard, and no pulse or cyclophosphamide within 28 days.

    rescue_subject, rescue_day : (events,) of pulses and cyclophosphamide, any order. The cells under study do
    not count as an investigational drug; otherwise nobody could be in the state.
    """
    rescued = event_within(subject, day, rescue_subject, rescue_day, days=RESCUE_DAYS)
    return all_of(immunosuppressant_stable, (~rescued).astype(np.int8))


def lldas_components(
    total: Floats, organs_quiet: Nullable, activity_new: Nullable, pga: Floats, dose: Floats, treatment: Nullable
) -> dict[str, Nullable]:
    """Each of COMPONENTS: 1 met, 0 not met, -1 unknown. SLEDAI-2K at most 4, PGA 1.0, dose 7.5 mg/day.

    total : SLEDAI-2K; organs_quiet : of `major_organs_quiet`; activity_new : the column `new_activity`, or
    derived; dose : `mean_dose`; treatment : of `standard_treatment`.
    """
    return {
        "sledai": at_most(total, HIGHEST_SLEDAI),
        "major_organ": organs_quiet,
        "new_activity": negated(activity_new),
        "pga": at_most(pga, HIGHEST_PGA),
        "dose": at_most(dose, HIGHEST_DOSE),
        "immunosuppressant": treatment,
    }


def lldas(
    total: Floats, organs_quiet: Nullable, activity_new: Nullable, pga: Floats, dose: Floats, treatment: Nullable
) -> Nullable:
    """Low disease activity: every component at one visit; 1, 0, or -1 where a missing one decides."""
    return all_of(*lldas_components(total, organs_quiet, activity_new, pga, dose, treatment).values())


def doris_2021(clinical: Floats, pga: Floats, dose: Floats, immunosuppressant_stable: Nullable) -> Nullable:
    """DORIS 2021 remission: clinical SLEDAI-2K 0, PGA below 0.5, at most 5 mg/day, stable treatment allowed.

    clinical : SLEDAI-2K without serology (SUMS["clinical"]); 1, 0, or -1 where a missing component decides.
    """
    return all_of(at_most(clinical, 0.0), below(pga, 0.5), at_most(dose, 5.0), immunosuppressant_stable)
