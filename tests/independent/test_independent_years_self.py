"""The plain-Python course from week 24 to five years against lives worked out by hand."""

import math
import random
from typing import Any

import pytest

from sim.core.decisions import Analyte, Clock, Decision
from tests.independent.course import NOMINAL, VISITS, clinic
from tests.independent.latent import STANDARD
from tests.independent.long_term import T_CELLS_ALONE, reduces
from tests.independent.measurement import slow_noise
from tests.independent.plain_person import (
    CONSTANT_INFECTIONS,
    DISEASE,
    MANDATED,
    Quiet,
    changes,
    days,
    infections_on,
    life,
    plain_person,
)
from tests.independent.random_person import Addressed, merged, parameters, random_person, stressed

RULE = DISEASE["long_term"]
LATE = list(VISITS[11:])
ILL = merged(DISEASE, {"flares": {"activity_exponent": 0.0, "dose_exponent": 0.0, "taper_effect": 0.0}})
"""Flare rates that depend on nothing."""


def years(uniform: Any, disease: Any = DISEASE) -> dict[str, Any]:
    """Five years of a plain patient with nephritis and little activity, so that PGA is low."""
    person = plain_person(0, log_activity=[-2.5, -2.5, 0.0, 0.0, *[-1.4] * 4])
    return life(person, uniform, disease, follow_up="year_5")


def calm(disease: Any = DISEASE) -> Any:
    """No clock rings."""
    clocks = ("serious_infection", "mild_infection", "adverse_event", "death", "dropout", "pregnancy")
    clocks += ("renal_damage", "damage_index")
    rates = {f: dict.fromkeys(yearly, 0.0) for f, yearly in disease["flares"]["rate"].items()}
    return merged(disease, {"clocks": dict.fromkeys(clocks, 0.0), "flares": {"rate": rates}})


def flares_on(clock: int, rate: float, *onsets: int) -> dict[tuple[int, int], float]:
    """Budgets of a clock with a constant rate per year that let it ring in these minutes."""
    given, before = {(Decision.WAITING, 16 * len(onsets) + clock): 1 - 1e-15}, 0
    for count, onset in enumerate(onsets):
        budget = rate * (onset - before - 0.5) / (365.25 * 1440)
        given[Decision.WAITING, 16 * count + clock] = -math.expm1(-budget)
        before = onset
    return given


def mild_renal(*days_of_onset: int) -> tuple[dict[tuple[int, int], float], Any]:
    """Mild renal flares at 08:00 of these days, seen at the next assessment; no other clock rings."""
    disease = merged(
        calm(ILL),
        {
            "flares": {
                "rate": {"renal": {"mild": 0.25}},
                "p_unscheduled": {"mild": 0.0},
                "jump_median": {"mild": 0.01},
            }
        },
    )
    return flares_on(Clock.RENAL_MILD, 0.25, *(day * 1440 + 480 for day in days_of_onset)), disease


def test_a_quiet_patient_has_six_late_visits_one_reduction_and_ends_on_the_day_of_year_five():
    result = years(Quiet({}), calm())
    assert days(result, "visit") == list(NOMINAL)
    assert [visit["visit"] for visit in result["visits"]] == list(VISITS)
    assert [visit["planned_day"] for visit in result["visits"]] == list(NOMINAL)
    assert changes(result["daily_dose"])[-2:] == [(84, 5.0), (258, 2.5)]
    assert [entry for entry in result["log"] if entry[0] > clinic(731)] == [
        (clinic(1096), "visit", 15, 0, 0.0),
        (clinic(1826), "visit", 16, 0, 0.0),
        (clinic(1826), "end", 0, 0, 0.0),
    ]
    assert [entry for entry in result["log"] if entry[0] == clinic(258)] == [(clinic(258), "step", 2, 0, 2.5)]
    assert len(result["daily_dose"]) == 1827


def test_what_is_taken_at_late_visits():
    at = {visit["visit"]: visit for visit in years(Quiet({}), calm())["visits"]}
    everything = set(at["W24"])
    assert {"upcr", "pga", "treg", "th17", "platelets", "fever"} < everything
    assert set(at["Y1"]) == set(at["Y3"]) == everything
    assert set(at["Y5"]) == everything - {"treg", "th17"}
    for name in T_CELLS_ALONE:
        assert {"treg", "th17"} < set(at[name])
        assert not set(at[name]) & {"upcr", "pga", "platelets", "serum_creatinine", "fever", "c3"}


def test_late_visits_have_windows_and_misses_of_their_own():
    late = {(Decision.VISIT_JITTER, number): 0.99999 for number in (11, 12, 14, 16)}
    missed = {(Decision.VISIT_MISSED, number): 0.0299 for number in (13, 16)}
    result = years(Quiet(late | missed), calm())
    assert days(result, "visit") == [*NOMINAL[:11], 196, 395, 761, 1096]
    assert days(result, "missed") == [548, 1856]
    assert result["end_minute"] == clinic(1856)


def test_half_a_year_is_held_on_the_day_after_a_late_week_24_at_the_earliest():
    for missed in (0.5, 0.01):
        given = infections_on(80, 90, 98) | {(Decision.VISIT_MISSED, 10): missed}
        result = years(Quiet(given), CONSTANT_INFECTIONS)
        w24 = 112 + 84
        assert days(result, "infusion") == [0, 112]
        assert (w24 in days(result, "visit"), w24 in days(result, "missed")) == (missed == 0.5, missed != 0.5)
        assert w24 + 1 in days(result, "visit")


