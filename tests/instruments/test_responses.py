"""Lineage rules of P2 and components of P3, just below, at and above each threshold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.instruments import hematologic_response as h
from sim.instruments import renal_response as r


def one(value: float) -> np.ndarray:
    return np.array([value])


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [(10.49, 9.0, 0), (10.5, 9.0, 1), (9.6, 8.1, 1), (11.0, 9.0, 1), (np.nan, 9.0, -1), (11.0, np.nan, -1)],
)
def test_hemoglobin(value: float, before: float, expected: int) -> None:
    assert h.hemoglobin_improved(one(value), one(before))[0] == expected


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [
        (1.2, 0.6, 1),
        (1.19, 0.6, 0),  # not doubled
        (0.89, 0.4, 0),  # doubled, up by 0.49
        (0.9, 0.4, 1),
        (0.7, 0.2, 1),
        (np.nan, 0.4, -1),
    ],
)
def test_neutrophils(value: float, before: float, expected: int) -> None:
    assert h.neutrophils_improved(one(value), one(before))[0] == expected
    assert h.lymphocytes_improved(one(value), one(before))[0] == expected


@pytest.mark.parametrize(
    ("value", "before", "expected"),
    [
        (79.0, 50.0, 0),
        (80.0, 50.0, 1),
        (50.0, 20.5, 0),
        (50.5, 20.5, 1),
        (40.0, 20.0, 1),  # 20 belongs to the lower rule
        (39.0, 20.0, 0),
        (25.0, 10.0, 0),  # doubled, up by 15
        (30.0, 10.0, 1),
        (20.0, np.nan, -1),
    ],
)
def test_platelets(value: float, before: float, expected: int) -> None:
    assert h.platelets_improved(one(value), one(before))[0] == expected


@given(st.floats(0, 300), st.floats(0, 300), st.floats(0, 300))
def test_more_platelets_never_lose_the_response(before: float, value: float, more: float) -> None:
    first, second = (
        h.platelets_improved(one(value), one(before)),
        h.platelets_improved(one(value + more), one(before)),
    )
    assert second[0] >= first[0]


def test_pretreatment_is_the_mean_of_what_is_usable() -> None:
    nan = np.nan
    means = h.pretreatment(np.array([50.0, nan, 50.0, nan]), np.array([70.0, 70.0, nan, nan]))
    np.testing.assert_array_equal(means, [60.0, 70.0, 50.0, nan])


def test_qualifying_values() -> None:
    nan = np.nan
    hemoglobin, reticulocytes = (
        np.array([10.0, 10.1, 10.0, nan, 9.0, nan]),
        np.array([2.6, 5.0, 2.5, 5.0, nan, 1.0]),
    )
    assert h.hemolytic_anemia(hemoglobin, reticulocytes).tolist() == [1, 0, 0, -1, -1, 0]
    assert h.neutropenia(np.array([0.99, 1.0, nan])).tolist() == [1, 0, -1]
    assert h.lymphopenia(np.array([1.49, 1.5, nan])).tolist() == [1, 0, -1]
    assert h.thrombocytopenia(np.array([99.0, 100.0, nan])).tolist() == [1, 0, -1]


def test_renal_thresholds() -> None:
    nan = np.nan
    assert r.upcr_response(np.array([0.5, 0.51, nan])).tolist() == [1, 0, -1]
    assert r.egfr_preserved(np.array([60.0, 59.9, nan])).tolist() == [1, 0, -1]
    assert r.egfr_decreased(np.array([80.0, 79.9, nan]), np.array([100.0, 100.0, 100.0])).tolist() == [0, 1, -1]


@pytest.mark.parametrize(
    ("now", "previous", "repeat", "expected"),
    [(1, 1, -1, 1), (1, 0, 1, 1), (1, 0, 0, 0), (1, -1, -1, 0), (0, 1, 1, 0), (-1, 1, 1, -1)],
)
def test_confirmation(now: int, previous: int, repeat: int, expected: int) -> None:
    flags = [np.array([flag], dtype=np.int8) for flag in (now, previous, repeat)]
    assert r.confirmed_decrease(*flags)[0] == expected


@pytest.mark.parametrize(
    ("days", "total_7", "consecutive_7", "aurora"),
    [
        ("x" * 6, False, False, True),
        ("xx xx xx", False, False, False),
        ("xx xx xx x", True, False, True),
        ("x" * 7, True, True, True),
        ("xxx", False, False, True),
        ("", False, False, False),
    ],
)
def test_steroid_excess(days: str, total_7: bool, consecutive_7: bool, aurora: bool) -> None:
    daily = np.array([[10.0 if mark == "x" else 7.5 for mark in days.ljust(84)]])
    answers = [r.steroid_excess(daily, rule=rule)[0] for rule in ("total_7", "consecutive_7", "aurora")]
    assert answers == [total_7, consecutive_7, aurora]
    with pytest.raises(ValueError, match="total_8"):
        r.steroid_excess(daily, rule="total_8")
