"""Findings of a nephritis sample: nearly exact or measured, the verdict is that of the measured value."""

import numpy as np
import pytest

from sim.core.compiled import compiled
from sim.population.generate import draw_baseline
from sim.population.history import HISTORY
from sim.population.person import LN, PERSON
from sim.population.variables import EARLY_END
from sim.screening import kidney
from sim.screening.candidates import candidate_columns
from sim.screening.case import Case
from sim.screening.clinic import ARRIVAL, Clinic
from sim.screening.rules import least_above

N = 400
LIMITS = {"serum_creatinine": "creatinine_above", "upcr": "upcr_above", "urine_rbc": "urine_rbc_above"}
PARTS = {"serum_creatinine": 1.0, "upcr": 100.0, "urine_rbc": 1.0}


@compiled
def _verdicts(room, person, history, candidate, number):
    """Of creatinine, protein and red cells."""
    case = Case(
        person[0],
        history[0],
        room.visit[0],
        room.noise[0],
        room.draws,
        room.population[0],
        room.rules[0],
        room.observation[0],
        LN,
        room.seed,
        0,
        candidate,
    )
    person[0].subgroup = LN
    draw_baseline(room.draws, room.seed, 0, candidate, 0, EARLY_END)
    k = kidney.kidney(case)
    rules = room.rules[0]
    return (
        kidney.creatinine_above(case, k, number, rules.creatinine_above, rules.creatinine_least),
        kidney._proteinuria(case, k, number),
        kidney._red_cells(case, k, number),
    )


@pytest.mark.parametrize("number", [0, 2])
@pytest.mark.parametrize("step", [0, 1, -1])
def test_a_finding_at_the_very_limit_is_that_of_the_measured_value(configured, number, step):
    # Limits are a candidate's own values, or a step of the rounding beside them: as close as can be.
    config = configured(
        "population.exclusions.menses_at_sample=0", "population.exclusions.urinary_infection_at_sample=0"
    )
    clinic = Clinic.of(config)
    arrivals = np.zeros(N, ARRIVAL)
    arrivals["candidate"], arrivals["subgroup"] = np.arange(N), LN
    measured = candidate_columns(arrivals, clinic)
    room, person, history = clinic.room(), np.zeros(1, PERSON), np.zeros(1, HISTORY)
    for candidate in range(N):
        values = [measured[f"{name}_{number + 1}"][candidate] for name in LIMITS]
        limits = [max(value + step / PARTS[name], 0.0) for name, value in zip(LIMITS, values, strict=True)]
        for (name, limit), level in zip(LIMITS.items(), limits, strict=True):
            room.rules[0][limit] = level
            least = name.removeprefix("serum_") + "_least"
            room.rules[0][least] = least_above(level, PARTS[name])
        assert list(_verdicts(room, person, history, candidate, number)) == [step < 0] * 3
