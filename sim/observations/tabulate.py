"""The visits table: what the attended visits measured, and only the columns and rows that are asked for.

Noise is a function of (candidate, analyte, day), so a value does not depend on which others are tabulated.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.observation import SCHEDULED, T_CELLS_ALONE
from sim.core.tables import Column, Table
from sim.core.uncounted import compiled
from sim.observations import measure
from sim.observations.noise import begin, new_noise
from sim.observations.visit import CNS_ITEMS, ITEMS, SCREENING, UNSCHEDULED, Record

_LABORATORY: Final = (
    "upcr", "serum_creatinine", "urine_rbc", "urine_wbc", "cellular_casts", "hemoglobin", "reticulocytes",
    "neutrophils", "lymphocytes", "platelets", "c3", "c4", "anti_dsdna", "treg", "th17",
    "albumin", "systolic_bp", "diastolic_bp", "sdi", "pga",
)  # fmt: skip
_DESCRIPTORS: Final = tuple(f"sledai_{item}" for item in (*ITEMS, *CNS_ITEMS))
ITEM_ACTIVITY: Final = tuple(f"item_activity_{item}" for item in ITEMS)
"""How active the disease shows in a descriptor that is present (1 is the activity at enrolment); NaN if absent."""
MEASURED: Final = (*_LABORATORY, *_DESCRIPTORS, *ITEM_ACTIVITY)
"""Columns in the order of the compiled function below."""
DERIVED: Final = {
    "wbc": ("neutrophils", "lymphocytes"),
    "edema": ("albumin", "upcr"),
    "coombs": (),
    "sledai_organic_brain_syndrome": (),
    "sledai_visual_disturbance": (),
}
"""Columns that follow from measured ones, and which."""
COLUMNS: Final = (*MEASURED, *DERIVED)

_C3: Final = _LABORATORY.index("c3")
_TREG: Final = _LABORATORY.index("treg")
_SDI: Final = _LABORATORY.index("sdi")
_PGA: Final = _LABORATORY.index("pga")
_WEEK_24: Final = SCHEDULED.index("W24")
_LEFT_OUT: Final = -1
_SCREENING: Final = 0
_BASELINE: Final = 1
_LATE: Final = 2
_BEFORE: Final = 3
_FIRST_ITEM: Final = len(_LABORATORY)
_FIRST_CNS: Final = _FIRST_ITEM + len(ITEMS)
_FIRST_ACTIVITY: Final = _FIRST_CNS + len(CNS_ITEMS)

Visited = tuple[Record, Record, Record, Record]
"""What the functions of `measure` ask first: settings, person, visit, and the noise of the person."""
_NAMES: Final = np.array([*SCHEDULED, "SCR"])
_FLAGS: Final = frozenset({"cellular_casts", *_DESCRIPTORS, *(name for name in DERIVED if name != "wbc")})


def _numbers(*names: str) -> frozenset[int]:
    return frozenset(SCHEDULED.index(name) for name in names)


WITHOUT_SEROLOGY: Final = _numbers("D3", "W1", "W12D3", "W13")
WITH_T_CELLS: Final = _numbers("D0", "D3", "W1", "W4", "W12", "W24", "Y0.5", "Y1", "Y1.5", "Y2", "Y3")
UNASSESSED: Final = _numbers(*T_CELLS_ALONE)
WITH_DAMAGE_INDEX: Final = (WITH_T_CELLS | _numbers("Y5") | {SCREENING}) - UNASSESSED
"""What is measured at which scheduled visit (NCT04835883, outcome measures); unscheduled visits measure all."""
_TAKEN: Final = np.array(
    [
        (
            number not in WITHOUT_SEROLOGY | UNASSESSED,
            number in WITH_T_CELLS,
            number in WITH_DAMAGE_INDEX,
            number not in UNASSESSED,
        )
        for number in range(len(SCHEDULED))
    ]
    + [(True, True, True, True), (True, False, True, True)]
)
"""By visit number: serology, T cells, damage index, and the rest; then unscheduled visits, and (-1) screening."""


class Role(IntEnum):
    """What a visit is to the endpoints of week 24, and so which of its measurements they read."""

    SCREENING = 0
    BASELINE = 1
    WEEK_24 = 2  # that visit; where it was missed, every visit that may stand for it
    BEFORE = 3  # the last attended visit before it


@dataclass(frozen=True)
class Selection:
    """Which measurements to tabulate.

    reads    : for each role, the columns (of COLUMNS) read in nephritis and those read in cytopenia; None means
               every column of every visit, missed visits included.
    from_day : first day of a visit that may stand for week 24 where that was missed.
    """

    reads: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] | None = None
    from_day: int = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the table, in table order."""
        if self.reads is None:
            return COLUMNS
        read = {name for by_subgroup in self.reads for names in by_subgroup for name in names}
        return tuple(name for name in COLUMNS if name in read)

    def wanted(self) -> NDArray[np.bool_]:
        """(roles, subgroups, MEASURED): asked for, or needed by a column that is."""
        if self.reads is None:
            return np.ones((len(Role), 2, len(MEASURED)), bool)
        return np.array([[_needed(names) for names in by_subgroup] for by_subgroup in self.reads])


