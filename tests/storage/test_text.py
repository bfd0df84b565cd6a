"""Comma-separated text: what a table looks like in a spreadsheet."""

import numpy as np

from sim.core.tables import Table
from sim.storage.text import write_csv


def test_missing_values_are_empty_and_flags_are_words(tmp_path):
    table = Table(
        {
            "whole": np.array([1, 2, 3], dtype=np.int32),
            "measured": np.array([0.1, np.nan, 7.5]),
            "certain": np.array([True, False, True]),
            "flag": np.array([1, 0, -1], dtype=np.int8),
            "word": np.array(["a", "", "b, c"]),
        }
    )
    write_csv(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines() == [
        "whole,measured,certain,flag,word",
        "1,0.1,true,true,a",
        "2,,false,false,",
        '3,7.5,true,,"b, c"',
    ]
