"""Response of immune thrombocytopenia: at the thresholds, just below them, and what makes it a non-response."""

import numpy as np
import pytest

from sim.endpoints.intercurrent import REASONS
from sim.endpoints.platelet_response import thrombocytopenia_complete_response, thrombocytopenia_response
from sim.instruments.hematologic_response import platelets_complete_response, platelets_response
from tests.endpoints.records import analysis, data_set, patient

LEVEL = [(0, 168, 10.0, "baseline")]


def judged(**changes):
    flags = {f"I5_1{lineage}": int(lineage == "P") for lineage in "ENLP"}
    data = data_set(patient("LC", **({"dosing": LEVEL} | flags | changes)))
    both = (rule(data, analysis()) for rule in (thrombocytopenia_response, thrombocytopenia_complete_response))
    return [(int(one.responder[0]), REASONS[one.reason[0]]) for one in both]


@pytest.mark.parametrize(
    ("before", "after", "response", "complete"),
    [
        (15.0, 30.0, 1, 0),
        (14.0, 29.9, 0, 0),
        (16.0, 31.9, 0, 0),
        (40.0, 80.0, 1, 0),
        (40.0, 79.9, 0, 0),
        (70.0, 100.0, 1, 1),
        (70.0, 99.9, 0, 0),
        (20.0, 100.0, 1, 1),
        (np.nan, 120.0, -1, -1),
        (20.0, np.nan, -1, -1),
    ],
)
def test_thresholds(before, after, response, complete):
    values = np.array([after]), np.array([before])
    assert (platelets_response(*values)[0], platelets_complete_response(*values)[0]) == (response, complete)


def visits(before, after):
    return {"SCR": {"platelets": before}, "D0": {"platelets": before}, "W24": {"platelets": after}}


def test_a_patient_who_qualified_by_platelets():
    assert judged(visits=visits(40.0, 80.0)) == [(1, ""), (0, "hematologic_response")]
    assert judged(visits=visits(40.0, 100.0)) == [(1, ""), (1, "")]


def test_it_is_for_those_who_qualified_by_platelets_alone_or_among_others():
    assert judged(visits=visits(40.0, 100.0), I5_1P=0, I5_1E=1) == [(-1, ""), (-1, "")]
    assert judged(visits=visits(40.0, 100.0), I5_1E=1)[0] == (1, "")


def test_d0_is_the_count_before_treatment_and_nothing_replaces_it():
    assert judged(visits=visits(40.0, 80.0) | {"SCR": {"platelets": 10.0}})[0] == (1, "")
    assert judged(visits=visits(40.0, 80.0) | {"D0": {"platelets": np.nan}})[0] == (0, "missing")


@pytest.mark.parametrize("kind", ["rescue", "transfusion"])
def test_rescue_and_transfusion_are_non_response(kind):
    assert judged(visits=visits(40.0, 100.0), events=[(50, kind, "")])[0] == (0, kind)
    assert judged(visits=visits(40.0, 100.0), events=[(50, "gcsf", "")])[0] == (1, "")
