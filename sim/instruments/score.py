"""Every visit scored: the derived columns of the visits table, from its measurements alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.instruments.conversions import proteinuria_g_day
from sim.instruments.kidney import egfr
from sim.instruments.sledai import LABORATORY, descriptors, nearest_serology, sledai_2k

SEROLOGY = ("c3", "c4", "anti_dsdna")


def score(
    visits: Table,
    subject: NDArray[np.int64],
    *,
    equation: str = "ckd_epi_2021",
    c3_limit: float = 90.0,
    c4_limit: float = 10.0,
    anti_dsdna_limit: float = 15.0,
    serology_days: Sequence[int] = (10, 3),
    creatinine_excretion: float = 1.0,
) -> Table:
    """Add `egfr`, the laboratory descriptors of SLEDAI-2K and `sledai2k` to a visits table.

    visits  : measurements, age and sex, sorted by subject, then day; a missed visit has no measurement.
    subject : (visits,) whose visit it is.
    A descriptor is -1 where its measurement is missing, and the total NaN where any descriptor is; the filtration
    rate is NaN without creatinine, age or sex. Serology not taken at a visit is that of the nearest one within
    `serology_days` (before, after), at D0 of none after it. Proteinuria of 24 hours is the ratio times
    `creatinine_excretion` (g/day; reading X29).
    """
    day = np.nan_to_num(visits["day"].astype(np.float64), nan=-1e9)
    baseline = visits["visit"] == "D0"
    before, after = serology_days
    borrowed = visits.adding(
        {
            name: nearest_serology(subject, day, baseline, visits[name], days_before=before, days_after=after)
            for name in SEROLOGY
        }
    )
    borrowed = borrowed.adding(
        {"upcr": proteinuria_g_day(visits["upcr"], creatinine_excretion=creatinine_excretion)}
    )
    present = descriptors(borrowed, c3_limit=c3_limit, c4_limit=c4_limit, anti_dsdna_limit=anti_dsdna_limit)
    missed = visits["attended"] != 1
    present = {name: np.where(missed, -1, flag).astype(np.int8) for name, flag in present.items()}
    total, _ = sledai_2k(present)
    sex = visits["sex"]
    age = np.where(sex == "", np.nan, visits["age"])
    filtration = egfr(visits["serum_creatinine"], age, sex == "F", equation=equation)
    derived: dict[str, NDArray[np.generic]] = {f"sledai_{name}": present[name] for name in LABORATORY}
    return visits.adding(derived | {"egfr": filtration, "sledai2k": total})
