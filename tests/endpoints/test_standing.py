"""Where a patient of a running trial stands, worked by hand: what is final, what has failed, what is compared."""

import dataclasses

import numpy as np
import pytest

from sim.endpoints.standing import FEATURES, has_ended, has_failed, last_days, standing
from tests.endpoints.records import analysis, data_set, patient

ANALYSIS = analysis()
RESCUE = (60, "rescue", "steroid")


def doses(*periods):
    return [(start, end, dose, "taper") for start, end, dose in periods]


def failed(person, endpoint, day, chosen=ANALYSIS):
    return bool(has_failed(data_set(person), chosen, endpoint, np.array([float(day)]))[0])


def under(**strategies):
    return analysis(intercurrent=dataclasses.replace(ANALYSIS.intercurrent, **strategies))


VISITS = {"W20": None, "W24": None}


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({"dosing": doses((0, 20, 20.0)), "visits": VISITS}, 112),
        ({"dosing": doses((0, 120, 20.0)), "visits": VISITS}, 120),
        ({"dosing": doses((0, 120, 20.0)), "visits": VISITS, "events": [(130, "infection", "serious")]}, 130),
        ({"dosing": doses((0, 120, 20.0))}, 168),
    ],
    ids=["visit", "dose", "event", "week 24"],
)
def test_the_last_day_is_that_of_a_visit_a_dose_or_an_event(changes, last):
    assert last_days(data_set(patient(), patient(subject=1, **changes))).tolist() == [168, last]


@pytest.mark.parametrize(
    ("end", "of_p1", "of_s1"), [(83, True, True), (84, False, True), (167, False, True), (168, False, False)]
)
def test_participation_ends_before_the_day_of_the_endpoint(end, of_p1, of_s1):
    for kind in ("death", "withdrawal", "lost_to_follow_up"):
        data = data_set(patient(events=[(end, kind, "")]))
        assert [bool(has_ended(data, name)[0]) for name in ("P1", "S1", "P3")] == [of_p1, of_s1, of_s1]


@pytest.mark.parametrize(
    ("endpoint", "high", "seen", "expected"),
    [
        # Weeks 4 to 12 are days 28 to 84, weeks 12 to 24 days 84 to 168; the limit itself is allowed.
        ("P1", 27, 100, False),
        ("P1", 28, 100, True),
        ("P1", 84, 84, True),
        ("P1", 84, 83, False),
        ("P1", 85, 100, False),
        ("S1", 83, 168, False),
        ("S1", 84, 84, True),
        ("S1", 168, 168, True),
        ("S1", 168, 167, False),
        ("S1", 169, 180, False),
    ],
)
def test_a_dose_above_the_limit_in_the_window_has_failed_once_it_was_seen(endpoint, high, seen, expected):
    person = patient(dosing=doses((0, high - 1, 7.5), (high, high, 7.6), (high + 1, 200, 7.5)))
    assert failed(person, endpoint, seen) is expected


def test_the_limit_itself_and_a_rounding_above_it_are_allowed():
    assert not failed(patient(dosing=doses((0, 168, 7.5 + 5e-10))), "P1", 84)
    assert failed(patient(dosing=doses((0, 168, 7.5 + 1e-8))), "P1", 84)


def test_days_of_grace_and_days_of_visits_are_forgiven_as_by_the_endpoint():
    three = patient(dosing=doses((0, 39, 7.5), (40, 42, 10.0), (43, 168, 7.5)))
    assert failed(three, "P1", 84)
    assert failed(three, "P1", 84, analysis(steroid_grace_days=2))
    assert not failed(three, "P1", 84, analysis(steroid_grace_days=3))
    assert not failed(three, "P1", 84, analysis(steroid_days="visits"))
    at_visit = patient(dosing=doses((0, 55, 7.5), (56, 56, 10.0), (57, 168, 7.5)))
    assert failed(at_visit, "P1", 84, analysis(steroid_days="visits"))
    late = patient(dosing=doses((0, 111, 7.5), (112, 112, 10.0), (113, 168, 7.5)))
    assert failed(late, "S1", 168, analysis(maintained_days="visits", steroid_grace_days=9))
    assert not failed(three, "S1", 168)


@pytest.mark.parametrize("endpoint", ["P2", "P3", "S2", "S3", "S4", "S5", "S6"])
def test_a_rescue_that_was_seen_has_failed(endpoint):
    assert failed(patient(events=[RESCUE]), endpoint, 60)
    assert not failed(patient(events=[RESCUE]), endpoint, 59)
    assert not failed(patient(events=[(0, "rescue", "steroid")]), endpoint, 100)
    assert failed(patient(events=[(168, "rescue", "steroid")]), endpoint, 400)
    assert not failed(patient(events=[(169, "rescue", "steroid")]), endpoint, 400)
    assert not failed(patient(events=[RESCUE]), endpoint, 100, under(**{endpoint: "treatment_policy"}))


def test_a_rescue_says_nothing_of_doses_or_where_it_does_not_matter():
    for endpoint in ("P1", "S1"):
        assert not failed(patient(events=[RESCUE]), endpoint, 100)
    assert not failed(patient(events=[RESCUE]), "P3", 100, analysis(renal_precedence="as_written"))
    assert failed(patient(events=[RESCUE]), "P2", 100, analysis(renal_precedence="as_written"))


def test_what_is_compared_on_a_day():
    sick = {"upcr": 2.0, "platelets": 60.0, "pga": 1.5, "serum_creatinine": 110.0}
    person = patient(
        subgroup="LC",
        visits={"D0": sick, "W4": {**sick, "upcr": 1.0, "platelets": 90.0, "pga": 0.7, "hemoglobin": np.nan}},
        events=[(28, "flare", "x", "mild"), (29, "flare", "x", "mild"), (28, "rescue", "ivig")],
    )
    other = patient(subject=1, events=[(27, "withdrawal", "other")], visits={"W4": None})
    found = standing(data_set(person, other), 28.0)
    row = dict(zip(FEATURES, found.features[0].tolist(), strict=True))
    assert row["dose"] == 7.5 and row["dose_0"] == 20.0
    assert row["upcr"] == pytest.approx(0.0) and row["upcr_change"] == pytest.approx(-np.log(2))
    assert row["platelets"] == pytest.approx(np.log(90)) and row["platelets_change"] == pytest.approx(np.log(1.5))
    assert np.isnan(row["hemoglobin"]) and np.isnan(row["hemoglobin_change"])
    assert row["pga"] == 0.7 and row["pga_change"] == pytest.approx(-0.8)
    assert row["flares"] == 1.0
    assert found.rescued.tolist() == [True, False]
    assert found.ended.tolist() == [False, True]
    before = standing(data_set(person, other), 26.0)
    assert not before.rescued.any() and not before.ended.any()
    assert before.features[0][FEATURES.index("upcr")] == pytest.approx(np.log(0.3))


def test_three_flares_count_like_more():
    many = patient(events=[(day, "flare", "x", "mild") for day in (3, 9, 12, 20)])
    found = standing(data_set(many), 28.0)
    assert found.features[0][FEATURES.index("flares")] == 3.0
