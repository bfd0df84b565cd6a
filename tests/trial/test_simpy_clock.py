"""The SimPy clock is a discrete-event simulation: whatever happens to a patient, somebody woke for it."""

import numpy as np
import pytest
import simpy

from sim import pipeline
from sim.config.compose import load
from sim.core.clock import MINUTES_PER_DAY
from sim.core.errors import LimitError
from sim.screening.clinic import Clinic
from sim.screening.fill import screened_candidates
from sim.trial.engines import simpy_engine
from tests.trial.test_both_clocks import same


def simulated(trials=(5,)):
    config = load(["task=cohort", "effect=optimistic", "run.engine=simpy"])
    return simpy_engine.run(trials, config, config.effects)


@pytest.fixture
def minutes(monkeypatch):
    """Every minute of the calendar at which something happened, with repetitions."""
    woken = []

    class Calendar(simpy.Environment):
        def step(self):
            super().step()
            woken.append(self.now)

    monkeypatch.setattr(simpy_engine.simpy, "Environment", Calendar)
    return woken


def test_everything_in_the_log_of_a_patient_happened_on_the_calendar(minutes):
    enrolled, courses = simulated()
    course = courses["optimistic"]
    day_zero = enrolled.enrolled_day.astype(np.int64) * MINUTES_PER_DAY
    assert len(course.log) > 100
    assert set(day_zero) <= set(minutes)
    assert set(day_zero[course.of_entry] + course.log["minute"]) <= set(minutes)


def test_the_calendar_runs_in_whole_minutes_and_never_back(minutes):
    simulated()
    assert all(type(minute) is int for minute in minutes)
    assert minutes == sorted(minutes)


def test_the_clinic_wakes_for_each_candidate_whom_it_screens_and_for_nobody_else(minutes):
    enrolled, _ = simulated()
    first_patient = int(enrolled.enrolled_day[0]) * MINUTES_PER_DAY
    screened = screened_candidates([5], Clinic.of(load([])))["minute"]
    before = {0, *screened[screened < first_patient].tolist()}
    assert len(before) > 5
    assert {minute for minute in minutes if minute < first_patient} == before
    assert set(screened.tolist()) <= set(minutes)


def test_a_patient_who_does_not_fit_stops_the_run_with_the_reason(monkeypatch):
    monkeypatch.setattr(simpy_engine, "room", lambda parameters: (4, 320))
    with pytest.raises(LimitError, match="more visits of one patient"):
        simulated()


@pytest.mark.parametrize("overrides", [["disease.frailty_variance=0.5"], ["effect.p_responder=0"]])
def test_trials_far_apart_are_those_of_the_batch_clock(overrides):
    tables = [
        pipeline.run_chunk(load(["effect=neutral", *overrides, f"run.engine={engine}"]), (3, 8, 21))
        for engine in ("batch", "simpy")
    ]
    same(*tables)
