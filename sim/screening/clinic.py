"""The screening clinic, step by step: who arrives, whether the stream is open, the verdict, the place.

Arrivals are numbered in order within a trial, and the number is the candidate's address. A stream without
places, or with as many screened as its cap allows, turns its arrivals away unscreened: they use a number and have
no row. `arrive`, `screen` and `enrol` are the steps; the compiled loop of `fill` and a clinic that keeps
a calendar both take them in this order, with the same result.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.config.design import Design
from sim.core.clock import MINUTES_PER_DAY
from sim.core.decisions import Decision
from sim.core.draws import exponential_quantile, uniforms
from sim.core.uncounted import compiled, inlined
from sim.observations.noise import new_noise
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.visit import new_visits
from sim.population.generate import draw_baseline
from sim.population.parameters import population_parameters
from sim.population.person import LC, LN
from sim.population.variables import BASELINE_END, EARLY_END, Arrival
from sim.screening.case import AHEAD, NEXT, Case, Room
from sim.screening.early import ruled_out
from sim.screening.eligible import refractory, rest_admits
from sim.screening.kidney import kidney, laboratory, labs_decide
from sim.screening.nearly import EXPONENTIAL_ERROR, ROUNDING, near_exponential
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
    """What screening needs of a configuration: arrays of one record, and the seed."""

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

    def room(self) -> Room:
        """A room of this clinic, with work space of its own."""
        return Room(
            self.population,
            self.rules,
            self.observation,
            self.plan,
            new_visits(1),
            new_noise(),
            np.zeros(BASELINE_END),
            np.zeros(AHEAD, NEXT),
            self.seed,
        )


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


@inlined
def stream_open(count: Any, plan: Any, subgroup: int) -> bool:
    """Whether a stream can still be referred, has places and has not reached its cap."""
    referred = plan.p_LN > 0.0 if subgroup == LN else plan.p_LN < 1.0
    has_place = count.enrolled[subgroup] < plan.places[subgroup]
    return referred & has_place & (count.screened[subgroup] < plan.cap[subgroup])


@inlined
def accrual_open(room: Room, counts: Any) -> bool:
    """Whether anybody can still be enrolled; counts : one record of COUNTS, in an array."""
    count, plan = counts[0], room.plan[0]
    if count.enrolled[LN] + count.enrolled[LC] >= plan.n:
        return False
    return stream_open(count, plan, LN) or stream_open(count, plan, LC)


@inlined
def arrive(room: Room, counts: Any, trial: int) -> tuple[int, int, int, bool]:
    """The next arrival: candidate number, minute from the opening, stream, and whether it is screened."""
    candidate, plan = counts[0].arrived, room.plan[0]
    gap, stream, _, _ = uniforms(room.seed, trial, candidate, Decision.BASELINE, Arrival.GAP)
    minutes, subgroup = arrival(plan, gap, stream)
    return candidate, counts[0].minute + minutes, subgroup, receive(counts[0], plan, minutes, subgroup)


@inlined
def arrival(plan: Any, gap: float, stream: float) -> tuple[int, int]:
    """Whole minutes since the arrival before, and stream, from their draws."""
    return max(1, _whole_minutes(plan.mean_gap, gap)), LN if stream < plan.p_LN else LC


@inlined
def receive(count: Any, plan: Any, minutes: int, subgroup: int) -> bool:
    """Count the next arrival; whether it is screened."""
    count.arrived += 1
    count.minute += minutes
    seen = stream_open(count, plan, subgroup)
    count.screened[subgroup] += seen
    count.turned_away += not seen
    return seen


@inlined
def _whole_minutes(mean: float, draw: float) -> int:
    """The exponential gap of a draw, rounded up."""
    minutes = mean * near_exponential(draw)
    error = mean * EXPONENTIAL_ERROR + ROUNDING * (1.0 + minutes)
    if abs(minutes - math.floor(minutes + 0.5)) < error:
        minutes = mean * exponential_quantile(draw)
    return math.ceil(minutes)


@inlined
def screen(
    room: Room, persons: Any, histories: Any, place: int, subgroup: int, trial: int, candidate: int
) -> bool:
    """Screen one candidate in the records at `place`; if eligible, these hold the patient."""
    c = Case(
        persons[place],
        histories[place],
        room.visit[0],
        room.noise[0],
        room.draws,
        room.population[0],
        room.rules[0],
        room.observation[0],
        subgroup,
        room.seed,
        trial,
        candidate,
    )
    draw_baseline(c.draws, c.seed, c.trial, c.candidate, 0, EARLY_END)
    labs = labs_decide(c.rules, subgroup)
    if ruled_out(c, labs) or not refractory(c):
        return False
    c.person.subgroup = subgroup
    k = kidney(c)
    return (not labs or laboratory(c, k)) and rest_admits(c, k, labs)


@compiled
def enrol(counts: Any, subgroup: int, minute: int) -> int:
    """Give the place to the candidate just screened; its subject number."""
    count = counts[0]
    subject = count.enrolled[LN] + count.enrolled[LC]
    count.enrolled[subgroup] += 1
    count.last_enrolled = minute
    return subject
