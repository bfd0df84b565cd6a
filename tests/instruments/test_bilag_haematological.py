"""The haematological domain of BILAG-2004: half-open bands, and what a missing value leaves open."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments.bilag import letters_of
from sim.instruments.bilag_haematological import BloodCount, haematological_grade

NAN = np.nan
NORMAL = {
    "hemoglobin": 13.0,
    "wbc": 6.0,
    "neutrophils": 4.0,
    "lymphocytes": 1.6,
    "platelets": 230.0,
    "hemolysis": 0,
    "coombs": 0,
    "ttp": 0,
}
FLAGS = ("hemolysis", "coombs", "ttp")


def count(**changes: float) -> BloodCount:
    values = NORMAL | changes
    return BloodCount(
        **{name: np.array([v], dtype=np.int8 if name in FLAGS else np.float64) for name, v in values.items()}
    )


def grade(ever: int = 0, other_cause: tuple[str, ...] = (), **changes: float) -> str:
    causes = {name: np.array([True]) for name in other_cause}
    codes = haematological_grade(count(**changes), np.array([ever], dtype=np.int8), other_cause=causes)
    return str(letters_of(codes)[0])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"platelets": 24.9}, "A"),
        ({"platelets": 25.0}, "B"),
        ({"platelets": 49.9}, "B"),
        ({"platelets": 50.0}, "C"),
        ({"platelets": 149.9}, "C"),
        ({"platelets": 150.0}, "E"),
        ({"hemoglobin": 7.9, "hemolysis": 1}, "A"),
        ({"hemoglobin": 8.0, "hemolysis": 1}, "B"),
        ({"hemoglobin": 9.9, "hemolysis": 1}, "B"),
        ({"hemoglobin": 10.0, "hemolysis": 1}, "C"),
        ({"hemoglobin": 13.0, "hemolysis": 1}, "C"),
        ({"hemoglobin": 7.9}, "B"),
        ({"hemoglobin": 8.0}, "C"),
        ({"hemoglobin": 10.9}, "C"),
        ({"hemoglobin": 11.0}, "E"),
        ({"wbc": 0.99}, "B"),
        ({"wbc": 1.0}, "C"),
        ({"wbc": 3.99}, "C"),
        ({"wbc": 4.0}, "E"),
        ({"neutrophils": 0.49}, "B"),
        ({"neutrophils": 0.5}, "C"),
        ({"neutrophils": 1.99}, "C"),
        ({"neutrophils": 2.0}, "E"),
        ({"lymphocytes": 0.99}, "C"),
        ({"lymphocytes": 1.0}, "E"),
        ({"coombs": 1}, "C"),
        ({"ttp": 1}, "B"),
        ({"ttp": 2}, "A"),
        ({"ttp": 4}, "A"),
        ({"platelets": 40.0, "neutrophils": 1.5}, "B"),
    ],
)
def test_bands(changes: dict[str, float], expected: str) -> None:
    assert grade(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"platelets": NAN}, ""),
        ({"lymphocytes": NAN}, ""),
        ({"lymphocytes": NAN, "platelets": 40.0}, "B"),  # it could only make a C
        ({"wbc": NAN, "platelets": 40.0}, "B"),
        ({"wbc": NAN, "platelets": 100.0}, ""),
        ({"platelets": NAN, "ttp": 2}, "A"),
        ({"ttp": -1}, ""),
        ({"hemolysis": -1}, ""),
        ({"hemolysis": -1, "hemoglobin": 7.0}, ""),
        ({"hemolysis": -1, "hemoglobin": 10.5}, "C"),  # C with hemolysis or without
        ({"hemolysis": -1, "hemoglobin": 9.0}, ""),
        ({"hemolysis": -1, "hemoglobin": 9.0, "platelets": 30.0}, "B"),
        ({"coombs": -1}, ""),
        ({"coombs": -1, "wbc": 3.0}, "C"),
    ],
)
def test_a_missing_value_leaves_open_what_it_could_change(changes: dict[str, float], expected: str) -> None:
    assert grade(**changes) == expected


def test_only_lupus_is_graded() -> None:
    assert grade(platelets=10.0, other_cause=("platelets",)) == "E"
    assert grade(platelets=10.0, neutrophils=1.5, other_cause=("platelets",)) == "C"
    assert grade(hemoglobin=6.0, hemolysis=1, other_cause=("hemoglobin",)) == "E"
    assert grade(platelets=NAN, other_cause=("platelets",)) == "E"


@pytest.mark.parametrize(("ever", "expected"), [(1, "D"), (0, "E"), (-1, "")])
def test_inactive(ever: int, expected: str) -> None:
    assert grade(ever) == expected


@settings(deadline=None)
@given(
    st.sampled_from(["hemoglobin", "wbc", "neutrophils", "lymphocytes", "platelets"]),
    st.floats(0.1, 300.0),
    st.floats(0.0, 50.0),
    st.integers(0, 1),
)
def test_a_lower_value_never_gives_a_lower_grade(name: str, value: float, less: float, hemolysis: int) -> None:
    high, low = (
        grade(**{name: value, "hemolysis": hemolysis}),
        grade(**{name: value - less, "hemolysis": hemolysis}),
    )
    assert low <= high
