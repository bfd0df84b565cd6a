"""Tables in memory: columns of words kept as codes read as text, and leave no trace in rows, pieces or files."""

import numpy as np
import pytest

from sim.core.tables import Table, Words, concatenate
from sim.storage.parquet import ROWS_A_GROUP, read_table, write_table

REASONS = np.array(["", "death", "missing"])


def coded(codes):
    return Table({"subject": np.arange(len(codes)), "reason": Words(REASONS, np.array(codes, np.int8))})


def written(codes):
    return Table({"subject": np.arange(len(codes)), "reason": REASONS[np.array(codes)]})


def same(one, other):
    assert list(one) == list(other)
    for name in other:
        assert one[name].dtype == other[name].dtype
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize(
    "rows", [np.array([True, False, True, True]), np.array([3, 0, 0]), slice(1, 3), slice(4, None)], ids=str
)
def test_rows_of_codes_are_those_of_the_words(rows):
    same(coded([0, 2, 1, 2]).where(rows), written([0, 2, 1, 2]).where(rows))


def test_codes_can_be_added_chosen_and_joined():
    table, plain = coded([0, 2, 1]), written([0, 2, 1])
    same(table.adding({"trial": np.zeros(3)}), plain.adding({"trial": np.zeros(3)}))
    same(table.only(["reason"]), plain.only(["reason"]))
    same(concatenate([table, coded([1]), plain]), concatenate([plain, written([1]), plain]))
    assert concatenate([table]) is table


def test_what_was_read_once_is_read_only_and_kept():
    table = coded([0, 2, 1])
    assert table["reason"] is table["reason"]
    with pytest.raises(ValueError, match="read-only"):
        table["reason"][0] = "x"


def test_codes_have_the_length_of_the_table():
    with pytest.raises(ValueError, match="column reason has 2 rows, the others 3"):
        Table({"subject": np.arange(3), "reason": Words(REASONS, np.zeros(2, np.int8))})


def test_a_file_is_the_same_from_codes_and_from_words(tmp_path):
    codes = np.arange(ROWS_A_GROUP + 100) % 3
    for name, reason in (("coded", Words(REASONS, codes)), ("written", REASONS[codes])):
        table = Table({"trial": np.zeros(len(codes), np.int32), "reason": reason})
        write_table(tmp_path / f"{name}.parquet", "endpoints", table, {"software": "x"})
    assert (tmp_path / "coded.parquet").read_bytes() == (tmp_path / "written.parquet").read_bytes()
    np.testing.assert_array_equal(read_table(tmp_path / "coded.parquet")["reason"], REASONS[codes])
