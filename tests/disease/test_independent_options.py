"""Options that are off by default, and five years: the compiled patient against the plain-Python one."""

import random
from collections import Counter

import pytest

from tests.disease.agreement import compare
from tests.independent.random_person import merged, parameters, random_person, stressed

TAPERS = ("mandated", "discretionary", "t24")
EFFECTS = ("none", "optimistic")
SUBGROUPS = (0, 1)


def options(rng, names):
    """Settings of some options, drawn: from hardly any to far more than anybody would assume."""
    drawn = {
        "frailty": {"frailty_variance": rng.choice((0.05, 0.3, 1.0))},
        "drift": {"drift": rng.choice((0.01, 0.05, 0.2))},
        "pulse": {
            "orders": {
                "pulse": {
                    "p_severe": rng.choice((0.3, 1.0)),
                    "dose": rng.choice((312.5, 625.0)),
                    "days": rng.choice((1, 3, 5)),
                }
            }
        },
    }
    drawn["withheld"] = {
        "orders": {"second_infusion": rng.choice(("withheld_after_rescue", "withheld_after_flare"))}
    }
    result = {}
    for name in names:
        result = merged(result, drawn.get(name, {}))
    return result


def world(rng, factor):
    """One of the backgrounds with rates times `factor`, now and then many infections or daily ticks."""
    disease = parameters("disease", rng.choice(("refractory", "refractory", "induction")))
    disease = stressed(disease, factor, rng.choice((1.0, 1.0, 8.0)))
    return merged(disease, {"tick_days": rng.choice((7, 7, 1))})


def someone(rng, subgroup):
    """A random person of a subgroup."""
    while True:
        person = random_person(rng)
        if person["subgroup"] == subgroup:
            return person


def clinic(rng, names):
    """The clinic, its visits counted from the first infusion alone where that is asked for."""
    observation = parameters("observation", "clinic")
    if "first" not in names:
        return observation
    return merged(observation, {"visits": {"counted_from": "first_infusion", "p_missed": rng.choice((0.03, 0.3))}})


def lives(label, names, each, follow_up, factors):
    """Compare patients of both subgroups under all tapers, `none` and `optimistic`, `each` of every combination.

    Returns how many of them had each kind of entry and each visit.
    """
    rng = random.Random(label)
    seen = Counter()
    number = 0
    for _ in range(each):
        for taper in TAPERS:
            for effect in EFFECTS:
                for subgroup in SUBGROUPS:
                    disease = merged(world(rng, rng.choice(factors)), options(rng, names))
                    observation = clinic(rng, names)
                    habit = {"skip": rng.choice((0.06, 0.3)), "catch_up": rng.random() < 0.3}
                    physician = parameters("taper", taper) | habit
                    groups = disease, physician, parameters("effect", effect), observation
                    address = (20261122, number, rng.randrange(400))
                    theirs = compare(someone(rng, subgroup), address, groups, follow_up)
                    seen.update({entry[1] for entry in theirs["log"]})
                    seen.update({visit["visit"] for visit in theirs["visits"] if visit["attended"]})
                    seen["slow step"] += any((entry[1], entry[2]) == ("step", 2) for entry in theirs["log"])
                    number += 1
    return seen


ALL = ("frailty", "drift", "pulse")
LATE = {"Y0.5", "Y1", "Y1.5", "Y2", "Y3", "Y5", "slow step"}


@pytest.mark.parametrize("names", [ALL[:1], ALL[1:2], ALL[2:], ALL], ids="-".join)
def test_a_few_lives_agree_with_options(names):
    seen = lives(f"few {names}", names, 1, "week_24", (1.0, 4.0))
    assert seen["recognised"] > 0
    assert ("pulse" in names) == (seen["pulse"] > 0)


@pytest.mark.parametrize("names", [("withheld",), ("first",), ("withheld", "first")], ids="-".join)
@pytest.mark.parametrize("follow_up", ["week_24", "year_5"])
def test_a_few_lives_agree_by_the_other_readings_of_visits_and_infusions(names, follow_up):
    seen = lives(f"readings {names}", names, 2, follow_up, (1.0, 4.0))
    assert ("withheld" in names) <= (seen["infusion_cancelled"] > 3)
    assert ("first" in names) == (seen["W12D3"] == seen["W13"] == 0)
    assert seen["W16"] > 5


@pytest.mark.parametrize("names", [(), ALL], ids=["without", "all"])
def test_a_few_lives_agree_over_five_years(names):
    seen = lives(f"years {names}", names, 1, "year_5", (1.0,))
    assert set(seen) >= LATE | {"end", "missed", "order_dose", "unscheduled"}


@pytest.mark.slow
@pytest.mark.parametrize("names", [ALL[:1], ALL[1:2], ALL[2:], ALL], ids="-".join)
@pytest.mark.parametrize("factor", [1.0, 4.0])
def test_lives_agree_with_options(names, factor):
    seen = lives(f"{names}{factor}", names, 5, "week_24", (factor,))  # 60 patients
    assert seen["recognised"] > 5
    assert ("pulse" in names) == (seen["pulse"] > 0)


@pytest.mark.slow
@pytest.mark.parametrize("names", [(), *((name,) for name in ALL), ALL], ids="-".join)
@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_lives_agree_over_five_years(names, factor):
    seen = lives(f"years {names}{factor}", names, 5, "year_5", (factor,))  # 60 patients
    assert set(seen) >= LATE | {"end", "missed", "order_dose", "unscheduled", "dropout", "renal_damage"}
    assert seen["Y5"] > 3
    assert ("pulse" in names) == (seen["pulse"] > 0)


def test_lives_agree_around_day_210_where_slow_noise_changes():
    rng = random.Random(210)
    disease = merged(
        stressed(parameters("disease", "refractory"), 4.0),
        {"flares": {"p_unscheduled": {"severe": 1.0, "mild": 1.0}}},
    )
    observation = merged(parameters("observation", "clinic"), {"visits": {"window": {"Y0.5": 60}}})
    days = Counter()
    for number in range(60):
        groups = disease, parameters("taper", "mandated"), parameters("effect", "none"), observation
        theirs = compare(random_person(rng), (210, number, 5), groups, "year_5")
        days.update(visit["day"] for visit in theirs["visits"] if visit["attended"])
    assert sum(days[day] for day in range(204, 211)) >= 5
    assert sum(days[day] for day in range(211, 218)) >= 5
