"""Filling the quotas: candidates arrive one by one and are screened until the trial is full.

Arrivals are numbered in order within a trial, and the number is the candidate's address. A stream without
places, or with as many screened as its cap allows, turns its arrivals away unscreened: they use a number and have
no row. `arrive`, `screen` and `enrol` are the steps; the compiled loop here and a clinic that keeps a
calendar both take them in this order, with the same result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.config.design import Design
from sim.core.clock import MINUTES_PER_DAY
from sim.core.compiled import compiled
from sim.core.decisions import Decision
from sim.core.draws import exponential_quantile, uniforms
from sim.core.tables import Table
from sim.observations.noise import Anchors, new_anchors
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.visit import new_visits
from sim.population.history import HISTORY
from sim.population.parameters import population_parameters
from sim.population.person import LC, LN, PERSON
from sim.screening.eligible import screen_candidate
from sim.screening.rules import screening_rules

PLAN: Final = np.dtype(
    [
        ("n", "i8"),
        ("places", "i8", (2,)),  # LN, LC; under a random composition each is n
        ("cap", "i8", (2,)),  # most candidates screened of each stream
        ("mean_gap", "f8"),  # minute between arrivals
        ("p_LN", "f8"),
    ],
    align=True,
)
COUNTS: Final = np.dtype(
    [
        ("arrived", "i8"),
        ("screened", "i8", (2,)),
        ("enrolled", "i8", (2,)),
        ("turned_away", "i8"),
        ("minute", "i8"),  # of the latest arrival
        ("last_enrolled", "i8"),  # arrival minute of the latest enrolled
    ],
    align=True,
)
ARRIVAL: Final = np.dtype(
    [("trial", "i8"), ("candidate", "i8"), ("subgroup", "i8"), ("minute", "i8"), ("subject", "i8")], align=True
)
"""One screened candidate; subject is -1 for a screen failure."""


@dataclass(frozen=True)
class Clinic:
    """What screening needs beside the address of a candidate: arrays of one record, and the seed.

    Arrays and not records, because a call of compiled code recognises an array a hundred times faster.
    """

    population: NDArray[np.void]
    rules: NDArray[np.void]
    observation: NDArray[np.void]
    plan: NDArray[np.void]
    seed: int
    screening_days: int

    @classmethod
    def of(cls, config: Config) -> "Clinic":
        """The clinic of a configuration."""
        return cls(
            population=population_parameters(config.population),
            rules=screening_rules(config.protocol),
            observation=observation_parameters(config.observation, config.disease.activity_cap),
            plan=enrolment_plan(config.design),
            seed=config.run.seed,
            screening_days=config.protocol.screening_days,
        )


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


def enrolment_plan(design: Design) -> NDArray[np.void]:
    """One record of PLAN, in an array of length 1, for a design."""
    plans = np.zeros(1, PLAN)
    plan = plans[0]
    places = design.quotas
    plan["n"] = design.n
    plan["places"] = places
    plan["cap"] = (
        design.max_candidates_LN_per_place * places[LN],
        design.max_candidates_LC_per_place * places[LC],
    )
    plan["mean_gap"] = 7.0 * MINUTES_PER_DAY / design.arrivals_per_week
    plan["p_LN"] = design.p_LN
    return plans


@compiled
def _stream_open(count: Any, plan: Any, subgroup: int) -> bool:
    """Whether a stream can still be referred, has places and has not reached its cap."""
    referred = plan.p_LN > 0.0 if subgroup == LN else plan.p_LN < 1.0
    has_place = count.enrolled[subgroup] < plan.places[subgroup]
    return referred & has_place & (count.screened[subgroup] < plan.cap[subgroup])


@compiled
def accrual_open(counts: Any, plan: Any) -> bool:
    """Whether anybody can still be enrolled; counts and plan : arrays of one record."""
    count = counts[0]
    if count.enrolled[LN] + count.enrolled[LC] >= plan[0].n:
        return False
    return _stream_open(count, plan[0], LN) or _stream_open(count, plan[0], LC)


@compiled
def arrive(counts: Any, plan: Any, seed: int, trial: int) -> tuple[int, int, int, bool]:
    """The next arrival: candidate number, minute from the opening, stream, and whether it is screened."""
    count = counts[0]
    candidate = count.arrived
    gap, stream, _, _ = uniforms(seed, trial, candidate, Decision.ARRIVAL, 0)
    minute = count.minute + max(1, math.ceil(plan[0].mean_gap * exponential_quantile(gap)))
    subgroup = LN if stream < plan[0].p_LN else LC
    count.arrived += 1
    count.minute = minute
    seen = _stream_open(count, plan[0], subgroup)
    if seen:
        count.screened[subgroup] += 1
    else:
        count.turned_away += 1
    return candidate, minute, subgroup, seen


@compiled
def screen(
    persons: Any,
    histories: Any,
    place: int,
    visits: Any,
    anchors: Anchors,
    population: Any,
    rules: Any,
    observation: Any,
    subgroup: int,
    seed: int,
    trial: int,
    candidate: int,
) -> bool:
    """Screen one candidate in the records at `place`; if eligible, these hold the patient."""
    return screen_candidate(
        persons[place],
        histories[place],
        visits[0],
        anchors,
        population[0],
        rules[0],
        observation[0],
        subgroup,
        seed,
        trial,
        candidate,
    )


@compiled
def enrol(counts: Any, subgroup: int, minute: int) -> int:
    """Give the place to the candidate just screened; its subject number."""
    count = counts[0]
    subject = count.enrolled[LN] + count.enrolled[LC]
    count.enrolled[subgroup] += 1
    count.last_enrolled = minute
    return subject


@compiled
def fill_trial(
    persons: Any,
    histories: Any,
    log: Any,
    counts: Any,
    visits: Any,
    anchors: Anchors,
    population: Any,
    rules: Any,
    observation: Any,
    plan: Any,
    seed: int,
    trial: int,
) -> None:
    """Fill one trial.

    persons, histories : (n + 1,) records; the first ones are the enrolled, in order, the last is work space.
    log                : (all that the caps allow,) records of ARRIVAL, one for each screened candidate in order.
    counts             : one record of COUNTS, all zero at first; the others : arrays of one record, too.
    """
    rows = 0
    while accrual_open(counts, plan):
        candidate, minute, subgroup, seen = arrive(counts, plan, seed, trial)
        if not seen:
            continue
        place = counts[0].enrolled[LN] + counts[0].enrolled[LC]
        eligible = screen(
            persons,
            histories,
            place,
            visits,
            anchors,
            population,
            rules,
            observation,
            subgroup,
            seed,
            trial,
            candidate,
        )
        entry = log[rows]
        entry.trial, entry.candidate, entry.subgroup, entry.minute = trial, candidate, subgroup, minute
        entry.subject = enrol(counts, subgroup, minute) if eligible else -1
        rows += 1


def fill(trials: Sequence[int], config: Config) -> Enrolled:
    """The enrolled patients of some trials, each trial by itself and the same in every chunk.

    trials : numbers of the trials.
    """
    clinic = Clinic.of(config)
    n = int(clinic.plan["n"][0])
    persons, histories = np.zeros((len(trials), n + 1), PERSON), np.zeros((len(trials), n + 1), HISTORY)
    enrolled, counts = np.zeros((len(trials), n + 1), ARRIVAL), np.zeros(len(trials), COUNTS)
    _fill_trials(
        persons,
        histories,
        enrolled,
        counts,
        np.zeros(int(clinic.plan["cap"].sum()), ARRIVAL),
        new_visits(1),
        new_anchors(),
        clinic.population,
        clinic.rules,
        clinic.observation,
        clinic.plan,
        clinic.seed,
        np.asarray(trials, dtype=np.int64),
    )
    used = np.arange(n + 1) < counts["enrolled"].sum(axis=1)[:, np.newaxis]
    return enrolment(clinic, trials, enrolled[used], persons[used], histories[used], counts)


@compiled
def _fill_trials(
    persons: Any,
    histories: Any,
    enrolled: Any,
    counts: Any,
    log: Any,
    visits: Any,
    anchors: Anchors,
    population: Any,
    rules: Any,
    observation: Any,
    plan: Any,
    seed: int,
    trials: NDArray[np.int64],
) -> None:
    """Fill trials one after the other; the first records of row i become the enrolled of trials[i]."""
    for row in range(len(trials)):
        fill_trial(
            persons[row],
            histories[row],
            log,
            counts[row : row + 1],
            visits,
            anchors,
            population,
            rules,
            observation,
            plan,
            seed,
            trials[row],
        )
        for place in range(counts[row].screened[LN] + counts[row].screened[LC]):
            subject = log[place].subject
            if subject >= 0:
                entry = enrolled[row, subject]
                entry.trial, entry.subject = log[place].trial, subject
                entry.candidate, entry.subgroup = log[place].candidate, log[place].subgroup
                entry.minute = log[place].minute


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


def _fill(
    clinic: Clinic,
    persons: NDArray[np.void],
    histories: NDArray[np.void],
    log: NDArray[np.void],
    counts: NDArray[np.void],
    visits: NDArray[np.void],
    anchors: Anchors,
    trial: int,
) -> None:
    fill_trial(
        persons,
        histories,
        log,
        counts,
        visits,
        anchors,
        clinic.population,
        clinic.rules,
        clinic.observation,
        clinic.plan,
        clinic.seed,
        trial,
    )


def screened_candidates(trials: Sequence[int], clinic: Clinic) -> NDArray[np.void]:
    """Records of ARRIVAL for every screened candidate of some trials, in order of arrival."""
    n = int(clinic.plan["n"][0])
    persons, histories = np.zeros(n + 1, PERSON), np.zeros(n + 1, HISTORY)
    log = np.zeros(int(clinic.plan["cap"].sum()), ARRIVAL)
    kept = [np.zeros(0, ARRIVAL)]
    visits, anchors = new_visits(1), new_anchors()
    for trial in trials:
        counts = np.zeros(1, COUNTS)
        _fill(clinic, persons, histories, log, counts, visits, anchors, trial)
        kept.append(log[: counts["screened"].sum()].copy())
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
