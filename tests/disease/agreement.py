"""Whether the compiled patient and the plain-Python twin tell the same life."""

import math

import numpy as np
import pytest

from sim.observations.tabulate import MEASURED
from tests.disease.kernel import Uniforms, life
from tests.independent.course import simulate_patient

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
    "pulse_off",
}
"""Kinds whose value says nothing."""


def compare(person, address, groups, follow_up="week_24"):
    """Assert that both programs tell the same life; returns the twin's."""
    ours = life(person, address, *groups, follow_up)
    theirs = simulate_patient(person, Uniforms(*address), *groups, follow_up)
    ours_log, theirs_log = ours["log"], theirs["log"]
    assert [entry[:4] for entry in ours_log] == [tuple(entry[:4]) for entry in theirs_log]
    for mine, other in zip(ours_log, theirs_log, strict=True):
        if mine[1] not in MEANINGLESS:
            assert mine[4] == pytest.approx(other[4], rel=1e-9, abs=1e-12), mine
    last = len(theirs["daily_dose"])
    assert ours["dose"][:last] == theirs["daily_dose"]
    compare_visits(ours, theirs)
    return theirs


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
            np.testing.assert_allclose(np.exp(rows[row]["log_activity"]), visit["activity"], rtol=1e-9)
        compare_measurements(visits, row, visit)


def compare_measurements(visits, row, visit):
    """Everything that both have; what the twin does not have is absent, after week 24 also the reverse.

    Up to week 24 the twin measures everything at every visit, the program what the schedule has.
    """
    for name in (*MEASURED, "wbc"):
        ours = float(visits[name][row])
        theirs = visit.get(name, visit.get(name.removeprefix("sledai_")))
        late = visit["visit"].startswith("Y")
        if theirs is None or math.isnan(theirs):
            assert absent(ours), (visit["visit"], name, ours)
        elif late or not absent(ours):
            assert ours == pytest.approx(float(theirs), abs=1e-9), (visit["visit"], name)


def absent(value):
    """Missing: NaN, or -1 in a flag."""
    return math.isnan(value) or value == -1
