"""Safety in words: counts, and rates per 100 patient-years with exact intervals (SAF)."""

from typing import Final

import numpy as np

from sim.core.tables import Table
from sim.stats.intervals import poisson

YEARS: Final = "person_years"
_PER: Final = 100.0


def totals(outcomes: Table) -> dict[str, float]:
    """Events by kind, and years of observation, of all subjects of a table of endpoints; empty without SAF."""
    rows = outcomes["endpoint"] == "SAF"
    names, place = np.unique(outcomes["variable"][rows], return_inverse=True)
    sums = np.bincount(place, weights=outcomes["value"][rows], minlength=len(names))
    order = dict.fromkeys(outcomes["variable"][rows].tolist())
    by_name = dict(zip(names.tolist(), sums.tolist(), strict=True))
    return {name: by_name[name] for name in order}


def lines(counted: dict[str, float]) -> list[str]:
    """One line for each kind of event; none where nobody was observed.

    counted : of `totals`. The interval takes the events of one patient for independent.
    """
    years = counted.get(YEARS, 0.0)
    if not years > 0.0:
        return []
    head = (
        f"Safety over {years:,.1f} patient-years: events, rate per {_PER:.0f} patient-years, exact 95 % interval"
    )
    return [head, *(_line(name, count, years) for name, count in counted.items() if name != YEARS)]


def _line(name: str, count: float, years: float) -> str:
    low, high = poisson(count)
    rate, least, most = (_PER * float(number) / years for number in (count, low, high))
    return f"{name:24}{count:>9,.0f}{rate:>9.2f}   {least:.2f} to {most:.2f}"
