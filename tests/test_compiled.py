"""What compilation promises: a borrowed array is the same memory, and the caller's count of it stays as it was."""

import sys

import numpy as np
import pytest
from numba.core.errors import TypingError

from sim.core import uncounted
from sim.core.compiled import borrowed, compiled


@compiled
def _double(values):
    view = borrowed(values)
    for place in range(view.size):
        view[place] *= 2.0
    return view[0]


def test_a_borrowed_array_is_written_through_and_not_counted():
    values = np.array([1.5, 2.0])
    before = sys.getrefcount(values)
    assert [_double(values) for _ in range(3)] == [3.0, 6.0, 12.0]
    np.testing.assert_array_equal(values, [12.0, 16.0])
    assert sys.getrefcount(values) == before


@uncounted.compiled
def _rest(values):
    rest = values[1:]
    rest[0] += 1.0
    return rest.sum()


@uncounted.compiled
def _make(size):
    return np.zeros(size)


def test_without_the_count_arrays_are_used_and_given_back_as_they_came():
    values = np.arange(4.0)
    before = sys.getrefcount(values)
    assert [_rest(values) for _ in range(3)] == [7.0, 8.0, 9.0]
    assert sys.getrefcount(values) == before


def test_a_function_that_makes_an_array_is_not_compiled_without_the_count():
    with pytest.raises(TypingError, match="zeros"):
        _make(3)
