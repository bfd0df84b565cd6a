"""The data set of virtual patients: what the clinic recorded of their courses, measured and scored.

A power run measures no more than an endpoint reads (`selection_for`); a cohort has everything.
"""

import numpy as np

from sim import assembly, clinic_record
from sim.config.config import Config
from sim.config.observation import T_CELLS_ALONE
from sim.config.protocol import FOLLOW_UPS
from sim.core.clock import MINUTES_PER_DAY
from sim.core.tables import Column, Table, concatenate
from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.dataset import DataSet
from sim.endpoints.estimand import is_primary
from sim.endpoints.intercurrent import ENDS
from sim.instruments.bilag_renal import CHRONIC_LESIONS
from sim.instruments.score import score
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.tabulate import Selection, tabulate
from sim.population.history import BIOPSY_LESIONS
from sim.population.person import SUBGROUPS
from sim.screening.fill import Enrolled
from sim.trial import doses, tables
from sim.trial.courses import Courses
from sim.trial.doses import Doses


def selection_for(config: Config) -> Selection:
    """The measurements that can decide an endpoint of this run; randomness is addressed, so the rest can wait."""
    analysis = config.analysis
    asked = [endpoint for endpoint in ENDPOINTS if endpoint.id in analysis.endpoints]
    late = config.protocol.follow_up != FOLLOW_UPS[0]
    if late or analysis.hematologic_duration != "week_24" or any(endpoint.every_visit for endpoint in asked):
        return Selection()
    if not all(is_primary(endpoint.id, analysis) for endpoint in asked):
        return Selection()

    def reads(subgroup: str, *ids: str) -> tuple[str, ...]:
        return tuple(
            name
            for endpoint in asked
            if endpoint.population in ("all", subgroup) and (not ids or endpoint.id in ids)
            for name in endpoint.reads
        )

    every = (reads("LN"), reads("LC"))
    roles = ((), reads("LC", "P2")), every, every, (reads("LN", "P3"), ())
    first = 168 - max(analysis.carry_days, analysis.visit_window_days) - analysis.serology_days_before
    return Selection(roles, first)


def data_set(
    config: Config, enrolled: Enrolled, subjects: Table, course: Courses, selection: Selection
) -> DataSet:
    """What the clinic recorded of the patients of `course`; subjects: the enrolled as candidates."""
    enrolled = enrolled.where(course.patients)
    trial, subject = enrolled.trial, enrolled.subject
    subjects = subjects.where(course.patients)
    dose, reason = doses.daily(course)
    measured = _visits(config, enrolled, course, selection, dose)
    recorded = concatenate([*tables.rescues(course), *tables.ends(course)])
    if selection.reads is None:
        measured, recorded = _assessed(config, enrolled, subjects, course, measured, recorded, dose)
    recorded = assembly.in_order(recorded)
    return DataSet(
        candidates=subjects,
        visits=assembly.with_keys(measured, trial, subject),
        dosing=assembly.with_keys(tables.dosing(course, dose, reason), trial, subject),
        infusions=assembly.with_keys(tables.infusions(course, config.protocol.cells_per_kg), trial, subject),
        events=assembly.with_keys(recorded, trial, subject),
        doses=None if selection.reads is None else dose[course.states["infusions"] > 0],
    )


def _assessed(
    config: Config,
    enrolled: Enrolled,
    subjects: Table,
    course: Courses,
    measured: Table,
    recorded: Table,
    dose: Doses,
) -> tuple[Table, Table]:
    """The visits with every instrument scored, and the events with the flares that follow from them.

    Where T cells alone are taken nobody assesses the patient: to the instruments such a visit was not attended.
    """
    attended = measured["attended"]
    assessed = measured.adding({"attended": attended & ~np.isin(measured["visit"], T_CELLS_ALONE)})
    scored = _scored(config, assessed)
    history = subjects.adding({name: enrolled.history[name] for name in clinic_record.HISTORY})
    chronic = enrolled.history["biopsy_lesions"] == BIOPSY_LESIONS.index(CHRONIC_LESIONS)
    history = history.adding({"biopsy_age_days": np.where(chronic, np.nan, history["biopsy_age_days"])})
    visits, grades = clinic_record.assessed(scored, history, dose, recorded, config.analysis.creatinine_excretion)
    week_24 = tables.week_24_minute(course)
    went_on = (course.states["minute"] > week_24)[recorded["row"]]
    later = went_on & ((recorded["day"] > (week_24 // MINUTES_PER_DAY)[recorded["row"]]) | _is_end(recorded))
    found = clinic_record.flare_events_as_known(
        visits, grades, subjects, recorded, config.analysis,
        early=course.visits["minute"] <= week_24[visits["row"]], known_early=~later,
    )  # fmt: skip
    index = clinic_record.flare_index(config.analysis)
    events = [
        recorded,
        tables.adverse_events(course, config.disease.clocks.adverse_event_malignant),
        assembly.flares(course, visits, enrolled.person["weight"], found, index),
        found,
    ]
    return visits.adding({"attended": attended}), concatenate(events)


def _is_end(events: Table) -> Column:
    return np.isin(events["kind"], ENDS)


def _visits(config: Config, enrolled: Enrolled, course: Courses, selection: Selection, dose: Doses) -> Table:
    """Measurements of the visits, with what is known of the patient."""
    measured = tabulate(
        enrolled.person,
        course.visits,
        course.states["rows"],
        enrolled.addresses,
        config.run.seed,
        observation_parameters(config.observation, config.disease.activity_cap),
        selection,
    )
    if selection.reads is not None:
        return measured
    row = measured["row"]
    return measured.adding(_baseline(enrolled, row) | {"prednisone_dose": _dose(enrolled, measured, dose)})


def _baseline(enrolled: Enrolled, row: Column) -> dict[str, Column]:
    person = enrolled.person[row]
    return {
        "subgroup": np.array(SUBGROUPS)[person["subgroup"]],
        "age": person["age"],
        "sex": np.array(["M", "F"])[person["female"]],
        "weight": person["weight"],
    }


def _dose(enrolled: Enrolled, visits: Table, daily: Doses) -> Column:
    """The dose in force on the day of each visit; the entry dose before day 0."""
    day, row = visits["day"], visits["row"]
    at = np.where(np.isnan(day) | (day < 0), 0.0, day).astype(np.int64)
    dose = np.where(day < 0, enrolled.person["prednisone_dose"][row], daily[row, at])
    return np.where(np.isnan(day), np.nan, dose)


def _scored(config: Config, visits: Table) -> Table:
    analysis = config.analysis
    return score(
        visits,
        visits["row"],
        equation=analysis.egfr_equation,
        c3_limit=analysis.c3_lower_limit,
        c4_limit=analysis.c4_lower_limit,
        anti_dsdna_limit=analysis.anti_dsdna_upper_limit,
        serology_days=(analysis.serology_days_before, analysis.serology_days_after),
        creatinine_excretion=analysis.creatinine_excretion,
    )
