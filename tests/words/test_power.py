"""What a run says first, and the table that it prints."""

from dataclasses import replace

import numpy as np
import pytest

from sim.core.tables import concatenate, rows_of
from sim.design.evaluation import decide, power_table
from sim.design.responders import responders_table
from sim.words.power import explain, in_short
from sim.words.power_table import comparison_table, summary_table
from tests.design.virtual_trials import design, draw

RATES = {"P1": (0.7, 0.6), "P2": (0.0, 0.4), "P3": (0.2, 0.0), "S1": (0.8, 0.9), "S3": (0.6, 0.35)}
EVALUABLE = {"P2": (0.0, 1.0), "P3": (1.0, 0.0)}
SHIPPED = ["P1", "P2 (LC)", "P3 (LN)", "S1", "S2", "S3", "S4", "S5", "S6"]


def table(plan, enrolled, effect="neutral", rates=RATES, n_failed=0):
    decided = decide(*draw(np.random.default_rng(4), enrolled, rates, EVALUABLE), plan)
    return power_table(decided, decided, plan, effect, "batch", len(enrolled) + n_failed, n_failed)


@pytest.fixture(scope="module")
def shipped():
    return table(design(), np.full((2000, 2), 5))


def test_each_endpoint_has_one_sentence_with_what_is_needed_and_expected(shipped):
    headlines = [line for line in explain(shipped) if not line.startswith("Warning")]
    assert [line.split(" at alpha 0.05")[0] for line in headlines] == SHIPPED
    first = headlines[0]
    assert "9 of 10 must respond" in first and "80 % power needs a true rate of 92 %" in first
    assert "0.50 [0.25–0.75] assumed" in first
    assert f"expects {100 * shipped['response_rate'][0]:.0f} % ± " in first
    assert f"under neutral, power {shipped['power'][0]:.2f}" in first


def test_several_effects_share_one_sentence():
    plan, enrolled = design(), np.full((200, 2), 5)
    both = concatenate([table(plan, enrolled, effect) for effect in ("none", "neutral")])
    first = explain(both)[0]
    assert "under none, power" in first and "under neutral, power" in first
    assert len([line for line in explain(both) if line.startswith("P1 ")]) == 1


def test_two_sample_sizes_have_two_sentences():
    both = concatenate([table(design(), np.full((50, 2), 5)), table(design(n=20), np.full((50, 2), 10))])
    lines = [line for line in explain(both) if line.startswith("P1 ")]
    assert ["of 10 must respond" in lines[0], "of 20 must respond" in lines[1]] == [True, True]


def test_a_missing_critical_value_is_a_warning_said_once(shipped):
    warnings = [line for line in explain(shipped) if line.startswith("Warning")]
    texts = [line for line in warnings if "S1 (LN) at alpha 0.05, n = 5" in line]
    assert len(texts) == 1 and "no number of responders can reject 0.6" in texts[0] and "0.078" in texts[0]
    assert not any("S1 at alpha" in line for line in warnings)


def test_a_design_that_is_too_small_says_why():
    lines = explain(table(design(n=2), np.full((50, 2), 1)))
    assert any("P3 (LN) at alpha 0.05, n = 1" in line and "min_n" in line for line in lines)
    assert any("no number of responders out of 2 succeeds" in line for line in lines)


def test_unfilled_failed_and_empty_are_said():
    enrolled = np.repeat([[5, 5], [0, 0]], [30, 10], axis=0)
    lines = explain(table(design(), enrolled, n_failed=3))
    assert any("25.00 % of the trials under neutral did not fill" in line for line in lines)
    assert any("3 of 43 trials under neutral failed" in line for line in lines)
    nobody = explain(table(design(), np.zeros((5, 2), dtype=int)))
    assert any("nobody to be evaluated under neutral, power 0.00" in line for line in nobody)


def test_no_place_for_a_subgroup_is_said():
    lines = explain(table(design(n_LN=10), np.tile([10, 0], (20, 1))))
    assert any("P2 (LC) at alpha 0.05, n = 0: no patient of this kind is planned" in line for line in lines)


def test_a_benchmark_outside_its_range_is_said():
    lines = explain(table(design({"P1": {"null_rate": 0.8}}), np.full((20, 2), 5)))
    assert any("P1: the benchmark 0.8 lies outside its own range" in line for line in lines)


def test_a_number_left_to_chance_is_said():
    lines = explain(table(design(composition="random"), np.full((20, 2), 5)))
    assert any(line.startswith("P2 (LC)") and "left to chance" in line for line in lines)
    assert not any("P2 (LC)" in line for line in lines if line.startswith("Warning"))


def test_what_beats_the_whole_range_stands_in_a_sentence_and_a_column(shipped):
    lines = explain(shipped)
    headline = {name: next(k for k, line in enumerate(lines) if line.startswith(f"{name} at")) for name in SHIPPED}
    assert lines[headline["P1"]].endswith(
        "    To beat the whole range 0.25–0.75, no number of responders is enough."
    )
    found = next(row for row in rows_of(shipped) if (row["endpoint"], row["alpha"]) == ("P2", 0.05))
    power = found["interval_power"]
    assert 0.0 < power < found["power"]
    said = f"To beat the whole range 0.10–0.30, 4 of 5 must respond: power {power:.2f} under neutral."
    assert lines[headline["P2 (LC)"]].endswith(said)
    assert f"({power:.2f} against its whole benchmark range)" in in_short(
        shipped.where(shipped["endpoint"] == "P2")
    )
    body = summary_table(shipped).splitlines()
    p2 = next(line for line in body if line.startswith("P2") and " 0.05 " in line)
    assert f"4/5  {power:.3f} ± {found['interval_power_mcse']:.4f}" in p2 and "–/10" in body[2]


