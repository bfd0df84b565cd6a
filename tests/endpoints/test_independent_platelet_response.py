"""Responses of immune thrombocytopenia against the twin, on random subjects."""

import random
from collections import Counter

import pytest

from sim.endpoints.intercurrent import REASONS
from sim.endpoints.platelet_response import thrombocytopenia_complete_response, thrombocytopenia_response
from tests.endpoints.records import analysis
from tests.endpoints.row_tables import data_set
from tests.independent.platelets import platelet_response
from tests.independent.random_data import random_data_set
from tests.independent.subject import infused_subjects

RULES = {False: thrombocytopenia_response, True: thrombocytopenia_complete_response}
RESPONSE = {True: 1, False: 0, None: -1}


@pytest.mark.parametrize("complete", [False, True])
@pytest.mark.parametrize("seed", range(2))
def test_random_subjects_are_judged_alike(seed: int, complete: bool) -> None:
    data = random_data_set(random.Random(91 + seed), 1500)
    found = RULES[complete](data_set(data), analysis())
    mine = [
        (bool(member), int(responder), REASONS[reason])
        for member, responder, reason in zip(found.in_population, found.responder, found.reason, strict=True)
    ]
    answers = [platelet_response(person, complete=complete) for person in infused_subjects(data)]
    theirs = [(member, RESPONSE[responder], reason or "") for member, responder, reason in answers]
    assert [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]] == []
    seen = Counter(reason for member, _, reason in theirs if member)
    assert min(seen[reason] for reason in ("", "death", "rescue", "transfusion", "missing")) > 3
