"""Filling the quotas: candidates arrive one by one and are screened until the trial is full."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.core.clock import MINUTES_PER_DAY
from sim.core.tables import Table
from sim.core.uncounted import compiled
from sim.population.history import HISTORY
from sim.population.person import LC, LN, PERSON
from sim.screening.ahead import look_ahead
from sim.screening.case import AHEAD, Room
from sim.screening.clinic import ARRIVAL, COUNTS, Clinic, accrual_open, enrol, receive, screen


@dataclass(frozen=True)
class Enrolled:
    """The patients of some trials, in order of trial and enrolment; all arrays have one row a patient.

    arrival_day  : trial day on which a patient came to the clinic.
    enrolled_day : trial day of study day 0: the arrival and the screening period.
    trials       : one row a trial, those that enrolled nobody included.
    """

    trial: NDArray[np.int32]
    subject: NDArray[np.int32]
    candidate: NDArray[np.int32]
    person: NDArray[np.void]
    history: NDArray[np.void]
    arrival_day: NDArray[np.int32]
    enrolled_day: NDArray[np.int32]
    trials: Table

    def where(self, chosen: NDArray[Any]) -> "Enrolled":
        """Some of the patients, by a mask or by rows; the trials stay."""
        arrays = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "trials"}
        return Enrolled(trials=self.trials, **{name: values[chosen] for name, values in arrays.items()})

    @property
    def addresses(self) -> NDArray[np.int64]:
        """(patients, 2): trial and candidate number, under which all of a patient's draws are found."""
        return np.stack([self.trial, self.candidate], axis=1).astype(np.int64)


@compiled
def fill_trials(
    room: Room, persons: Any, histories: Any, log: Any, counts: Any, trials: NDArray[np.int64], everybody: bool
) -> int:
    """Fill trials one after the other; the number of rows of the log.

    persons, histories : (as many as can be enrolled + 1,) records; the first are the enrolled of all trials, in
                         order, the next is work space.
    log                : records of ARRIVAL of the enrolled or, if `everybody`, of all screened, in order.
    counts             : (trials,) records of COUNTS, all zero at first.
    """
    rows, first = 0, 0
    for row in range(len(trials)):
        trial, count, looked_at = trials[row], counts[row : row + 1], AHEAD
        while accrual_open(room, count):
            if looked_at == AHEAD:
                look_ahead(room, count, trial)
                looked_at = 0
            candidate, each = count[0].arrived, room.ahead[looked_at]
            looked_at += 1
            seen = receive(count[0], room.plan[0], each.gap, each.subgroup)
            if not (seen & (each.promising | everybody)):
                continue
            subgroup, minute = each.subgroup, count[0].minute
            place = first + count[0].enrolled[LN] + count[0].enrolled[LC]
            admitted = each.promising and screen(room, persons, histories, place, subgroup, trial, candidate)
            if admitted or everybody:
                entry = log[rows]
                entry.trial, entry.candidate, entry.subgroup, entry.minute = trial, candidate, subgroup, minute
                entry.subject = enrol(count, subgroup, minute) if admitted else -1
                rows += 1
        first += count[0].enrolled[LN] + count[0].enrolled[LC]
    return rows


def fill(trials: Sequence[int], config: Config) -> Enrolled:
    """The enrolled patients of some trials, each trial by itself and the same in every chunk.

    trials : numbers of the trials.
    """
    clinic = Clinic.of(config)
    most = len(trials) * int(clinic.plan["n"][0])
    persons, histories, log = (np.zeros(most + 1, kind) for kind in (PERSON, HISTORY, ARRIVAL))
    counts, numbers = np.zeros(len(trials), COUNTS), np.asarray(trials, dtype=np.int64)
    enrolled = fill_trials(clinic.room(), persons, histories, log, counts, numbers, False)
    return enrolment(clinic, trials, log[:enrolled], persons[:enrolled], histories[:enrolled], counts)


def enrolment(
    clinic: Clinic,
    trials: Sequence[int],
    enrolled: NDArray[np.void],
    persons: NDArray[np.void],
    histories: NDArray[np.void],
    counts: NDArray[np.void],
) -> Enrolled:
    """The patients of some trials from the records that filling left behind.

    enrolled, persons, histories : one record a patient, in order of trial and enrolment; counts : one a trial.
    """
    arrival_day = enrolled["minute"] // MINUTES_PER_DAY
    return Enrolled(
        trial=enrolled["trial"].astype(np.int32),
        subject=enrolled["subject"].astype(np.int32),
        candidate=enrolled["candidate"].astype(np.int32),
        person=persons,
        history=histories,
        arrival_day=arrival_day.astype(np.int32),
        enrolled_day=(arrival_day + clinic.screening_days).astype(np.int32),
        trials=_trials_table(trials, counts, clinic),
    )


def screened_candidates(trials: Sequence[int], clinic: Clinic) -> NDArray[np.void]:
    """Records of ARRIVAL for every screened candidate of some trials, in order of arrival."""
    n = int(clinic.plan["n"][0])
    persons, histories = np.zeros(n + 1, PERSON), np.zeros(n + 1, HISTORY)
    log = np.zeros(int(clinic.plan["cap"].sum()), ARRIVAL)
    kept, room = [np.zeros(0, ARRIVAL)], clinic.room()
    for trial in trials:
        number, counts = np.array([trial], np.int64), np.zeros(1, COUNTS)
        rows = fill_trials(room, persons, histories, log, counts, number, True)
        kept.append(log[:rows].copy())
    return np.concatenate(kept)


def _trials_table(trials: Sequence[int], counts: NDArray[np.void], clinic: Clinic) -> Table:
    """One row a trial; accrual lasts to day 0 of the last patient, or to the last arrival of an unfilled trial."""
    n_enrolled = counts["enrolled"].sum(axis=1)
    full = n_enrolled == int(clinic.plan["n"][0])
    last = np.where(
        full,
        counts["last_enrolled"] // MINUTES_PER_DAY + clinic.screening_days,
        counts["minute"] // MINUTES_PER_DAY,
    )
    return Table(
        {
            "trial": np.asarray(trials, dtype=np.int32),
            "n_screened": counts["screened"].sum(axis=1).astype(np.int32),
            "n_screened_LN": counts["screened"][:, LN].astype(np.int32),
            "n_screened_LC": counts["screened"][:, LC].astype(np.int32),
            "n_enrolled": n_enrolled.astype(np.int32),
            "n_enrolled_LN": counts["enrolled"][:, LN].astype(np.int32),
            "n_enrolled_LC": counts["enrolled"][:, LC].astype(np.int32),
            "n_turned_away": counts["turned_away"].astype(np.int32),
            "accrual_days": last.astype(np.int32),
            "filled": full,
        }
    )
