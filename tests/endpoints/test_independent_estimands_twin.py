"""Estimands of the calculator against those of the row-by-row twin, on random data: exactly equal."""

import random
from collections import Counter

import pytest

from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.estimand import settled, standing
from sim.endpoints.every_estimand import combinations
from sim.endpoints.intercurrent import REASONS
from tests.endpoints.records import analysis
from tests.endpoints.row_tables import data_set
from tests.independent import estimands as twin
from tests.independent.random_secondary import random_secondary_data_set
from tests.independent.rows import Data
from tests.independent.subject import infused_subjects

RULES = {endpoint.id: endpoint.function for endpoint in ENDPOINTS}
RESPONSE = {1: True, 0: False, -1: None}
DETAILS = ("other", "pregnancy", "lack_of_efficacy", "adverse_event")
SIZE = 250


def made(seed: int) -> Data:
    """Random data in which a withdrawal has a reason."""
    rng = random.Random(seed)
    data = random_secondary_data_set(rng, SIZE)
    for row in data["events"]:
        if row["kind"] == "withdrawal":
            row["detail"] = rng.choice(DETAILS)
    return data


@pytest.fixture(scope="module", params=range(2))
def both(request):
    data = made(request.param)
    return infused_subjects(data), data_set(data)


@pytest.mark.parametrize("name", list(twin.EVENTS))
def test_every_pair_is_answered_alike(both, name):
    people, tables = both
    seen: Counter[str] = Counter()
    for strategy, policy in combinations(name, "week_24"):
        found = settled(standing(name, RULES[name], tables, analysis(), strategy, policy), policy)
        mine = [
            (RESPONSE[int(responder)], REASONS[reason]) if member else None
            for member, responder, reason in zip(found.in_population, found.responder, found.reason, strict=True)
        ]
        theirs = [twin.estimand(person, name, strategy, policy) for person in people]
        wrong = [
            ((person.trial, person.number), one, other)
            for person, one, other in zip(people, mine, theirs, strict=True)
            if one != other
        ]
        assert wrong == [], (strategy, policy)
        seen.update(reason for _, reason in filter(None, theirs))
    assert {"", "death", "withdrawal", "missing" if twin.EVENTS[name] else "dose"} <= set(seen)
    assert set(twin.EVENTS[name]) - {"gcsf"} <= set(seen)
