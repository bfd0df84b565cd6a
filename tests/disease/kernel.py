"""The compiled patient in the shape in which the independent twin tells a life."""

from typing import Any

import numpy as np
import yaml

from sim.config.build import build
from sim.config.disease import Disease
from sim.config.effect import Effect
from sim.config.observation import Observation
from sim.config.taper import Taper
from sim.core import draws
from sim.disease.parameters import parameters
from sim.disease.state import Happening
from sim.observations.parameters import parameters as observation_parameters
from sim.observations.tabulate import Selection, tabulate
from sim.population.person import PERSON
from sim.trial import doses
from sim.trial.courses import Courses
from sim.trial.engines.batch_engine import simulate
from tests.independent.random_person import CONF

ENDS = {int(Happening.DEATH), int(Happening.DROPOUT), int(Happening.PREGNANCY), int(Happening.END)}


def record(person: dict[str, Any]) -> np.ndarray:
    """One PERSON record in an array of length 1."""
    records = np.zeros(1, PERSON)
    for name, value in person.items():
        records[0][name] = value
    return records


def life(
    person: dict[str, Any],
    address: tuple[int, int, int],
    disease: dict[str, Any],
    taper: dict[str, Any],
    effect: dict[str, Any],
    observation: dict[str, Any],
    follow_up: str = "week_24",
) -> dict[str, Any]:
    """Run one person; address : seed, trial, candidate."""
    shared = yaml.safe_load((CONF / "population" / "korean_sle.yaml").read_text(encoding="utf-8"))["shared"]
    model = parameters(
        build(Disease, disease, "disease"),
        build(Effect, effect, "effect"),
        build(Taper, taper, "taper"),
        tuple(shared["item_prevalence"].values()),
        (shared["item_threshold_median"], shared["item_threshold_log_sd"]),
        2.0e6,
        follow_up,
        (-7, -7),
    )
    seen = observation_parameters(build(Observation, observation, "observation"), disease["activity_cap"])
    seed, trial, candidate = address
    persons, addresses = record(person), np.array([[trial, candidate]])
    courses = simulate(persons, addresses, seed, model, seen)
    visits = tabulate(persons, courses.visits, courses.states["rows"], addresses, seed, seen, Selection())
    dose = doses.daily(courses)[0][0].tolist()
    return {"log": log(courses), "courses": courses, "visits": visits, "dose": dose}


def log(courses: Courses) -> list[tuple[int, str, int, int, float]]:
    """Entries as (minute, kind, a, b, value)."""
    entries = courses.log
    return [
        (int(e["minute"]), Happening(int(e["kind"])).name.lower(), int(e["a"]), int(e["b"]), float(e["value"]))
        for e in entries
    ]


class Uniforms:
    """The addressed uniforms of one candidate, as the twin asks for them."""

    def __init__(self, seed: int, trial: int, candidate: int) -> None:
        self.address = (seed, trial, candidate)

    def __call__(self, decision: int, index: int) -> float:
        return draws.uniform(*self.address, int(decision), int(index))
