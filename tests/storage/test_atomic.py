"""A file is whole or not there, whatever goes wrong."""

import numpy as np
import pytest

from sim.core.tables import Table
from sim.storage.atomic import whole_file, write_text
from sim.storage.parquet import read_table, table_writer, write_table
from sim.storage.text import write_csv


@pytest.mark.parametrize("trouble", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_trouble_in_the_middle_leaves_the_older_file_and_nothing_else(tmp_path, trouble):
    path = tmp_path / "a.txt"
    path.write_text("older")
    with pytest.raises(trouble), whole_file(path) as temporary:
        temporary.write_text("half")
        raise trouble
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.txt", "older")]


def test_the_name_appears_only_at_the_end(tmp_path):
    with whole_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")
        assert not (tmp_path / "a.txt").exists()
        assert temporary.parent == tmp_path
    assert (tmp_path / "a.txt").read_text() == "new"


def test_an_interrupted_table_leaves_nothing_even_after_row_groups_were_written(tmp_path):
    piece = Table({"dose": np.zeros(70_000)})
    with pytest.raises(KeyboardInterrupt), table_writer(tmp_path / "dosing.parquet", "dosing", {}) as writer:
        writer.append(piece)
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_table_replaces_an_older_one(tmp_path):
    path = tmp_path / "dosing.parquet"
    for dose in (1.0, 2.0):
        write_table(path, "dosing", Table({"dose": np.array([dose])}), {})
    assert read_table(path)["dose"].tolist() == [2.0]
    assert list(tmp_path.iterdir()) == [path]


def test_others_may_read_a_finished_file_as_the_umask_allows(tmp_path):
    write_text(tmp_path / "a.txt", "x")
    (tmp_path / "b.txt").write_text("x")
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "b.txt").stat().st_mode


def test_csv_leaves_missing_numbers_empty_and_keeps_every_digit(tmp_path):
    table = Table({"a": np.array([0.1, np.nan]), "b": np.array(["x,y", ""]), "c": np.array([True, False])})
    write_csv(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_text() == 'a,b,c\n0.1,"x,y",true\n,,false\n'
