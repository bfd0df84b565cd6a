"""The SimPy clock: the whole trial as processes on one calendar of whole minutes.

The clinic is a process that meets arrivals and screens them; each enrolled patient is a process that sleeps until
what happens next. Patients and candidates are the same compiled functions as in the batch clock, so where nothing
is ever short both give the same data set, bit for bit.
"""

from collections.abc import Generator, Sequence

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.config.config import INERT, Config
from sim.config.effect import Effect
from sim.core.clock import MINUTES_PER_DAY
from sim.core.compiled import compiled
from sim.disease.course import apply, next_event, responds, start
from sim.disease.frailty import frailties
from sim.disease.state import LOG, new_states, room
from sim.observations.noise import Anchors, new_anchors
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.visit import VISIT, Record
from sim.population.history import HISTORY
from sim.population.person import PERSON
from sim.screening.clinic import ARRIVAL, COUNTS, Clinic, accrual_open, arrive, enrol, screen
from sim.screening.fill import Enrolled, enrolment
from sim.trial.courses import Courses, model

Process = Generator[simpy.Event, object, None]


def run(trials: Sequence[int], config: Config, effects: Sequence[Effect]) -> tuple[Enrolled, dict[str, Courses]]:
    """Run some trials under each effect on the same draws, one calendar for each trial and effect.

    If the first effect is `none`, the others are followed in the patients on whom the cells act: nobody waits for
    another, so the rest live the life they live under `none`.
    """
    clinic = Clinic.of(config)
    observation = observation_parameters(config.observation, config.disease.activity_cap)
    inert = model(config, effects[0])
    first = [_Trial(trial, clinic, inert, observation) for trial in trials]
    for each in first:
        each.run()
    courses = {effects[0].name: _together(first)}
    for effect in effects[1:]:
        parameters = model(config, effect)
        again = [each.under(parameters) for each in first]
        for each in again:
            each.follow(effect.p_responder if effects[0].name == INERT else 1.0)
        courses[effect.name] = _together(again)
    return _enrolled(clinic, trials, first), courses


