"""flare_codes (X35, S7) against visits worked out by hand."""

from typing import Any

import numpy as np
import pytest

from sim.instruments.recorded_sfi import FlareIndex, Orders, flare_codes
from tests.hand_worked.flare_index import CASES, NO_MEDICATION, QUIET, READINGS

INDEX = {
    name: FlareIndex("original" in name, needs_recognition="written" not in name, uses_medication=True)
    for name in READINGS
}
ORDERS = ("recognised", "before", "after", "starts_drug", "new_nephritis")


def codes(index: FlareIndex, *visits: dict[str, Any], days: tuple[int, ...] = (28, 56)) -> list[int]:
    """The index at visits of one woman of 60 kg."""
    columns = {name: np.array([visit[name] for visit in visits]) for name in QUIET}
    recognised, before, after, starts, nephritis = (columns.pop(name) for name in ORDERS)
    orders = Orders(recognised, before, after, np.full(len(visits), 60.0), starts)
    columns["day"] = np.array(days, dtype=np.int64)
    return flare_codes(columns, np.zeros(len(visits), np.int64), orders, nephritis, index).tolist()


@pytest.mark.parametrize("place", range(len(READINGS)), ids=READINGS)
@pytest.mark.parametrize(("why", "expected", "then", "now"), CASES, ids=[case[0] for case in CASES])
def test_the_index_is_that_worked_by_hand(why, expected, then, now, place):
    assert codes(INDEX[READINGS[place]], then, now)[1] == expected[place], why


@pytest.mark.parametrize(("why", "expected", "now"), NO_MEDICATION, ids=[case[0] for case in NO_MEDICATION])
def test_without_medication_the_index_is_that_worked_by_hand(why, expected, now):
    for needed, answer in zip((True, False), expected, strict=True):
        index = FlareIndex(original=False, needs_recognition=needed, uses_medication=False)
        assert codes(index, QUIET, QUIET | now)[1] == answer, why


def test_as_written_the_visits_up_to_day_0_are_no_events_and_the_first_has_no_visit_before():
    worse = QUIET | {"sledai2k": 20.0, "pga": 3.0}
    index = INDEX["original as written"]
    assert codes(index, QUIET, worse, days=(-7, 0)) == [0, 0]
    assert codes(index, QUIET, worse, days=(0, 1)) == [0, 2]
    assert codes(index, worse, days=(28,)) == [0]


def test_a_comparison_is_with_the_visit_before_and_not_with_the_baseline():
    steps = [QUIET | {"sledai2k": score} for score in (4.0, 6.0, 8.0, 10.0, 13.0)]
    assert codes(INDEX["modified as written"], *steps, days=(0, 28, 56, 84, 112)) == [0, 0, 0, 0, 1]
