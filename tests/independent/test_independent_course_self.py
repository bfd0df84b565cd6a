"""The plain-Python course against formulas, and against tables and lives worked out by hand."""

import math
import random
from typing import Any

import pytest

from sim.core.decisions import Analyte, Decision
from tests.independent import latent
from tests.independent.course import VISITS, W24, clinic
from tests.independent.measurement import blood_count, slow_noise
from tests.independent.plain_person import DISEASE, MANDATED, OBSERVATION, Quiet, changes, days, life, plain_person
from tests.independent.random_person import Addressed, parameters, random_person, stressed
from tests.independent.taper import Taper, reduction

# --- formulas


def test_relaxation_is_exact_however_an_interval_is_split():
    rng = random.Random(1)
    for _ in range(500):
        start, center, half_time = rng.gauss(0, 1), rng.gauss(0, 1), rng.uniform(5, 60)
        first, second = rng.uniform(0, 50000), rng.uniform(0, 50000)
        whole = latent.relax(start, center, half_time, first + second)
        split = latent.relax(latent.relax(start, center, half_time, first), center, half_time, second)
        assert split == pytest.approx(whole, abs=1e-12)


def test_half_the_distance_is_left_after_a_half_time():
    assert latent.relax(1.0, -1.0, 45.0, 45 * 1440) == pytest.approx(0.0, abs=1e-12)


def test_splitting_an_interval_leaves_budget_and_ring_unchanged():
    rng = random.Random(2)
    for _ in range(500):
        budget, rate = rng.expovariate(1), rng.uniform(0.1, 3) / latent.MINUTES_PER_YEAR
        ring = latent.ring_minute(budget, rate, 0)
        until = rng.randrange(1, int(ring))
        between = rng.randrange(until + 1)
        split = latent.spend(latent.spend(budget, rate, between), rate, until - between)
        assert split == pytest.approx(latent.spend(budget, rate, until), abs=1e-12)
        assert latent.ring_minute(split, rate, until) == ring


def test_clocks_with_a_constant_rate_ring_when_their_budgets_say():
    uniform = Addressed(5)
    result = life(plain_person(0), uniform, stressed(DISEASE, 20))
    expected, minute, count = [], 0, 0
    rate = 20 * 0.12 / latent.MINUTES_PER_YEAR
    while True:
        minute = math.ceil(minute + latent.exponential(uniform(Decision.WAITING, 16 * count + 13)) / rate)
        count += 1
        if minute > result["end_minute"]:
            break
        expected.append(minute)
    assert len(expected) > 0
    assert [minute for minute, kind, *_ in result["log"] if kind == "damage_index"] == expected


class Weights:
    """Records which normals a slow noise uses; `one` of them is 1, the others 0."""

    def __init__(self, one: tuple[int, int] | None = None) -> None:
        self.one, self.asked = one, set[tuple[int, int]]()

    def __call__(self, decision: int, index: int) -> float:
        self.asked.add((decision, index))
        return latent.STANDARD.cdf(1.0) if (decision, index) == self.one else 0.5


def weights(day: int, time_constant: float) -> dict[tuple[int, int], float]:
    """Slow noise is linear in its normals: the weight of each."""
    recorder = Weights()
    slow_noise(recorder, Analyte.UPCR, day, time_constant)
    return {one: slow_noise(Weights(one), Analyte.UPCR, day, time_constant) for one in recorder.asked}


@pytest.mark.parametrize("time_constant", [5.0, 7.0, 20.0, 45.0])
def test_slow_noise_has_unit_variance_and_exponential_autocorrelation(time_constant: float):
    asked = {day: weights(day, time_constant) for day in (-21, -14, -7, 0, 1, 2, 3, 7, 8, 28, 29, 31, 84, 168)}
    for first, a in asked.items():
        for second, b in asked.items():
            covariance = sum(weight * b.get(one, 0.0) for one, weight in a.items())
            assert covariance == pytest.approx(math.exp(-abs(first - second) / time_constant), abs=1e-12)


