"""docs/readings.md has every alternative reading, and its differences carry the error of paired trials."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.readings import UNMOVED, alternatives, cell, decided, difference, others, rate
from tests.config.test_decisions import SEEN

PAGE = Path(__file__).parents[1] / "docs" / "readings.md"


def test_the_page_names_every_alternative_of_the_decisions():
    text = PAGE.read_text(encoding="utf-8")
    listed = alternatives()
    assert {one.reading for one in listed} == {
        name for name, seen in SEEN.items() if any("=" in each for each in seen)
    }
    assert [one for one in listed if f"{one.reading} `{one.override}`" not in text.replace(" | `", " `")] == []


def test_a_rate_of_trials_of_one_patient_has_the_binomial_error():
    successes = np.array([1.0] * 30 + [0.0] * 70)
    value, error = rate((successes, np.ones(100)))
    assert value == pytest.approx(0.3)
    assert error == pytest.approx(np.sqrt(0.3 * 0.7 / 99))


def test_a_difference_on_the_same_trials_has_the_error_of_its_pairs():
    """Two of 100 trials of one patient differ, both upwards: 0.02, and its error is that of a share of 0.02."""
    default = np.array([1.0] * 30 + [0.0] * 70)
    other = default.copy()
    other[[40, 50]] = 1.0
    value, error = difference((other, np.ones(100)), (default, np.ones(100)))
    assert value == pytest.approx(0.02)
    assert error == pytest.approx(np.sqrt(0.02 * 0.98 / 99))
    assert cell("P1", (other, np.ones(100)), (default, np.ones(100))) == "+2.0 ± 1.4"


def test_equal_counts_are_a_dot_and_an_empty_population_says_so():
    counts = (np.array([1.0, 2.0]), np.array([5.0, 5.0]))
    assert cell("P2", counts, counts) == UNMOVED
    assert cell("P2", (np.zeros(2), np.zeros(2)), counts) == "nobody"


def test_a_reading_of_the_analysis_moves_its_endpoint_alone():
    usual, other = decided(10), decided(10, "analysis.maintained_days=visits")
    assert {name for name in usual if cell(name, other[name], usual[name]) != UNMOVED} == {"S1"}
    usual, other = others(10), others(10, "analysis.sfi_requires_recognition=false")
    assert {name for name in usual if cell(name, other[name], usual[name]) != UNMOVED} == {"S7"}
