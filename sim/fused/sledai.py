"""SLEDAI-2K of one visit, compiled, added up only as far as it decides."""

from typing import Final

import numpy as np

from sim.core.uncounted import compiled
from sim.instruments.sledai import DESCRIPTORS
from sim.observations import measure
from sim.observations.visit import CNS_ITEMS, ITEMS, Record

_POINTS: Final = {descriptor.name: float(descriptor.weight) for descriptor in DESCRIPTORS}
_ITEMS: Final = np.array([_POINTS[name] for name in ITEMS])
_CNS: Final = np.array([_POINTS[name] for name in CNS_ITEMS])
_CASTS: Final = _POINTS["urinary_casts"]
_HEMATURIA: Final = _POINTS["hematuria"]
_PROTEINURIA: Final = _POINTS["proteinuria"]
_PYURIA: Final = _POINTS["pyuria"]
_COMPLEMENT: Final = _POINTS["low_complement"]
_DNA: Final = _POINTS["increased_dna_binding"]
_PLATELETS: Final = _POINTS["thrombocytopenia"]
_LEUKOCYTES: Final = _POINTS["leukopenia"]
MORE_THAN_ALL: Final = 1000.0
_TOLERANCE: Final = 1e-9


@compiled
def points(
    person: Record, visit: Record, r: Record, o: Record, enough: float, noise: Record,
) -> float:  # fmt: skip
    """Points of a visit with serology; any number of at least `enough` where there are that many.

    The many points and the cheap ones come first. Limits are those of sim.instruments.sledai and of the analysis.
    """
    total = 0.0
    for item in range(_CNS.size):
        if measure.cns_present(visit, item):
            total += _CNS[item]
    if total >= enough:
        return total
    if measure.upcr(o, person, visit, noise) * r.excretion > 0.5 + _TOLERANCE:
        total += _PROTEINURIA
    if total >= enough:
        return total
    if measure.urine_rbc(o, person, visit, noise) > 5.0 + _TOLERANCE:
        total += _HEMATURIA
    if total < enough:
        total = _items(total, visit, o, enough, noise)
    if total < enough and measure.cellular_casts(o, person, visit, noise):
        total += _CASTS
    if total < enough and measure.urine_wbc(o, person, visit, noise) > 5.0 + _TOLERANCE:
        total += _PYURIA
    if total < enough and _low_complement(person, visit, r, o, noise):
        total += _COMPLEMENT
    if total < enough:
        total = _last_points(total, person, visit, r, o, enough, noise)
    return total


@compiled
def _items(total: float, visit: Record, o: Record, enough: float, noise: Record) -> float:
    for item in range(_ITEMS.size):
        if total < enough and measure.item_present(o, visit, item, noise):
            total += _ITEMS[item]
    return total


@compiled
def _low_complement(person: Record, visit: Record, r: Record, o: Record, noise: Record) -> bool:
    c3 = measure.complement_c3(o, person, visit, noise)
    if c3 < r.c3_limit - _TOLERANCE:
        return True
    c4 = measure.complement_c4(o, person, visit, noise)
    return bool(c4 < r.c4_limit - _TOLERANCE)


@compiled
def _last_points(
    total: float, person: Record, visit: Record, r: Record, o: Record, enough: float, noise: Record,
) -> float:  # fmt: skip
    dsdna = measure.anti_dsdna(o, person, visit, noise)
    if dsdna > r.dsdna_limit + _TOLERANCE:
        total += _DNA
    if total >= enough:
        return total
    if measure.platelets(o, person, visit, noise) < 100.0 - _TOLERANCE:
        total += _PLATELETS
    if total >= enough:
        return total
    white = measure.neutrophils(o, person, visit, noise)
    white += measure.lymphocytes(o, person, visit, noise)
    if white + o.other_white_cells < 3.0 - _TOLERANCE:
        total += _LEUKOCYTES
    return total
