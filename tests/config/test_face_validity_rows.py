"""The shipped page of face validity, read back: every line, its numbers, and the verdict that they give."""

import math
import tomllib
from pathlib import Path

from benchmarks.face_validity import Row
from sim.config.face_validity import compared, face_validity
from sim.config.location import face_validity_page


def test_every_line_of_the_page_is_read_with_its_numbers():
    rows = face_validity()
    lines = [
        line for line in face_validity_page().read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    assert len(rows) == len(lines) - 1
    for row, line in zip(rows, lines[1:], strict=True):
        assert line.startswith(f"| {row.id} | ")
        assert row.simulated in line and row.accepted in line
        assert math.isnan(row.low) == (row.verdict == "no target")
        if not math.isnan(row.low):
            assert row.verdict.startswith("inside" if row.low <= row.value <= row.high else "outside")


def test_a_row_of_the_script_comes_back():
    row = Row("1a", "share of `x`", "about 40 %, somebody", 0.3, 0.5, 0.416, 0.0071, "fitted", beside="y 1.0%")
    assert compared(row.line)[:9] == (
        *("1a", "share of x", "about 40 %, somebody", "30.0 % to 50.0 %", "41.6 %", "0.71 %", "inside", "fitted"),
        "y 1.0%",
    )
    assert compared(row.line)[9:] == (0.3, 0.5, 0.416, 0.0071)


def test_bounds_exact_figures_and_figures_without_a_target():
    bound = compared(Row("2", "w", "f", 0.0, 1.3, 0.875, math.nan, "chosen", percent=False).line)
    assert (bound.low, bound.high, bound.value, bound.value_mcse) == (0.0, 1.3, 0.875, 0.0)
    assert bound.error == "exact"
    outside = compared(Row("3", "w", "f", 0.1, 0.2, 0.3, 0.001, "fitted").line)
    assert outside.verdict == "outside"
    nothing = compared(Row("4", "w", "–", None, None, 0.3, 0.001, "–").line)
    assert math.isnan(nothing.low) and math.isnan(nothing.high) and nothing.verdict == "no target"
    assert compared("| id | what is simulated | figure |") is None


def test_the_page_is_shipped_with_the_package():
    root = Path(__file__).resolve().parents[2]
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert shipped["docs/validation.md"] == "sim/docs/validation.md"
    assert face_validity_page() == root / "docs" / "validation.md"
