"""Safety: what happened to those who received cells (SAF), counted and per person-year."""

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


def safety(data: DataSet, _analysis: Analysis) -> Changes:
    """Number of adverse events by kind from day 0 to five years, deaths, and years of observation (SAF).

    adverse_event counts infections and infusion reactions, too; serious ones and malignancies are known by their
    detail ("serious", "malignan…"). person_years runs to the earliest of five years, the end of participation and
    the last attended visit; a rate per 100 person-years is the sum of the one over the sum of the other.
    """
    untoward = np.concatenate([data.event_places(kind) for kind in _UNTOWARD])
    detail = data.events["detail"][untoward].astype(np.str_, copy=False)
    serious = untoward[np.char.startswith(detail, "serious")]
    places = {
        "adverse_event": untoward,
        "serious_adverse_event": serious,
        "infection": data.event_places("infection"),
        "serious_infection": serious[data.events["kind"][serious] == "infection"],
        "infusion_reaction": data.event_places("infusion_reaction"),
        "malignancy": untoward[np.isin(detail, _malignancies(detail))],
        "death": data.event_places("death"),
    }
    columns = {(name, ""): _count(data, counted) for name, counted in places.items()}
    columns["person_years", ""] = _years(data)
    return changes(np.ones(data.size, dtype=np.bool_), columns)


def _malignancies(details: NDArray[np.str_]) -> NDArray[np.str_]:
    """The different terms that name a malignancy, few of many thousand rows."""
    terms = np.unique(details)
    return terms[np.char.find(np.char.lower(terms), "malignan") >= 0]


def _count(data: DataSet, places: NDArray[np.int64]) -> Floats:
    """Events at these places of the table from day 0 to five years, per subject."""
    day = data.events["day"][places]
    subject = data.event_rows[places[(day >= 0) & (day <= FIVE_YEARS)]]
    return np.bincount(subject, minlength=data.size).astype(np.float64)


def _years(data: DataSet) -> Floats:
    last = np.zeros(data.size)
    np.maximum.at(last, data.attended["row"], data.attended["at_day"])
    for kind in ENDS:
        last = np.fmin(last, data.first_day(kind))
    return np.clip(last, 0.0, FIVE_YEARS) / YEAR
