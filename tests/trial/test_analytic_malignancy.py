"""Malignancies are a share of the serious events that are no infections, and change nothing else (D171)."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.endpoints.safety_rates import totals
from tests.trial.test_property_counterfactual import assert_same

OFTEN = 3.0
"""Serious events a year, twenty times as many as are shipped."""


def cohort(share, trials=3):
    overrides = (f"disease.clocks.adverse_event={OFTEN}", f"disease.clocks.adverse_event_malignant={share}")
    return pipeline.cohort_chunk(load(["task=cohort", "effect=none", *overrides]), range(trials))


@pytest.fixture(scope="module")
def third():
    return cohort(1 / 3)


def marked(events):
    return np.char.find(events["detail"], "malignancy") >= 0


def test_the_share_is_the_one_that_was_put_in(third):
    others = third["events"]["kind"] == "adverse_event"
    malignant = marked(third["events"])
    assert not (malignant & ~others).any()
    size = int(others.sum())
    assert size > 150
    assert abs(malignant.sum() / size - 1 / 3) < 4 * np.sqrt(2 / 9 / size)


def test_safety_counts_them_among_serious_events(third):
    counted = totals(third["endpoints"])
    rows = third["events"].where(marked(third["events"]) & (third["events"]["day"] <= 1826))
    assert counted["malignancy"] == rows.length > 50
    assert counted["serious_adverse_event"] > counted["malignancy"] + counted["serious_infection"] > 0


def test_nothing_else_depends_on_the_share(third):
    none = cohort(0.0)
    assert totals(none["endpoints"])["malignancy"] == 0
    assert_same(third, none, ("visits", "dosing", "infusions"))
    for name in set(none["events"]) - {"detail"}:
        np.testing.assert_array_equal(third["events"][name], none["events"][name])


def test_every_event_is_one_where_the_share_is_one():
    events = cohort(1.0, trials=1)["events"]
    assert marked(events).tolist() == (events["kind"] == "adverse_event").tolist()


def test_the_shipped_rate_is_that_of_the_source():
    clocks = load(["task=cohort"]).disease.clocks
    # 368 cancers in 62,268.5 patient-years of Koreans with lupus; the share is rounded to a whole per cent.
    assert clocks.adverse_event * clocks.adverse_event_malignant == pytest.approx(368 / 62_268.5, abs=0.005 * 0.15)