def _needed(columns: tuple[str, ...]) -> NDArray[np.bool_]:
    """Whether each of MEASURED is asked for or needed; how active an item is follows from whether it is there."""
    needed = {source for name in columns for source in DERIVED.get(name, (name,))}
    needed |= {f"sledai_{item}" for item in ITEMS if f"item_activity_{item}" in needed}
    return np.array([name in needed for name in MEASURED])


def tabulate(
    persons: NDArray[np.void],
    visits: NDArray[np.void],
    rows: NDArray[np.int64],
    addresses: NDArray[np.int64],
    seed: int,
    o: NDArray[np.void],
    selection: Selection,
) -> Table:
    """The visits table without keys of the trial: `row` is the patient, `place` the visit among the patient's.

    persons   : (patients,) true constants; visits : of all patients one after the other, rows[i] of each.
    addresses : (patients, 2) trial and candidate number, the address of each patient's noise.
    Missed visits have NaN in `day` and in every measurement.
    """
    patient, place, role = _chosen(visits, rows, selection)
    chosen = visits[(np.cumsum(rows) - rows)[patient] + place]
    values = np.full((len(patient), len(MEASURED)), np.nan)
    wanted = selection.wanted()
    at = _schedule(chosen["number"])
    _fill(persons, chosen, patient, role, addresses, seed, o, wanted, at, values, new_noise())
    attended = chosen["attended"] == 1
    columns: dict[str, Column] = {
        "row": patient,
        "place": place,
        "visit": visit_names(chosen["number"]),
        "planned_day": np.where(chosen["number"] > UNSCHEDULED, np.nan, chosen["planned_day"].astype(np.float64)),
        "day": np.where(attended, chosen["day"].astype(np.float64), np.nan),
        "attended": attended,
    }
    by_name = {name: values[:, position] for position, name in enumerate(MEASURED)}
    derived = _derived(by_name, persons[patient], attended & at[:, 3], o[0], selection.columns)
    for name in selection.columns:
        column = derived[name] if name in DERIVED else by_name[name]
        columns[name] = _flag(column) if name in _FLAGS else column
    return Table(columns)


def visit_names(numbers: NDArray[np.int64]) -> Column:
    """Names of visit numbers: SCR, those of the schedule, U1, U2, …"""
    names = _NAMES[np.where(numbers > UNSCHEDULED, 0, numbers)].astype("<U8")
    for number in np.unique(numbers[numbers > UNSCHEDULED]):
        names[numbers == number] = f"U{number - UNSCHEDULED}"
    return names