class _Trial:
    """One virtual trial: its calendar, its clinic, its patients."""

    def __init__(
        self, trial: int, clinic: Clinic, parameters: NDArray[np.void], observation: NDArray[np.void]
    ) -> None:
        places = int(clinic.plan["n"][0])
        self.trial, self.clinic = trial, clinic
        self.parameters, self.observation = parameters, observation
        self.calendar = simpy.Environment(initial_time=0)
        self.counts = np.zeros(1, COUNTS)
        self.enrolled = np.zeros(places, ARRIVAL)
        self.persons = np.zeros(places + 1, PERSON)
        self.histories = np.zeros(places + 1, HISTORY)
        self.states = new_states(places)
        most_visits, most_entries = room(parameters)
        self.visits = np.zeros((places, most_visits), VISIT)
        self.log = np.zeros((places, most_entries), LOG)
        self.anchors = new_anchors(places)

        self.followed = np.ones(places, bool)

    @property
    def n_enrolled(self) -> int:
        """Patients so far."""
        return int(self.counts[0]["enrolled"].sum())

    @property
    def rows(self) -> NDArray[np.int64]:
        """Patients whose course was followed."""
        return np.flatnonzero(self.followed[: self.n_enrolled])

    def under(self, parameters: NDArray[np.void]) -> "_Trial":
        """The same enrolled patients at the opening of the site, under another effect."""
        other = _Trial(self.trial, self.clinic, parameters, self.observation)
        other.counts, other.enrolled = self.counts, self.enrolled
        other.persons, other.histories = self.persons, self.histories
        return other

    def follow(self, p_responder: float) -> None:
        """The courses of the patients on whom the cells act, on a calendar of their own."""
        for i in range(self.n_enrolled):
            candidate, minute = int(self.enrolled[i]["candidate"]), int(self.enrolled[i]["minute"])
            self.followed[i] = responds(self.clinic.seed, self.trial, candidate, p_responder)
            if self.followed[i]:
                self.calendar.process(self._patient(i, candidate, self._day_zero(minute)))
        self.calendar.run()

    def _day_zero(self, minute: int) -> int:
        """Minute of the calendar at which study day 0 begins, for one who arrived at a minute."""
        return (minute // MINUTES_PER_DAY + self.clinic.screening_days) * MINUTES_PER_DAY

    def run(self) -> None:
        """From the opening of the site to the last visit of the last patient."""
        self.calendar.process(self._screening_clinic())
        self.calendar.run()

    def _screening_clinic(self) -> Process:
        """Arrivals come one by one; an eligible one becomes a patient after the screening period."""
        counts, room = self.counts, self.clinic.room()
        while accrual_open(room, counts):
            candidate, minute, subgroup, seen = arrive(room, counts, self.trial)
            yield self.calendar.timeout(minute - self.calendar.now)
            if not seen:
                continue
            place = self.n_enrolled
            if screen(room, self.persons, self.histories, place, subgroup, self.trial, candidate):
                subject = enrol(counts, subgroup, minute)
                self.enrolled[subject] = (self.trial, candidate, subgroup, minute, subject)
                self.calendar.process(self._patient(subject, candidate, self._day_zero(minute)))

    def _patient(self, i: int, candidate: int, day_zero: int) -> Process:
        """One patient: sleep until what happens next, and let it happen."""
        states, visits, log = self.states, self.visits, self.log
        persons, parameters, observation = self.persons, self.parameters, self.observation
        yield self.calendar.timeout(day_zero - self.calendar.now)
        variance = float(parameters[0]["frailty_variance"])
        frailty = float(frailties(np.array([[self.trial, candidate]]), self.clinic.seed, variance)[0])
        _start(
            states, i, persons, parameters, observation, visits, self.clinic.seed, self.trial, candidate, frailty
        )
        done = False
        while not done:
            minute, kind = _next(states, i)
            yield self.calendar.timeout(day_zero + minute - self.calendar.now)
            done = _apply(states, i, kind, minute, persons, parameters, observation, visits, log, self.anchors)


def _together(trials: Sequence[_Trial]) -> Courses:
    first = np.cumsum([0] + [each.n_enrolled for each in trials])
    visits = [each.visits[i, : each.states["rows"][i]] for each in trials for i in each.rows]
    log = [each.log[i, : each.states["entries"][i]] for each in trials for i in each.rows]
    return Courses(
        np.concatenate([start + each.rows for start, each in zip(first, trials, strict=False)]),
        np.concatenate([each.states[each.rows] for each in trials]),
        np.concatenate([np.zeros(0, VISIT), *visits]),
        np.concatenate([np.zeros(0, LOG), *log]),
    )


def _enrolled(clinic: Clinic, numbers: Sequence[int], trials: Sequence[_Trial]) -> Enrolled:
    return enrolment(
        clinic,
        numbers,
        np.concatenate([each.enrolled[: each.n_enrolled] for each in trials]),
        np.concatenate([each.persons[: each.n_enrolled] for each in trials]),
        np.concatenate([each.histories[: each.n_enrolled] for each in trials]),
        np.concatenate([each.counts for each in trials]),
    )


@compiled
def _start(
    states: Record,
    i: int,
    persons: Record,
    parameters: Record,
    observation: Record,
    visits: Record,
    seed: int,
    trial: int,
    candidate: int,
    frailty: float,
) -> None:
    start(states[i], persons[i], parameters[0], observation[0], visits[i], seed, trial, candidate, frailty)


@compiled
def _next(states: Record, i: int) -> tuple[int, int]:
    return next_event(states[i])


@compiled
def _apply(
    states: Record,
    i: int,
    kind: int,
    minute: int,
    persons: Record,
    parameters: Record,
    observation: Record,
    visits: Record,
    log: Record,
    anchors: Anchors,
) -> bool:
    apply(states[i], kind, minute, persons[i], parameters[0], observation[0], visits[i], log[i], anchors[i])
    return states[i].done == 1
