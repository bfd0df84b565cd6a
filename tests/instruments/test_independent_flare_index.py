"""flare_codes (X35, S7) against visits worked out by hand, which the twin answers too, and against the twin."""

import itertools
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from sim.instruments.recorded_sfi import FlareIndex, Orders, flare_codes
from tests.hand_worked.flare_index import CASES, NO_MEDICATION, QUIET, READINGS
from tests.independent import flare_index as twin

INDEX = {
    name: FlareIndex("original" in name, needs_recognition="written" not in name, uses_medication=True)
    for name in READINGS
}
ORDERS = ("recognised", "before", "after", "starts_drug", "new_nephritis")


def codes(index: FlareIndex, *visits: dict[str, Any], days: tuple[int, ...] = (28, 56)) -> list[int]:
    """The index at visits of one woman of 60 kg."""
    columns = {name: np.array([visit[name] for visit in visits]) for name in QUIET}
    recognised, before, after, starts, nephritis = (columns.pop(name) for name in ORDERS)
    orders = Orders(recognised, before, after, np.full(len(visits), 60.0), starts)
    columns["day"] = np.array(days, dtype=np.int64)
    return flare_codes(columns, np.zeros(len(visits), np.int64), orders, nephritis, index).tolist()


@pytest.mark.parametrize("place", range(len(READINGS)), ids=READINGS)
@pytest.mark.parametrize(("why", "expected", "then", "now"), CASES, ids=[case[0] for case in CASES])
def test_the_index_is_that_worked_by_hand(why, expected, then, now, place):
    assert codes(INDEX[READINGS[place]], then, now)[1] == expected[place], why


@pytest.mark.parametrize(("why", "expected", "now"), NO_MEDICATION, ids=[case[0] for case in NO_MEDICATION])
def test_without_medication_the_index_is_that_worked_by_hand(why, expected, now):
    for needed, answer in zip((True, False), expected, strict=True):
        index = FlareIndex(original=False, needs_recognition=needed, uses_medication=False)
        assert codes(index, QUIET, QUIET | now)[1] == answer, why


def test_as_written_the_visits_up_to_day_0_are_no_events_and_the_first_has_no_visit_before():
    worse = QUIET | {"sledai2k": 20.0, "pga": 3.0}
    index = INDEX["original as written"]
    assert codes(index, QUIET, worse, days=(-7, 0)) == [0, 0]
    assert codes(index, QUIET, worse, days=(0, 1)) == [0, 2]
    assert codes(index, worse, days=(28,)) == [0]


def test_a_comparison_is_with_the_visit_before_and_not_with_the_baseline():
    steps = [QUIET | {"sledai2k": score} for score in (4.0, 6.0, 8.0, 10.0, 13.0)]
    assert codes(INDEX["modified as written"], *steps, days=(0, 28, 56, 84, 112)) == [0, 0, 0, 0, 1]


FLAGS = {1: True, 0: False, -1: None}


def known(visit: dict[str, Any], day: int) -> dict[str, Any]:
    """A visit as the twin reads it."""
    plain = {name: None if value != value else value for name, value in visit.items()}
    return plain | {"day": day} | {name: FLAGS[value] for name, value in visit.items() if name[:7] == "sledai_"}


def answered(index: FlareIndex, *visits: dict[str, Any], days: tuple[int, ...] = (28, 56)) -> list[int]:
    """The same of the twin."""
    return twin.codes(
        [known(visit, day) for visit, day in zip(visits, days, strict=True)],
        60.0,
        original=index.original,
        needs_recognition=index.needs_recognition,
        medication=index.uses_medication,
    )


@pytest.mark.parametrize("place", range(len(READINGS)), ids=READINGS)
@pytest.mark.parametrize(("why", "expected", "then", "now"), CASES, ids=[case[0] for case in CASES])
def test_the_twin_gives_the_index_worked_by_hand(why, expected, then, now, place):
    assert answered(INDEX[READINGS[place]], then, now)[1] == expected[place], why


SCORES = (4.0, 7.0, 8.0, 9.0, 12.0, 13.0, 14.0, np.nan)
VALUES = {
    **{"sledai2k": SCORES, "pga": (0.4, 1.0, 1.4, 2.0, 2.4, 2.5, 2.6, 3.0, np.nan)},
    **{"platelets": (50.0, 59.0, 60.0, 150.0, np.nan), "hemoglobin": (6.9, 7.0, 8.0, 9.9, 10.0, 13.0, np.nan)},
    "reticulocytes": (1.0, 2.5, 2.6, np.nan),
    "recognised": (0, 0, 0, 1, 2),
    **{"before": (0.0, 5.0, 15.0, 29.0, 30.0, 35.0), "after": (0.0, 5.0, 10.0, 30.0, 30.5, 35.0, 60.0)},
}


def random_visit(rng: random.Random, then: dict[str, Any]) -> dict[str, Any]:
    """A visit much like the one before, so that one criterion decides."""
    visit = {name: rng.choice(choices) if rng.random() < 0.3 else then[name] for name, choices in VALUES.items()}
    visit["after"] = max(visit["before"], visit["after"]) if rng.random() < 0.8 else visit["after"]
    for name in (name for name in QUIET if name[:7] == "sledai_"):
        visit[name] = rng.choice((1, 0, 0, -1)) if rng.random() < 0.05 else then[name]
    return visit | {"starts_drug": rng.random() < 0.1, "new_nephritis": rng.random() < 0.05}


@pytest.mark.parametrize("choice", list(itertools.product((True, False), repeat=3)), ids=str)
def test_random_courses_are_alike(choice: tuple[bool, bool, bool]) -> None:
    index, rng, seen = FlareIndex(*choice), random.Random(35), Counter()
    for _ in range(400):
        visits = [QUIET]
        for _ in range(rng.randint(0, 12)):
            visits.append(random_visit(rng, visits[-1]))
        days = tuple(sorted(rng.sample(range(-10, 60), len(visits))))
        mine = codes(index, *visits, days=days)
        assert mine == answered(index, *visits, days=days)
        seen.update(mine)
    assert min(seen[code] for code in (0, 1, 2)) > 50
