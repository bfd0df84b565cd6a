"""The patients kept for a report: which trials, and that they are those of the run."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.design.tally import tallied
from sim.montecarlo.power import run_power
from sim.montecarlo.sample import curves, roles, sample
from sim.pipeline import run_chunk


def decided(p1, p2):
    numbers = np.arange(len(p1), dtype=np.int32) + 100
    counts = {"P1_responders": np.array(p1), "P2_responders": np.array(p2)}
    sizes = {name: np.full(len(p1), 30) for name in ("P1_n", "P2_n")}
    return tallied(Table({"trial": numbers, "filled": numbers > 0, **sizes, **counts}))


def as_pairs(table):
    return list(zip(table["role"].tolist(), table["trial"].tolist(), strict=True))


def test_lucky_and_unlucky_stand_at_the_edges_of_all_responders_and_typical_in_the_middle():
    found = roles(decided(range(21), [0] * 21), 2, ("P1", "P2"))
    assert as_pairs(found) == [
        ("drawn", 100), ("drawn", 101), ("typical", 110), ("lucky", 119), ("unlucky", 101),
    ]  # fmt: skip
    assert found["responders"].tolist() == [0, 1, 10, 19, 1]


def test_of_trials_with_equal_sums_the_most_usual_is_taken():
    found = roles(decided([6, 0, 3, 4, 5], [0, 6, 3, 2, 1]), 0, ("P1", "P2"))
    assert as_pairs(found) == [("typical", 103), ("lucky", 103), ("unlucky", 103)]


def test_more_trials_than_there_are_cannot_be_drawn():
    found = roles(decided([1], [2]), 5, ("P1", "P2"))
    assert as_pairs(found) == [("drawn", 100), ("typical", 100), ("lucky", 100), ("unlucky", 100)]


def test_curves_start_at_day_0_and_count_events_of_the_chosen_trials_alone():
    rows = {
        "trial": np.array([0, 0, 0, 0, 9]),
        "effect": np.array(["none"] * 5),
        "endpoint": np.array(["S7"] * 5),
        "time": np.array([10.0, 20.0, 20.0, 40.0, 5.0]),
        "event": np.array([1, 1, 0, 0, 1], np.int8),
        "reason": np.array([""] * 5),
    }
    found = curves(Table(rows), np.array([0]))
    assert found["time"].tolist() == [0.0, 10.0, 20.0, 40.0]
    assert found["estimate"] == pytest.approx([1.0, 0.75, 0.5, 0.5])
    assert found["at_risk"].tolist() == [4.0, 4.0, 3.0, 1.0]


def test_a_competing_event_is_no_remission_and_no_censoring():
    rows = {
        "trial": np.zeros(4, np.int64),
        "effect": np.array(["none"] * 4),
        "endpoint": np.array(["S12"] * 4),
        "time": np.array([10.0, 20.0, 30.0, 40.0]),
        "event": np.array([0, 1, 0, 0], np.int8),
        "reason": np.array(["death", "", "withdrawal", ""]),
    }
    found = curves(Table(rows), np.array([0]))
    assert set(found["method"].tolist()) == {"aalen_johansen"}
    assert found["estimate"] == pytest.approx([0.0, 0.0, 0.25, 0.25, 0.25])


def test_the_patients_kept_are_those_of_the_run():
    config = load(["run.trials=6", "run.workers=1", "run.progress=false", "run.sample=2", "effect=neutral"])
    tables = sample(config, run_power(config).tallies)
    decided = run_chunk(config, range(6))
    for effect in ("none", "neutral"):
        kept = tables["trials"].where(tables["trials"]["effect"] == effect)
        for k, trial in enumerate(kept["trial"].tolist()):
            row = decided[effect]["trial"].tolist().index(trial)
            for name in ("n_screened", "P1_responders", "P2_responders", "P3_responders", "S3_n", "accrual_days"):
                assert kept[name][k] == decided[effect][name][row], (effect, trial, name)
    assert set(tables["candidates"]["trial"].tolist()) == set(tables["roles"]["trial"].tolist())


def test_no_sample_is_no_table():
    config = load(["run.sample=0"])
    assert sample(config, {}) == {}
