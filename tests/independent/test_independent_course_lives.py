"""The plain-Python course against lives worked out by hand from docs/course.md."""

import itertools
import math

import pytest

from sim.core.decisions import Analyte, Clock, Decision
from tests.independent import orders
from tests.independent.course import NOMINAL, W24, clinic
from tests.independent.measurement import ITEMS
from tests.independent.plain_person import (
    CONSTANT_INFECTIONS,
    DISEASE,
    Quiet,
    changes,
    days,
    infections_on,
    life,
    plain_person,
)

# --- lives worked out by hand


def test_overlapping_infections_pause_the_taper_until_the_last_pause_is_over():
    result = life(plain_person(0), Quiet(infections_on(10, 15)), CONSTANT_INFECTIONS)
    assert days(result, "serious_infection") == [10, 15]
    assert changes(result["daily_dose"]) == [(7, 15.0), (33, 10.0), (40, 7.5), (84, 5.0)]


def test_an_infection_before_week_twelve_delays_the_second_infusion_and_what_follows():
    result = life(plain_person(0), Quiet(infections_on(80)), CONSTANT_INFECTIONS)
    assert days(result, "infusion") == [0, 94]
    assert days(result, "visit") == [0, 3, 7, 28, 56, 84, 97, 101, 122, 150, 178]
    assert [visit["planned_day"] for visit in result["visits"]] == list(NOMINAL[: W24 + 1])
    assert changes(result["daily_dose"])[-1] == (98, 5.0)


@pytest.mark.parametrize(("onset", "day"), [(69, 84), (70, 84), (71, 85), (83, 97)])
def test_only_infections_of_the_last_fourteen_days_delay_the_infusion(onset: int, day: int):
    result = life(plain_person(0), Quiet(infections_on(onset)), CONSTANT_INFECTIONS)
    assert days(result, "infusion") == [0, day]


def test_a_wait_beyond_day_112_cancels_the_infusion_and_nominal_days_serve():
    result = life(plain_person(0), Quiet(infections_on(80, 90, 99)), CONSTANT_INFECTIONS)
    assert (days(result, "infusion"), days(result, "infusion_cancelled")) == ([0], [99])
    assert days(result, "missed") == [99, 99]
    assert days(result, "visit") == [0, 3, 7, 28, 56, 84, 112, 140, 168]
    on_the_limit = life(plain_person(0), Quiet(infections_on(80, 90, 98)), CONSTANT_INFECTIONS)
    assert days(on_the_limit, "infusion") == [0, 112]


def test_a_severe_flare_is_recognised_at_an_unscheduled_visit_and_treated():
    per_minute = 0.25 * math.sqrt(15 / 25) / (365.25 * 1440)  # activity 1, 20 mg/day, until day 7
    noon = 3 * 1440 + 720
    result = life(plain_person(0), Quiet({(Decision.WAITING, 0): -math.expm1(-per_minute * (noon - 0.5))}))
    (onset,) = [entry for entry in result["log"] if entry[1] == "flare"]
    assert onset == (noon, "flare", 0, 0, pytest.approx(0.90))
    assert [entry for entry in result["log"] if entry[0] == clinic(6)] == [  # 2.08 days later, then 09:00
        (clinic(6), "unscheduled", 1, 0, 0.0),
        (clinic(6), "recognised", 0, 1, 0.0),
        (clinic(6), "order_dose", orders.SEVERE, 0, 35.0),
        (clinic(6), "immunosuppressant", 1, 0, 0.0),
        (clinic(6), "steroid_rescue", 0, 0, 35.0),
    ]
    lowered = [(20, 25.0), (27, 20.0), (34, 15.0), (41, 10.0), (48, 7.5), (84, 5.0)]
    assert changes(result["daily_dose"]) == [(6, 35.0), *lowered]


def test_two_mild_flares_at_once_are_ordered_as_a_second_one():
    given = {(Decision.WAITING, clock): 1e-9 for clock in (Clock.RENAL_MILD, Clock.HEMATOLOGIC_MILD)}
    log = life(plain_person(0), Quiet(given))["log"]
    at_entry = [entry[1:] for entry in log if entry[0] == clinic(0) and entry[1] != "infusion"]
    assert at_entry == [
        ("visit", 0, 0, 0.0),
        ("recognised", 1, 1, 0.0),
        ("recognised", 3, 1, 0.0),
        ("order_dose", orders.SECOND, 0, 35.0),
        ("steroid_rescue", 0, 0, 35.0),
    ]


@pytest.mark.parametrize(
    ("clocks", "last_mild_day", "order"),
    [
        ([1], None, orders.MILD),
        ([0], None, orders.SEVERE),
        ([0, 1, 3], 50, orders.SEVERE),
        ([1], 44, orders.SECOND),
        ([1], 43, orders.MILD),
        ([1, 5], None, orders.SECOND),
    ],
)
def test_severity_of_the_order_on_day_100(clocks: list[int], last_mild_day: int | None, order: int):
    assert orders.flare_order(clocks, 100, last_mild_day, DISEASE["orders"]) == order


