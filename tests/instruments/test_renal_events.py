"""Sustained doubling, end-stage disease and complete remission, at thresholds and with gaps."""

import numpy as np
import pytest

from sim.instruments import renal_events as r

NAN = np.nan


def doubled(days: list[float], creatinine: list[float], *, rule: str = "uninterrupted", end: float = NAN) -> list:
    """Days that a doubling dates; day 0 is D0."""
    day = np.array(days)
    marks = r.doubling_of_creatinine(
        np.zeros(len(days), dtype=np.int64),
        day,
        day == 0.0,
        np.array(creatinine),
        dialysis_or_death_day=np.full(len(days), end),
        rule=rule,
    )
    return day[marks].tolist()


@pytest.mark.parametrize(
    ("days", "creatinine", "dated"),
    [
        ([0, 28, 56], [100, 200, 200], [28]),
        ([0, 28, 56], [100, 199, 200], []),
        ([0, 28, 55], [100, 200, 200], []),  # 27 days apart
        ([0, 28, 40, 56], [100, 200, 210, 200], [28]),
        ([0, 28, 40, 56], [100, 200, 150, 200], []),  # not sustained
        ([0, 28, 40, 56], [100, 200, NAN, 200], [28]),
        ([0, 28, 56, 84], [100, 200, 150, 200], []),
        ([0, 28, 56, 84], [100, 200, 200, 200], [28, 56]),
        ([-7, 0, 28, 56], [50, 100, 150, 150], []),  # screening is no baseline
        ([0, 28, 56], [NAN, 200, 200], []),
        ([28, 56], [200, 200], []),
    ],
)
def test_doubling(days: list[float], creatinine: list[float], dated: list[float]) -> None:
    assert doubled(days, creatinine) == dated


def test_one_later_sample_is_enough_by_option() -> None:
    assert doubled([0, 28, 40, 56], [100, 200, 150, 200], rule="any_later") == [28]
    assert doubled([0, 28, 56, 84], [100, 200, 150, 200], rule="any_later") == [28]
    assert doubled([0, 28, 55], [100, 200, 200], rule="any_later") == []
    assert doubled([-7, 0, 28], [200, 100, 200], rule="any_later") == []  # what was before D0 is no event
    with pytest.raises(ValueError, match="once"):
        doubled([0, 28], [100, 200], rule="once")


def test_the_last_sample_before_dialysis_or_death_stands_alone() -> None:
    assert doubled([0, 28, 56], [100, 110, 200]) == []
    assert doubled([0, 28, 56], [100, 110, 200], end=60.0) == [56]
    assert doubled([0, 28, 56], [100, 110, 200], end=56.0) == [56]
    assert doubled([0, 28, 56], [100, 110, 200], end=55.0) == []
    assert doubled([0, 28, 50], [100, 200, 110], end=60.0) == []
    assert doubled([0, 28, 50], [100, 200, 210], end=60.0) == [28, 50]
    # Dialysis lowers creatinine: a sample after it takes nothing back.
    assert doubled([0, 28, 56], [100, 200, 110], end=40.0) == [28]


def test_subjects_do_not_confirm_each_other() -> None:
    subject, day = np.array([0, 0, 1, 1]), np.array([0.0, 28.0, 0.0, 60.0])
    marks = r.doubling_of_creatinine(subject, day, day == 0.0, np.array([100.0, 200.0, 100.0, 200.0]))
    assert not marks.any()


@pytest.mark.parametrize(
    ("rates", "dated"), [([14.9, 14.9, 14.9], [28, 56]), ([15.0, 14.9, 14.9], [56]), ([14.9, 15.0, 14.9], [])]
)
def test_end_stage_by_filtration(rates: list[float], dated: list[float]) -> None:
    day = np.array([0.0, 28.0, 56.0])
    marks = r.end_stage_by_filtration(np.zeros(3, dtype=np.int64), day, np.array(rates))
    assert day[marks].tolist() == dated


def test_end_stage_by_dialysis() -> None:
    start, end = np.array([10.0, 10.0, 10.0, 10.0, 10.0]), np.array([37.0, 38.0, NAN, NAN, 12.0])
    permanent, last = np.array([0, 0, 0, 0, 1], dtype=np.int8), np.array([168.0, 168.0, 37.0, 38.0, 168.0])
    assert r.end_stage_by_dialysis(start, end, permanent, last).tolist() == [False, True, False, True, True]


def test_end_stage_day_is_the_earliest_way() -> None:
    days = r.end_stage_day(np.array([NAN, 90.0, NAN]), np.array([100.0, 100.0, NAN]), np.array([120.0, NAN, NAN]))
    np.testing.assert_equal(days, [100.0, 90.0, NAN])


REMISSION = (105.0, 0.29, 5.0, 5.0, 0)


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (0, 105.0, 1),
        (0, 106.0, 0),
        (1, 0.3, 0),
        (2, 6.0, 0),
        (3, 6.0, 0),
        (4, 1, 0),
        (0, NAN, -1),
        (1, NAN, -1),
        (4, -1, -1),
    ],
)
def test_complete_remission(place: int, value: float, expected: int) -> None:
    values = [*REMISSION[:place], value, *REMISSION[place + 1 :]]
    columns = [np.array([v]) for v in values[:4]]
    casts = np.array([values[4]], dtype=np.int8)
    assert r.complete_remission(*columns, casts).tolist() == [expected]


def test_a_failure_decides_whatever_is_missing() -> None:
    answer = r.complete_remission(
        np.array([200.0]), np.array([NAN]), np.array([NAN]), np.array([NAN]), np.array([-1], dtype=np.int8)
    )
    assert answer.tolist() == [0]


def test_confirmed_remission() -> None:
    subject, day = np.array([0, 0, 0, 0, 1]), np.array([0.0, 28.0, 56.0, 84.0, 0.0])
    remission = np.array([1, 1, -1, 0, 1], dtype=np.int8)
    assert r.confirmed_remission(subject, day, remission).tolist() == [1, 0, -1, 0, -1]
