"""The compiled parts of the program, each run for nobody: that compiles it, and takes no time once it is compiled.

The first two hardly share code, so two processes can compile them at the same time.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from sim.config.config import Config
from sim.disease.state import LOG, new_states
from sim.fused.chunk import counted, judged
from sim.observations.parameters import parameters
from sim.observations.tabulate import Selection, tabulate
from sim.observations.visit import VISIT
from sim.population.history import HISTORY
from sim.population.person import PERSON
from sim.screening.candidates import enrolled_table
from sim.screening.clinic import ARRIVAL, COUNTS, Clinic
from sim.screening.fill import Enrolled, enrolment, fill
from sim.trial import doses
from sim.trial.courses import Courses, model
from sim.trial.engines.batch_engine import simulate

_TWO: Final = 2
"""Rows of blank records: a field of fewer lies without gaps in memory, which is another type to the compiler."""


def nobody(config: Config) -> Enrolled:
    """The patients of no trial."""
    arrivals, persons, histories, counts = (np.zeros(0, kind) for kind in (ARRIVAL, PERSON, HISTORY, COUNTS))
    return enrolment(Clinic.of(config), [], arrivals, persons, histories, counts)


def _course(config: Config) -> None:
    """What happens to a patient, and the verdict; and who responds."""
    enrolled, effect = nobody(config), config.effects[0]
    found = judged(config, enrolled, [effect, effect])
    counted(enrolled, found[effect.name].answers, config.analysis.endpoints)


def _screening_and_tables(config: Config) -> None:
    """Who is enrolled, and what is written of the patients."""
    fill(range(0), config)
    enrolled_table(nobody(config), config)
    course = Courses(np.arange(_TWO), new_states(_TWO), np.zeros(0, VISIT), np.zeros(0, LOG))
    persons, addresses = np.zeros(_TWO, PERSON), np.zeros((_TWO, 2), np.int64)
    observation = parameters(config.observation, config.disease.activity_cap)
    doses.daily(course)
    tabulate(persons, course.visits, course.states["rows"], addresses, config.run.seed, observation, Selection())


def _all_courses(config: Config) -> None:
    """The loop of the data sets, around the course that the first part compiles."""
    people, observation = nobody(config), parameters(config.observation, config.disease.activity_cap)
    simulate(people.person, people.addresses, config.run.seed, model(config, config.effects[0]), observation)


PARTS: Final[tuple[Callable[[Config], None], ...]] = (_course, _screening_and_tables, _all_courses)


def rehearse(config: Config, parts: range) -> None:
    """Compile some of PARTS, or load what was compiled before; the last needs what the first compiles."""
    for part in parts:
        PARTS[part](config)
