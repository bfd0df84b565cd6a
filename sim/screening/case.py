"""What compiled screening passes on: the room of the clinic, and the case of one candidate in it."""

from typing import Any, Final, NamedTuple

import numpy as np

AHEAD: Final = 32
"""Arrivals that are looked at together (sim.screening.ahead); the last ones of a trial in vain."""
NEXT: Final = np.dtype(
    [
        ("gap", "i8"),  # minutes since the arrival before
        ("subgroup", "i8"),
        ("promising", "?"),  # not known to fail
        ("creatinine", "f8"),  # the draw, where it was asked
        ("waiting", "i8"),  # a list apart: places of those who have not failed yet
    ],
    align=True,
)


class Room(NamedTuple):
    """Configuration and work space of a clinic: arrays of one record, the noise of one candidate, the seed.

    draws : (BASELINE_END,) baseline uniforms of one candidate; ahead : (AHEAD,) records of NEXT.

    Arrays and not records, because a call of compiled code recognises an array a hundred times faster.
    """

    population: Any
    rules: Any
    observation: Any
    plan: Any
    visit: Any
    noise: Any
    draws: Any
    ahead: Any
    seed: int


class Case(NamedTuple):
    """One candidate: records to work in, the configuration, and the address of every draw.

    person, history, visit : records of PERSON, HISTORY and VISIT; what is filled is said by who fills it.
    noise                  : a record of NOISE, of this candidate only after `begin`.
    draws                  : baseline uniforms, at least the first EARLY_END.
    population, rules, observation : records of PARAMETERS, RULES and OBSERVATION.
    """

    person: Any
    history: Any
    visit: Any
    noise: Any
    draws: Any
    population: Any
    rules: Any
    observation: Any
    subgroup: int
    seed: int
    trial: int
    candidate: int
