"""Safety: what happened to those who received cells (SAF), counted and per person-year."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.endpoints.dataset import DataSet
from sim.endpoints.intercurrent import ENDS
from sim.endpoints.outcomes import Changes, changes

Floats = NDArray[np.float64]

FIVE_YEARS: Final = 1826
YEAR: Final = 365.25
_UNTOWARD: Final = ("adverse_event", "infection", "infusion_reaction")
_SERIOUS: Final = re.compile(r"[^a-z]*serious(?![a-z])")


def says_serious(detail: str) -> bool:
    """Whether the detail of an adverse event makes it a serious one: it begins with that word, in any case."""
    return _SERIOUS.match(detail.lower()) is not None


def safety(data: DataSet, _analysis: Analysis) -> Changes:
    """Number of adverse events by kind from day 0 to five years, deaths, and years of observation (SAF).

    adverse_event counts infections and infusion reactions, too. An event is serious if its detail begins with
    that word, a malignancy if "malignan" is in it; nobody dies twice. person_years runs to the end of
    participation or, without one, to the last attended visit or a later untoward event, and at most to five years;
    a rate per 100 person-years is the sum of the one over the sum of the other (D125).
    """
    untoward = np.concatenate([data.event_places(kind) for kind in _UNTOWARD])
    detail = data.events["detail"][untoward].astype(np.str_, copy=False)
    terms = np.unique(detail)  # few different ones of many thousand rows
    serious = untoward[np.isin(detail, [term for term in terms if says_serious(term)])]
    places = {
        "adverse_event": untoward,
        "serious_adverse_event": serious,
        "infection": data.event_places("infection"),
        "serious_infection": serious[data.events["kind"][serious] == "infection"],
        "infusion_reaction": data.event_places("infusion_reaction"),
        "malignancy": untoward[np.isin(detail, [term for term in terms if "malignan" in term.lower()])],
        "death": data.event_places("death"),
    }
    columns = {(name, ""): _count(data, counted) for name, counted in places.items()}
    columns["death", ""] = np.minimum(columns["death", ""], 1.0)
    columns["person_years", ""] = np.clip(_last_day(data), 0.0, FIVE_YEARS) / YEAR
    return changes(np.ones(data.size, dtype=np.bool_), columns)


def _count(data: DataSet, places: NDArray[np.int64]) -> Floats:
    """Events at these places of the table from day 0 to five years, per subject."""
    day = data.events["day"][places]
    subject = data.event_rows[places[(day >= 0) & (day <= FIVE_YEARS)]]
    return np.bincount(subject, minlength=data.size).astype(np.float64)


def _last_day(data: DataSet) -> Floats:
    seen, end = np.zeros(data.size), np.full(data.size, np.nan)
    np.maximum.at(seen, data.attended["row"], data.attended["at_day"])
    for kind in _UNTOWARD:
        np.maximum.at(seen, *data.events_of(kind))
    for kind in ENDS:
        end = np.fmin(end, data.first_day(kind))
    return np.where(np.isnan(end), seen, end)
