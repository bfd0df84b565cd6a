"""Small programs to compare with: two floors, a plain SimPy program, and a plain vectorized trial simulator.

None of them is the model. The floors only draw and write, or only wake; the SimPy program has as many events
and measurements as a patient of ours, but neither screening nor rules; the last has response rates typed in, as
general trial simulators have, and decides by the same test.
"""

import math
import random
from collections.abc import Generator

import numpy as np
import simpy

from sim.stats.binomial import critical_value

PATIENTS = 10
ENDPOINTS = 5
VISITS = 11
ANALYTES = 18
TICKS = 40
"""Events of a patient beside the visits: weekly refreshes, taper steps, cells, clocks that ring."""
SCREENED = 222
WOKEN = 47
"""Candidates of a trial of ours whom the clinic screens, and events of a patient: the average with
`none`, counted once."""
NULL_RATES = (0.50, 0.15, 0.05, 0.60, 0.30)
TYPED_IN_RATES = (0.55, 0.30, 0.20, 0.50, 0.40)


def floor(trials: int, numbers: int) -> np.ndarray:
    """Draw `numbers` random numbers for each trial and write one array of results; (trials, endpoints)."""
    generator = np.random.Generator(np.random.Philox(1))
    results = np.empty((trials, ENDPOINTS), np.int16)
    for trial in range(0, trials, 50):
        drawn = generator.random((min(50, trials - trial), numbers))
        results[trial : trial + 50] = drawn[:, :ENDPOINTS] * PATIENTS
    return results


def bare_simpy(trials: int) -> None:
    """A calendar with the processes and events of a trial of ours, none of which does anything."""
    for _ in range(trials):
        calendar = simpy.Environment()
        for events in (SCREENED, *[WOKEN] * PATIENTS):
            calendar.process(_sleeper(calendar, events))
        calendar.run()


def _sleeper(calendar: simpy.Environment, events: int) -> Generator[simpy.Event, object, None]:
    for minutes in range(events):
        yield calendar.timeout(minutes)


def plain_simpy(trials: int) -> list[int]:
    """Patients as processes that wait, draw and measure; successes of each endpoint."""
    needed = [critical_value(PATIENTS, rate, 0.05) or PATIENTS + 1 for rate in NULL_RATES]
    successes = [0] * ENDPOINTS
    draw = random.Random(1)
    for _ in range(trials):
        calendar, responders = simpy.Environment(), [0] * ENDPOINTS
        for _ in range(PATIENTS):
            calendar.process(_patient(calendar, draw, responders))
        calendar.run()
        for endpoint in range(ENDPOINTS):
            successes[endpoint] += responders[endpoint] >= needed[endpoint]
    return successes


def _patient(
    calendar: simpy.Environment, draw: random.Random, responders: list[int]
) -> Generator[simpy.Event, object, None]:
    """Sixty-odd events: between visits the activity drifts, at a visit every analyte is measured with noise."""
    activity, values = 1.0, [0.0] * ANALYTES
    for event in range(VISITS + TICKS):
        yield calendar.timeout(draw.expovariate(0.3))
        activity *= math.exp(-0.02 + 0.05 * draw.gauss(0.0, 1.0))
        if event % (1 + TICKS // VISITS) == 0:
            values = [round(activity * math.exp(0.1 * draw.gauss(0.0, 1.0)), 2) for _ in range(ANALYTES)]
    for endpoint in range(ENDPOINTS):
        responders[endpoint] += values[endpoint] < TYPED_IN_RATES[endpoint]


def plain_vectorized(trials: int) -> np.ndarray:
    """Accrual, drop-out and typed-in responses of one trial after the other in NumPy.

    Returns (trials, endpoints), whether each was a success.
    """
    generator = np.random.default_rng(1)
    needed = np.array([critical_value(PATIENTS, rate, 0.05) or PATIENTS + 1 for rate in NULL_RATES])
    success = np.empty((trials, ENDPOINTS), bool)
    for trial in range(trials):
        enrolled = np.cumsum(generator.exponential(7.0, PATIENTS))
        stratum = generator.permutation(np.arange(PATIENTS) % 2)
        left = generator.exponential(2000.0, PATIENTS)
        order = np.argsort(enrolled + np.minimum(left, 168.0))
        response = generator.random((PATIENTS, ENDPOINTS)) < np.array(TYPED_IN_RATES)
        response[left < 168.0] = False
        by_stratum = [response[order][stratum[order] == group].sum(axis=0) for group in (0, 1)]
        success[trial] = by_stratum[0] + by_stratum[1] >= needed
    return success
