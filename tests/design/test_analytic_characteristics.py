"""Operating characteristics on trials drawn with known rates: simulated shares against the exact law."""

import math

import numpy as np
import pytest

from sim.design.accrual import Accrual, duration
from sim.design.characteristics import characteristics, operating_curve
from sim.design.decision import decide
from sim.design.evaluation import power_table
from sim.words.rules import rule_sentences, rules_table
from tests.design.virtual_trials import design, draw, row

RATES = {"P1": (0.8, 0.65), "P2": (0.0, 0.4), "P3": (0.2, 0.0), "S3": (0.6, 0.35)}
EVALUABLE = {"P2": (0.0, 1.0), "P3": (1.0, 0.0), "S3": (0.9, 0.6)}
TRIALS = 6000
DESIGNS = [
    {"rule": "simon_minimax", "alpha": [0.05], "n": 40},
    {"rule": "simon_optimal", "alpha": [0.05], "n": 40},
    {"rule": "ahern", "alpha": [0.05], "n": 40},
    {"rule": "bayes"},
    {"rule": "go_consider_stop", "alpha": [0.2]},
    {"rule": "lower_limit"},
]


@pytest.fixture(scope="module", params=DESIGNS, ids=lambda changes: changes["rule"])
def evaluated(request):
    plan = design(**request.param)
    half = np.full((TRIALS, 2), plan.n // 2)
    half[:600, 0] -= 3  # some trials do not fill
    decided = decide(*draw(np.random.default_rng(7), half, RATES, EVALUABLE), plan)
    power = power_table(decided, None, plan, "neutral", "batch", TRIALS, 0)
    return plan, characteristics(decided, plan, "neutral", TRIALS, 0), power


def test_every_simulated_share_agrees_with_its_exact_law(evaluated):
    _, table, _ = evaluated
    for verdict in ("go", "consider", "stop", "stop_early"):
        gap = np.abs(table[f"p_{verdict}"] - table[f"exact_{verdict}"])
        error = np.hypot(table[f"p_{verdict}_mcse"], table[f"exact_{verdict}_mcse"])
        assert np.all(gap <= 4.5 * error + 1e-12)
    assert np.allclose(table["p_go"] + table["p_consider"] + table["p_stop"], 1.0)


def test_go_is_the_power_of_the_power_table(evaluated):
    _, table, power = evaluated
    assert np.array_equal(table["p_go"], power["power"])
    assert table["exact_go"] == pytest.approx(power["exact_power"], abs=1e-12)
    error = np.hypot(power["power_mcse"], power["exact_power_mcse"])
    assert np.all(np.abs(power["power"] - power["exact_power"]) <= 4.5 * error)
    size = np.where(np.isnan(table["needed"]), 0.0, table["go_at_benchmark"])
    assert power["attained_size"] == pytest.approx(size, abs=1e-12)


def test_designs_with_a_wanted_power_keep_both_errors(evaluated):
    plan, table, _ = evaluated
    if plan.rule not in ("simon_minimax", "simon_optimal", "ahern"):
        return
    with_design = ~np.isnan(table["n_final"])
    assert with_design.sum() >= 4
    assert np.all(table["go_at_benchmark"][with_design] <= 0.05)
    assert np.all(table["go_at_target"][with_design] >= 0.8)
    assert not table["p_go"][~with_design].any()


def test_the_mean_number_of_patients_is_the_expected_one():
    plan = design(rule="simon_minimax", alpha=[0.05], n=40)
    decided = decide(*draw(np.random.default_rng(3), np.full((TRIALS, 2), 20), {"P1": (0.5, 0.5)}), plan)
    found = row(characteristics(decided, plan, "none", TRIALS, 0), endpoint="P1", population="all")
    assert (found["interim"], found["futility"], found["n_final"], found["needed"]) == (14, 7, 23, 16)
    expected = found["expected_n_pause_at_benchmark"]
    assert expected == pytest.approx(17.6, abs=0.05)
    assert abs(found["mean_n"] - expected) < 4.5 * found["mean_n_mcse"]
    assert abs(found["p_go"] - found["go_at_benchmark"]) < 4.5 * found["p_go_mcse"]


@pytest.mark.parametrize("changes", [{"rule": "simon_minimax", "alpha": [0.05], "n": 40}, {"rule": "lower_limit"}])
def test_the_curve_passes_through_benchmark_and_target(changes):
    plan = design(**changes)
    half = np.full((50, 2), plan.n // 2)
    decided = decide(*draw(np.random.default_rng(3), half, RATES, EVALUABLE), plan)
    table = characteristics(decided, plan, "neutral", 50, 0)
    rates = [0.05, 0.15, 0.3, 0.5, 0.6, 0.75]
    curve = operating_curve(decided, plan, rates)
    for endpoint, population, benchmark, target in (("P1", "all", 0.5, 0.75), ("P2", "LC", 0.15, 0.5)):
        keys = {"endpoint": endpoint, "population": population, "alpha": 0.05}
        said = row(table, **keys)
        for place, rate in (("benchmark", benchmark), ("target", target)):
            at = row(curve, rate=rate, **keys)
            for name in ("go", "stop", "stop_early", "expected_n_pause", "expected_n_no_pause", "weeks_no_pause"):
                assert at[name] == pytest.approx(said[f"{name}_at_{place}"])
        go = [row(curve, rate=rate, **keys)["go"] for rate in rates]
        assert go == sorted(go) and go[0] < go[-1]


def test_words_name_stages_and_costs():
    plan = design(rule="simon_minimax", alpha=[0.05], n=40)
    decided = decide(*draw(np.random.default_rng(3), np.full((50, 2), 20), RATES, EVALUABLE), plan)
    table = characteristics(decided, plan, "neutral", 50, 0)
    text = "\n".join(rule_sentences(table))
    assert "first 14 patients, stop with at most 7 responders; else 23 patients, success with more than 15" in text
    assert "stops early with probability 0.60 at the benchmark" in text
    assert "17.6 if accrual pauses" in text
    small = design(rule="simon_minimax", alpha=[0.05], n=10)
    decided = decide(*draw(np.random.default_rng(3), np.full((50, 2), 5), RATES, EVALUABLE), small)
    table = characteristics(decided, small, "neutral", 50, 0)
    assert "no such design of at most 10 patients keeps size and power" in "\n".join(rule_sentences(table))
    assert "none" in rules_table(table)


def test_enrolment_fills_each_subgroup_at_its_own_rate():
    accrual = Accrual((5.0, 5.0), (0.1, 1.0))
    assert accrual.enrolled(5) == 5.5 and accrual.enrolled(1000) == 10
    assert accrual.week_of(5.5) == pytest.approx(5) and accrual.week_of(10) == 50
    assert accrual.week_of(0) == 0 and math.isinf(accrual.week_of(11))
    for patients in (0.7, 3, 6.2, 9.9):
        assert accrual.enrolled(accrual.week_of(patients)) == pytest.approx(patients)
    assert math.isinf(Accrual((5.0,), (0.0,)).week_of(1))


def test_without_a_pause_a_stopped_trial_has_enrolled_more_and_a_finished_one_is_sooner():
    accrual = Accrual((20.0,), (0.5,))
    cost = duration(accrual, 6, 20, 0.75, 24)
    assert cost.enrolled_at_look == 18  # 12 weeks for six, 24 weeks of waiting at one in two weeks
    assert cost.expected_n_pause == 0.75 * 6 + 0.25 * 20
    assert cost.expected_n_no_pause == 0.75 * 18 + 0.25 * 20
    assert cost.weeks_pause == 0.75 * 36 + 0.25 * (36 + 28 + 24)
    assert cost.weeks_no_pause == 0.75 * 36 + 0.25 * (40 + 24)
    one_stage = duration(accrual, 0, 20, 0.0, 24)
    assert (one_stage.expected_n_pause, one_stage.weeks_pause, one_stage.weeks_no_pause) == (20, 64, 64)
