"""What compilation promises: a borrowed array is the same memory, and the caller's count of it stays as it was."""

import sys

import numpy as np

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
