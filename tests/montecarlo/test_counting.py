"""Trials counted as they come: the same tallies for any chunks, and no trial kept."""

import numpy as np
import pytest

from sim.design.tally import merged, tallied
from sim.montecarlo.counting import Counting, counting_effects
from tests.montecarlo.chunk_functions import of_both_effects

TRIALS = 900


@pytest.mark.parametrize(("size", "at_once"), [(1, 50), (7, 5000), (7, 20), (900, 10)])
def test_chunks_leave_no_trace(size, at_once):
    counting, whole = Counting(tallied, merged, at_once), of_both_effects(range(TRIALS))
    for start in reversed(range(0, TRIALS, size)):
        counting.add(of_both_effects(range(start, min(start + size, TRIALS))))
        if start == size:
            assert counting.tallies()["none"].n_trials == TRIALS - size
    found = counting.tallies()
    assert list(found) == ["none", "neutral"]
    for effect, table in whole.items():
        expected = tallied(table)
        assert found[effect].n_trials == TRIALS
        assert found[effect].totals == expected.totals
        for name, rows in expected.endpoints.items():
            for column in rows:
                np.testing.assert_array_equal(found[effect].endpoints[name][column], rows[column])
        for column in expected.together:
            np.testing.assert_array_equal(found[effect].together[column], expected.together[column])


def test_nothing_counted_is_nothing():
    assert counting_effects().tallies() == {}


def test_what_is_held_does_not_grow_with_the_trials():
    """A hundred trials over and over under new numbers: as many rows as after the first hundred."""
    counting, once = Counting(tallied, merged, 100), of_both_effects(range(100))
    for repeat in range(64):
        again = {effect: table.adding({"trial": table["trial"] + 100 * repeat}) for effect, table in once.items()}
        counting.add(again)
    held = sum(part["none"].together.length for part in counting._parts)
    assert held <= 2 * tallied(once["none"]).together.length
    assert counting._waiting == []
    assert counting.tallies()["none"].n_trials == 6400
