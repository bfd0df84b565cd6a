"""The table of everybody screened: what the criteria read, and the full matrix of criteria."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.core.clock import MINUTES_PER_DAY
from sim.core.compiled import compiled
from sim.core.tables import Column, Table
from sim.observations.noise import begin
from sim.population.generate_history import generate_candidate
from sim.population.history import BIOPSY_CLASSES, BIOPSY_LESIONS, HISTORY, REGIMEN_DRUGS, RESPONSES
from sim.population.person import LN, PERSON, SUBGROUPS
from sim.screening.case import Room
from sim.screening.clinic import ARRIVAL, Clinic
from sim.screening.fill import Enrolled, screened_candidates
from sim.screening.matrix import criterion_matrix
from sim.screening.samples import LAST, SAMPLE, measure_blood, measure_kidney, sample_day

_OF_PERSON: Final = ("age", "weight", "height", "disease_duration", "prednisone_dose")
_OF_EACH_SAMPLE: Final = ("serum_creatinine", "upcr", "urine_rbc", "cellular_casts", "menses", "urinary_infection")
_OF_LAST_SAMPLE: Final = (
    "serum_creatinine",
    "upcr",
    "urine_rbc",
    "urine_wbc",
    "cellular_casts",
    "hemoglobin",
    "reticulocytes",
    "wbc",
    "neutrophils",
    "lymphocytes",
    "platelets",
    "c3",
    "c4",
    "anti_dsdna",
)
_WORDS: Final = {
    "regimen_drug": REGIMEN_DRUGS,
    "regimen_response": (*RESPONSES, ""),
    "biopsy_class": (*BIOPSY_CLASSES, ""),
    "biopsy_lesions": (*BIOPSY_LESIONS, ""),
}
"""Words by code; code -1 is the last, no word."""
LINEAGES: Final = ("I5_1E", "I5_1N", "I5_1L", "I5_1P")
"""Criteria by which a lineage of the blood qualifies."""


@compiled
def describe_candidates(room: Room, persons: Any, histories: Any, samples: Any, arrivals: Any) -> None:
    """Draw and measure every screened candidate in full.

    persons, histories, arrivals : (candidates,) records; samples : (candidates, 3), of which the cytopenia
    stream has the last.
    """
    seed, p, o, visit, noise = room.seed, room.population[0], room.observation[0], room.visit[0], room.noise[0]
    for row in range(arrivals.size):
        trial, candidate, subgroup = arrivals[row].trial, arrivals[row].candidate, arrivals[row].subgroup
        person = persons[row]
        begin(noise, seed, trial, candidate)
        generate_candidate(person, histories[row], p, room.draws, seed, trial, candidate, subgroup)
        for number in range(0 if subgroup == LN else LAST, LAST + 1):
            day = sample_day(room.rules[0], subgroup, number)
            measure_kidney(samples[row, number], person, p, room.draws, visit, noise, o, day, number)
        last = samples[row, LAST]
        measure_blood(last, person, visit, noise, o, last.day)


def candidates_table(trials: Sequence[int], config: Config) -> Table:
    """Everybody screened in some trials, in order of trial and arrival, with every criterion.

    Columns are those of the data model's candidates; what is not for the cytopenia stream (three samples, biopsy)
    is missing there.
    """
    clinic = Clinic.of(config)
    arrivals = screened_candidates(trials, clinic)
    table = candidate_columns(arrivals, clinic)
    return table.adding(criterion_matrix(table, clinic.rules))


def enrolled_table(enrolled: Enrolled, config: Config) -> Table:
    """The enrolled as the endpoints read them: who they are, and which lineages of the blood qualified."""
    clinic = Clinic.of(config)
    lineages = np.full((len(LINEAGES), len(enrolled.trial)), -1, np.int8)
    cytopenia = np.flatnonzero(enrolled.person["subgroup"] != LN)
    if clinic.rules["subgroup_assignment"][0] != 0:
        cytopenia = np.arange(len(enrolled.trial))
    arrivals = np.zeros(len(cytopenia), ARRIVAL)
    for name in ("trial", "candidate", "subject"):
        arrivals[name] = getattr(enrolled, name)[cytopenia]
    arrivals["subgroup"] = enrolled.person["subgroup"][cytopenia]
    matrix = criterion_matrix(candidate_columns(arrivals, clinic), clinic.rules)
    lineages[:, cytopenia] = [matrix[name] for name in LINEAGES]
    return Table(
        {
            "trial": enrolled.trial,
            "subject": enrolled.subject.astype(np.float64),
            "subgroup": np.array(SUBGROUPS)[enrolled.person["subgroup"]],
            "age": enrolled.person["age"],
            "sex": np.array(["M", "F"])[enrolled.person["female"]],
            "weight": enrolled.person["weight"],
            **dict(zip(LINEAGES, lineages, strict=True)),
        }
    )


def candidate_columns(arrivals: NDArray[np.void], clinic: Clinic) -> Table:
    """The columns that describe screened candidates, without the criteria; arrivals : records of ARRIVAL."""
    n = len(arrivals)
    persons, histories, samples = np.zeros(n, PERSON), np.zeros(n, HISTORY), np.zeros((n, 3), SAMPLE)
    describe_candidates(clinic.room(), persons, histories, samples, arrivals)
    nephritis = persons["subgroup"] == LN
    return Table(
        _arrival_columns(arrivals, clinic.screening_days)
        | _person_columns(persons)
        | _sample_columns(samples, nephritis)
        | _history_columns(histories)
    )


def _arrival_columns(arrivals: NDArray[np.void], screening_days: int) -> dict[str, Column]:
    enrolled = arrivals["subject"] >= 0
    day = arrivals["minute"] // MINUTES_PER_DAY
    return {
        "trial": arrivals["trial"].astype(np.int32),
        "candidate": arrivals["candidate"].astype(np.int32),
        "subject": np.where(enrolled, arrivals["subject"], np.nan),
        "subgroup": np.array(SUBGROUPS)[arrivals["subgroup"]],
        "arrival_trial_day": day.astype(np.int32),
        "enrolled_trial_day": np.where(enrolled, day + screening_days, np.nan),
    }


def _person_columns(persons: NDArray[np.void]) -> dict[str, Column]:
    columns: dict[str, Column] = {name: persons[name] for name in _OF_PERSON}
    columns["sex"] = np.array(["M", "F"])[persons["female"]]
    columns["active_severe_cns"] = persons["cns_item"] >= 0
    return columns


def _sample_columns(samples: NDArray[np.void], nephritis: NDArray[np.bool_]) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for number in range(LAST + 1):
        for name in _OF_EACH_SAMPLE:
            values = samples[name][:, number]
            missing = -1 if values.dtype == np.bool_ else np.nan
            column = np.where(nephritis, values, missing)
            columns[f"{name}_{number + 1}"] = column.astype(np.int8) if values.dtype == np.bool_ else column
    return columns | {name: samples[name][:, LAST] for name in _OF_LAST_SAMPLE}


def _history_columns(histories: NDArray[np.void]) -> dict[str, Column]:
    names = histories.dtype.names or ()
    return {name: np.array(_WORDS[name])[histories[name]] if name in _WORDS else histories[name] for name in names}
