"""The face-validity table is complete (fast), and its figures lie in their intervals (slow).

The slow one: `python -m pytest -m slow tests/test_face_validity.py`; docs/validation.md takes more patients.
"""

from pathlib import Path

import pytest

from benchmarks.face_validity import Row, all_rows
from benchmarks.face_validity_cohorts import STABLE, false_filtration_falls
from benchmarks.face_validity_text import BASIS, document
from sim.config.observation import Noise

FEW = 200
MANY = 4000
STANDARD_ERRORS = 4.0
"""A true value on the limit of its interval fails by chance in 3 of 100,000."""
EXPECTED = (
    *("1a", "1b", "1c", "2a", "2b", "3", "4a", "4b", "5a", "5b", "5c", "5d", "6a", "6b", "7a", "7b", "8a", "8b"),
    *(f"9{letter}" for letter in "abcdefghijkl"),
    *(f"10{letter}" for letter in "abcdefg"),
    *("11a", "11b", "12", "13a", "13b"),
)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation.md"


@pytest.fixture(scope="module")
def few() -> list[Row]:
    return all_rows(FEW)


def row(value: float, error: float, low: float | None = 0.1, high: float | None = 0.2) -> Row:
    return Row("x", "what", "figure", low, high, value, error, "fitted")


def test_the_table_has_every_row_with_a_figure_and_its_error(few: list[Row]) -> None:
    assert tuple(entry.id for entry in few) == EXPECTED
    for entry in few:
        assert entry.value == entry.value
        assert entry.error >= 0.0 or entry.id in ("8a", "8b")
        assert entry.basis in BASIS
        assert entry.line.count("|") == 10, entry.line


def test_proportions_are_proportions(few: list[Row]) -> None:
    assert [entry.id for entry in few if entry.percent and not 0.0 <= entry.value <= 1.0] == []


def test_the_shipped_page_shows_the_rows_of_the_script(few: list[Row]) -> None:
    shown = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert [(cells[0][2:], cells[1]) for cells in shown[1:]] == [(entry.id, entry.what) for entry in few]


def test_the_page_names_its_command_and_every_override_of_a_stable_patient() -> None:
    page = document([row(0.15, 0.01).line], 1234, STABLE)
    assert "--patients 1234" in page
    assert all(override in page for override in STABLE)


@pytest.mark.parametrize(
    ("value", "error", "words"),
    [
        (0.15, 0.01, "inside"),
        (0.19, 0.01, "inside, within Monte Carlo error of the limit"),
        (0.30, 0.01, "**outside**"),
        (0.05, 0.0, "**outside**"),
        (0.21, 0.01, "**outside**, within Monte Carlo error of the limit"),
        (0.20, 0.0, "inside"),
    ],
)
def test_a_verdict_says_on_which_side_of_the_limits_a_figure_lies(value: float, error: float, words: str) -> None:
    assert row(value, error).verdict == words


def test_no_interval_gives_no_verdict() -> None:
    assert row(0.15, 0.01, None, None).verdict == "no target"


def test_a_false_fall_of_filtration_has_the_normal_tail_of_two_samples() -> None:
    # ln(1/0.8)/1.2 = 0.18595; one sample differs from another by sqrt(2) * 0.1 = 0.14142: z = 1.31489.
    single, confirmed = false_filtration_falls(Noise(slow_sd=0.0, slow_days=10.0, fast_sd=0.1))
    assert single == pytest.approx(0.094274, abs=1e-5)
    assert single**2 < confirmed < single
    # Slow noise that lasts makes the second sample nearly repeat the first.
    lasting, repeated = false_filtration_falls(Noise(slow_sd=0.1, slow_days=1e5, fast_sd=0.0))
    assert 0.9 * lasting < repeated < lasting


@pytest.mark.slow
def test_every_figure_lies_in_its_interval() -> None:
    outside = []
    for entry in all_rows(MANY):
        if entry.low is None or entry.high is None:
            continue
        margin = STANDARD_ERRORS * entry.error
        if not entry.low - margin <= entry.value <= entry.high + margin:
            outside.append(entry.line)
    assert outside == []
