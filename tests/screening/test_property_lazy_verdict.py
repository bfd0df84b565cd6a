"""The lazy verdict agrees with the full matrix, and a rule means the same on columns and compiled."""

import numba
import numpy as np
import pytest

from sim.observations.noise import new_anchors
from sim.observations.visit import new_visits
from sim.population.history import HISTORY
from sim.population.person import LC, LN, PERSON
from sim.screening.candidates import candidate_columns
from sim.screening.catalogue import CRITERIA
from sim.screening.clinic import ARRIVAL, Clinic, screen
from sim.screening.matrix import criterion_matrix

READINGS = [
    (20_000, ()),
    (6_000, ("protocol.ln_lab_rule=ANY2",)),
    (3_000, ("protocol.ln_lab_rule=ANY2", "protocol.casts_scope=everything", "protocol.biologic_rule=any")),
    (3_000, ("protocol.ln_lab_rule=PROT_ANY", "protocol.ln_lab_samples=1", "protocol.ivig_rule=current")),
    (3_000, ("protocol.casts_scope=everything", "protocol.allergy_rule=any")),
    (3_000, ("protocol.ln_labs_and_biopsy=either", "protocol.refractory_rule=and")),
    (3_000, ("protocol.subgroup_assignment=both", "protocol.lymphopenia_counts=with_attribution")),
    (3_000, ("protocol.serology_rule=and", "protocol.require_non_lymphopenia=true")),
    (3_000, ("protocol.lineage_rule=white_both", "protocol.slicc_standalone=true")),
]


@pytest.mark.parametrize(("n", "readings"), READINGS)
def test_lazy_verdict_equals_the_full_matrix(configured, n, readings):
    clinic = Clinic.of(configured(*readings))
    arrivals = np.zeros(n, ARRIVAL)
    arrivals["candidate"] = np.arange(n)
    arrivals["subgroup"] = np.where(np.arange(n) % 4 == 0, LC, LN)
    matrix = criterion_matrix(candidate_columns(arrivals, clinic), clinic.rules)
    person, history = np.zeros(1, PERSON), np.zeros(1, HISTORY)
    visits, anchors = new_visits(1), new_anchors()
    lazy = np.array(
        [
            screen(
                person,
                history,
                0,
                visits,
                anchors,
                clinic.population,
                clinic.rules,
                clinic.observation,
                entry["subgroup"],
                clinic.seed,
                entry["trial"],
                entry["candidate"],
            )
            for entry in arrivals
        ]
    )
    assert np.array_equal(lazy, matrix["eligible"])
    for stream in (LN, LC):
        assert 0 < lazy[arrivals["subgroup"] == stream].sum() < np.sum(arrivals["subgroup"] == stream)


_FLAG_STARTS = ("ever_", "other_cause", "history_", "consent", "donor_found", "I", "E", "cellular", "menses")
_CODES = {"subgroup": 2, "female": 2, "regimen_drug": 11, "biopsy_class": 9}


def _random_column(name, generator, n):
    if name in ("regimen_response", "biopsy_lesions"):
        return generator.integers(-1, 3, n)
    if name in _CODES:
        return generator.integers(0, _CODES[name], n)
    flags = (
        *_FLAG_STARTS,
        "urinary",
        "active",
        "heart",
        "liver",
        "coag",
        "preg",
        "major",
        "biologic_inv",
        "lymphopenia",
    )
    if name.startswith(flags):
        return generator.random(n) < 0.5
    values = generator.choice([np.nan, 0.0, 1.0, 2.5, 10.0, 15.0, 18.0, 70.0, 80.0, 100.0, 106.0, 182.0, 365.0], n)
    return values + generator.choice([0.0, 0.5, -0.5, 1e-10], n)


UNIQUE = {criterion.function: criterion for criterion in CRITERIA}.values()


@pytest.mark.parametrize("criterion", UNIQUE, ids=[criterion.id for criterion in UNIQUE])
def test_rule_on_columns_equals_compiled_scalars(rules, criterion):
    generator = np.random.default_rng(11)
    columns = [_random_column(name, generator, 200) for name in criterion.reads]
    scalar = numba.njit(criterion.function)
    for reading in ((), ("ln_lab_rule=ANY2", "serology_rule=and", "biologic_rule=any", "lymphopenia_counts=no")):
        quoted = [text.replace("=no", "='no'") for text in reading]
        settings = [rules(*quoted)[0][name] for name in criterion.settings]
        on_columns = criterion.function(*columns, *settings)
        one_by_one = [scalar(*(column[row] for column in columns), *settings) for row in range(200)]
        assert np.array_equal(np.asarray(on_columns, dtype=bool), np.array(one_by_one, dtype=bool))
