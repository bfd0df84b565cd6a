"""The exponential function against 40 decimal digits, and against the C library."""

import math
from decimal import Context, Decimal

import numpy as np
import pytest

from sim.core.compiled import compiled
from sim.core.exponential import exp


@compiled
def ours(x, y):
    for i in range(x.size):
        y[i] = exp(x[i])


@compiled
def of_the_library(x, y):
    for i in range(x.size):
        y[i] = math.exp(x[i])


def both(x):
    here, there = np.empty_like(x), np.empty_like(x)
    ours(x, here)
    of_the_library(x, there)
    return here, there


@pytest.mark.parametrize("scale", [1e-18, 1e-3, 1.0, 20.0, 160.0])
def test_no_value_is_farther_from_the_exact_one_than_half_a_unit_and_a_bit(scale):
    exact = Context(prec=40)
    x = np.random.default_rng(1).normal(size=2000) * scale
    here, _ = both(x)
    for value, found in zip(x.tolist(), here.tolist(), strict=True):
        true = exact.exp(Decimal(value))
        assert abs(exact.subtract(Decimal(found), true)) < Decimal("0.515") * Decimal(math.ulp(found)), value


@pytest.mark.parametrize("scale", [1e-3, 0.1, 1.0, 20.0, 160.0])
def test_the_c_library_never_differs_by_more_than_the_last_bit(scale):
    here, there = both(np.random.default_rng(2).normal(size=500_000) * scale)
    assert (np.abs(here.view(np.int64) - there.view(np.int64)) <= 1).all()


def test_what_is_not_ordinary_is_left_to_the_library():
    x = np.array([0.0, -0.0, 499.9, -499.9, 500.0, 709.0, 710.0, -745.0, -746.0, np.inf, -np.inf, np.nan])
    here, there = both(x)
    np.testing.assert_array_equal(here[4:], there[4:])
    assert here[0] == here[1] == 1.0 and here[6] == np.inf and here[8] == 0.0
