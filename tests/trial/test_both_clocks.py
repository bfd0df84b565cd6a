"""SimPy and the compiled loop drive the same patient: every column of every table is the same, bit for bit."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load

TRIALS = range(3, 9)


def same(one, other):
    assert set(one) == set(other)
    for name in one:
        for column in one[name]:
            np.testing.assert_array_equal(one[name][column], other[name][column], err_msg=f"{name}.{column}")
            assert one[name][column].dtype == other[name][column].dtype


@pytest.mark.parametrize("taper", ["mandated", "discretionary", "t24"])
def test_cohorts_are_identical(taper):
    tables = [
        pipeline.cohort_chunk(
            load(["task=cohort", "effect=optimistic", f"taper={taper}", f"run.engine={engine}"]), TRIALS
        )
        for engine in ("batch", "simpy")
    ]
    same(*tables)


def test_decisions_are_identical_under_every_effect():
    tables = [pipeline.run_chunk(load([f"run.engine={engine}"]), TRIALS) for engine in ("batch", "simpy")]
    assert set(tables[0]) == {"none", "pessimistic", "neutral", "optimistic"}
    same(*tables)


def test_a_trial_that_cannot_fill_is_the_same_on_both():
    overrides = ["effect=neutral", "design.max_candidates_LN_per_place=3"]
    tables = [
        pipeline.run_chunk(load([*overrides, f"run.engine={engine}"]), TRIALS) for engine in ("batch", "simpy")
    ]
    assert not tables[0]["neutral"]["filled"].all()
    same(*tables)