@pytest.mark.parametrize(
    ("order", "dose", "weight", "after"),
    [
        (0, 5, 60, 10),
        (0, 10, 60, 15),
        (0, 20, 60, 20),
        (0, 0, 60, 0),
        (1, 5, 40, 25),
        (2, 5, 110, 65),
        (1, 40, 56, 40),
    ],
)
def test_dose_after_a_flare(order: int, dose: float, weight: float, after: float):
    assert orders.flare_dose(order, dose, weight, DISEASE["orders"]) == after


@pytest.mark.parametrize(
    ("protein", "creatinine", "chance"),
    [
        ((4.6, 4.51), (100, 100), 0.70),
        ((4.6, 4.5), (100, 100), 0.20),
        ((2.0, 2.0), (131, 140), 0.70),
        ((2.0, 2.0), (131, 130), 0.0),
        ((2.26, 3.0), (100, 100), 0.20),
        ((2.25, 3.0), (100, 100), 0.0),
    ],
)
def test_week_twelve_needs_both_visits(
    protein: tuple[float, float], creatinine: tuple[float, float], chance: float
):
    start = {"upcr": 3.0, "serum_creatinine": 100}
    both = [{"upcr": u, "serum_creatinine": c} for u, c in zip(protein, creatinine, strict=True)]
    assert orders.week_twelve(start, both, DISEASE["week12"]) == chance


def test_bleeding_brings_immunoglobulin_once_in_28_days_and_platelets_after_three():
    person = plain_person(1, platelets=8.0, platelets_normal=235.0)
    bleeding = {(Decision.BLEEDING, day + 64): 0.01 for day in range(200)}
    treated, untreated = life(person, Quiet(bleeding)), life(person, Quiet({}))
    given = days(treated, "ivig")
    assert given[0] == 0
    assert all(later - earlier >= 28 for earlier, later in itertools.pairwise(given))
    gain = [a["platelets"] - b["platelets"] for a, b in zip(treated["visits"], untreated["visits"], strict=True)]
    assert gain[:4] == pytest.approx([0, 60, 60 * 0.5**0.4, 60 * 0.5**2.5], abs=1.0)


def test_bleeding_is_asked_only_below_twenty_platelets():
    bleeding = {(Decision.BLEEDING, day + 64): 0.01 for day in range(200)}
    assert not days(life(plain_person(1), Quiet(bleeding)), "ivig")


def test_transfusion_needs_a_fall_of_one_and_adds_two_grams_that_decay():
    low = plain_person(1, hemoglobin=6.8, hemoglobin_normal=12.0)
    assert not days(life(low, Quiet({})), "transfusion")  # never 1 g/dL below day 0
    fallen = {(Decision.NOISE_FAST, 32 * (7 + 64) + Analyte.HEMOGLOBIN): 1e-300}  # 37 log-SD of 0.01
    treated = life(low, Quiet(fallen))
    assert days(treated, "transfusion") == [7]
    gain = treated["visits"][3]["hemoglobin"] - life(low, Quiet({}))["visits"][3]["hemoglobin"]
    assert gain == pytest.approx(2 * 0.5 ** (21 / 21), abs=0.11)


def test_granulocyte_factor_needs_fever_and_triples_neutrophils_for_five_days():
    feverish = plain_person(1, neutrophils=0.15, neutrophils_normal=3.0, item_owned=[0, 0, 0, 0, 1, 0, 0, 0, 0])
    treated, untreated = (life(person, Quiet({})) for person in (feverish, feverish | {"item_owned": [0] * 9}))
    assert (days(treated, "gcsf")[0], days(untreated, "gcsf")) == (0, [])
    after, without = ([visit["neutrophils"] for visit in result["visits"][:3]] for result in (treated, untreated))
    assert after == pytest.approx([without[0], 3 * without[1], without[2]], abs=0.02)


def severe_extrarenal_flare(kind: float, threshold: float) -> dict[tuple[int, int], float]:
    """On day 3 at noon, recognised on day 6; `kind` chooses the manifestation."""
    per_minute = 0.12 * math.exp(-0.7 * 0.7) * math.sqrt(15 / 25) / (365.25 * 1440)
    place = 64 * Clock.EXTRARENAL_SEVERE
    return {
        (Decision.WAITING, Clock.EXTRARENAL_SEVERE): -math.expm1(-per_minute * (3 * 1440 + 719.5)),
        (Decision.FLARE_ITEM, 4 * place): kind,
        (Decision.FLARE_ITEM, 4 * place + 2): threshold,
    }


@pytest.mark.parametrize(
    ("kind", "item"), [(0.04, "cva"), (0.06, "vasculitis"), (0.16, "myositis"), (0.21, "pericarditis")]
)
def test_a_new_item_counts_for_thirty_days_after_recognition(kind: float, item: str):
    given = severe_extrarenal_flare(kind, 0.9999) | {(Decision.VISIT_JITTER, 3): 0.9999}
    visits = life(plain_person(0), Quiet(given))["visits"]
    shown = {visit["day"]: visit[item] for visit in visits}
    assert [day for day in shown if shown[day]] == [6, 7, 31]
    extra = ("cva", "arthritis", "vasculitis", "myositis", "pleurisy", "pericarditis")
    assert sum(visits[2][name] for name in extra) == 1


def test_most_severe_extrarenal_flares_bring_no_item():
    visits = life(plain_person(0), Quiet(severe_extrarenal_flare(0.41, 0.0001)))["visits"]
    assert not any(visit[item] for visit in visits for item in ITEMS)