def test_counts_start_at_their_entry_value_and_end_at_the_normal_one():
    person = plain_person(1, platelets=40.0, platelets_normal=240.0)
    entry, quiescent = [math.exp(value) for value in person["log_activity"]], [0.0] * 8
    assert blood_count(person, OBSERVATION, "platelets", entry, 20.0) == pytest.approx(40.0)
    assert blood_count(person, OBSERVATION, "platelets", quiescent, 20.0) == pytest.approx(240.0)


def test_without_noise_screening_shows_the_entry_values():
    seen = life(plain_person(0), Quiet({}))["SCR"]
    shown = {name: seen[name] for name in ("upcr", "serum_creatinine", "urine_rbc", "platelets", "c3")}
    assert shown == {"upcr": 3.0, "serum_creatinine": 130.0, "urine_rbc": 20.0, "platelets": 200.0, "c3": 65.0}
    assert (seen["treg"], seen["th17"]) == pytest.approx((1.95, 1.86))


# --- taper tables, without holds and skips

TABLES = {
    "mandated": {
        5.0: [],
        7.5: [(84, 5.0)],
        10.0: [(7, 7.5), (84, 5.0)],
        20.0: [(7, 15.0), (14, 10.0), (21, 7.5), (84, 5.0)],
        30.0: [(7, 20.0), (14, 15.0), (21, 10.0), (28, 7.5), (84, 5.0)],
        40.0: [(7, 30.0), (14, 20.0), (21, 15.0), (28, 10.0), (35, 7.5), (84, 5.0)],
    },
    "discretionary": {
        5.0: [],
        7.5: [(84, 5.0)],
        10.0: [(14, 7.5), (84, 5.0)],
        20.0: [(14, 15.0), (28, 10.0), (42, 7.5), (84, 5.0)],
        30.0: [(14, 20.0), (28, 15.0), (42, 10.0), (56, 7.5), (84, 5.0)],
        40.0: [(14, 30.0), (28, 20.0), (42, 15.0), (56, 10.0), (70, 7.5), (84, 5.0)],
    },
    "t24": {
        5.0: [],
        7.5: [(84, 5.0)],
        10.0: [(28, 7.5), (84, 5.0)],
        20.0: [(7, 17.5), (14, 15.0), (21, 12.5), (28, 7.5), (84, 5.0)],
        30.0: [(7, 25.0), (14, 20.0), (21, 15.0), (28, 7.5), (84, 5.0)],
        40.0: [(7, 32.5), (14, 25.0), (21, 17.5), (28, 7.5), (84, 5.0)],
    },
}


@pytest.mark.parametrize(("name", "entry"), [(name, entry) for name, table in TABLES.items() for entry in table])
def test_taper_without_holds_and_skips(name: str, entry: float):
    expected = TABLES[name][entry]
    setting = parameters("taper", name) | {"forced": True}
    result = life(plain_person(0, prednisone_dose=entry), Quiet({}), taper=setting)
    assert changes(result["daily_dose"]) == expected
    calendar = Taper(setting, entry, Quiet({}))
    assert changes([calendar.calendar(day) for day in range(169)]) == expected


def test_reduction_steps():
    assert [reduction(dose) for dose in (60, 40, 27.5, 20, 17.5, 12.5, 10, 7.5, 2.5, 0)] == [
        50,
        30,
        20,
        15,
        12.5,
        10,
        7.5,
        5,
        0,
        0,
    ]


def test_a_hold_needs_a_worse_global_assessment_and_moves_all_later_steps():
    given = {(Decision.NOISE_FAST, 32 * (7 + 64) + Analyte.PGA): 0.9999}
    result = life(plain_person(0), Quiet(given))
    assert days(result, "held") == [7, 14, 21]
    assert changes(result["daily_dose"]) == [(28, 15.0), (35, 10.0), (42, 7.5), (84, 5.0)]
    caught_up = life(plain_person(0), Quiet(given), taper=MANDATED | {"catch_up": True})
    assert changes(caught_up["daily_dose"]) == [(28, 7.5), (84, 5.0)]


