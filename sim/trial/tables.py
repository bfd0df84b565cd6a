"""Dosing, infusions and events of a chunk of courses, as the clinic recorded them.

Rows carry `row`, the patient's position; who that is (trial, subject) is added where the data set is put
together. What is latent stays in the log.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.addressed import uniforms
from sim.core.clock import MINUTES_PER_DAY
from sim.core.decisions import SLOTS, Clock, Decision
from sim.core.tables import Column, Table, concatenate
from sim.disease.state import WEEK_24, Happening
from sim.disease.visits import NOMINAL_DAYS
from sim.trial.courses import Courses
from sim.trial.doses import Doses, Reasons

_END_OF_DOSING: Final = 168
_REASONS: Final = np.array(["baseline", "taper", "flare", "rescue"])
_INFUSION_DAYS: Final = (NOMINAL_DAYS[0], NOMINAL_DAYS[5])
_NOT_GIVEN: Final = np.array(["end_of_participation", "infection", "rescue", "flare"])
_SEVERITY: Final = np.array(["mild", "moderate", "severe"])
_DROPOUT: Final = np.array(["lack_of_efficacy", "adverse_event", "other"])
EARLY_ENDS: Final = (Happening.DEATH, Happening.DROPOUT, Happening.PREGNANCY)
RESCUES: Final = {
    Happening.IMMUNOSUPPRESSANT: "immunosuppressant",
    Happening.STEROID_RESCUE: "steroid",
    Happening.IVIG: "ivig",
    Happening.TRANSFUSION: "transfusion",
    Happening.GCSF: "gcsf",
    Happening.PULSE: "pulse",
}
"""What is recorded as rescue, and its detail."""


def entries(courses: Courses, kinds: Sequence[Happening]) -> tuple[NDArray[np.int64], NDArray[np.void]]:
    """Patients and log entries of some kinds, in the order of patients and time."""
    wanted = np.zeros(len(Happening), bool)
    wanted[[int(kind) for kind in kinds]] = True
    chosen = wanted[courses.log["kind"]]
    return courses.of_entry[chosen], courses.log[chosen]


def ended_early(courses: Courses) -> NDArray[np.bool_]:
    """Patients whom death, withdrawal or pregnancy ended."""
    early = np.zeros(len(courses.states), bool)
    early[entries(courses, EARLY_ENDS)[0]] = True
    return early


def week_24_minute(courses: Courses) -> NDArray[np.int64]:
    """(courses,) minute at which W24 was held or missed, or at which participation ended before."""
    visits = courses.visits
    return np.asarray(visits["minute"][visits["number"] == WEEK_24])


def first_serious_day(courses: Courses) -> NDArray[np.float64]:
    """(courses,) study day of the first serious adverse event or death up to W24; inf without one."""
    patient, log = entries(courses, (Happening.SERIOUS_INFECTION, Happening.ADVERSE_EVENT, Happening.DEATH))
    seen = log["minute"] <= week_24_minute(courses)[patient]
    first = np.full(len(courses.states), np.inf)
    np.minimum.at(first, patient[seen], (log["minute"][seen] // MINUTES_PER_DAY).astype(np.float64))
    return first


def dosing(courses: Courses, dose: Doses, reason: Reasons) -> Table:
    """Periods of one daily dose, from day 0 to the end of participation, or of dosing (day 168 at least).

    dose, reason : of doses.daily.
    """
    states = courses.states
    last = np.where(ended_early(courses), states["end_day"], np.maximum(states["end_day"], _END_OF_DOSING))
    days = np.arange(dose.shape[1])
    starts = np.ones(dose.shape, bool)
    starts[:, 1:] = dose[:, 1:] != dose[:, :-1]
    starts &= days <= last[:, None]
    patient, start = np.nonzero(starts)
    following = np.append(patient[1:] == patient[:-1], False)
    end = np.where(following, np.append(start[1:], 0) - 1, last[patient])
    return Table(
        {
            "row": patient,
            "start_day": start,
            "end_day": end,
            "dose": dose[patient, start],
            "reason": _REASONS[reason[patient, start]],
        }
    )


def infusions(courses: Courses, cells_per_kg: float) -> Table:
    """Both planned infusions of each patient: given, or why not."""
    states = courses.states
    patients = np.repeat(np.arange(len(states)), 2)
    number = np.tile([1, 2], len(states))
    given = number <= states["infusions"][patients]
    day = np.where(given, states["infusion_day"].reshape(-1).astype(np.float64), np.nan)
    why = _NOT_GIVEN[states["cancelled"]]
    return Table(
        {
            "row": patients,
            "infusion": number,
            "planned_day": np.array(_INFUSION_DAYS)[number - 1],
            "day": day,
            "cells_per_kg": np.where(given, cells_per_kg, np.nan),
            "reason_not_given": np.where(given, "", why[patients]),
        }
    )


def _events(
    patient: NDArray[np.int64], day: Column, kind: str, severity: Column | str, domain: str, detail: Column | str
) -> Table:
    size = len(patient)
    return Table(
        {
            "row": patient,
            "day": np.asarray(day, np.int64),
            "kind": np.full(size, kind, "<U24"),
            "severity": np.broadcast_to(np.asarray(severity, "<U8"), size),
            "domain": np.full(size, domain, "<U20"),
            "detail": np.broadcast_to(np.asarray(detail, "<U40"), size),
        }
    )


def rescues(courses: Courses) -> list[Table]:
    """Rescue treatment, transfusions and G-CSF, on the day they were ordered."""
    tables = []
    for kind, detail in RESCUES.items():
        patient, log = entries(courses, [kind])
        day = log["minute"] // MINUTES_PER_DAY
        tables.append(_events(patient, day, "rescue", "", "", detail))
        if kind is Happening.TRANSFUSION:
            tables.append(_events(patient, day, "transfusion", "", "", "red_cells"))
        if kind is Happening.GCSF:
            tables.append(_events(patient, day, "gcsf", "", "", ""))
    return tables


def ends(courses: Courses) -> list[Table]:
    """Death, withdrawal and pregnancy."""
    patient, log = entries(courses, [Happening.DEATH])
    cause = np.where(log["a"] == 1, "infection", "not infectious")
    tables = [_events(patient, log["minute"] // MINUTES_PER_DAY, "death", "", "", cause)]
    patient, log = entries(courses, [Happening.DROPOUT])
    tables.append(_events(patient, log["minute"] // MINUTES_PER_DAY, "withdrawal", "", "", _DROPOUT[log["a"]]))
    patient, log = entries(courses, [Happening.PREGNANCY])
    tables.append(_events(patient, log["minute"] // MINUTES_PER_DAY, "withdrawal", "", "", "pregnancy"))
    return tables


def adverse_events(courses: Courses, malignant: float) -> Table:
    """Infections, other serious adverse events, and infusion reactions; no two rows are alike (D170).

    malignant : probability that a serious event that is no infection is a malignancy (D171).
    """
    patient, log = entries(courses, [Happening.SERIOUS_INFECTION])
    tables = [_events(patient, log["minute"] // MINUTES_PER_DAY, "infection", "severe", "", "serious")]
    patient, log = entries(courses, [Happening.MILD_INFECTION])
    day = log["minute"] // MINUTES_PER_DAY
    tables.append(_events(patient, day, "infection", _SEVERITY[log["b"]], "", "not serious"))
    patient, log = entries(courses, [Happening.ADVERSE_EVENT])
    detail = np.where(_drawn(courses, patient, log) < malignant, "serious; malignancy", "serious")
    tables.append(_events(patient, log["minute"] // MINUTES_PER_DAY, "adverse_event", "severe", "", detail))
    patient, log = entries(courses, [Happening.REACTION])
    kept = log["value"] <= courses.states["end_day"][patient]
    patient, log = patient[kept], log[kept]
    day, severity = log["value"].astype(np.int64), _SEVERITY[log["b"]]
    tables.append(_events(patient, day, "infusion_reaction", severity, "", "not serious"))
    return told_apart(concatenate(tables))


def _drawn(courses: Courses, patient: NDArray[np.int64], log: NDArray[np.void]) -> NDArray[np.float64]:
    """A uniform number for each serious event that is no infection."""
    states = courses.states[patient]
    index = 4 * (SLOTS * int(Clock.ADVERSE_EVENT) + log["a"].astype(np.int64)) + 2
    seed = int(courses.states["seed"].astype(np.uint64)[0]) if len(courses.states) else 0
    return uniforms(seed, states["trial"], states["candidate"], Decision.EVENT_DETAIL, index)


def told_apart(events: Table) -> Table:
    """Events in which the second of a patient's day that is alike in everything says so in its detail (D170)."""
    codes = [
        np.unique(events[name], return_inverse=True)[1] for name in ("row", "day", "kind", "severity", "detail")
    ]
    _, group = np.unique(np.stack(codes), axis=1, return_inverse=True)
    order = np.argsort(group, kind="stable")
    first = np.searchsorted(group[order], group)
    number = np.empty(events.length, np.int64)
    number[order] = np.arange(events.length)
    number -= first
    again = np.char.mod("; number %d of the day", number + 1)
    detail = np.where(number > 0, np.char.add(events["detail"].astype(np.str_), again), events["detail"])
    return events.adding({"detail": detail.astype("<U40")})
