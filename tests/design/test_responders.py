"""The distribution of responders, and success as the benchmark moves, against the decision rule itself."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.design.responders import BENCHMARKS, moving_benchmark, responders_table
from sim.design.rules import at_least, exact_binomial_threshold

DESIGN = load().design


def decided(seed=3, trials=200):
    draw = np.random.default_rng(seed)
    columns = {"trial": np.arange(trials), "filled": np.ones(trials, np.bool_)}
    for stem, most in (("P1", 10), ("P1_LN", 5), ("P1_LC", 5)):
        columns[f"{stem}_n"] = draw.integers(2, most + 1, trials)
        columns[f"{stem}_responders"] = draw.binomial(columns[f"{stem}_n"], 0.6)
    return Table(columns)


def test_every_trial_is_counted_once_in_each_population():
    table = decided()
    found = responders_table({"none": table, "neutral": table}, DESIGN)
    for population, stem in (("all", "P1"), ("LN", "P1_LN"), ("LC", "P1_LC")):
        rows = found.where((found["population"] == population) & (found["effect"] == "neutral"))
        assert rows["trials"].sum() == 200
        assert (rows["trials"] * rows["responders"]).sum() == table[f"{stem}_responders"].sum()
        assert (rows["trials"] * rows["n"]).sum() == table[f"{stem}_n"].sum()
        assert len(set(zip(rows["n"].tolist(), rows["responders"].tolist(), strict=True))) == rows.length


def test_success_at_each_benchmark_is_that_of_the_rule_trial_by_trial():
    table = decided()
    moved = moving_benchmark(responders_table({"none": table}, DESIGN), DESIGN)
    assert moved["null_rate"].tolist() == BENCHMARKS.tolist()
    for k in range(0, moved.length, 7):
        rate = float(moved["null_rate"][k])
        success = at_least(
            table["P1_responders"],
            table["P1_n"],
            lambda n, rate=rate: exact_binomial_threshold(n, rate, DESIGN.alpha[0], DESIGN.min_n),
        )
        assert moved["success"][k] == pytest.approx(success.mean())
    assert np.all(np.diff(moved["success"]) <= 0.0)