def test_a_skipped_step_is_tried_again_after_seven_days():
    result = life(plain_person(0), Quiet({(Decision.TAPER_SKIP, 14 + 64): 0.05}))
    assert days(result, "skipped") == [14]
    assert changes(result["daily_dose"]) == [(7, 15.0), (21, 10.0), (28, 7.5), (84, 5.0)]


# --- properties of random lives


@pytest.fixture(scope="module")
def lives() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    rng = random.Random(11)
    stress = [stressed(DISEASE, 8), stressed(DISEASE, 8, infections=8)]
    people = [random_person(rng) for _ in range(150)]
    return [(person, life(person, Addressed(number), stress[number % 2])) for number, person in enumerate(people)]


def test_the_random_lives_reach_every_kind_of_entry(lives):
    kinds = {entry[1] for _, result in lives for entry in result["log"]}
    assert kinds >= {
        "flare",
        "recognised",
        "order_dose",
        "immunosuppressant",
        "steroid_rescue",
        "ivig",
        "transfusion",
        "gcsf",
        "step",
        "held",
        "skipped",
        "infusion",
        "infusion_cancelled",
        "reaction",
        "cells_on",
        "cells_off",
        "serious_infection",
        "mild_infection",
        "adverse_event",
        "renal_damage",
        "damage_index",
        "death",
        "dropout",
        "visit",
        "missed",
        "unscheduled",
        "end",
    }


def test_entries_are_in_order_and_the_last_one_ends_the_course(lives):
    for _, result in lives:
        minutes = [entry[0] for entry in result["log"]]
        assert minutes == sorted(minutes)
        assert result["log"][-1][1] in {"end", "death", "dropout", "pregnancy"}
        assert minutes[-1] == result["end_minute"] <= clinic(203)
        assert len(result["daily_dose"]) == result["end_minute"] // 1440 + 1


def test_every_flare_is_recognised_once_and_not_before_it_happens(lives):
    for _, result in lives:
        open_flares: list[int] = []
        for _, kind, clock, *_ in result["log"]:
            if kind == "flare":
                open_flares.append(clock)
            elif kind == "recognised":
                open_flares.remove(clock)
            elif kind in {"order_dose", "end"}:
                assert kind == "end" or not open_flares


def test_a_complete_course_has_every_visit_once_and_never_misses_d0_and_w12(lives):
    for _, result in lives:
        scheduled = [visit for visit in result["visits"] if not visit["visit"].startswith("U")]
        if result["log"][-1][1] == "end":
            assert sorted(visit["visit"] for visit in scheduled) == sorted(VISITS[: W24 + 1])
            assert all(visit["attended"] for visit in scheduled if visit["visit"] in {"D0", "W12"})
        held = [visit["day"] for visit in result["visits"] if visit["attended"]]
        assert held == sorted(set(held))


def test_doses_are_tablets_and_rise_only_by_an_order(lives):
    for _, result in lives:
        assert all(dose % 2.5 == 0 for dose in result["daily_dose"])
        raised = {day for day, dose in changes(result["daily_dose"]) if dose > result["daily_dose"][day - 1]}
        assert raised <= set(days(result, "order_dose"))


def test_patients_on_whom_the_cells_do_nothing_live_the_same_life_in_every_scenario():
    silent = {"cells_on", "cells_off"}
    optimistic = parameters("effect", "optimistic")
    rng = random.Random(3)
    for number in range(40):
        person, uniform = random_person(rng), Addressed(1000 + number)
        without, with_cells = life(person, uniform), life(person, uniform, effect=optimistic)
        responds = uniform(Decision.CELLS, 0) < optimistic["p_responder"]
        same = [e for e in without["log"] if e[1] not in silent] == [
            e for e in with_cells["log"] if e[1] not in silent
        ]
        assert same or responds
        if not responds:
            for mine, other in zip(without["visits"], with_cells["visits"], strict=True):
                assert mine.get("upcr") == other.get("upcr")
                assert mine.get("pga") == other.get("pga")


def test_a_life_depends_on_addresses_alone():
    person = random_person(random.Random(9))
    fresh, used = Addressed(77), Addressed(77)
    for index in range(1000):
        used(Decision.NOISE_FAST, index)
    assert repr(life(person, fresh)) == repr(life(person, used))
