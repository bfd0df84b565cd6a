"""Addressed numbers for arrays are those of the compiler's version, bit for bit."""

import numpy as np
import pytest

from sim.core.addressed import uniforms
from sim.core.decisions import Decision
from sim.core.draws import uniform


@pytest.mark.parametrize("seed", [0, 20260101, 2**64 - 1])
def test_numbers_are_those_of_the_draws(seed):
    generator = np.random.default_rng(seed)
    trial, candidate, index = generator.integers(0, 2**31, (3, 200))
    expected = [
        uniform(np.uint64(seed), int(t), int(c), Decision.IMPUTATION, int(i))
        for t, c, i in zip(trial, candidate, index, strict=True)
    ]
    np.testing.assert_array_equal(uniforms(seed, trial, candidate, Decision.IMPUTATION, index), expected)


def test_addresses_are_broadcast():
    whole = uniforms(1, 2, np.arange(3)[:, None], Decision.IMPUTATION, np.arange(5))
    assert whole.shape == (3, 5)
    assert whole[2, 4] == uniform(np.uint64(1), 2, 2, Decision.IMPUTATION, 4)
    assert uniforms(1, 2, 2, Decision.IMPUTATION_MODEL, 4) != whole[2, 4]


def test_numbers_are_uniform():
    sample = uniforms(7, 0, np.arange(40_000), Decision.IMPUTATION, 0)
    counts = np.bincount((sample * 100).astype(int), minlength=100)
    # Pearson's statistic with 99 degrees of freedom exceeds 175 with probability 4e-6.
    assert ((counts - 400) ** 2 / 400).sum() < 175
