"""What became of patients who were read out: the endpoint's own answer, whatever came later."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.outlook import outlook
from tests.endpoints.records import data_set, patient

LONG = [(0, 6, 20.0, "baseline"), (7, 27, 10.0, "taper"), (28, 500, 7.5, "taper")]
VIRTUAL = [patient(subject=number) for number in range(20)]


def stands(endpoint, *overrides, **changes):
    """(read out, responder) of one patient."""
    config = load(["effect=neutral", *overrides])
    found, _ = outlook(data_set(patient(**changes)), data_set(*VIRTUAL), config, (endpoint,))
    return found[endpoint].read_out.tolist(), found[endpoint].responder.tolist()


def test_a_rescue_after_the_end_takes_no_response_back():
    for endpoint in ("P3", "S3"):
        assert stands(endpoint, dosing=LONG, events=[(400, "rescue", "steroid")]) == ([True], [True])
        assert stands(endpoint, dosing=LONG, events=[(168, "rescue", "steroid")]) == ([True], [False])


def test_a_rescue_that_the_estimand_ignores_is_no_failure():
    ignored = "analysis.intercurrent.P3=treatment_policy"
    assert stands("P3", ignored, events=[(60, "rescue", "steroid")]) == ([True], [True])


def test_who_left_counts_as_the_policy_says():
    left = {"events": [(100, "withdrawal", "other")], "dosing": [(0, 6, 20.0, "baseline"), (7, 100, 5.0, "taper")]}
    left["visits"] = dict.fromkeys(("W16", "W20", "W24"))
    assert stands("P3", **left) == ([True], [False])
    assert stands("P3", "analysis.missing.P3=best", **left) == ([True], [True])


@pytest.mark.parametrize(("dose", "read_out"), [(7.5, False), (10.0, True)])
def test_before_the_end_a_failure_is_final_and_nothing_else(dose, read_out):
    dosing = [(0, 27, 20.0, "baseline"), (28, 60, dose, "taper")]
    visits = dict.fromkeys(("W12", "W12D3", "W13", "W16", "W20", "W24"))
    config = load(["effect=neutral"])
    found, became = outlook(data_set(patient(dosing=dosing, visits=visits)), data_set(*VIRTUAL), config, ("P1",))
    assert found["P1"].read_out.tolist() == [read_out]
    assert found["P1"].responder.tolist() == [False]
    np.testing.assert_array_equal(np.isnan(found["P1"].probability), [read_out])
    assert became["P1"].responder[became["P1"].of["LN"]].tolist() == [1] * 20