def _chosen(
    visits: NDArray[np.void], rows: NDArray[np.int64], selection: Selection
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Patient, place among the patient's visits, and role of each visit to tabulate."""
    patient = np.repeat(np.arange(len(rows)), rows)
    place = np.arange(len(patient)) - np.repeat(np.cumsum(rows) - rows, rows)
    role = np.full(len(patient), _LEFT_OUT)
    _assign(visits, rows, selection.reads is None, selection.from_day, role)
    kept = role != _LEFT_OUT
    return patient[kept], place[kept], role[kept]


@compiled
def _assign(
    visits: Record, rows: NDArray[np.int64], everything: bool, from_day: int, role: NDArray[np.int64]
) -> None:
    """Roles of the visits; with `everything`, that of week 24 for all."""
    first = 0
    for i in range(rows.size):
        last = first + rows[i] - 1
        held = rows[i] > 0 and visits[last].number == _WEEK_24 and visits[last].attended == 1
        before = False
        for j in range(last, first - 1, -1):
            visit = visits[j]
            if everything:
                role[j] = _LATE
            elif visit.number <= 0:
                role[j] = _SCREENING if visit.number < 0 else _BASELINE
            elif visit.attended == 0:
                continue
            elif (held and j == last) or (not held and visit.day >= from_day):
                role[j] = _LATE
            elif not before:
                role[j] = _BEFORE
                before = True
        first = last + 1


def _schedule(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(visits, 4): serology, T cells, damage index and all the rest are measured at this visit."""
    return _TAKEN[np.where(numbers > UNSCHEDULED, len(SCHEDULED), numbers)]


def _derived(
    measured: dict[str, Column], persons: NDArray[np.void], assessed: Column, o: np.void, wanted: tuple[str, ...]
) -> dict[str, Column]:
    missing = np.where(assessed, 0.0, np.nan)
    columns: dict[str, Column] = {}
    if "wbc" in wanted:
        total = measured["neutrophils"] + measured["lymphocytes"] + o["other_white_cells"]
        columns["wbc"] = np.floor(total * 100.0 + 0.5) / 100.0
    if "edema" in wanted:
        swollen = (measured["albumin"] < o["edema_albumin"] - 1e-9) & (measured["upcr"] > o["edema_upcr"] + 1e-9)
        columns["edema"] = missing + swollen
    if "coombs" in wanted:
        columns["coombs"] = missing + (persons["hemolytic"] == 1)
    for name in ("sledai_organic_brain_syndrome", "sledai_visual_disturbance"):
        if name in wanted:
            columns[name] = missing
    return columns


def _flag(values: NDArray[np.float64]) -> Column:
    return np.where(np.isnan(values), -1.0, values).astype(np.int8)


@compiled
def _fill(
    persons: Record,
    visits: Record,
    patient: NDArray[np.int64],
    role: NDArray[np.int64],
    addresses: NDArray[np.int64],
    seed: int,
    os: Record,
    wanted: NDArray[np.bool_],
    at: NDArray[np.bool_],
    values: NDArray[np.float64],
    noise: Record,
) -> None:
    """Measure: patients one after the other, so that one noise workspace serves."""
    last = -1
    for row in range(visits.size):
        visit = visits[row]
        i = patient[row]
        if i != last:
            begin(noise[0], seed, addresses[i, 0], addresses[i, 1])
            last = i
        if visit.attended == 0:
            continue
        of = (os[0], persons[i], visit, noise[0])
        asked = wanted[role[row], persons[i].subgroup]
        _serology(of, asked, at[row], values[row])
        if at[row, 3]:
            _blood_and_urine(of, asked, values[row])
            _clinical(of, asked, at[row], values[row])


@compiled
def _blood_and_urine(of: Visited, wanted: NDArray[np.bool_], value: NDArray[np.float64]) -> None:
    if wanted[0]:
        value[0] = measure.upcr(*of)
    if wanted[1]:
        value[1] = measure.serum_creatinine(*of)
    if wanted[2]:
        value[2] = measure.urine_rbc(*of)
    if wanted[3]:
        value[3] = measure.urine_wbc(*of)
    if wanted[4]:
        value[4] = measure.cellular_casts(*of)
    if wanted[5]:
        value[5] = measure.hemoglobin(*of)
    if wanted[6]:
        value[6] = measure.reticulocytes(*of)
    if wanted[7]:
        value[7] = measure.neutrophils(*of)
    if wanted[8]:
        value[8] = measure.lymphocytes(*of)
    if wanted[9]:
        value[9] = measure.platelets(*of)


@compiled
def _serology(of: Visited, wanted: NDArray[np.bool_], at: NDArray[np.bool_], value: NDArray[np.float64]) -> None:
    if at[0] and wanted[_C3]:
        value[_C3] = measure.complement_c3(*of)
    if at[0] and wanted[_C3 + 1]:
        value[_C3 + 1] = measure.complement_c4(*of)
    if at[0] and wanted[_C3 + 2]:
        value[_C3 + 2] = measure.anti_dsdna(*of)
    if at[1] and wanted[_TREG]:
        value[_TREG] = measure.treg(*of)
    if at[1] and wanted[_TREG + 1]:
        value[_TREG + 1] = measure.th17(*of)


@compiled
def _clinical(of: Visited, wanted: NDArray[np.bool_], at: NDArray[np.bool_], value: NDArray[np.float64]) -> None:
    o, _, visit, noise = of
    if wanted[_TREG + 2]:
        value[_TREG + 2] = measure.albumin(*of)
    if wanted[_TREG + 3]:
        value[_TREG + 3] = measure.systolic_bp(o, visit, noise)
    if wanted[_TREG + 4]:
        value[_TREG + 4] = measure.diastolic_bp(o, visit, noise)
    if at[2] and wanted[_SDI]:
        value[_SDI] = visit.sdi
    if wanted[_PGA]:
        value[_PGA] = visit.pga
    for item in range(_FIRST_CNS - _FIRST_ITEM):
        if wanted[_FIRST_ITEM + item]:
            value[_FIRST_ITEM + item] = measure.item_present(o, visit, item, noise)
        if wanted[_FIRST_ACTIVITY + item] and value[_FIRST_ITEM + item] == 1.0:
            value[_FIRST_ACTIVITY + item] = measure.item_activity(o, visit, item, noise)
    for item in range(5):
        if wanted[_FIRST_CNS + item]:
            value[_FIRST_CNS + item] = measure.cns_present(visit, item)
