"""A sweep: one combined table, and a bad cell that neither stops the others nor disappears."""

import csv
import os

import numpy as np
import pytest

from sim.cli import main
from sim.cli.combined import combined_table
from sim.core.errors import LimitError
from sim.core.tables import Table
from sim.storage.parquet import read_provenance, read_table

PAGED = ["-m", "run.trials=30", "run.workers=1", "hydra.sweep.dir=S"]
QUICK = [*PAGED, "report.formats=[]"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def ledger(folder):
    with (folder / "cells.csv").open() as file:
        return list(csv.DictReader(file))


def test_all_cells_stand_in_one_table_with_a_column_for_each_swept_key(coins, tmp_path, capsys):
    assert main([*PAGED, "effect=none,neutral", "run.seed=1,2", "taper=t24"]) == 0
    table = read_table(tmp_path / "S" / "power.parquet")
    assert {"cell", "run.seed", "effect", "endpoint"} <= set(table)
    assert "taper" not in table
    cells = {
        (int(c), e, int(s)) for c, e, s in zip(table["cell"], table["effect"], table["run.seed"], strict=True)
    }
    assert cells == {(0, "none", 1), (1, "none", 2), (2, "neutral", 1), (3, "neutral", 2)}
    shown = capsys.readouterr().out
    assert shown.rstrip().splitlines()[-4:] == [
        "  S/cells.csv", "  S/power.parquet", "  S/power.csv", "  S/report.html",
    ]  # fmt: skip
    assert "Synthetic" in shown


def test_each_cell_equals_its_own_run(coins, tmp_path, capsys):
    assert main([*QUICK, "effect=none,neutral"]) == 0
    assert main([*QUICK[1:3], "effect=neutral", "report.formats=[]", "hydra.run.dir=A"]) == 0
    alone = read_table(tmp_path / "A" / "power.parquet")
    whole = read_table(tmp_path / "S" / "power.parquet")
    cell = read_table(tmp_path / "S" / "1" / "power.parquet")
    for name in alone:
        np.testing.assert_array_equal(alone[name], cell[name])
        np.testing.assert_array_equal(alone[name], whole[name][whole["cell"] == 1])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("design.n=10,0", "design.n: 0 is not allowed"),
        ("effect=neutral,nonsense", "effect=nonsense: no such choice"),
    ],
)
def test_a_refused_cell_is_listed_and_the_others_run(coins, tmp_path, capsys, words, said):
    assert main([*QUICK, "effect=neutral", words]) == 2
    rows = ledger(tmp_path / "S")
    assert [row["status"] for row in rows] == ["done", "input error"]
    assert rows[1]["error"].startswith(said)
    assert said in capsys.readouterr().err
    assert set(read_table(tmp_path / "S" / "power.parquet")["cell"].tolist()) == {0}
    assert not (tmp_path / "S" / "1").exists()


@pytest.mark.parametrize(
    ("error", "said"), [(LimitError("64 rings"), "every trial failed"), (None, "StopIteration")]
)
def test_a_cell_that_breaks_is_listed_and_the_others_run(coins, tmp_path, capsys, error, said):
    whole = coins.run_chunk

    def breaking(config, trials):
        if config.run.seed == 2 and error:
            raise error
        return whole(config, trials) if config.run.seed != 2 else {}

    coins.run_chunk = breaking
    assert main([*QUICK, "effect=neutral", "run.seed=1,2,3"]) == 1
    rows = ledger(tmp_path / "S")
    assert [row["status"] for row in rows] == ["done", "failed", "done"]
    assert said in rows[1]["error"]
    assert sorted(path.name for path in (tmp_path / "S").iterdir() if path.is_dir()) == ["0", "2"]


def test_an_interrupted_sweep_keeps_the_finished_cells_and_no_half(coins, tmp_path, capsys):
    whole = coins.run_chunk

    def interrupted(config, trials):
        if config.run.seed == 2:
            raise KeyboardInterrupt
        return whole(config, trials)

    coins.run_chunk = interrupted
    assert main([*QUICK, "effect=neutral", "run.seed=1,2,3"]) == 130
    assert sorted(path.name for path in (tmp_path / "S").iterdir()) == ["0", "cells.csv"]
    assert (tmp_path / "S" / "0" / "power.parquet").exists()


def test_the_combined_file_says_which_cells_it_holds(coins, tmp_path, capsys):
    assert main([*QUICK, "effect=neutral", "run.seed=1,2"]) == 0
    said = read_provenance(tmp_path / "S" / "power.parquet")
    assert said["seed"] == "1, 2"
    assert said["configuration"].count("overrides:") == 2
    assert said["command"].startswith("python -m sim -m ")


def test_swept_values_become_numbers_where_all_of_them_are():
    power = Table({"effect": np.array(["none"]), "power": np.array([0.5])})
    swept = [{"a": "1", "b": "0.5", "c": "x", "effect": "none", "d": "null"}] * 2
    table, entries = combined_table(swept, [power, power])
    assert {key: entry.kind for key, entry in entries.items()} == {
        "a": "int32",
        "b": "real",
        "c": "text",
        "d": "text",
    }
    assert table["a"].tolist() == [1, 1]
    assert table["effect"].tolist() == ["none", "none"]


def test_a_cell_killed_between_its_table_and_its_page_gets_the_page_and_nothing_else(coins, tmp_path, capsys):
    assert main([*PAGED, "effect=neutral", "run.seed=1,2,3"]) == 0
    pages = [tmp_path / "S" / str(number) / "report.html" for number in range(3)]
    before = [page.read_bytes() for page in pages]
    untouched = pages[0].stat().st_mtime_ns
    pages[1].unlink()
    (tmp_path / "S" / "1" / "assumptions.parquet").unlink()
    table = pages[2].with_name("power.parquet")
    os.utime(table, ns=(table.stat().st_atime_ns, pages[2].stat().st_mtime_ns + 10**9))  # a table after its page
    pages[2].write_bytes(b"of an earlier table")
    os.utime(pages[2], ns=(0, table.stat().st_mtime_ns - 1))

    def never(config, trials):
        raise AssertionError("nothing is to be simulated")

    coins.run_chunk = never
    assert main([*PAGED, "effect=neutral", "run.seed=1,2,3"]) == 0
    assert [page.read_bytes() for page in pages] == before
    assert pages[0].stat().st_mtime_ns == untouched
    assert [row["status"] for row in ledger(tmp_path / "S")] == ["done"] * 3


def test_no_page_is_missed_where_none_was_asked_for(coins, tmp_path, capsys):
    words = [*QUICK, "effect=neutral", "run.seed=1,2"]
    assert main(words) == 0
    capsys.readouterr()
    assert main(words) == 0
    assert "cell 1 of 2" not in capsys.readouterr().err
    assert not list((tmp_path / "S").rglob("report.html"))
