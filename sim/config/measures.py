"""Endpoints that are no yes or no: what is measured, in whom, and which way is better (NCT04835883).

The record says what is measured and not which way is better; that a fall of activity, damage, creatinine, protein
and Th17 cells is wanted, and a rise of counts, filtration and regulatory T cells, is D115.
"""

from dataclasses import dataclass
from typing import Final, Literal

from sim.config.analysis import ENDPOINTS as YES_NO


@dataclass(frozen=True)
class Measure:
    """One variable whose change from D0 is an endpoint, or part of one."""

    endpoint: str
    variable: str
    population: str
    unit: str
    wanted: Literal["greater", "less"]


MEASURES: Final = (
    Measure("S8", "wbc", "LC", "10⁹/L", "greater"),
    Measure("S8", "platelets", "LC", "10⁹/L", "greater"),
    Measure("S8", "hemoglobin", "LC", "g/dL", "greater"),
    Measure("S10", "serum_creatinine", "LN", "µmol/L", "less"),
    Measure("S10", "egfr", "LN", "mL/min/1.73 m²", "greater"),
    Measure("S10", "upcr", "LN", "mg/mg", "less"),
    Measure("S10", "log_upcr", "LN", "log ratio", "less"),
    Measure("O1", "sledai2k", "all", "points", "less"),
    Measure("O1", "sdi", "all", "points", "less"),
    Measure("O1", "bilag", "all", "points", "less"),
    Measure("O2", "treg", "all", "% of CD4+ T cells", "greater"),
    Measure("O2", "th17", "all", "% of CD4+ T cells", "less"),
)
CHANGES: Final = tuple(dict.fromkeys(each.endpoint for each in MEASURES))
"""Endpoints that are changes from baseline."""
TIMES: Final = {
    "S7": "all",
    "S9": "LC",
    **dict.fromkeys(("S11", "S11a", "S11b", "S11c", "S11d", "S11e", "S11f", "S13"), "LN"),
}
"""Times to an event that nobody wants, and their populations."""
VALUED: Final = (*CHANGES, *TIMES)
"""Endpoints whose patients show a value and not a response."""
VISITS: Final = (
    *("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24"),
    *("Y0.5", "Y1", "Y1.5", "Y2", "Y3"),
)
"""Visits at which some change is measured."""
LATE_VISITS: Final = VISITS[10:]
"""Those after the course of 24 weeks."""
_FIVE: Final = ("D3", "W1", "W4", "W12", "W24")
_VISITS_OF: Final = {"S10": VISITS[:10], "bilag": _FIVE[2:], "O2": (*_FIVE, *LATE_VISITS)}
KNOWN: Final = (*YES_NO, *CHANGES, *TIMES, "S12", "SAF")
"""Every endpoint of the record."""

_YES_NO: Final = "it is yes or no; ask task=power"
_CHANGE: Final = "it is a change from baseline; ask task=changes"
_TIME: Final = "it is a time to event; ask task=times"
_WANTED: Final = (
    "its event is wanted, and death, end-stage disease and rescue compete with it: Kaplan-Meier would count those "
    "as lost and promise too much; task=cohort and task=endpoints give its incidence by Aalen-Johansen"
)
_SAFETY: Final = "it is a count of events; task=cohort and task=endpoints give its rates"


def unfit(task: str, endpoint: str) -> str | None:
    """Why the rules of a task do not fit an endpoint, in words; None where they do."""
    kinds = {**dict.fromkeys(CHANGES, _CHANGE), **dict.fromkeys(TIMES, _TIME), "S12": _WANTED, "SAF": _SAFETY}
    kind = kinds.get(endpoint, _YES_NO)
    if task == "readings" and kind in (_CHANGE, _TIME):
        return None
    own = {"changes": _CHANGE, "times": _TIME}.get(task, _YES_NO)
    return None if kind == own else kind


def rules_from(task: str, endpoint: str | None) -> str:
    """The task whose rules decide an endpoint: readings of changes and times have those of their own tasks."""
    if task != "readings" or endpoint not in VALUED:
        return task
    return "changes" if endpoint in CHANGES else "times"


def measures_at(visit: str, endpoint: str | None) -> tuple[Measure, ...]:
    """The measures of an endpoint (of all where it is None) that a visit of the record has."""
    return tuple(
        each
        for each in MEASURES
        if endpoint in (None, each.endpoint)
        and visit in _VISITS_OF.get(each.variable, _VISITS_OF.get(each.endpoint, _FIVE))
    )
