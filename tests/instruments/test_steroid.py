"""Equivalents, daily doses and days above a limit, against a plain reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.instruments.steroid import (
    MILLIGRAMS_EQUAL_TO_PREDNISONE_5,
    daily_doses,
    days_above,
    longest_run_above,
    prednisone_equivalent,
    reduction,
)


@pytest.mark.parametrize(
    ("drug", "dose", "prednisone"),
    [
        ("prednisolone", 7.5, 7.5),
        ("methylprednisolone", 500.0, 625.0),
        ("hydrocortisone", 100.0, 25.0),
        ("cortisone", 25.0, 5.0),
        ("dexamethasone", 1.125, 7.5),
        ("betamethasone", 0.75, 5.0),
        ("deflazacort", 9.0, 7.5),
        ("triamcinolone", 4.0, 5.0),
    ],
)
def test_equivalents_are_exact(drug: str, dose: float, prednisone: float) -> None:
    assert prednisone_equivalent(drug, np.array([dose]))[0] == prednisone


def test_every_drug_of_the_table_maps_to_five() -> None:
    for drug, dose in MILLIGRAMS_EQUAL_TO_PREDNISONE_5.items():
        assert prednisone_equivalent(drug, np.array([dose]))[0] == 5.0
    with pytest.raises(ValueError, match="aspirin"):
        prednisone_equivalent("aspirin", np.array([1.0]))


def test_daily_doses_of_periods_in_any_order() -> None:
    subject, start = np.array([1, 0, 1, 0]), np.array([5.0, -28.0, -3.0, 3.0])
    end, dose = np.array([7.0, 2.0, 4.0, 20.0]), np.array([10.0, 15.0, 20.0, 7.5])
    daily = daily_doses(subject, start, end, dose, subjects=3, last_day=10)
    assert daily[0].tolist() == [15.0] * 3 + [7.5] * 8
    assert daily[1].tolist() == [20.0] * 5 + [10.0] * 6, "the last dose carries forward"
    assert np.isnan(daily[2]).all()
    np.testing.assert_array_equal(reduction(daily, to_day=10)[:2], [7.5, 10.0])


@given(st.lists(st.lists(st.sampled_from([5.0, 7.5, 7.5 + 1e-10, 7.6, 10.0, np.nan]), min_size=8, max_size=8)))
def test_days_and_runs_against_counting(rows: list[list[float]]) -> None:
    daily = np.array(rows).reshape(-1, 8)
    total, longest = [], []
    for row in rows:
        above = "".join("x" if dose > 7.5 + 1e-9 else " " for dose in row)
        total.append(above.count("x"))
        longest.append(max(len(run) for run in above.split(" ")))
    assert days_above(daily, 7.5).tolist() == total
    assert longest_run_above(daily, 7.5).tolist() == longest
