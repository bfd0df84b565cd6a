"""The SimPy clock: the whole trial as processes on one calendar of whole minutes.

The clinic is a process that sleeps until the next candidate comes, and screens; each enrolled patient is a process
that sleeps until what happens next: a flare, a visit, a taper step, an infusion, the end. What they do when they
wake stands in `steps` and is compiled, of the same functions as the batch clock; so where nothing is ever short
both give the same data set, bit for bit.
"""

from collections.abc import Generator, Iterator, Sequence

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.config.config import INERT, Config
from sim.config.effect import Effect
from sim.core.clock import MINUTES_PER_DAY
from sim.disease.frailty import frailties
from sim.disease.state import LOG, new_states, room
from sim.observations.noise import new_noise
from sim.observations.visit import VISIT
from sim.population.history import HISTORY
from sim.population.person import PERSON
from sim.screening.clinic import ARRIVAL, COUNTS, Clinic
from sim.screening.fill import Enrolled, enrolment
from sim.trial.courses import Courses, model
from sim.trial.engines.batch_engine import responders
from sim.trial.engines.steps import NOBODY, candidates, file_charts, life

Process = Generator[simpy.Event, object, None]
Records = NDArray[np.void]


def run(trials: Sequence[int], config: Config, effects: Sequence[Effect]) -> tuple[Enrolled, dict[str, Courses]]:
    """Run some trials under each effect on the same draws, one calendar for each trial and effect.

    If the first effect is `none`, the others are followed in the patients on whom the cells act: nobody waits for
    another, so the rest live the life they live under `none`.
    """
    clinic = Clinic.of(config)
    enrolled, course = _enrolled(trials, clinic, model(config, effects[0]))
    courses = {effects[0].name: course}
    for effect in effects[1:]:
        patients = np.arange(len(enrolled.trial))
        if effects[0].name == INERT:
            patients = patients[responders(enrolled.addresses, clinic.seed, effect.p_responder)]
        courses[effect.name] = _followed_again(trials, clinic, enrolled, patients, model(config, effect))
    return enrolled, courses


def _enrolled(trials: Sequence[int], clinic: Clinic, parameters: Records) -> tuple[Enrolled, Courses]:
    """Trials from the opening of the site to the last visit of the last patient."""
    places = int(clinic.plan["n"][0])
    most = len(trials) * places
    ward, counts = _Ward(most, clinic, parameters), np.zeros(len(trials), COUNTS)
    persons, histories, log = (np.zeros(most, kind) for kind in (PERSON, HISTORY, ARRIVAL))
    for row, trial in enumerate(trials):
        free = slice(ward.filed, ward.filed + places)
        _Trial(trial, clinic, ward, persons[free]).run(counts[row : row + 1], log[free], histories[free])
    last = ward.filed
    enrolled = enrolment(clinic, trials, log[:last], persons[:last], histories[:last], counts)
    return enrolled, ward.courses(np.arange(last))


def _followed_again(
    trials: Sequence[int], clinic: Clinic, enrolled: Enrolled, patients: NDArray[np.int64], parameters: Records
) -> Courses:
    """The courses of some of the enrolled under another effect; patients : row of each among the enrolled."""
    ward = _Ward(len(patients), clinic, parameters)
    for trial in trials:
        rows = patients[enrolled.trial[patients] == trial]
        _Trial(trial, clinic, ward, enrolled.person[rows]).follow(
            enrolled.candidate[rows].tolist(), enrolled.enrolled_day[rows].tolist()
        )
    return ward.courses(patients)


class _Trial:
    """One virtual trial: its calendar, its clinic, its patients.

    persons : records of the enrolled, or room for as many as can be.
    """

    def __init__(self, trial: int, clinic: Clinic, ward: "_Ward", persons: Records) -> None:
        self.trial, self.clinic, self.ward, self.persons = trial, clinic, ward, persons
        self.calendar = simpy.Environment(initial_time=0)

    def run(self, counts: Records, log: Records, histories: Records) -> None:
        """Fill the trial and follow everybody; counts, log, histories : records that screening fills."""
        self.calendar.process(self._screening_clinic(counts, log, histories))
        self.calendar.run()
        self.ward.file(int(counts[0]["enrolled"].sum()))

    def follow(self, numbers: Sequence[int], days: Sequence[int]) -> None:
        """Follow patients who are enrolled; numbers, days : candidate number, and study day 0 in the trial."""
        for place, (candidate, day) in enumerate(zip(numbers, days, strict=True)):
            self.calendar.process(self._patient(place, candidate, day))
        self.calendar.run()
        self.ward.file(len(numbers))

    def _screening_clinic(self, counts: Records, log: Records, histories: Records) -> Process:
        """Candidates come one by one; an eligible one becomes a patient after the screening period."""
        for minutes, subject in candidates(self.clinic.room(), counts, log, self.persons, histories, self.trial):
            if subject == NOBODY:
                yield self.calendar.timeout(minutes)
            else:
                day = int(self.calendar.now) // MINUTES_PER_DAY + self.clinic.screening_days
                self.calendar.process(self._patient(subject, int(log[subject]["candidate"]), day))

    def _patient(self, place: int, candidate: int, day: int) -> Process:
        """One patient comes back on study day 0, a day of the trial, and then sleeps until what happens next."""
        yield self.calendar.timeout(day * MINUTES_PER_DAY - self.calendar.now)
        for minutes in self.ward.admit(place, self.persons, self.trial, candidate):
            yield self.calendar.timeout(minutes)


class _Ward:
    """Where the patients of one trial after the other live under one effect, and the charts of them all.

    most : patients there can be.
    """

    def __init__(self, most: int, clinic: Clinic, parameters: Records) -> None:
        places, (most_visits, most_entries) = int(clinic.plan["n"][0]), room(parameters)
        self.parameters, self.observation, self.seed = parameters, clinic.observation, clinic.seed
        self.frailty_variance = float(parameters[0]["frailty_variance"])
        self.states = new_states(most)
        self.visits, self.log = np.zeros((places, most_visits), VISIT), np.zeros((places, most_entries), LOG)
        self.noise = new_noise(places)
        # Room for the most that can happen; memory is taken only where something is written.
        self.all_visits, self.all_log = np.empty(most * most_visits, VISIT), np.empty(most * most_entries, LOG)
        self.filed = self.n_visits = self.n_entries = 0

    def admit(self, place: int, persons: Records, trial: int, candidate: int) -> Iterator[int]:
        """A patient on study day 0: the minutes of sleep from one event to the next."""
        frailty = frailties(np.array([[trial, candidate]]), self.seed, self.frailty_variance)[0]
        return life(
            self.states[self.filed :], persons, place, self.parameters, self.observation, self.visits, self.log,
            self.noise, self.seed, trial, candidate, float(frailty),
        )  # fmt: skip

    def file(self, patients: int) -> None:
        """Close the charts of a trial; the places are free for the next."""
        states = self.states[self.filed : self.filed + patients]
        self.n_visits, self.n_entries = file_charts(
            states, self.visits, self.log, self.all_visits, self.all_log, self.n_visits, self.n_entries
        )
        self.filed += patients

    def courses(self, patients: NDArray[np.int64]) -> Courses:
        """The courses of everybody filed; patients : row of each among the enrolled."""
        visits, log = self.all_visits[: self.n_visits], self.all_log[: self.n_entries]
        return Courses(patients, self.states[: self.filed], visits, log)
