"""What the clinic and a patient do when the SimPy clock wakes them: compiled generators.

A generator yields how long to sleep, and goes on when that time has come. It keeps its arguments meanwhile; to
hand them over at each event would take most of the time. Across a `yield` it holds arrays and numbers only, for
of a record it would keep a copy.
"""

from collections.abc import Iterator
from typing import Final

from sim.core.compiled import borrowed, compiled
from sim.disease.course import apply, next_event, start
from sim.observations.noise import begin
from sim.observations.visit import Record
from sim.population.person import LC, LN
from sim.screening.case import Room
from sim.screening.clinic import accrual_open, arrive, enrol, screen

NOBODY: Final = -1


@compiled
def candidates(
    room: Room, counts: Record, log: Record, persons: Record, histories: Record, trial: int
) -> Iterator[tuple[int, int]]:
    """Screening, until the trial is full or nobody else can be screened.

    Yields (minutes, NOBODY) to sleep until the next candidate comes, and (0, subject) when one has been enrolled.
    Whoever comes to a stream that is closed is counted and turned away; nobody wakes for that.

    counts : one record of COUNTS, zero at first. log : (places,) of ARRIVAL, filled for the enrolled.
    persons, histories : (places,) records; the first are the enrolled, the next is work space.
    """
    now = 0
    while accrual_open(room, counts):
        candidate, minute, subgroup, seen = arrive(room, counts, trial)
        if not seen:
            continue
        yield minute - now, NOBODY
        now = minute
        place = counts[0].enrolled[LN] + counts[0].enrolled[LC]
        if screen(room, persons, histories, place, subgroup, trial, candidate):
            entry = log[place]
            entry.trial, entry.candidate, entry.subgroup, entry.minute = trial, candidate, subgroup, minute
            entry.subject = enrol(counts, subgroup, minute)
            yield 0, place


@compiled
def life(
    states: Record,
    persons: Record,
    place: int,
    parameters: Record,
    observation: Record,
    visits: Record,
    log: Record,
    noise: Record,
    seed: int,
    trial: int,
    candidate: int,
    frailty: float,
) -> Iterator[int]:
    """One patient from study day 0 to the end of participation; yields the minutes until the next event.

    states, persons, visits, log, noise : of the patients of a trial; this one's are at `place`.
    """
    # An exception in compiled code leaves counted users behind, and their arrays with them.
    states, persons, visits, log = borrowed(states), borrowed(persons), borrowed(visits), borrowed(log)
    noise, parameters, observation = borrowed(noise), borrowed(parameters), borrowed(observation)
    begin(noise[place], seed, trial, candidate)
    start(states[place], persons[place], parameters[0], observation[0], visits[place], noise[place], frailty)
    while states[place].done == 0:
        minute, kind = next_event(states[place])
        yield minute - states[place].minute
        apply(
            states[place], kind, minute, persons[place], parameters[0], observation[0], visits[place], log[place],
            noise[place],
        )  # fmt: skip


@compiled
def file_charts(
    states: Record, visits: Record, log: Record, all_visits: Record, all_log: Record, n_visits: int, n_entries: int
) -> tuple[int, int]:
    """Append what happened to the patients of a trial to the charts of all; how many rows these have.

    states : (patients,); visits, log : (places, most), the first rows of each patient are filled.
    """
    for i in range(states.size):
        for row in range(states[i].rows):
            all_visits[n_visits + row] = visits[i, row]
        for row in range(states[i].entries):
            all_log[n_entries + row] = log[i, row]
        n_visits += states[i].rows
        n_entries += states[i].entries
    return n_visits, n_entries
