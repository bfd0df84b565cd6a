"""Tallies: whatever way trials are cut and put together, all of them are counted, each once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.tables import Table, concatenate
from sim.design import tally as module
from sim.design.tally import as_tally, distinct, merged, tallied
from sim.stats.monte_carlo import ratio_mcse

COUNTS = ("P1_n", "P1_responders", "P1_LN_n", "S3_n", "S3_responders", "S3_first_LN_n")


def trials(rows, numbers=None):
    """Trials with these counts; `rows` are (filled, six counts)."""
    rows = np.array(rows, np.int64).reshape(-1, 1 + len(COUNTS))
    columns = {name: rows[:, k + 1].astype(np.int16) for k, name in enumerate(COUNTS)}
    return Table(
        {
            "trial": np.arange(len(rows), dtype=np.int32) if numbers is None else np.array(numbers, np.int32),
            "filled": rows[:, 0] == 1,
            "n_screened_LN": rows[:, 1].astype(np.int32) + 7,
            "exact_binomial_P1_success": rows[:, 2] > 1,
            **columns,
        }
    )


row = st.tuples(st.integers(0, 1), *[st.integers(0, 2)] * len(COUNTS))
many = st.lists(row, min_size=1, max_size=40)


def same(left, right):
    assert left.n_trials == right.n_trials
    assert left.totals == right.totals
    assert list(left.endpoints) == list(right.endpoints)
    pairs = [(left.endpoints[name], right.endpoints[name]) for name in left.endpoints]
    for one, other in [*pairs, (left.together, right.together), (left.earliest, right.earliest)]:
        assert list(one) == list(other)
        for name in one:
            assert one[name].dtype == other[name].dtype
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@given(many)
def test_every_trial_is_counted_in_the_row_it_has(rows):
    table = trials(rows)
    tally = tallied(table)
    assert (tally.n_trials, list(tally.endpoints)) == (len(rows), ["P1", "S3"])
    assert tally.totals == {"n_screened_LN": int(table["n_screened_LN"].sum())}
    for name, columns in (("P1", COUNTS[:3]), ("S3", COUNTS[3:])):
        counted = tally.endpoints[name]
        assert list(counted) == ["filled", *columns, "trials"]
        expected = Counter(zip(*(table[key].tolist() for key in ("filled", *columns)), strict=True))
        found = list(zip(*(column.tolist() for column in counted.values()), strict=True))
        assert {key[:-1]: key[-1] for key in found} == expected
        assert len(found) == len(expected)
        assert found == sorted(found)


@given(many)
def test_rows_over_all_endpoints_know_their_first_trial(rows):
    table = trials(rows)
    together = tallied(table).together
    keys = list(
        zip(*(table[name].tolist() for name in ("P1_n", "P1_responders", "S3_n", "S3_responders")), strict=True)
    )
    for *key, number, first in zip(*(column.tolist() for column in together.values()), strict=True):
        assert number == keys.count(tuple(key))
        assert first == keys.index(tuple(key))


@given(many, st.data())
def test_cut_anywhere_and_put_together_in_any_order_it_is_the_same(rows, data):
    table = trials(rows)
    piece = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows))))
    parts = [tallied(table.where(piece == k)) for k in data.draw(st.permutations(range(4))) if np.any(piece == k)]
    same(merged(parts), tallied(table))
    if len(parts) > 2:
        same(merged([merged(parts[:2]), merged(parts[2:])]), tallied(table))


def test_only_the_trials_of_lowest_number_are_kept_one_by_one(monkeypatch):
    monkeypatch.setattr(module, "EARLIEST", 3)
    rows = [(1, 0, k, 0, 0, 0, 0) for k in range(8)]
    late, early = (trials(part, numbers) for part, numbers in ((rows[:5], range(30, 35)), (rows[5:], (9, 31, 7))))
    kept = merged([tallied(late), tallied(early)]).earliest
    assert kept["trial"].tolist() == [7, 9, 30]
    assert kept["P1_responders"].tolist() == [7, 5, 0]


def test_numbers_too_wide_for_one_code_are_told_apart():
    wide = [np.array([0, 2**40, 2**40, 0]), np.array([5, 2**41, 2**41, 5]), np.array([0, 1, 0, 0])]
    rows, place = distinct(wide)
    assert rows.tolist() == [0, 2, 1]
    assert place.tolist() == [0, 2, 1, 0]


def test_no_endpoint_is_an_error_and_a_tally_stays_as_it_is():
    table = trials([(1, 1, 1, 1, 1, 1, 1)])
    with pytest.raises(ValueError, match="no endpoint"):
        tallied(table.only(["trial", "filled"]))
    tally = tallied(table)
    assert as_tally(tally) is tally
    same(as_tally(concatenate([table])), tally)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5), st.integers(1, 4)), min_size=2, max_size=9))
def test_a_row_for_several_trials_gives_the_error_of_these_trials(rows):
    x, m, times = (np.array(column) for column in zip(*rows, strict=True))
    of_trials = ratio_mcse(np.repeat(x, times), np.repeat(m, times))
    assert ratio_mcse(x, m, times) == pytest.approx(of_trials, rel=1e-9, abs=1e-12)
