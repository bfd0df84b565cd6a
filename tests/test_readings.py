"""docs/readings.md has every declared alternative, and its differences carry the error of paired trials."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.readings import UNMOVED, decided, decided_tables, other_change, others
from sim.config.compose import load
from sim.core.tables import Table
from tests.config.test_decisions import KEYS, SEEN

PAGE = Path(__file__).parents[1] / "docs" / "readings.md"
DECLARED = load().null_readings


def plain(words):
    return words.replace('"', "").replace(" ", "")


def test_the_readings_that_are_declared_are_those_of_the_decisions():
    """One alternative of one key each, under a name that begins with the reading's id."""
    listed = {
        (reading, plain(f"{key}={value}"))
        for key, _, alternatives, reading in KEYS
        for value in re.findall(r"`([^`]+)`", alternatives)
    }
    assert listed == {(name.partition("_")[0], plain(words)) for name, words in DECLARED.readings.items()}
    assert {reading for reading, _ in listed} == {
        name for name, seen in SEEN.items() if any("=" in each for each in seen)
    }


def test_the_page_names_every_alternative():
    text = PAGE.read_text(encoding="utf-8")
    every = {**DECLARED.readings, **DECLARED.assumptions, **DECLARED.worlds}
    assert [name for name in every if not re.search(rf"\b{name}\b", text)] == []
    moved = re.findall(r"^\| (\w+) \| `(.+?)` \|", text, re.MULTILINE)
    assert len(moved) > 60
    assert all(words == every[name] for name, words in moved)


def trials_of_one(successes):
    return Table({"S7_n": np.ones(100, int), "S7_responders": np.array(successes)})


def test_a_difference_on_the_same_trials_has_the_error_of_its_pairs():
    """Two of 100 trials of one patient differ, both upwards: 0.02, and its error is that of a share of 0.02."""
    default = [1] * 30 + [0] * 70
    other = [*default[:40], 1, *default[41:50], 1, *default[51:]]
    assert other_change(trials_of_one(default), trials_of_one(other), "S7") == "+2.0 ± 1.4"
    assert other_change(trials_of_one(default), trials_of_one(default), "S7") == UNMOVED
    nobody = Table({"S7_n": np.zeros(100, int), "S7_responders": np.zeros(100, int)})
    assert other_change(trials_of_one(default), nobody, "S7") == "nobody"


@pytest.fixture(scope="module")
def few():
    kept = {"X27_visits", "X21_five_points", "taper_t24"}
    words = [
        f"~null_readings.{kind}.{name}"
        for kind in ("readings", "assumptions", "worlds")
        for name in getattr(DECLARED, kind)
        if name not in kept
    ]
    return decided_tables(decided(20, "run.workers=1", *words))


def test_the_page_is_the_table_of_the_task(few):
    cells = {
        line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ") for line in few if line.startswith("|")
    }
    moved = cells["X27_visits"]
    assert moved[1] == "`analysis.maintained_days=visits`"
    assert moved[2:6] == [UNMOVED] * 4
    assert re.fullmatch(r"[+-]\d+\.\d ± \d+\.\d", moved[6])
    assert cells["taper_t24"][2] == UNMOVED
    assert cells["taper_t24"][3].startswith("-")
    assert "Not one trial has other counts under X21_five_points." in few


def test_a_reading_of_the_analysis_moves_its_endpoint_alone():
    usual, other = others(10), others(10, "analysis.sfi_requires_recognition=false")
    moved = {name for name in ("S2", "S7", "S9", "S11") if other_change(usual, other, name) != UNMOVED}
    assert moved == {"S7"}
