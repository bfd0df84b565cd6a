"""Which visit stands for week 24, against the rule written as a loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.endpoints.analysis_visit import analysis_visit, neighbour
from tests.endpoints.records import data_set, patient


def chosen_day(visits: dict[str, tuple[int, bool]], nominal: int = 168) -> float:
    """Day of the chosen visit; visits: name -> (day, usable)."""
    entries = {name: {"day": day, "upcr": 1.0 if usable else np.nan} for name, (day, usable) in visits.items()}
    missed = {name: None for name in ("W16", "W20", "W24") if name not in entries}
    data = data_set(patient(visits=missed | entries))
    usable = ~np.isnan(data.measured("upcr"))
    place = analysis_visit(data, usable, visit="W24", nominal_day=nominal, window_days=7, carry_days=35)
    return float(data.day_at(place)[0])


@pytest.mark.parametrize(
    ("visits", "day"),
    [
        ({"W24": (168, True)}, 168),
        ({"W24": (196, True), "U1": (168, True)}, 196),  # the named visit counts whenever it was held
        ({"W24": (168, False), "U1": (172, True), "U2": (165, True)}, 165),
        ({"W24": (168, False), "U1": (164, True), "U2": (172, True)}, 172),  # a tie: the later
        ({"W24": (168, False), "U1": (161, True)}, 161),
        ({"U1": (175, True)}, 175),
        ({"U1": (176, True)}, np.nan),
        ({"W20": (140, True), "U1": (175, True)}, 175),
        ({"W20": (140, True), "U1": (150, True)}, 150),  # the last before, not the scheduled one
        ({"W20": (133, True)}, 133),
        ({"W20": (132, True)}, np.nan),
        ({"W20": (140, True), "U1": (150, False)}, 140),
        ({}, np.nan),
    ],
)
def test_order_of_preference(visits: dict[str, tuple[int, bool]], day: float) -> None:
    np.testing.assert_equal(chosen_day(visits), day)


held = st.dictionaries(
    st.sampled_from(["W16", "W20", "W24", "U1", "U2", "U3"]),
    st.tuples(st.integers(120, 210), st.booleans()),
    max_size=6,
)


@given(held)
def test_agrees_with_the_rule_as_a_loop(visits: dict[str, tuple[int, bool]]) -> None:
    days = sorted(day for day, usable in visits.values() if usable)
    near = [day for day in days if abs(day - 168) <= 7]
    before = [day for day in days if 133 <= day < 168]
    if visits.get("W24", (0, False))[1]:
        expected: float = visits["W24"][0]
    elif near:
        expected = min(near, key=lambda day: (abs(day - 168), -day))
    else:
        expected = max(before, default=np.nan)
    np.testing.assert_equal(chosen_day(visits), expected)


def test_neighbours_are_measured_visits_of_the_same_subject() -> None:
    first = patient(visits={"W20": {"upcr": np.nan}})
    data = data_set(first, patient(subject=1))
    measured = ~np.isnan(data.measured("upcr"))
    week_24 = data.at("W24")
    assert data.day_at(neighbour(data, week_24, measured, step=-1)).tolist() == [112.0, 140.0]
    assert np.isnan(data.day_at(neighbour(data, week_24, measured, step=1))).all()
    assert np.isnan(data.day_at(neighbour(data, data.at("SCR"), measured, step=-1))).all()
    assert np.isnan(data.day_at(neighbour(data, np.array([-1, -1]), measured, step=-1))).all()
