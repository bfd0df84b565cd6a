"""The matrix of criteria against its row-by-row twin, and against candidates worked by hand: exactly equal."""

import dataclasses
import functools
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from sim.config.build import build
from sim.config.protocol import Protocol
from sim.screening.catalogue import CRITERIA
from sim.screening.matrix import criterion_matrix
from sim.screening.rules import screening_rules
from tests.hand_worked.criteria import CASES
from tests.independent import criteria as twin
from tests.independent.random_candidates import random_candidate
from tests.screening.candidate_table import candidate_table

SHIPPED = Path(__file__).parents[2] / "conf" / "protocol" / "nct04835883.yaml"
NULLABLE = {True: 1, False: 0, None: -1}
NUMBERS: list[tuple[str, Any]] = [
    ("ln_lab_samples", 1),
    ("biopsy_max_age_days", 180),
    ("steroid_dependent_dose", 20.0),
    ("donor_min_age", 0.0),
    ("reticulocyte_min", 2.0),
    ("other_immunosuppressants", True),
    ("slicc_standalone", True),
    ("require_non_lymphopenia", True),
]
WORDS = [(name, value) for name, values in twin.ALLOWED.items() for value in values[1:] if isinstance(value, str)]
OTHERS = [*WORDS, *NUMBERS]
COMPARED = (
    "I0a", "I0b", "I0", "I1", "I2a", "I2b", "I2", "I3", "I4a", "I4b", "I4",
    "I5_1E", "I5_1N", "I5_1L", "I5_1P", "I5_1", "I5_2a", "I5_2b", "I5_2", "I5",
    "E1", "E2a", "E2b", "E2c", "E2d", "E2e", "E2f", "E2g", "E2", "E3", "E4", "E5", "E6", "E7", "E8",
)  # fmt: skip
"""Every criterion; both sides answer each of them for each candidate."""
Rows = list[dict[str, Any]]


def test_every_criterion_of_the_catalogue_is_compared():
    assert tuple(sorted(COMPARED)) == tuple(sorted(criterion.id for criterion in CRITERIA))
    found = calculated([random_candidate(random.Random(1))], {})[0]
    theirs = as_matrix(twin.evaluate(random_candidate(random.Random(1))))
    assert set(COMPARED) <= set(found) and set(COMPARED) <= set(theirs)


@functools.cache
def shipped() -> Protocol:
    return build(Protocol, yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def calculated(candidates: Rows, readings: dict[str, Any]) -> Rows:
    """The criteria of each candidate by the matrix: 1, 0, or -1 where the criterion is not for the candidate."""
    rules = screening_rules(dataclasses.replace(shipped(), **readings))
    matrix = criterion_matrix(candidate_table(candidates), rules)
    columns = {name: matrix[name].tolist() for name in matrix}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def as_matrix(found: dict[str, Any]) -> dict[str, Any]:
    """An answer of the twin as a row of the matrix."""
    whole = {"failed": ",".join(found["failed"])} if "failed" in found else {}
    whole |= {"first_failure": found["first_failure"] or ""} if "first_failure" in found else {}
    verdicts = ("eligible", "failed", "first_failure")
    flags = {name: NULLABLE[value] for name, value in found.items() if name not in verdicts}
    return flags | ({"eligible": found["eligible"]} if "eligible" in found else {}) | whole


def differences(candidates: Rows, readings: dict[str, Any]) -> list[Any]:
    """Candidates on whom the two disagree: their number, column, the matrix's answer, the twin's."""
    found = []
    for place, (one, mine) in enumerate(zip(candidates, calculated(candidates, readings), strict=True)):
        theirs = as_matrix(twin.evaluate(one, **readings))
        assert mine.keys() == theirs.keys()
        found += [(place, name, mine[name], theirs[name]) for name in theirs if mine[name] != theirs[name]]
    return found


def holes(rng: random.Random, candidate: dict[str, Any]) -> dict[str, Any]:
    """The candidate with a tenth of the values missing."""
    return {name: None if name != "subgroup" and rng.random() < 0.1 else v for name, v in candidate.items()}


@pytest.fixture(scope="module")
def thousand() -> Rows:
    rng = random.Random(835883)
    return [random_candidate(rng) for _ in range(1000)]


def test_the_default_readings_of_both_are_the_same() -> None:
    protocol = shipped()
    for item in dataclasses.fields(twin.Readings):
        if item.name != "ana_positive_titer":
            assert getattr(protocol, item.name) == item.default, item.name
    assert protocol.ana_titer_min == twin.Readings().ana_positive_titer
    assert set(protocol.regimen_min_dose) == set(twin.MINIMUM_DOSE)


def test_ten_thousand_candidates_are_screened_alike() -> None:
    rng = np.random.default_rng(4835883)
    candidates = [random_candidate(rng) for _ in range(10_000)]
    assert sum(row["eligible"] for row in calculated(candidates, {})) > 100
    assert differences(candidates, {}) == []


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_every_other_reading_is_screened_alike(thousand: Rows, name: str, value: Any) -> None:
    assert calculated(thousand, {name: value}) != calculated(thousand, {})
    assert differences(thousand, {name: value}) == []


@pytest.mark.parametrize("seed", range(20))
def test_any_combination_of_readings_is_screened_alike(thousand: Rows, seed: int) -> None:
    rng = random.Random(seed)
    readings = {name: value for name, value in OTHERS if rng.random() < 0.3}
    assert differences(thousand, readings) == []


@pytest.mark.parametrize(
    "readings", [{}, {"other_immunosuppressants": True, "subgroup_assignment": "both"}], ids=str
)
def test_missing_values_are_treated_alike(thousand: Rows, readings: dict[str, Any]) -> None:
    rng = random.Random(9)
    assert differences([holes(rng, one) for one in thousand], readings) == []


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_matrix_gives_the_answer_worked_by_hand(case: dict[str, Any]) -> None:
    (found,) = calculated([case["candidate"]], case["readings"])
    wanted = as_matrix(case["expected"])
    assert {name: found[name] for name in wanted} == wanted, case["why"]
