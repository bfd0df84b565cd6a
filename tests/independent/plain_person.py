"""A plain patient in whom nothing happens by chance, and short ways to read a course: for lives worked by hand."""

import math
from typing import Any

from sim.core.decisions import Clock, Decision
from tests.independent.course import simulate_patient
from tests.independent.random_person import merged, parameters

DISEASE = parameters("disease", "refractory")
OBSERVATION = parameters("observation", "clinic")
NONE = parameters("effect", "none")
MANDATED = parameters("taper", "mandated")
CONSTANT_INFECTIONS = merged(
    DISEASE, {"clocks": {"serious_infection_dose": 0.0, "serious_infection_lymphopenia": 1.0}}
)


class Quiet:
    """Every uniform number is 0.5 (no noise, no rare event) but those that are given."""

    def __init__(self, given: dict[tuple[int, int], float]) -> None:
        self.given = given

    def __call__(self, decision: int, index: int) -> float:
        return self.given.get((decision, index), 0.5)


def plain_person(subgroup: int, **changes: Any) -> dict[str, Any]:
    """A man of 60 kg on 20 mg/day with three items' worth of nothing."""
    blood = {"platelets": 200.0, "neutrophils": 3.0, "lymphocytes": 1.2, "hemoglobin": 11.5}
    person = {
        "subgroup": subgroup,
        "female": 0,
        "age": 40.0,
        "weight": 60.0,
        "height": 170.0,
        "prednisone_dose": 20.0,
        "log_activity": [0.0, -0.7, 0.0, 0.0, *[-1.4] * 4]
        if subgroup == 0
        else [-3.5, -0.7, 0.0, 0.0, *[0.0] * 4],
        "creatinine": 130.0,
        "upcr": 3.0 if subgroup == 0 else math.nan,
        "fixed_proteinuria": 0.2,
        "urine_rbc": 20.0,
        "urine_wbc": 4.0,
        "casts_owned": 0,
        "casts_threshold": 0.6,
        **blood,
        **{f"{name}_normal": 1.2 * value for name, value in blood.items()},
        "c3": 65.0,
        "c4": 10.0,
        "anti_dsdna": 60.0,
        "treg_offset": 0.0,
        "th17_offset": 0.0,
        "hemolytic": 0,
        "item_owned": [0] * 9,
        "item_threshold": [0.3] * 9,
        "cns_item": -1,
        "sdi": 0,
    }
    return person | changes


def life(
    person: dict[str, Any],
    uniform: Any,
    disease: dict[str, Any] = DISEASE,
    taper: dict[str, Any] = MANDATED,
    effect: dict[str, Any] = NONE,
    follow_up: str = "week_24",
) -> dict[str, Any]:
    return simulate_patient(person, uniform, disease, taper, effect, OBSERVATION, follow_up)


def changes(doses: list[float]) -> list[tuple[int, float]]:
    """(day, dose) of every day whose dose is another than the day before."""
    return [(day, dose) for day, dose in enumerate(doses) if day and dose != doses[day - 1]]


def days(result: dict[str, Any], kind: str) -> list[int]:
    return [minute // 1440 for minute, what, *_ in result["log"] if what == kind]


def infections_on(*onsets: int) -> dict[tuple[int, int], float]:
    """Budgets that let serious infections set in at noon of these days, at a constant 0.08 a year, not fatal."""
    given: dict[tuple[int, int], float] = {}
    before = 0
    for count, onset in enumerate(onsets):
        noon = onset * 1440 + 720
        budget = 0.08 * (noon - before) / (365.25 * 1440)
        given[Decision.WAITING, 16 * count + Clock.SERIOUS_INFECTION] = -math.expm1(-budget * (1 - 1e-12))
        before = noon
    return given
