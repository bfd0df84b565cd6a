"""Readings X32 and X41 in whole trials: who is not infused twice and why, and visits counted from day 0 alone."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from tests.trial.test_both_clocks import same

TRIALS = range(60, 72)
MORE_FLARES = "disease.flares.rate.extrarenal.mild=1.5"
WITHHELD = "disease.orders.second_infusion=withheld_after_"
FIRST = "observation.visits.counted_from=first_infusion"


def cohort(*overrides, trials=TRIALS):
    words = ["task=cohort", "effect=optimistic", "protocol.follow_up=week_24", MORE_FLARES]
    return pipeline.cohort_chunk(load([*words, *overrides]), trials)


@pytest.fixture(scope="module")
def given():
    return cohort()


def keys(table):
    return [tuple(row) for row in zip(table["trial"].tolist(), table["subject"].tolist(), strict=True)]


def week_12(tables):
    """Subject -> day of W12, of those who came."""
    visits = tables["visits"]
    held = visits.where((visits["visit"] == "W12") & (visits["attended"] == 1))
    return dict(zip(keys(held), held["day"].tolist(), strict=True))


def second(tables):
    """Subject -> day of the second infusion, or why there was none."""
    infusions = tables["infusions"]
    rows = infusions.where(infusions["infusion"] == 2)
    days = zip(rows["day"].tolist(), rows["reason_not_given"].tolist(), strict=True)
    return {key: why or day for key, (day, why) in zip(keys(rows), days, strict=True)}


def first_days(tables, kind):
    """Subject -> day of the first event of a kind from day 0 on."""
    events = tables["events"]
    found: dict[tuple[int, int], float] = {}
    rows = events.where((events["kind"] == kind) & (events["day"] >= 0))
    for key, day in zip(keys(rows), rows["day"].tolist(), strict=True):
        found[key] = min(day, found.get(key, np.inf))
    return found


def raised_for_flare(tables):
    """Subject -> first day on which a dose was ordered for a flare: one was recognised then."""
    dosing = tables["dosing"]
    rows = dosing.where((dosing["reason"] == "flare") & (dosing["start_day"] > 0))
    found: dict[tuple[int, int], float] = {}
    for key, day in zip(keys(rows), rows["start_day"].tolist(), strict=True):
        found[key] = min(day, found.get(key, np.inf))
    return found


def test_by_default_a_rescue_or_flare_withholds_nothing(given):
    assert set(second(given).values()) & {"rescue", "flare"} == set()


def test_a_rescue_up_to_week_12_withholds_the_second_infusion_and_nothing_else_does(given):
    tables = cohort(f"{WITHHELD}rescue")
    came, rescued, usual = week_12(tables), first_days(tables, "rescue"), second(given)
    withheld = 0
    for key, what in second(tables).items():
        if key in came and rescued.get(key, np.inf) <= came[key]:
            assert what == "rescue"
            withheld += 1
        else:
            assert what == usual[key] or (np.isnan(what) and np.isnan(usual[key]))
    assert withheld >= 5


def test_a_flare_that_was_recognised_withholds_it_too():
    tables = cohort(f"{WITHHELD}flare")
    came, rescued, flared = week_12(tables), first_days(tables, "rescue"), raised_for_flare(tables)
    found = {"flare": 0, "rescue": 0}
    for key, what in second(tables).items():
        if key in came and flared.get(key, np.inf) <= came[key]:
            assert what == "flare"
        if what == "rescue":
            assert rescued[key] <= came[key]
        if what in found:
            found[what] += 1
    assert found["flare"] >= 10
    assert found["rescue"] >= 1


@pytest.mark.parametrize("reading", [f"{WITHHELD}flare", FIRST])
def test_nothing_up_to_week_12_is_another(given, reading):
    tables, came = cohort(reading), week_12(given)
    for before, after in ((given["visits"], tables["visits"]),):
        early = [
            each.where(
                np.array([day < came.get(key, 0) for key, day in zip(keys(each), each["day"], strict=True)])
            )
            for each in (before, after)
        ]
        assert early[0].length > 500
        for name in early[0]:
            np.testing.assert_array_equal(early[0][name], early[1][name], err_msg=name)


def test_visits_counted_from_the_first_infusion_alone():
    tables = cohort(FIRST, "disease.clocks.serious_infection=3.0", trials=range(60, 120))
    visits = tables["visits"]
    names = set(visits["visit"].tolist())
    assert {"W12", "W16", "W20", "W24"} <= names
    assert not {"W12D3", "W13"} & names
    late = [key for key, day in second(tables).items() if not isinstance(day, str) and day >= 98]
    assert len(late) >= 3
    for visit, nominal, width in (("W16", 112, 5), ("W20", 140, 5), ("W24", 168, 7)):
        held = visits.where((visits["visit"] == visit) & (visits["attended"] == 1))
        assert (np.abs(held["day"] - nominal) <= width).all()
        assert set(late) & set(keys(held))


def test_a_late_second_infusion_moves_them_otherwise():
    tables = cohort("disease.clocks.serious_infection=3.0", trials=range(60, 120))
    late = {key for key, day in second(tables).items() if not isinstance(day, str) and day >= 98}
    visits = tables["visits"]
    held = visits.where((visits["visit"] == "W24") & (visits["attended"] == 1))
    moved = [day for key, day in zip(keys(held), held["day"].tolist(), strict=True) if key in late]
    assert len(moved) >= 3
    assert min(moved) >= 98 + 84 - 7


@pytest.mark.parametrize("reading", [f"{WITHHELD}rescue", f"{WITHHELD}flare", FIRST])
def test_both_clocks_agree(reading):
    same(*(cohort(reading, f"run.engine={engine}", trials=range(60, 64)) for engine in ("batch", "simpy")))
