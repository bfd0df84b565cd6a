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


def safety(data: DataSet, _analysis: Analysis) -> Changes:
    """Number of adverse events by kind from day 0 to five years, deaths, and years of observation (SAF).

    adverse_event counts infections and infusion reactions, too. An event is serious if its detail begins with
    that word, a malignancy if "malignan" is in it; nobody dies twice. person_years runs to the end of
    participation or, without one, to the last attended visit or a later untoward event, and at most to five years;
    a rate per 100 person-years is the sum of the one over the sum of the other (D125).
    """
    kind = data.events["kind"]
    untoward = np.isin(kind, _UNTOWARD)
    terms, term = np.unique(data.events["detail"].astype(np.str_), return_inverse=True)
    serious = untoward & np.array([_SERIOUS.match(text.lower()) is not None for text in terms], np.bool_)[term]
    counted = {
        "adverse_event": untoward,
        "serious_adverse_event": serious,
        "infection": kind == "infection",
        "serious_infection": serious & (kind == "infection"),
        "infusion_reaction": kind == "infusion_reaction",
        "malignancy": untoward & (np.char.find(np.char.lower(terms), "malignan") >= 0)[term],
        "death": kind == "death",
    }
    columns = {(name, ""): _count(data, rows) for name, rows in counted.items()}
    columns["death", ""] = np.minimum(columns["death", ""], 1.0)
    columns["person_years", ""] = np.clip(_last_day(data), 0.0, FIVE_YEARS) / YEAR
    return changes(np.ones(data.size, dtype=np.bool_), columns)


def _count(data: DataSet, rows: NDArray[np.bool_]) -> Floats:
    day = data.events["day"]
    subject = data.rows_of(data.events)[rows & (day >= 0) & (day <= FIVE_YEARS)]
    return np.bincount(subject[subject >= 0], minlength=data.size).astype(np.float64)


def _last_day(data: DataSet) -> Floats:
    seen, end = np.zeros(data.size), np.full(data.size, np.nan)
    np.maximum.at(seen, data.attended["row"], data.attended["at_day"])
    for kind in _UNTOWARD:
        np.maximum.at(seen, *data.events_of(kind))
    for kind in ENDS:
        end = np.fmin(end, data.first_day(kind))
    return np.where(np.isnan(end), seen, end)
