"""Curves and restricted means of the program against a twin in exact fractions, on random times with many ties."""

import math
import random

import numpy as np
import pytest

from sim.core.tables import Table
from sim.endpoints.survival import Tally
from tests.independent import survival as twin

CAUSES = ("", "", "death", "esrd", "rescue")
DAYS = (0, 1, 28, 56, 84, 112, 140, 167, 168)


def random_people(rng: random.Random, competing: bool) -> list[tuple[int, int]]:
    """Times, some only at visits; cause 0 is censored, 1 the event, 2 to 4 compete."""
    some = rng.choice((1, 2, 3, 5, 10, 40, 200))
    often = rng.choice(((1,), (0,), (0, 1), (0, 0, 0, 1), (0, 1, 2, 3, 4), (0, 0, 1, 4)))
    causes = [cause if competing or cause < 2 else 0 for cause in often]
    at_visits = rng.random() < 0.5
    return [(rng.choice(DAYS) if at_visits else rng.randint(0, 168), rng.choice(causes)) for _ in range(some)]


def tally(name: str, people: list[tuple[int, int]]) -> Tally:
    made = Tally()
    made.add(
        Table(
            {
                "trial": np.array([place % 3 for place, _ in enumerate(people)], np.int32),
                "endpoint": np.full(len(people), name),
                "time": np.array([float(time) for time, _ in people]),
                "event": np.array([int(cause == 1) for _, cause in people], np.int8),
                "reason": np.array([CAUSES[cause] for _, cause in people]),
            }
        )
    )
    return made


def compare(mine: Table, theirs: list[tuple[int, float, float]]) -> None:
    assert mine["time"].tolist() == [day for day, _, _ in theirs]
    np.testing.assert_allclose(mine["estimate"], [float(share) for _, share, _ in theirs], rtol=0, atol=1e-12)
    for row, (_, share, variance) in enumerate(theirs):
        assert mine["standard_error"][row] == pytest.approx(math.sqrt(variance), abs=1e-8)
        limits = twin.limits(share, variance)
        found = mine["low"][row], mine["high"][row]
        assert found == pytest.approx(limits, abs=1e-9) if limits else np.isnan(found).all()


@pytest.mark.parametrize("seed", range(60))
def test_shares_without_event_are_alike(seed: int) -> None:
    people = random_people(random.Random(seed), competing=False)
    made = tally("S13", people)
    curve = made.curves()
    compare(curve, twin.kaplan_meier(people))
    counted = [(at_risk, events) for _, at_risk, events, _ in twin.counts(people, 1, competing=False)]
    assert list(zip(curve["at_risk"].tolist(), curve["events"].tolist(), strict=True)) == counted
    horizon = max(time for time, _ in people)
    means = made.means()
    assert means.length == (horizon > 0)
    if means.length:
        mean, variance = twin.restricted_mean(people, horizon)
        assert means["mean"][0] == pytest.approx(float(mean), rel=1e-12)
        assert means["standard_error"][0] == pytest.approx(math.sqrt(variance), rel=1e-9, abs=1e-9)
        width = twin.Z * math.sqrt(variance)
        assert (means["low"][0], means["high"][0]) == pytest.approx((float(mean) - width, float(mean) + width))


@pytest.mark.parametrize("seed", range(60))
def test_incidences_are_alike(seed: int) -> None:
    people = random_people(random.Random(1000 + seed), competing=True)
    curves = tally("S12", people).curves()
    incidence = curves.where(curves["method"] == "aalen_johansen")
    for cause, name in enumerate(("remission", "death", "esrd", "rescue"), start=1):
        compare(incidence.where(incidence["cause"] == name), twin.incidence(people, cause))
    plain = curves.where(curves["method"] == "kaplan_meier")
    compare(plain, twin.kaplan_meier([(time, cause if cause == 1 else 0) for time, cause in people]))


def test_a_published_curve() -> None:
    """The 6-MP arm of Freireich 1963 (Blood 21:699) and its survival as printed by Collett and others."""
    events, censored = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    people = [(time, 1) for time in events] + [(time, 0) for time in censored]
    curve = {day: (float(share), math.sqrt(variance)) for day, share, variance in twin.kaplan_meier(people)}
    printed = {6: (0.857, 0.0764), 7: (0.807, 0.0869), 10: (0.753, 0.0963), 13: (0.690, 0.1068)}
    printed |= {16: (0.627, 0.1141), 22: (0.538, 0.1282), 23: (0.448, 0.1346)}
    for day, (share, error) in printed.items():
        assert curve[day] == (pytest.approx(share, abs=5e-4), pytest.approx(error, abs=5e-5))
