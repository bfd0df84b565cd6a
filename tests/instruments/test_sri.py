"""SRI-4, SRI-5, SRI-6: each component at its threshold, and what a missing one decides."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments import sri
from sim.instruments.bilag import DOMAINS, codes_of

NAN = np.nan


def panel(**changed: str) -> dict[str, np.ndarray]:
    return {domain: codes_of(np.array([changed.get(domain, "E")])) for domain in DOMAINS}


def respond(
    sledai: float, before: float, pga: float, pga_before: float, points: float, now: dict[str, str] | None = None
) -> int:
    numbers = (np.array([value]) for value in (sledai, before, pga, pga_before))
    return int(sri.sri(*numbers, panel(**(now or {})), panel(), points=points)[0])


@pytest.mark.parametrize(
    ("fall", "points", "expected"), [(3, 4, 0), (4, 4, 1), (4, 5, 0), (5, 5, 1), (5, 6, 0), (6, 6, 1)]
)
def test_points(fall: float, points: float, expected: int) -> None:
    assert respond(12.0 - fall, 12.0, 1.0, 1.0, points) == expected


@pytest.mark.parametrize(
    ("pga", "before", "expected"), [(1.2, 0.9, 0), (1.3, 1.0, 0), (1.2, 1.0, 1), (0.2, 2.0, 1)]
)
def test_a_rise_of_three_tenths_is_worsening(pga: float, before: float, expected: int) -> None:
    assert respond(4.0, 12.0, pga, before, 4.0) == expected


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        ({"renal": "B"}, 1),
        ({"renal": "B", "haematological": "B"}, 0),
        ({"renal": "A"}, 0),
        ({"renal": ""}, -1),
        ({"renal": "", "haematological": "A"}, 0),
    ],
)
def test_grades(grades: dict[str, str], expected: int) -> None:
    assert respond(4.0, 12.0, 1.0, 1.0, 4.0, grades) == expected


@pytest.mark.parametrize(
    ("sledai", "before", "pga", "pga_before", "expected"),
    [
        (NAN, 12.0, 1.0, 1.0, -1),
        (4.0, NAN, 1.0, 1.0, -1),
        (4.0, 12.0, NAN, 1.0, -1),
        (10.0, 12.0, NAN, 1.0, 0),  # it failed already
        (NAN, 12.0, 2.0, 1.0, 0),
    ],
)
def test_missing(sledai: float, before: float, pga: float, pga_before: float, expected: int) -> None:
    assert respond(sledai, before, pga, pga_before, 4.0) == expected


def test_components_are_named_in_order() -> None:
    ones = (np.array([v]) for v in (4.0, 12.0, 2.0, 1.0))
    components = sri.sri_components(*ones, panel(renal="A"), panel(), points=4.0)
    assert {name: int(flag[0]) for name, flag in components.items()} == {"sledai": 1, "pga": 0, "bilag": 0}


def test_population() -> None:
    assert sri.in_population(np.array([3.0, 4.0, 5.0, NAN]), points=4.0).tolist() == [0, 1, 1, -1]


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30), st.integers(0, 30))
def test_more_points_are_never_easier(sledai: int, before: int, pga: int, pga_before: int) -> None:
    answers = [respond(sledai, before, pga / 10.0, pga_before / 10.0, points) for points in (4.0, 5.0, 6.0)]
    assert answers == sorted(answers, reverse=True)
