"""Power over the number of patients: against the closed form, and what is said of a sawtooth."""

import doctest
import re

import numpy as np
import pytest
from scipy import stats

from sim.core.tables import Table
from sim.design import sample_size
from sim.design.sample_size import Found, found, size_table, splits_of
from sim.design.tournament import Counts
from sim.stats import binomial
from sim.words.sample_size import drawing, sample_size_text
from tests.design.virtual_trials import design, shipped_values

COUNTS = Counts(100, 0)


def bank(p1=0.7, p2=0.4):
    """1,000 patients of each kind; P1 with one rate in all, P2 with another in LC."""
    subgroup = np.repeat([0, 1], 1000).astype(np.int8)
    answer = (np.tile(np.arange(1000), 2) < 1000 * p1).astype(np.int8)
    second = np.where(subgroup == 1, np.tile(np.arange(1000), 2) < 1000 * p2, -1).astype(np.int8)
    rows = np.random.default_rng(4).permutation(2000)
    columns = {"subgroup": subgroup, "P1": answer, "P2": second}
    return Table({"trial": rows // 10, "subject": rows % 10, **columns})


def table(endpoints=("P1", "P2"), sizes=range(5, 31), rates=(0.9, 0.4), **changes):
    banks = {"none": bank(0.5, 0.15), "neutral": bank(*rates)}
    return size_table(banks, endpoints, design(**changes), ["none", "neutral"], sizes, 0.8, COUNTS)


def test_every_size_is_the_exact_test_of_that_size():
    rows = table()
    for row in range(rows.length):
        n, null_rate, alpha = (rows[name][row].item() for name in ("n", "null_rate", "alpha"))
        rate = {"P1": (0.5, 0.9), "P2": (0.15, 0.4)}[rows["endpoint"][row]][int(rows["effect"][row] == "neutral")]
        critical = binomial.critical_value(n, null_rate, alpha) if n >= 4 else None
        assert rows["power"][row] == pytest.approx(binomial.power(n, critical, rate), abs=1e-12)
        assert rows["attained_size"][row] == binomial.power(n, critical, null_rate)
        assert rows["n_LN"][row] + rows["n_LC"][row] == n


@pytest.mark.parametrize(
    ("rule", "settings"),
    [
        ("exact_binomial", {}),
        ("bayes", {"prior_responders": 0.5, "prior_failures": 0.5}),
        ("lower_limit", {"limit_above": 0.3}),
        ("go_consider_stop", {"stop_below": 0.2}),
    ],
)
def test_every_size_of_every_counted_rule_by_scipy(rule, settings):
    """One rate, everybody evaluated: each rule written out again with scipy's distributions, and their tails."""
    changed = {**shipped_values()["settings"], **settings}
    rows = table(("P2",), range(4, 31), rule=rule, settings=changed, alpha=[0.1])
    rows = rows.where(rows["effect"] == "neutral")
    for n, power, critical in zip(rows["n"], rows["power"], rows["critical_value"], strict=True):
        x = np.arange(n + 1)
        prior = (changed["prior_responders"], changed["prior_failures"])
        above = [stats.beta.sf(rate, prior[0] + x, prior[1] + n - x) for rate in (0.15, 0.5)]
        go = {
            "exact_binomial": stats.binom.sf(x - 1, n, 0.15) <= 0.1,
            "bayes": above[0] >= 0.9,
            "lower_limit": np.nan_to_num(stats.beta.ppf(0.1, x, n - x + 1.0)) > 0.3,
            "go_consider_stop": (above[0] >= 0.9) & (above[1] >= 0.2),
        }[rule]
        assert power == pytest.approx(stats.binom.pmf(x[go], n, 0.4).sum(), abs=1e-12), n
        assert critical == (x[go][0] if go.any() else pytest.approx(np.nan, nan_ok=True))


@pytest.mark.parametrize("rule", ["ahern", "simon_minimax", "simon_optimal"])
def test_a_planned_rule_has_its_power_from_the_size_that_has_room(rule):
    rows = table(("P2",), range(5, 31), rule=rule, alpha=[0.05])
    one = rows.where(rows["effect"] == "neutral")
    n_final = {"ahern": 10, "simon_minimax": 10, "simon_optimal": 16}[rule]
    assert (one["power"][one["n"] < 10] == 0.0).all()
    room = one.where(one["n"] >= n_final)
    assert set(room["n_final"]) == {n_final}
    x = np.arange(n_final + 1)
    needed, n1, r1 = room["critical_value"][0], room["interim"][0], room["futility"][0]
    if rule == "ahern":
        expected = stats.binom.sf(needed - 1, n_final, 0.4)
    else:
        first, later = int(n1), n_final - int(n1)
        law = stats.binom.pmf(x[: first + 1], first, 0.4) * stats.binom.sf(needed - x[: first + 1] - 1, later, 0.4)
        expected = law[int(r1) + 1 :].sum()
    np.testing.assert_allclose(room["power"], expected, atol=1e-12)


def test_the_best_split_is_that_of_all_splits_by_scipy():
    """Nine in ten LN patients and four in ten LC patients respond: the best split is all LN."""
    subgroup = np.repeat([0, 1], 1000).astype(np.int8)
    place = np.tile(np.arange(1000), 2)
    answer = (place < np.where(subgroup == 0, 900, 400)).astype(np.int8)
    rows = np.random.default_rng(4).permutation(2000)
    patients = Table({"trial": rows // 10, "subject": rows % 10, "subgroup": subgroup, "P1": answer})
    found = size_table(
        {"none": patients, "neutral": patients}, ("P1",), design(), ["neutral"], range(5, 31), 0.8, COUNTS
    )
    for row in np.flatnonzero((found["alpha"] == 0.05) & (found["n"] % 6 == 0)):
        n, n_ln = int(found["n"][row]), int(found["n_LN"][row])
        critical = next(k for k in range(n + 1) if stats.binom.sf(k - 1, n, 0.5) <= 0.05)
        first = np.arange(n_ln + 1)
        power = stats.binom.pmf(first, n_ln, 0.9) @ stats.binom.sf(critical - first - 1, n - n_ln, 0.4)
        assert found["power"][row] == pytest.approx(power, abs=1e-12)
    said = sample_size_text(found.where(found["alpha"] == 0.05), 0.05, {"P1": [10]}, random=False)
    assert re.search(r"by the best split first at n = 8 \(8 LN, 0 LC; 0\.8\d\d ±", said)


def test_the_error_is_that_of_the_rate_at_the_slope_of_the_power():
    rows = table(("P2",), range(20, 21))
    row = np.flatnonzero((rows["effect"] == "neutral") & (rows["alpha"] == 0.05))[0]
    critical = int(rows["critical_value"][row])
    slope = (binomial.power(20, critical, 0.4 + 1e-6) - binomial.power(20, critical, 0.4 - 1e-6)) / 2e-6
    assert rows["power_mcse"][row] == pytest.approx(slope * np.sqrt(0.4 * 0.6 / 1000), rel=1e-5)


def test_splits():
    assert splits_of("P1", design(), 2) == [(0, 2), (1, 1), (2, 0)]
    assert splits_of("P2", design(), 9) == [(0, 9)]
    assert splits_of("P3", design(), 9) == [(9, 0)]
    assert splits_of("P1", design(n_LN=10), 9) == [(9, 0)]
    assert splits_of("P1", design(n_LN=0), 9) == [(0, 9)]
    assert splits_of("P1", design(composition="random"), 9) == [(9, 0)]
    rows = table(("P1",), range(5, 8))
    one = rows.where((rows["effect"] == "neutral") & (rows["alpha"] == 0.05))
    assert one.length == 6 + 7 + 8
    assert one["n_LN"][one["planned_split"]].tolist() == [3, 3, 4]


def test_a_random_composition_plans_no_number_for_a_subgroup():
    rows = table(("P1", "P2"), range(10, 21), composition="random")
    of_subgroup = rows["endpoint"] == "P2"
    assert np.isnan(rows["critical_value"][of_subgroup]).all()
    assert np.isnan(rows["attained_size"][of_subgroup]).all()
    assert np.isfinite(rows["attained_size"][~of_subgroup]).all()
    one = of_subgroup & (rows["effect"] == "neutral") & (rows["alpha"] == 0.05) & (rows["n"] == 12)
    chances, expected = binomial.poisson_binomial([0.5] * 12), 0.0
    for evaluated in range(4, 13):
        critical = binomial.critical_value(evaluated, 0.15, 0.05)
        expected += chances[evaluated] * binomial.power(evaluated, critical, 0.4)
    assert rows["power"][one][0] == pytest.approx(expected, abs=1e-12)
    said = sample_size_text(rows, 0.05, {"P1": [10], "P2": [12]}, random=True)
    assert "P2: n is patients of the trial, LN and LC as they come" in said


def test_what_is_found_in_a_sawtooth():
    assert doctest.testmod(sample_size).failed == 0
    assert found([1, 2, 3], [0.1, 0.2, 0.1], 0.8) == Found(None, None, 2)
    assert found([1, 2, 3], [0.9, 0.9, 0.7], 0.8) == Found(1, None, 1)


def test_the_text_says_where_nothing_is_enough_and_where_the_benchmark_is_the_trouble():
    text = sample_size_text(table(rates=(0.55, 0.2)), 0.05, {"P1": [5, 10], "P2": [5, 30]}, random=False)
    assert "neutral: no n up to 30 reaches 0.8" in text
    assert "P2: n is LC patients; benchmark 0.15" in text
    banks = {"none": bank(0.9, 0.15), "neutral": bank(0.9, 0.4)}
    rows = size_table(banks, ("P1",), design(), ["none"], range(5, 31), 0.8, COUNTS)
    said = sample_size_text(rows, 0.05, {"P1": [10]}, random=False)
    assert "0.90 respond without them and the benchmark is 0.50" in said


def test_the_drawing_puts_each_size_at_its_tenth():
    lines = drawing([5, 6, 7], [0.0, 0.52, 1.0], 0.8, "neutral")
    assert lines[0] == "power, neutral"
    assert lines[1] == "1.0 |  o"
    assert lines[3] == "0.8 |==="
    assert lines[6] == "0.5 | o"
    assert lines[11] == "0.0 |o"
    assert lines[12].split() == ["n", "5"]


def test_a_benchmark_of_the_model_is_marked_circular():
    rows = table(sizes=range(10, 11), benchmarks={"P1": {"basis": "model"}})
    assert rows["circular"].tolist() == (rows["endpoint"] == "P1").tolist()
    assert not table(sizes=range(10, 11))["circular"].any()
