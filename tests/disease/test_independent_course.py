"""The compiled patient against a plain-Python one that was written from the model's description alone."""

import random

import pytest

from tests.disease.agreement import compare
from tests.independent.random_person import parameters, random_person, stressed

LIVES = 40


@pytest.mark.parametrize("taper", ["mandated", "discretionary", "t24"])
@pytest.mark.parametrize("factor", [1.0, 8.0])
def test_lives_agree_event_by_event(taper, factor):
    rng = random.Random(f"{taper}{factor}")
    disease = stressed(parameters("disease", "refractory"), factor, factor)
    observation = parameters("observation", "clinic")
    for number in range(LIVES):
        effect = parameters("effect", rng.choice(["none", "pessimistic", "neutral", "optimistic"]))
        person = random_person(rng, nasty=0.5)
        groups = disease, parameters("taper", taper), effect, observation
        compare(person, (20260101, number, rng.randrange(400)), groups)


def test_lives_agree_under_induction_background_and_a_caught_up_forced_taper():
    rng = random.Random(5)
    taper = parameters("taper", "mandated")
    for number in range(LIVES):
        changed = taper | {"catch_up": rng.random() < 0.5, "forced": rng.random() < 0.5, "skip": 0.4}
        disease = stressed(parameters("disease", "induction"), 3.0, 3.0)
        groups = disease, changed, parameters("effect", "optimistic"), parameters("observation", "clinic")
        compare(random_person(rng), (3, number, 17), groups)
