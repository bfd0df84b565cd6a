"""The flare index at each visit of the clinic, under every reading of X35: which modification, and what it needs.

The index compares a visit with the attended visit before it. Its criteria are those of sfi.py; here they are put
on the visits of a data set. Sources: Petri 1999, Lupus 8:685; Petri 2005, New England Journal of Medicine
353:2550; the modification is that of Navarra 2011, Lancet 377:721.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.hematologic_response import hemolytic_anemia
from sim.instruments.sfi import (
    MODERATE,
    NO_FLARE,
    SEVERE,
    modified_sfi_severe,
    severe_manifestation,
    sfi_as_written,
)
from sim.instruments.sledai import DESCRIPTORS
from sim.instruments.visit_order import earlier, value_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

NERVOUS: Final = tuple(item.name for item in DESCRIPTORS if item.group == "nervous")
MILD: Final = ("rash", "mucosal_ulcers", "pleurisy", "pericarditis", "arthritis", "fever")
"""Descriptors whose new appearance is a mild manifestation of the index."""
_ORIGINAL_LIMIT: Final = 12.0


@dataclass(frozen=True)
class FlareIndex:
    """Readings of X35.

    original          : a rise of SLEDAI to more than 12 points is severe by itself.
    needs_recognition : only a flare that a physician recognised is scored; else every attended visit after day 0
                        is, by the index as written; a recognised flare keeps at least the index it has without.
    uses_medication   : doses and drugs count as criteria.
    """

    original: bool
    needs_recognition: bool
    uses_medication: bool


@dataclass(frozen=True)
class Orders:
    """What the physician found and ordered; (visits,) each.

    recognised    : 0 nothing, 1 a mild or moderate flare, 2 a severe one.
    before, after : mg/day prednisone before and after the orders of the visit; weight in kg.
    starts_drug   : an immunosuppressant was begun.
    """

    recognised: Integers
    before: Floats
    after: Floats
    weight: Floats
    starts_drug: Flags


def flare_codes(
    visits: Mapping[str, NDArray[Any]],
    subject: Integers,
    orders: Orders,
    new_nephritis: Flags,
    index: FlareIndex,
) -> Codes:
    """The flare index of each visit: 0 none, 1 mild or moderate, 2 severe.

    visits        : attended ones, scored, sorted by subject, then day: day, sledai2k, pga, platelets, hemoglobin,
                    reticulocytes and the descriptors of SLEDAI-2K.
    subject       : (visits,) whose visit it is; new_nephritis : a renal flare is dated by the visit.
    A missing measurement, or none before, meets no criterion but that of a low count, which is then new. Orders
    count where a flare was recognised alone; a hospital stay and drugs for mild flares are not recorded.
    """
    before = _Before(visits, subject)
    manifestation = _severe_list(visits, before, new_nephritis)
    codes = _recognised(visits, before, orders, manifestation, index)
    if index.needs_recognition:
        return codes
    written = _as_written(visits, before, orders, manifestation, index)
    after_day_0 = visits["day"].astype(np.float64) >= 1.0 - 1e-9
    return np.maximum(codes, np.where(after_day_0, written, NO_FLARE)).astype(np.int8)


class _Before:
    """Values and new manifestations against the attended visit before."""

    def __init__(self, visits: Mapping[str, NDArray[Any]], subject: Integers) -> None:
        self._visits = visits
        every = np.ones(len(subject), dtype=np.bool_)
        self._place = earlier(subject, visits["day"].astype(np.float64), every)

    def value(self, name: str) -> Floats:
        return value_at(self._visits[name], self._place)

    def new(self, *descriptors: str) -> Flags:
        """One of the descriptors is there and was known not to be there before."""
        found = np.zeros(len(self._place), dtype=np.bool_)
        for name in descriptors:
            now = self._visits[f"sledai_{name}"]
            found |= (now == 1) & (value_at(now, self._place) == 0.0)
        return found


def _severe_list(visits: Mapping[str, NDArray[Any]], before: _Before, new_nephritis: Flags) -> Flags:
    hemolysis = hemolytic_anemia(visits["hemoglobin"], visits["reticulocytes"]) == 1
    found = severe_manifestation(
        before.new(*NERVOUS),
        before.new("vasculitis"),
        before.new("myositis"),
        new_nephritis,
        visits["platelets"],
        before.value("platelets"),
        visits["hemoglobin"],
        before.value("hemoglobin"),
        hemolysis,
    )
    return np.asarray(found, dtype=np.bool_)


def _recognised(
    visits: Mapping[str, NDArray[Any]], before: _Before, orders: Orders, manifestation: Flags, index: FlareIndex
) -> Codes:
    """Recognised flares alone: severe by the physician's grade and the index, else moderate."""
    graded = orders.recognised == SEVERE
    if index.uses_medication:
        severe = modified_sfi_severe(
            graded, orders.after, orders.before, orders.weight, orders.starts_drug, manifestation
        )
    else:
        severe = graded & manifestation
    if index.original:
        risen = visits["sledai2k"] > before.value("sledai2k") + 1e-9
        severe = severe | (risen & (visits["sledai2k"] > _ORIGINAL_LIMIT + 1e-9))
    return np.where(orders.recognised > 0, np.where(severe, SEVERE, MODERATE), NO_FLARE).astype(np.int8)


def _as_written(
    visits: Mapping[str, NDArray[Any]], before: _Before, orders: Orders, manifestation: Flags, index: FlareIndex
) -> Codes:
    """Any one criterion of the index is enough, whether a flare was recognised or not.

    A dose that goes on without a flare is no order, so it is never above half a milligram per kilogram.
    """
    for_flare = orders.recognised > 0
    nobody = np.zeros(len(for_flare), dtype=np.bool_)
    return np.asarray(
        sfi_as_written(
            visits["sledai2k"],
            before.value("sledai2k"),
            visits["pga"],
            before.value("pga"),
            np.where(for_flare, orders.after, orders.before),
            orders.before,
            np.where(for_flare, orders.weight, np.inf),
            before.new(*MILD),
            manifestation,
            nobody,
            orders.starts_drug & for_flare,
            nobody,
            np.full(len(for_flare), index.original),
            np.full(len(for_flare), index.uses_medication),
        ),
        dtype=np.int8,
    )