def test_several_effects_share_what_beats_the_whole_range():
    plan, enrolled = design(), np.full((400, 2), 5)
    both = concatenate([table(plan, enrolled, effect) for effect in ("none", "neutral")])
    row = next(row for row in rows_of(both) if row["endpoint"] == "P2")
    power, error = (f"{row[name]:.3f}".removeprefix("0") for name in ("interval_power", "interval_power_mcse"))
    text = comparison_table(both)
    assert f"4/5  {power} {power} ±{error}" in text and text.splitlines()[2].endswith("–/10")


@pytest.mark.parametrize("changes", [{"rule": "simon_minimax", "n": 60, "alpha": [0.05]}, "interval_upper"])
def test_nothing_is_said_of_the_range_where_it_is_tested_already_or_cannot_be(changes):
    plan = design(**changes) if isinstance(changes, dict) else design()
    if changes == "interval_upper":
        plan = replace(plan, benchmarks=replace(plan.benchmarks, tested=changes))
    found = table(plan, np.full((40, 2), plan.n // 2))
    assert not any("whole range" in line for line in explain(found)) and "whole" not in in_short(found)


def test_summary_is_aligned_and_complete(shipped):
    lines = summary_table(shipped).splitlines()
    body = lines[2 : 2 + shipped.length]
    start = lines[0].index("benchmark")
    assert all(line[start - 1] == " " and line[start] != " " for line in body)
    assert [line.split()[:2] for line in body] == [
        list(pair) for pair in zip(shipped["endpoint"], shipped["population"], strict=True)
    ]
    assert "9/10" in body[0] and f"{shipped['power'][0]:.3f} ± {shipped['power_mcse'][0]:.4f}" in body[0]
    assert any("–/5" in line for line in body)
    assert "not a type I error" in lines[-2]


def test_summary_shows_what_is_not_defined_as_a_dash():
    text = summary_table(table(design(composition="random"), np.zeros((5, 2), dtype=int)))
    assert "by trial" in text and " – " in text and "nan" not in text


def test_the_answer_in_short_names_the_best_power_and_the_likeliest_false_go():
    plan, enrolled = design(), np.full((2000, 2), 5)
    inert = decide(*draw(np.random.default_rng(4), enrolled, RATES, EVALUABLE), plan)
    better = {**RATES, "P2": (0.0, 0.9)}
    acting = decide(*draw(np.random.default_rng(4), enrolled, better, EVALUABLE), plan)
    both = concatenate([
        power_table(inert, inert, plan, "none", "batch", 2000, 0),
        power_table(acting, inert, plan, "neutral", "batch", 2000, 0),
    ])  # fmt: skip
    said = in_short(both)
    rows = [row for row in rows_of(both) if row["alpha"] == 0.05]
    best = next(row["power"] for row in rows if (row["endpoint"], row["effect"]) == ("P2", "neutral"))
    go = next(row["false_go_inert"] for row in rows if row["endpoint"] == "S1" and row["population"] == "all")
    assert best > 0.8 and "no endpoint reaches" not in said
    assert f"P2 (LC) has {best:.2f} under neutral" in said
    assert f"S1 would still succeed in {100 * go:.0f} % of the trials, no other endpoint more often" in said
    assert "no endpoint reaches 80 % power" in in_short(power_table(inert, inert, plan, "none", "batch", 2000, 0))


@pytest.mark.parametrize(
    ("power", "inert", "said"),
    [
        (0.0, 0.0, "no endpoint succeeds in any trial under neutral. If the cells did nothing, none would succeed "
         "in any trial."),
        (0.002, 0.004, "no endpoint reaches 80 % power; P1 comes nearest with 0.0020 under neutral. If the cells "
         "did nothing, P1 would still succeed in 0.40 % of the trials."),
    ],
)  # fmt: skip
def test_power_near_zero_is_not_said_as_a_rounded_zero(shipped, power, inert, said):
    one = shipped.where(np.arange(shipped.length) == 0)
    values = {"power": power, "false_go_inert": inert, "interval_power": np.nan}
    assert in_short(one.adding({name: np.array([value]) for name, value in values.items()})) == f"In short: {said}"


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ({10: 300}, None),
        ({10: 298, 9: 2}, "10 a trial, in 0.67 % of the trials 9."),
        ({10: 290, 9: 8, 7: 2}, "10 a trial, in 3.3 % of the trials 7 to 9."),
        ({10: 200, 9: 60, 8: 38, 7: 2}, "8 to 10 a trial, in 0.67 % of the trials 7."),
        ({10: 150, 9: 150}, "9 to 10 a trial."),
    ],
)
def test_an_endpoint_that_leaves_patients_out_says_how_many_and_rare_losses_apart(judged, said):
    """Two of 300 trials with a patient less are not told as if that were usual."""
    plan, enrolled = design(), np.full((300, 2), 5)
    decided = decide(*draw(np.random.default_rng(4), enrolled, RATES, EVALUABLE), plan)
    numbers = np.repeat(list(judged), list(judged.values()))
    decided = decided.adding({"S3_n": numbers, "S3_responders": np.minimum(decided["S3_responders"], numbers)})
    power = power_table(decided, decided, plan, "neutral", "batch", 300, 0)
    lines = [
        line
        for line in explain(power, responders_table({"neutral": decided}, plan))
        if "Not every patient can be judged" in line
    ]
    assert [line.split(" ")[0] for line in lines] == (["S3"] if said else [])
    assert said is None or f"judged: {said} Each trial" in lines[0]
