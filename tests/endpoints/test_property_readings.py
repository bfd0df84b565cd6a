"""Readings are ordered: who responds under the stricter one responds under the milder one (X27, X29, X36)."""

import dataclasses
import random
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.config.analysis import Analysis
from sim.config.build import build
from sim.endpoints.evaluate import evaluate
from sim.instruments.renal_events import doubling_of_creatinine, end_stage_by_filtration
from tests.endpoints.row_tables import data_set
from tests.independent.random_data import random_data_set
from tests.independent.random_secondary import random_secondary_data_set

DEFAULT = Path(__file__).parents[2] / "conf" / "analysis" / "default.yaml"
SHIPPED = build(Analysis, yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def doses():
    return data_set(random_data_set(random.Random(27), 1500))


@pytest.fixture(scope="module")
def kidneys():
    return data_set(random_secondary_data_set(random.Random(29), 600))


def scored(data, endpoint, column, **readings):
    return evaluate(data, dataclasses.replace(SHIPPED, **readings), (endpoint,))[column]


def test_a_dose_kept_every_day_was_kept_at_the_visits(doses):
    every_day = scored(doses, "S1", "responder", maintained_days="every_day") == 1
    visits = scored(doses, "S1", "responder", maintained_days="visits") == 1
    assert (every_day <= visits).all()
    assert 0 < every_day.sum() < visits.sum()
    p1 = [scored(doses, "P1", "responder", maintained_days=value) for value in ("every_day", "visits")]
    np.testing.assert_array_equal(*p1)


def test_less_protein_for_the_same_ratio_brings_remission_no_later(kidneys):
    times, events = {}, {}
    for grams in (0.8, 1.0, 1.2):
        times[grams] = scored(kidneys, "S12", "time", creatinine_excretion=grams)
        events[grams] = scored(kidneys, "S12", "event", creatinine_excretion=grams) == 1
    assert (events[1.2] <= events[1.0]).all()
    assert (events[1.0] <= events[0.8]).all()
    assert events[1.2].sum() < events[0.8].sum()
    both = events[1.2] & events[0.8]
    assert (times[0.8][both] <= times[1.2][both]).all()


def test_only_rules_in_grams_read_the_factor(kidneys):
    for endpoint, column in (("P3", "responder"), ("S10", "value"), ("S13", "time")):
        usual, other = (scored(kidneys, endpoint, column, creatinine_excretion=grams) for grams in (1.0, 1.2))
        np.testing.assert_array_equal(usual, other)


def test_what_nothing_interrupts_is_confirmed_by_some_later_sample():
    generator = np.random.default_rng(36)
    subjects, visits = 3000, 8
    subject = np.repeat(np.arange(subjects), visits)
    day = np.tile(np.array([0.0, 14.0, 28.0, 42.0, 56.0, 84.0, 112.0, 168.0]), subjects)
    creatinine = np.round(80.0 * np.exp(generator.normal(0.4, 0.5, subjects * visits)))
    filtration = 20.0 * np.exp(generator.normal(0.0, 0.5, subjects * visits))
    for found in (
        lambda rule: doubling_of_creatinine(subject, day, day == 0.0, creatinine, rule=rule),
        lambda rule: end_stage_by_filtration(subject, day, filtration, rule=rule),
    ):
        strict, mild = found("uninterrupted"), found("any_later")
        assert (strict <= mild).all()
        assert 0 < strict.sum() < mild.sum()
