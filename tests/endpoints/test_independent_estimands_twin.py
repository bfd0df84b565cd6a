"""Estimands of the calculator against those of the row-by-row twin, on random data: exactly equal."""

import dataclasses
import random
from collections import Counter

import numpy as np
import pytest

from sim.endpoints.catalogue import ENDPOINTS
from sim.endpoints.estimand import settled, standing
from sim.endpoints.evaluate import evaluate
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


def under(endpoint, strategy):
    usual = analysis()
    return analysis(intercurrent=dataclasses.replace(usual.intercurrent, **{endpoint: strategy}))


@pytest.mark.parametrize("strategy", ["treatment_policy", "composite", "hypothetical"])
@pytest.mark.parametrize("endpoint", ["S7", "S9", "S13"])
def test_times_to_a_flare_are_alike(both, endpoint, strategy):
    people, tables = both
    found = evaluate(tables, under(endpoint, strategy), (endpoint,))
    names = ("in_population", "time", "event", "reason")
    mine = list(zip(*(found[name].tolist() for name in names), strict=True))
    reasons = set()
    for person, (member, time, event, reason) in zip(people, mine, strict=True):
        theirs = twin.time_under(person, endpoint, strategy)
        assert member == (theirs is not None)
        if theirs is not None:
            assert (time, event, reason or None) == (theirs[0], int(theirs[1]), theirs[2]), person.number
            reasons.add((theirs[1], theirs[2]))
    assert (strategy == "composite", "rescue") in reasons or strategy == "treatment_policy"


@pytest.mark.parametrize("endpoint", ["S8", "S10", "O1", "O2"])
def test_changes_without_what_followed_rescue_are_alike(both, endpoint):
    people, tables = both
    found = evaluate(tables, under(endpoint, "hypothetical"), (endpoint,))
    names = ("trial", "subject", "variable", "visit", "value")
    mine = {tuple(key): value for *key, value in zip(*(found[name].tolist() for name in names), strict=True)}
    usual = evaluate(tables, analysis(), (endpoint,))["value"]
    assert np.isnan(found["value"]).sum() > np.isnan(usual).sum()
    for person in people:
        for variable, visit, _, value in twin.changes_without_rescue(person, endpoint):
            number = mine.pop((person.trial, person.number, variable, visit))
            assert number == pytest.approx(np.nan if value is None else value, abs=1e-12, nan_ok=True)
    assert mine == {}