@pytest.mark.parametrize(("onset", "reduced"), [(168, [348]), (167, [348]), (10, [258])])
def test_a_flare_recognised_at_week_24_stands_in_the_way_on_day_258(onset: int, reduced: list[int]):
    given, disease = mild_renal(onset)
    result = years(Quiet(given), disease)
    assert [minute // 1440 for minute, kind, a, *_ in result["log"] if (kind, a) == ("step", 2)][:1] == reduced


@pytest.mark.parametrize(
    ("seen", "dose", "pga", "reduced"),
    [
        ([], 5.0, 1.0, True),
        ([], 2.5, 1.0, False),
        ([], 3.0, 1.0, True),
        ([], 5.0, 1.1, False),
        ([167], 5.0, 0.0, True),
        ([168], 5.0, 0.0, False),
        ([258], 5.0, 0.0, False),
        ([1, 200], 60.0, 0.0, False),
    ],
)
def test_who_is_reduced_on_day_258(seen: list[int], dose: float, pga: float, reduced: bool):
    assert reduces(RULE, 258, dose, seen, pga) == reduced


def test_t_cell_visits_recognise_nothing_and_year_one_does():
    given, disease = mild_renal(180)
    log = years(Quiet(given), disease)["log"]
    kinds = [(minute // 1440, kind) for minute, kind, *_ in log if kind in {"flare", "recognised", "order_dose"}]
    assert kinds == [(180, "flare"), (365, "recognised"), (365, "order_dose")]


def test_an_unscheduled_visit_of_the_same_minute_follows_a_t_cell_visit():
    given, disease = mild_renal(181)
    disease = merged(disease, {"flares": {"p_unscheduled": {"mild": 1.0}, "delay_mean": {"mild": 0.5}}})
    result = years(Quiet(given), disease)
    assert [(kind, a) for minute, kind, a, *_ in result["log"] if minute == clinic(182)][:3] == [
        ("visit", 11),
        ("unscheduled", 1),
        ("recognised", 1),
    ]
    assert [visit["visit"] for visit in result["visits"] if visit["day"] == 182] == ["Y0.5", "U1"]


def test_a_global_assessment_above_one_stands_in_the_way():
    given = {(Decision.NOISE_FAST, 32 * (168 + 64) + Analyte.PGA): 1 - 1e-16}  # 8 SD of 0.15
    log = years(Quiet(given), calm())["log"]
    assert [minute // 1440 for minute, kind, a, *_ in log if (kind, a) == ("step", 2)] == [438]  # Y1 is the next


def test_a_serious_infection_does_not_move_the_days_of_reduction():
    infected = merged(calm(CONSTANT_INFECTIONS), {"clocks": {"serious_infection": 0.08}})
    result = years(Quiet(infections_on(250)), infected)
    assert days(result, "serious_infection")[0] == 250
    assert [minute // 1440 for minute, kind, a, *_ in result["log"] if (kind, a) == ("step", 2)] == [258]


def test_a_late_flare_is_ordered_reduced_weekly_and_never_steps_by_the_24_week_taper():
    given, disease = mild_renal(180)
    result = years(Quiet(given), disease)
    steps = [(minute // 1440, a, value) for minute, kind, a, _, value in result["log"] if kind == "step"]
    assert [step for step in steps if step[0] > 168] == [
        (258, 2, 2.5),
        (379, 1, 5.0),  # below the floor of the way back: stays
        (528, 2, 2.5),
    ]


def test_the_first_24_weeks_are_those_of_the_shorter_course_to_the_bit():
    rng = random.Random(8)
    compared = 0
    for number in range(12):
        person, taper = random_person(rng), rng.choice(("mandated", "discretionary", "t24"))
        groups = stressed(DISEASE, 2), parameters("taper", taper), parameters("effect", "optimistic")
        short, long = (
            life(person, Addressed(number), *groups, follow_up=follow_up) for follow_up in ("week_24", "year_5")
        )
        log = [entry for entry in short["log"] if entry[1] != "end"]
        assert repr(long["log"][: len(log)]) == repr(log)
        n = len(short["visits"])
        assert repr(long["visits"][:n]) == repr(short["visits"])
        assert long["daily_dose"][: len(short["daily_dose"]) - 1] == short["daily_dose"][:-1]
        compared += len(long["log"]) > len(log) + 5
    assert compared >= 6


def test_slow_noise_is_fresh_on_each_day_after_day_210():
    given = {
        (Decision.NOISE_LATER, 32 * (211 + 64) + Analyte.PGA): STANDARD.cdf(1.5),
        (Decision.NOISE_LATER, 32 * (210 + 64) + Analyte.PGA): STANDARD.cdf(-1.0),
    }
    shown = [slow_noise(Quiet(given), Analyte.PGA, day, 20.0) for day in (210, 211, 212)]
    assert shown == pytest.approx([0.0, 1.5, 0.0])
    asked = Addressed(3)
    for analyte in Analyte:
        for day in range(-21, 1857):
            slow_noise(asked, analyte, day, 20.0)
    later = [index for decision, index in asked.asked if decision == Decision.NOISE_LATER]
    assert len(later) == 28 * (1856 - 210)


def test_the_shorter_course_ends_with_week_24_and_asks_for_nothing_later():
    uniform = Addressed(5)
    result = life(plain_person(0), uniform, calm(), MANDATED)
    assert [visit["visit"] for visit in result["visits"] if visit["visit"] in LATE] == []
    assert max(index for decision, index in uniform.asked if decision == Decision.VISIT_JITTER) == 10
