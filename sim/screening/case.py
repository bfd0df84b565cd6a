"""What compiled screening passes on: the room of the clinic, and the case of one candidate in it."""

from typing import Any, NamedTuple

from sim.core.compiled import borrowed, inlined
from sim.observations.noise import Anchors


class Room(NamedTuple):
    """Configuration and work space of a clinic: arrays of one record, the noise of one candidate, the seed.

    Arrays and not records, because a call of compiled code recognises an array a hundred times faster.
    """

    population: Any
    rules: Any
    observation: Any
    plan: Any
    visit: Any
    anchors: Anchors
    seed: int


class Case(NamedTuple):
    """One candidate: records to work in, the configuration, and the address of every draw.

    person, history, visit : records of PERSON, HISTORY and VISIT; what is filled is said by who fills it.
    anchors                : noise laid out so far, of this candidate only after `forget`.
    population, rules, observation : records of PARAMETERS, RULES and OBSERVATION.
    """

    person: Any
    history: Any
    visit: Any
    anchors: Anchors
    population: Any
    rules: Any
    observation: Any
    subgroup: int
    seed: int
    trial: int
    candidate: int


@inlined
def lent(room: Room) -> Room:
    """The same room, its arrays borrowed: for a loop whose caller keeps them."""
    return Room(
        borrowed(room.population),
        borrowed(room.rules),
        borrowed(room.observation),
        borrowed(room.plan),
        borrowed(room.visit),
        borrowed(room.anchors),
        room.seed,
    )
