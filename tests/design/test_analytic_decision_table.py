"""The decision table on trials with known rates: the law of every outcome, and what each rule says of it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.design.decision import decide
from sim.design.decision_table import Run, cell_table, decision_table
from sim.design.outcome_law import outcome_law
from sim.design.predictive import predictive_table
from sim.design.rules import plan_of, question
from sim.design.tally import tallied
from sim.words.decision import document
from sim.words.layout import aligned, markdown
from sim.words.limits import refused_section
from tests.design.virtual_trials import design, draw

RATES = {"P1": (0.9, 0.3), "P2": (0.0, 0.4), "S3": (0.6, 0.35)}
EVALUABLE = {"P2": (0.0, 1.0), "S3": (0.9, 0.8)}
TRIALS = 4000


@pytest.fixture(scope="module")
def tables():
    plan = design()
    enrolled = np.full((TRIALS, 2), 5)
    enrolled[:100, 0] = 3
    decided = decide(*draw(np.random.default_rng(11), enrolled, RATES, EVALUABLE), plan, tuple(RATES))
    runs = [Run(effect, tallied(decided), TRIALS + 7, 7) for effect in ("neutral", "none")]
    return plan, decision_table(runs, plan, tuple(RATES)), cell_table(runs, plan, tuple(RATES))


def asked(plan):
    return question(plan, "P2", "LC", 0.05)


def of(table, **keys):
    return table.where(np.logical_and.reduce([table[name] == value for name, value in keys.items()]))


def law(endpoint):
    first, second = (stats.binom.pmf(np.arange(6), 5, rate) for rate in RATES[endpoint])
    return second if endpoint == "P2" else np.convolve(first, second)


@pytest.mark.parametrize("endpoint", RATES)
def test_every_outcome_has_its_exact_law_and_is_seen_as_often(tables, endpoint):
    _, decisions, _ = tables
    found = of(decisions, endpoint=endpoint, effect="neutral")
    assert found["responders"].tolist() == list(range(len(law(endpoint))))
    assert np.all(np.abs(found["probability"] - law(endpoint)) <= 4.5 * found["probability_mcse"] + 1e-9)
    truth, complete = law(endpoint), found["n_complete"][0]
    error = np.sqrt(truth * (1 - truth) / complete) + 1 / complete
    assert np.all(np.abs(found["frequency"] - truth) <= 4.5 * error)
    share = found["frequency"]
    assert found["frequency_mcse"] == pytest.approx(np.sqrt(share * (1 - share) / complete))
    assert found["probability"].sum() == pytest.approx(1.0) and found["frequency"].sum() == pytest.approx(1.0)
    assert (found["n_trials"][0], found["n_requested"][0], found["n_failed"][0]) == (TRIALS, TRIALS + 7, 7)


def test_only_trials_with_all_planned_patients_are_seen(tables):
    _, decisions, _ = tables
    assert set(of(decisions, endpoint="P1")["n_complete"].tolist()) == {TRIALS - 100}
    complete = of(decisions, endpoint="S3", effect="none")["n_complete"][0]
    truth = (0.9 * 0.8) ** 5
    assert abs(complete / (TRIALS - 100) - truth) < 4.5 * np.sqrt(truth * (1 - truth) / (TRIALS - 100))


@pytest.mark.parametrize("endpoint", ["P1", "S3"])
def test_the_36_cells_are_products_and_add_up_to_the_outcomes(tables, endpoint):
    _, decisions, cells = tables
    found = of(cells, endpoint=endpoint, effect="neutral")
    assert found.length == 36
    assert np.array_equal(found["responders"], found["responders_LN"] + found["responders_LC"])
    first, second = (stats.binom.pmf(np.arange(6), 5, rate) for rate in RATES[endpoint])
    assert np.all(
        np.abs(found["probability"] - np.outer(first, second).ravel()) <= 4.5 * found["probability_mcse"] + 1e-9
    )
    whole = of(decisions, endpoint=endpoint, effect="neutral")
    for column in ("probability", "frequency"):
        summed = np.bincount(found["responders"], weights=found[column])
        assert summed == pytest.approx(whole[column], abs=1e-12)


def test_an_outcome_says_what_its_interval_posterior_and_rules_say(tables):
    _, decisions, _ = tables
    found = of(decisions, endpoint="P1", effect="none")
    x = found["responders"]
    limits = [stats.binomtest(int(k), 10).proportion_ci(0.95, "exact") for k in x]
    assert found["low"] == pytest.approx([limit.low for limit in limits])
    assert found["high"] == pytest.approx([limit.high for limit in limits])
    assert found["posterior_mean"] == pytest.approx((1 + x) / 12)
    assert found["p_above_benchmark"] == pytest.approx(stats.beta(1 + x, 11 - x).sf(0.5))
    assert found["p_above_target"] == pytest.approx(stats.beta(1 + x, 11 - x).sf(0.75))
    assert found["exact_binomial"].tolist() == ["stop"] * 9 + ["go"] * 2
    assert found["bayes"].tolist() == ["stop"] * 8 + ["go"] * 3
    assert found["go_consider_stop"].tolist() == ["stop"] * 6 + ["consider"] * 2 + ["go"] * 3


def test_the_whole_range_is_beaten_where_the_exact_test_beats_its_upper_end(tables):
    plan, decisions, cells = tables
    for endpoint, n, high in (("P1", 10, 0.75), ("P2", 5, 0.30), ("S3", 10, 0.45)):
        tail = stats.binom.sf(np.arange(n + 1) - 1, n, high)
        expected = np.where(tail <= 0.05, "go", "stop")
        found = of(decisions, endpoint=endpoint, effect="none")
        assert found["interval"].tolist() == expected.tolist()
        assert (tail <= 0.05).any() == (endpoint != "P1")
        if endpoint != "P2":
            both = of(cells, endpoint=endpoint, effect="none")
            assert both["interval"].tolist() == expected[both["responders"]].tolist()
    predictive = predictive_table("P2", plan_of("exact_binomial", 5, asked(plan)), 5, asked(plan))
    lines = document(decisions, None, predictive, plan, ("P2",), aligned)
    own = [line for line in lines if line.startswith("range: exact test against the upper end 0.3 ")]
    size, power = stats.binom.sf(3, 5, 0.15), stats.binom.sf(3, 5, 0.5)
    assert len(own) == 1
    assert own[0].split("0.3 ", 1)[1].split() == ["4", "of", "5", "3", f"{size:.3f}", f"{power:.3f}"]


def test_the_upper_end_has_no_line_of_its_own_where_it_is_what_is_tested(tables):
    plan, decisions, _ = tables
    upper = replace(plan, benchmarks=replace(plan.benchmarks, tested="interval_upper"))
    predictive = predictive_table("P2", None, 5, asked(plan))
    text = "\n".join(document(decisions, None, predictive, upper, ("P2",), aligned))
    assert "range: exact test" not in text and "benchmark 0.3, the upper end of its range" in text


def test_the_error_of_the_law_is_the_numerical_derivative():
    counts, rates, errors, step = np.array([5, 4]), np.array([0.6, 0.3]), np.array([0.02, 0.03]), 1e-6
    _, error = outcome_law(counts, rates, errors)

    def at(shift):
        return outcome_law(counts, rates + shift, errors)[0]

    slopes = [(at(step * unit) - at(-step * unit)) / (2 * step) for unit in np.eye(2)]
    assert error == pytest.approx(np.hypot(slopes[0] * errors[0], slopes[1] * errors[1]), rel=1e-5)


def test_only_endpoints_of_one_subgroup_have_no_cells(tables):
    plan, _, _ = tables
    decided = decide(*draw(np.random.default_rng(1), np.full((9, 2), 5), RATES, EVALUABLE), plan, ("P2",))
    assert cell_table([Run("none", tallied(decided), 9, 0)], plan, ("P2",)) is None


@pytest.mark.parametrize("layout", [aligned, markdown])
def test_the_document_names_c_of_every_rule(tables, layout):
    plan, decisions, cells = tables
    first = question(plan, "P1", "all", 0.05)
    predictive = predictive_table("P1", plan_of("exact_binomial", 10, first), 10, first)
    text = "\n".join(document(decisions, cells, predictive, plan, ("P1",), layout))
    assert "## P1: 10 patients, benchmark 0.5, target 0.75 (both assumed)" in text
    for words in ("9 of 10", "8 of 10", "Simon two-stage, minimax: 23 patients, 10 are planned", "16 of 23"):
        assert words in text
    assert "a certainty above 0.9673 and up to 0.9941 makes the posterior rule the exact test" in text
    assert "3,900 of 4,000 under neutral" in text


def test_what_cannot_be_shown_is_said():
    text = "\n".join(refused_section(design()))
    assert "10 patients: 45 of at most 55; 5 patients: 15 of at most 15" in text
    assert "reject only a reference up to 0.741" in text
    assert "none of 0 to 10 is enough" in "\n".join(refused_section(design(n=4, min_n=1)))
    for word in ("mmrm", "multiple_imputation", "augmented_binary", "Robust mixture priors"):
        assert word in text
