"""P1 and S1 day by day, with their options."""

import numpy as np
import pytest

from sim.endpoints.component import participation
from tests.endpoints.records import data_set, outcome, patient

TAPER = [(0, 6, 20.0, "baseline"), (7, 27, 10.0, "taper"), (28, 83, 7.5, "taper"), (84, 168, 5.0, "taper")]


def with_dose(day: int, dose: float, last: int | None = None) -> dict:
    """The taper with another dose from `day` to `last`."""
    last = day if last is None else last
    periods = []
    for start, end, level, reason in TAPER:
        if start < day:
            periods.append((start, min(end, day - 1), level, reason))
        if end > last:
            periods.append((max(start, last + 1), end, level, reason))
    return patient(dosing=[*[p for p in periods if p[0] <= p[1]], (day, last, dose, "flare")])


@pytest.mark.parametrize(
    ("day", "p1", "s1"), [(27, 1, 1), (28, 0, 1), (60, 0, 1), (84, 0, 0), (85, 1, 0), (168, 1, 0), (169, 1, 1)]
)
def test_one_day_above_the_limit(day: int, p1: int, s1: int) -> None:
    person = with_dose(day, 10.0)
    assert outcome("P1", person) == (p1, "" if p1 else "dose")
    assert outcome("S1", person) == (s1, "" if s1 else "dose")


@pytest.mark.parametrize(("dose", "responder"), [(7.5, 1), (7.5 + 1e-10, 1), (7.51, 0)])
def test_the_limit_itself_is_allowed(dose: float, responder: int) -> None:
    assert outcome("P1", with_dose(40, dose))[0] == responder


def test_days_of_grace_and_visits_only() -> None:
    person = with_dose(60, 10.0, last=62)
    assert outcome("P1", person) == (0, "dose")
    assert outcome("P1", person, steroid_grace_days=3) == (1, "")
    assert outcome("P1", person, steroid_grace_days=2) == (0, "dose")
    assert outcome("P1", person, steroid_days="visits") == (1, "")
    assert outcome("P1", with_dose(56, 10.0), steroid_days="visits") == (0, "dose")
    assert outcome("S1", with_dose(113, 10.0), steroid_days="visits") == (0, "dose"), "an option of P1 alone"
    assert outcome("S1", with_dose(113, 10.0), steroid_grace_days=3) == (0, "dose")


@pytest.mark.parametrize("kind", ["death", "withdrawal", "lost_to_follow_up"])
def test_leaving_before_the_time_point_is_non_response(kind: str) -> None:
    for day, p1, s1 in ((83, 0, 0), (84, 1, 0), (167, 1, 0), (168, 1, 1)):
        person = patient(events=[(day, kind, "")])
        assert outcome("P1", person) == (p1, "" if p1 else kind)
        assert outcome("S1", person) == (s1, "" if s1 else kind)


def test_the_end_of_participation_is_reported_before_the_dose_and_the_earliest_of_several() -> None:
    person = with_dose(30, 60.0) | {"events": [(50, "death", ""), (40, "withdrawal", "other")]}
    assert outcome("P1", person) == (0, "withdrawal")
    assert outcome("P1", person | {"events": [(40, "withdrawal", ""), (40, "death", "")]}) == (0, "death")


def test_a_record_that_ends_early_carries_the_last_dose_forward() -> None:
    assert outcome("S1", patient(dosing=[(0, 20, 20.0, "baseline"), (21, 90, 5.0, "taper")])) == (1, "")
    assert outcome("S1", patient(dosing=[(0, 90, 20.0, "baseline")])) == (0, "dose")
    assert outcome("P1", patient(dosing=[])) == (0, "missing")


@pytest.mark.parametrize(("start", "p1", "s1"), [(28, 1, 1), (29, 0, 1), (84, 0, 1), (85, 0, 0)])
def test_one_day_of_the_window_without_a_dose_is_missing(start: int, p1: int, s1: int) -> None:
    person = patient(dosing=[(start, 168, 5.0, "taper")])
    assert outcome("P1", person) == (p1, "" if p1 else "missing")
    assert outcome("S1", person) == (s1, "" if s1 else "missing")


@pytest.mark.parametrize(("dose", "inside"), [(7.5, False), (10.0, True)])
def test_low_dose_at_baseline_can_be_excluded(dose: float, inside: bool) -> None:
    person = patient(dosing=[(0, 20, dose, "baseline"), (21, 168, 5.0, "taper")])
    assert outcome("P1", person) == (1, "")
    assert outcome("P1", person, low_dose_at_baseline="excluded") == ((1, "") if inside else (-1, ""))
    assert outcome("S1", person, low_dose_at_baseline="excluded") == (1, "")


@pytest.mark.parametrize(
    ("day", "every_day", "visits"),
    [(83, 1, 1), (84, 0, 0), (85, 0, 1), (111, 0, 1), (112, 0, 0), (140, 0, 0), (167, 0, 1), (168, 0, 0)],
)
def test_a_dose_can_be_maintained_at_the_visits_alone(day: int, every_day: int, visits: int) -> None:
    person = with_dose(day, 10.0)
    for reading, answer in (("every_day", every_day), ("visits", visits)):
        assert outcome("S1", person, maintained_days=reading) == (answer, "" if answer else "dose")
    assert outcome("P1", person, maintained_days="visits") == outcome("P1", person), "an option of S1 alone"


def test_participation_is_told_by_the_first_of_several_ends() -> None:
    person = patient(events=[(90, "death", ""), (40, "withdrawal", "other")])
    found = participation(data_set(person, patient(subject=1)), 84)
    assert found.value[0] == 40.0
    assert np.isnan(found.value[1])
    assert found.met.tolist() == [0, 1]
