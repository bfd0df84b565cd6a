"""The compiled patient against a plain-Python one that was written from the model's description alone."""

import math
import random

import numpy as np
import pytest

from sim.observations.tabulate import MEASURED
from tests.disease.kernel import Uniforms, life
from tests.independent.course import simulate_patient
from tests.independent.random_person import parameters, random_person, stressed

LIVES = 40
MEANINGLESS = {
    "immunosuppressant",
    "ivig",
    "transfusion",
    "gcsf",
    "visit",
    "missed",
    "unscheduled",
    "held",
    "skipped",
    "infusion",
    "infusion_cancelled",
    "cells_on",
    "cells_off",
    "serious_infection",
    "mild_infection",
    "adverse_event",
    "renal_damage",
    "damage_index",
    "death",
    "dropout",
    "pregnancy",
    "end",
    "recognised",
}
"""Kinds whose value says nothing."""


def compare(person, address, groups):
    disease, taper, effect, observation = groups
    ours = life(person, address, disease, taper, effect, observation)
    theirs = simulate_patient(person, Uniforms(*address), disease, taper, effect, observation)
    ours_log, theirs_log = ours["log"], theirs["log"]
    assert [entry[:4] for entry in ours_log] == [tuple(entry[:4]) for entry in theirs_log]
    for mine, other in zip(ours_log, theirs_log, strict=True):
        if mine[1] not in MEANINGLESS:
            assert mine[4] == pytest.approx(other[4], rel=1e-9, abs=1e-12), mine
    last = len(theirs["daily_dose"])
    assert ours["dose"][:last] == theirs["daily_dose"]
    compare_visits(ours, theirs)


def compare_visits(ours, theirs):
    visits, rows = ours["visits"], ours["courses"].visits
    expected = [theirs["SCR"], *theirs["visits"]]
    assert not visits["attended"][len(expected) :].any()
    for row, visit in enumerate(expected):
        assert visits["visit"][row] == visit["visit"]
        assert bool(visits["attended"][row]) == visit["attended"]
        if not visit["attended"]:
            continue
        assert visits["day"][row] == visit["day"]
        if "dose" in visit:
            assert rows[row]["dose"] == visit["dose"]
            np.testing.assert_allclose(rows[row]["activity"], visit["activity"], rtol=1e-9)
        for name in (*MEASURED, "wbc"):
            value = visit.get(name, visit.get(name.removeprefix("sledai_")))
            if value is None or math.isnan(float(visits[name][row])):
                continue
            assert float(visits[name][row]) == pytest.approx(float(value), abs=1e-9), (visit["visit"], name)


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
