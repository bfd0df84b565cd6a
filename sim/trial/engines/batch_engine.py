"""The batch clock: a compiled loop over many patients, without queues."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT, Config
from sim.config.effect import Effect
from sim.core import uncounted
from sim.core.compiled import compiled
from sim.disease.course import apply, next_event, responds, start
from sim.disease.frailty import frailties
from sim.disease.state import LOG, new_states, room
from sim.observations.noise import begin, new_noise
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.visit import VISIT, Record
from sim.screening.fill import Enrolled, fill
from sim.trial.courses import Courses, model


def run(
    trials: Sequence[int], config: Config, effects: Sequence[Effect], screened: Config | None = None
) -> tuple[Enrolled, dict[str, Courses]]:
    """Fill some trials, and follow their patients under each effect on the same draws.

    screened : the configuration under which patients are enrolled, where it is another one.
    If the first effect is `none`, the others are followed in the patients on whom the cells act: the rest live the
    life they live under `none`.
    """
    enrolled = fill(trials, screened or config)
    observation = observation_parameters(config.observation, config.disease.activity_cap)
    addresses, seed = enrolled.addresses, config.run.seed
    courses = {}
    for effect in effects:
        patients = np.arange(len(addresses))
        if effect is not effects[0] and effects[0].name == INERT:
            patients = patients[responders(addresses, seed, effect.p_responder)]
        courses[effect.name] = simulate(
            enrolled.person[patients], addresses[patients], seed, model(config, effect), observation, patients
        )
    return enrolled, courses


@compiled
def responders(addresses: NDArray[np.int64], seed: int, p_responder: float) -> NDArray[np.bool_]:
    """(patients,) on whom the cells act under a probability of response."""
    answer = np.zeros(len(addresses), np.bool_)
    for i in range(len(addresses)):
        answer[i] = responds(seed, addresses[i, 0], addresses[i, 1], p_responder)
    return answer


def simulate(
    persons: NDArray[np.void],
    addresses: NDArray[np.int64],
    seed: int,
    parameters: NDArray[np.void],
    observation: NDArray[np.void],
    patients: NDArray[np.int64] | None = None,
) -> Courses:
    """The courses of enrolled persons; addresses : (patients, 2), trial and candidate number."""
    size = len(persons)
    states = new_states(size)
    # Room for the most that can happen; memory is taken only where something is written.
    most_visits, most_entries = room(parameters)
    visits, log = np.empty(size * most_visits, VISIT), np.empty(size * most_entries, LOG)
    n_visits, n_entries = _loop(
        persons,
        addresses,
        seed,
        parameters,
        observation,
        states,
        visits,
        log,
        np.zeros(most_visits, VISIT),
        np.zeros(most_entries, LOG),
        new_noise(),
        frailties(addresses, seed, float(parameters[0]["frailty_variance"])),
    )
    return Courses(np.arange(size) if patients is None else patients, states, visits[:n_visits], log[:n_entries])


@uncounted.compiled
def follow(
    state: Record,
    person: Record,
    p: Record,
    o: Record,
    visits: Record,
    log: Record,
    noise: Record,
    frailty: float,
) -> None:
    """One patient from enrolment to the end of participation; visits, log : work space; noise : the patient's."""
    start(state, person, p, o, visits, noise, frailty)
    while state.done == 0:
        minute, kind = next_event(state)
        apply(state, kind, minute, person, p, o, visits, log, noise)


@uncounted.compiled
def _loop(
    persons: Record,
    addresses: NDArray[np.int64],
    seed: int,
    parameters: Record,
    observation: Record,
    states: Record,
    visits: Record,
    log: Record,
    visits_of_one: Record,
    log_of_one: Record,
    noise: Record,
    frailty: NDArray[np.float64],
) -> tuple[int, int]:
    """One patient after the other in the same small work space, what happened appended to the whole."""
    p, o = parameters[0], observation[0]
    n_visits, n_entries = 0, 0
    for i in range(persons.size):
        state, person = states[i], persons[i]
        begin(noise[0], seed, addresses[i, 0], addresses[i, 1])
        follow(state, person, p, o, visits_of_one, log_of_one, noise[0], frailty[i])
        for row in range(state.rows):
            visits[n_visits + row] = visits_of_one[row]
        for row in range(state.entries):
            log[n_entries + row] = log_of_one[row]
        n_visits += state.rows
        n_entries += state.entries
    return n_visits, n_entries
