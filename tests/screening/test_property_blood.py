"""Findings of a cytopenia sample: nearly exact or measured, the verdict is that of the measured value."""

import numpy as np
import pytest

from sim.core.compiled import compiled
from sim.population.generate_history import generate_candidate
from sim.population.history import HISTORY
from sim.population.person import LC, PERSON
from sim.screening import blood
from sim.screening.candidates import candidate_columns
from sim.screening.case import Case
from sim.screening.clinic import ARRIVAL, Clinic
from sim.screening.rules import least_above, least_from

N = 400
FINDINGS = {
    # column: limit, its logarithm, parts of a unit, from where on a value is on the upper side
    "platelets": ("platelets_below", "platelets_least", 1.0, least_from),
    "hemoglobin": ("hemoglobin_max", "hemoglobin_least", 10.0, least_above),
    "reticulocytes": ("reticulocyte_min", "reticulocyte_least", 10.0, least_above),
    "neutrophils": ("neutrophils_below", "neutrophils_least", 100.0, least_from),
    "lymphocytes": ("lymphocytes_below", "lymphocytes_least", 100.0, least_from),
}


@compiled
def _verdicts(room, person, history, candidate):
    """Of platelets, red cells, neutrophils and lymphocytes; nothing else explains them."""
    case = Case(
        person[0],
        history[0],
        room.visit[0],
        room.anchors,
        room.draws,
        room.population[0],
        room.rules[0],
        room.observation[0],
        LC,
        room.seed,
        0,
        candidate,
    )
    generate_candidate(person[0], history[0], room.population[0], room.draws, room.seed, 0, candidate, LC)
    history[0].other_cause_platelets = False
    history[0].other_cause_hemoglobin = False
    history[0].other_cause_neutrophils = False
    history[0].lymphopenia_unexplained = True
    return (
        blood.thrombocytopenia(case),
        blood.hemolytic_anemia(case),
        blood.neutropenia(case),
        blood.lymphopenia(case),
    )


def _with_limits(room, limits):
    for column, (limit, least, parts, side) in FINDINGS.items():
        if column in limits:
            room.rules[0][limit] = limits[column]
            room.rules[0][least] = side(limits[column], parts)


@pytest.mark.parametrize("cap", ["4", "0.5"])
@pytest.mark.parametrize("step", [0, 1, -1])
def test_a_finding_at_the_very_limit_is_that_of_the_measured_value(configured, step, cap):
    # Limits are a candidate's own values, or a step of the rounding beside them: as close as can be.
    clinic = Clinic.of(configured(f"disease.activity_cap={cap}"))
    arrivals = np.zeros(N, ARRIVAL)
    arrivals["candidate"], arrivals["subgroup"] = np.arange(N), LC
    measured = candidate_columns(arrivals, clinic)
    room, person, history = clinic.room(), np.zeros(1, PERSON), np.zeros(1, HISTORY)
    seen = set()
    for candidate in range(N):
        values = {name: measured[name][candidate] for name in FINDINGS}
        limits = {name: max(values[name] + step / FINDINGS[name][2], 0.0) for name in FINDINGS}
        _with_limits(room, limits)
        low = {name: values[name] < limits[name] - 1e-9 for name in ("platelets", "neutrophils", "lymphocytes")}
        anemia = values["hemoglobin"] <= limits["hemoglobin"] + 1e-9
        red_cells = anemia and values["reticulocytes"] > limits["reticulocytes"] + 1e-9
        expected = (low["platelets"], red_cells, low["neutrophils"], low["lymphocytes"])
        assert _verdicts(room, person, history, candidate) == expected
        # Reticulocytes with a limit that all of them pass, so that hemoglobin is asked alone.
        _with_limits(room, {"reticulocytes": 0.0})
        assert _verdicts(room, person, history, candidate)[1] == (anemia and values["reticulocytes"] > 1e-9)
        seen.add(expected[0])
    assert seen == {step > 0}


@pytest.mark.parametrize("per_unit", [1.0, 10.0, 100.0])
@pytest.mark.parametrize("limit", [0.01, 1.0, 1.5, 1.5 + 2e-9, 99.99999999999, 100.0, 100.000001])
def test_least_from_is_where_rounded_values_reach_the_limit(limit, per_unit):
    least = np.exp(least_from(limit, per_unit))
    below, above = (np.floor(least * factor * per_unit + 0.5) / per_unit for factor in (1 - 1e-9, 1 + 1e-9))
    assert below < limit - 1e-9 <= above


def test_least_from_of_limits_that_nothing_is_below_or_rounding_does_not_reach():
    assert least_from(0.0, 1.0) == -np.inf
    assert least_from(1e300, 100.0) == np.log(1e300)
