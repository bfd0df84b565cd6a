"""Counts and rates per 100 patient-years by hand."""

import numpy as np

from sim.core.tables import Table, concatenate
from sim.endpoints.safety_rates import lines, totals


def outcomes(values):
    names = ("infection", "death", "person_years")
    return Table(
        {
            "endpoint": np.array(["P1", *["SAF"] * 3] * len(values)),
            "variable": np.array(["", *names] * len(values)),
            "value": np.array([number for row in values for number in (np.nan, *row)]),
        }
    )


def test_totals_add_up_over_subjects():
    assert totals(outcomes([(2.0, 0.0, 4.5), (8.0, 1.0, 5.5)])) == {
        "infection": 10,
        "death": 1,
        "person_years": 10,
    }
    assert totals(concatenate([outcomes([(1.0, 0.0, 1.0)])] * 3))["infection"] == 3


def test_ten_events_in_ten_years_are_a_hundred_per_hundred_years():
    said = lines({"infection": 10.0, "death": 0.0, "person_years": 10.0})
    assert said[0].startswith("Safety over 10.0 patient-years")
    assert said[1].split() == [
        "infection",
        "10",
        "100.00",
        "47.95",
        "to",
        "183.90",
    ]  # Garwood 1936: 4.795 to 18.390
    assert said[2].split() == ["death", "0", "0.00", "0.00", "to", "36.89"]


def test_without_observation_there_is_no_rate():
    assert lines({}) == []
    assert lines({"infection": 0.0, "person_years": 0.0}) == []
