"""The power table against closed forms, on trials drawn with known response rates.

Tolerance everywhere: 4.5 standard errors, which a right program exceeds once in 150,000 comparisons.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.config.build import build
from sim.config.design import Design
from sim.design.evaluation import decide, power_table
from sim.stats import binomial, intervals, monte_carlo
from sim.words.power import explain
from tests.design.virtual_trials import design, draw, row, shipped_values, trials_table

RATES = {"P1": (0.9, 0.3), "P2": (0.0, 0.4), "P3": (0.2, 0.0), "S1": (0.8, 0.95), "S3": (0.6, 0.35)}
EVALUABLE = {"P2": (0.0, 1.0), "P3": (1.0, 0.0), "S3": (0.9, 0.5)}
COLUMNS = [
    "endpoint", "population", "rule", "effect", "engine", "n", "n_min", "n_max", "null_rate", "alpha",
    "critical_value", "attained_size", "response_rate", "response_rate_mcse", "power", "power_mcse", "power_low",
    "power_high", "p_filled", "power_given_filled", "exact_power", "exact_power_mcse", "false_go_inert",
    "false_go_inert_mcse", "interval_critical_value", "interval_power", "interval_power_mcse",
    "interval_false_go_inert", "interval_false_go_inert_mcse", "model_low", "model_high", "benchmark_low",
    "benchmark_high", "benchmark_assumed",
    "circular", "n_trials", "n_requested", "n_failed",
]  # fmt: skip
TRIALS = 20_000


def evaluated(plan, enrolled, rates=RATES, evaluable=EVALUABLE, seed=7, inert=None, **run):
    decided = decide(*draw(np.random.default_rng(seed), enrolled, rates, evaluable), plan)
    run = {"effect": "neutral", "engine": "batch", "n_requested": len(enrolled), "n_failed": 0} | run
    return power_table(decided, inert, plan, **run)


@pytest.fixture(scope="module")
def filled_table():
    return evaluated(design(), np.full((TRIALS, 2), 5))


def near(estimate, truth, error):
    return abs(estimate - truth) < 4.5 * error


def test_rows_and_columns_are_those_of_the_power_table(filled_table):
    assert list(filled_table) == COLUMNS
    keys = list(zip(filled_table["endpoint"], filled_table["population"], strict=True))
    expected = [(e, p) for e in ("P1",) for p in ("all", "LN", "LC")] + [("P2", "LC"), ("P3", "LN")]
    expected += [(e, p) for e in ("S1", "S2", "S3", "S4", "S5", "S6") for p in ("all", "LN", "LC")]
    assert keys == [key for key in expected for _ in range(2)]
    assert filled_table["alpha"].tolist() == [0.05, 0.10] * 23
    assert np.isnan(filled_table["model_low"]).all() and np.isnan(filled_table["false_go_inert"]).all()


def test_power_under_quotas_is_poisson_binomial_and_not_binomial(filled_table):
    found = row(filled_table, endpoint="P1", population="all", alpha=0.05)
    truth = binomial.power_poisson_binomial([0.9] * 5 + [0.3] * 5, 9)
    assert (found["n"], found["critical_value"], found["n_min"], found["n_max"]) == (10, 9, 10, 10)
    assert near(found["power"], truth, found["power_mcse"])
    assert near(found["exact_power"], truth, found["exact_power_mcse"])
    assert found["exact_power_mcse"] < found["power_mcse"] / 2
    assert not near(found["power"], stats.binom.sf(8, 10, 0.6), found["power_mcse"])
    assert found["attained_size"] == pytest.approx(11 / 1024)


@pytest.mark.parametrize(
    ("endpoint", "population", "n", "rate"),
    [
        ("P1", "LN", 5, 0.9),
        ("P1", "LC", 5, 0.3),
        ("P2", "LC", 5, 0.4),
        ("P3", "LN", 5, 0.2),
        ("S1", "LC", 5, 0.95),
    ],
)
@pytest.mark.parametrize("alpha", [0.05, 0.10])
def test_power_of_one_stratum_is_binomial(filled_table, endpoint, population, n, rate, alpha):
    found = row(filled_table, endpoint=endpoint, population=population, alpha=alpha)
    critical = binomial.critical_value(n, found["null_rate"], alpha)
    truth = binomial.power(n, critical, rate)
    assert near(found["response_rate"], rate, found["response_rate_mcse"])
    assert near(found["power"], truth, found["power_mcse"]) if critical else found["power"] == 0.0
    assert (
        near(found["exact_power"], truth, found["exact_power_mcse"]) if critical else found["exact_power"] == 0.0
    )


def test_without_a_critical_value_power_is_zero_and_nothing_fails(filled_table):
    found = row(filled_table, endpoint="S1", population="LC", alpha=0.05)  # 0.6**5 = 0.078
    assert np.isnan(found["critical_value"])
    assert [found[name] for name in ("attained_size", "power", "exact_power", "power_mcse")] == [0.0] * 4
    assert found["power_low"] == 0.0 and 0.0 < found["power_high"] < 0.001
    assert near(found["response_rate"], 0.95, found["response_rate_mcse"])


def test_each_estimate_has_its_error_and_wilson_interval(filled_table):
    for k in range(filled_table.length):
        p = filled_table["power"][k]
        assert filled_table["power_mcse"][k] == pytest.approx(np.sqrt(p * (1 - p) / TRIALS))
        low, high = intervals.wilson(round(p * TRIALS), TRIALS)
        assert (filled_table["power_low"][k], filled_table["power_high"][k]) == (low, high)


def test_rate_error_is_stratified_under_quotas(filled_table):
    found = row(filled_table, endpoint="P1", population="all", alpha=0.05)
    assert near(found["response_rate"], 0.6, found["response_rate_mcse"])
    expected = np.sqrt(0.25 * (0.9 * 0.1 + 0.3 * 0.7) / (5 * TRIALS))
    assert found["response_rate_mcse"] == pytest.approx(expected, rel=0.02)


def test_subgroup_benchmarks_are_their_own(filled_table):
    rates = [row(filled_table, endpoint="S3", population=p, alpha=0.05)["null_rate"] for p in ("all", "LN", "LC")]
    assert rates == [0.30, 0.35, 0.20]
    assert filled_table["benchmark_assumed"].all()
    assert not filled_table["circular"].any()


def test_the_interval_null_is_the_exact_test_of_the_upper_end():
    values = shipped_values()
    values["benchmarks"]["tested"] = "interval_upper"
    plan, enrolled = build(Design, values, "design"), np.tile([5, 5], (2000, 1))
    table = evaluated(plan, enrolled)
    for endpoint, population, n, high in (("P1", "all", 10, 0.75), ("S3", "LC", 5, 0.45), ("P3", "LN", 5, 0.12)):
        found = row(table, endpoint=endpoint, population=population, alpha=0.10)
        tails = [
            sum(math.comb(n, k) * high**k * (1 - high) ** (n - k) for k in range(c, n + 1)) for c in range(n + 1)
        ]
        needed = next(c for c, tail in enumerate(tails) if tail <= 0.10)
        assert (found["null_rate"], found["critical_value"]) == (high, needed)
        assert found["attained_size"] == pytest.approx(tails[needed], abs=1e-12)
    assert np.isnan(row(table, endpoint="P1", population="all", alpha=0.05)["critical_value"])  # 0.75 ** 10 > 0.05


@pytest.mark.parametrize(
    ("endpoint", "population", "strata", "high"),
    [
        ("P1", "all", [0.9] * 5 + [0.3] * 5, 0.75),
        ("P2", "LC", [0.4] * 5, 0.30),
        ("P3", "LN", [0.2] * 5, 0.12),
        ("S1", "LC", [0.95] * 5, 0.75),
    ],
)
def test_beside_the_benchmark_stands_the_power_against_the_whole_range(
    filled_table, endpoint, population, strata, high
):
    found, n = row(filled_table, endpoint=endpoint, population=population, alpha=0.10), len(strata)
    tails = [sum(math.comb(n, k) * high**k * (1 - high) ** (n - k) for k in range(c, n + 1)) for c in range(n + 1)]
    needed = next((c for c, tail in enumerate(tails) if tail <= 0.10), None)
    truth = binomial.power_poisson_binomial(strata, needed)
    assert found["interval_critical_value"] == needed if needed else np.isnan(found["interval_critical_value"])
    assert near(found["interval_power"], truth, found["interval_power_mcse"]) if needed else truth == 0.0
    power = found["interval_power"]
    assert found["interval_power_mcse"] == pytest.approx(np.sqrt(power * (1 - power) / TRIALS))


@pytest.mark.parametrize("rule", ["exact_binomial", "bayes", "lower_limit", "go_consider_stop"])
def test_both_nulls_stand_in_one_table_as_each_would_alone(rule):
    targets = {name: {"target": 0.95} for name in shipped_values()["benchmarks"] if name != "tested"}
    plan = design(targets, rule=rule)
    upper = replace(plan, benchmarks=replace(plan.benchmarks, tested="interval_upper"))
    drawn = [draw(np.random.default_rng(seed), np.full((400, 2), 5), RATES, EVALUABLE) for seed in (1, 2)]
    run = {"effect": "neutral", "engine": "batch", "n_requested": 400, "n_failed": 0}
    both, alone = (
        power_table(decide(*drawn[0], each), decide(*drawn[1], each), each, **run) for each in (plan, upper)
    )
    for name in ("critical_value", "power", "power_mcse", "false_go_inert", "false_go_inert_mcse"):
        np.testing.assert_array_equal(both[f"interval_{name}"], alone[name], err_msg=name)
        np.testing.assert_array_equal(alone[f"interval_{name}"], alone[name], err_msg=name)
    assert np.any(both["interval_power"] < both["power"])
    assert np.any(both["interval_false_go_inert"] != both["interval_power"])


def test_a_range_up_to_one_is_beaten_by_nothing_and_a_range_below_the_benchmark_is_the_benchmark():
    plan = design({"P1": {"high": 1.0}, "S1": {"low": 0.1, "high": 0.2}})
    table = evaluated(plan, np.full((300, 2), 5))
    never = row(table, endpoint="P1", population="all", alpha=0.10)
    assert (never["interval_power"], never["interval_power_mcse"]) == (0.0, 0.0)
    assert np.isnan(never["interval_critical_value"]) and never["power"] > 0.0
    same = row(table, endpoint="S1", population="all", alpha=0.10)
    assert (same["interval_critical_value"], same["interval_power"]) == (same["critical_value"], same["power"])


def test_planned_numbers_belong_to_one_benchmark():
    plan = design(rule="simon_minimax", n=60, alpha=[0.05])
    table = evaluated(plan, np.full((20, 2), 30))
    assert np.isnan(table["interval_critical_value"]).all() and np.isnan(table["interval_power"]).all()


def test_a_benchmark_of_the_model_makes_false_go_circular():
    plan = design({"P1": {"basis": "model"}, "S3": {"basis": "published"}})
    table = evaluated(plan, np.tile([5, 5], (50, 1)))
    circular = {name: set(table["circular"][table["endpoint"] == name].tolist()) for name in ("P1", "P2", "S3")}
    assumed = {name: set(table["benchmark_assumed"][table["endpoint"] == name].tolist()) for name in circular}
    assert circular == {"P1": {True}, "P2": {False}, "S3": {False}}
    assert assumed == {"P1": {False}, "P2": {True}, "S3": {False}}
    said = "\n".join(explain(table))
    assert "0.50 [0.25–0.75] from the model;" in said
    assert said.count("P1: the benchmark comes from this model") == 1


def s3_truth(alpha):
    """Power of S3 when each patient is in the population by chance, over all numbers of evaluated patients."""
    total = 0.0
    for a in range(6):
        for b in range(6):
            weight = stats.binom.pmf(a, 5, 0.9) * stats.binom.pmf(b, 5, 0.5)
            critical = binomial.critical_value(a + b, 0.30, alpha) if a + b >= 4 else None
            total += weight * binomial.power_poisson_binomial([0.6] * a + [0.35] * b, critical)
    return total


@pytest.mark.parametrize("alpha", [0.05, 0.10])
def test_random_denominators_are_a_mixture(filled_table, alpha):
    found = row(filled_table, endpoint="S3", population="all", alpha=alpha)
    assert found["n"] == 10 and found["n_min"] < found["n_max"] == 10
    assert near(found["power"], s3_truth(alpha), found["power_mcse"])
    assert near(found["exact_power"], s3_truth(alpha), found["exact_power_mcse"])
    rate = (4.5 * 0.6 + 2.5 * 0.35) / 7
    assert near(found["response_rate"], rate, found["response_rate_mcse"])


def test_every_row_agrees_with_its_own_closed_form(filled_table):
    gap = np.abs(filled_table["power"] - filled_table["exact_power"])
    error = np.hypot(filled_table["power_mcse"], filled_table["exact_power_mcse"])
    assert np.all(gap <= 4.5 * error)
    assert filled_table["power_mcse"].max() < 0.004  # small enough to see a critical value that is one off


def test_the_form_of_the_rate_error_follows_the_denominators():
    plan, enrolled = design(), np.full((60, 2), 5)
    decided = decide(*draw(np.random.default_rng(7), enrolled, RATES, EVALUABLE), plan)
    table = power_table(decided, None, plan, "neutral", "batch", 60, 0)
    random = row(table, endpoint="S3", population="all", alpha=0.05)
    of_trials = monte_carlo.ratio_mcse(decided["S3_responders"], decided["S3_n"])
    assert random["response_rate_mcse"] == pytest.approx(of_trials, rel=1e-12)
    fixed = row(table, endpoint="P1", population="all", alpha=0.05)
    responders = [decided["P1_LN_responders"].sum(), decided["P1_LC_responders"].sum()]
    assert fixed["response_rate_mcse"] == monte_carlo.stratified_mcse(responders, [300, 300])


@pytest.fixture(scope="module")
def repeated():
    """One small evaluation 400 times over: what the errors promise must be what happens."""
    plan = design(composition="quota", alpha=[0.10])
    return [evaluated(plan, np.full((250, 2), 5), seed=1000 + k) for k in range(400)]


@pytest.mark.parametrize("endpoint", ["P1", "S3"])
@pytest.mark.parametrize("estimate", ["response_rate", "power", "exact_power"])
def test_standard_errors_are_those_of_repetition(repeated, endpoint, estimate):
    rows = [row(table, endpoint=endpoint, population="all", alpha=0.10) for table in repeated]
    spread = np.std([found[estimate] for found in rows], ddof=1)
    promised = np.sqrt(np.mean([found[f"{estimate}_mcse"] ** 2 for found in rows]))
    # log of an SD from 400 repetitions: error 1/sqrt(2 · 399) = 0.035, doubled at most for skewed estimates
    assert abs(np.log(spread / promised)) < 4.5 * 0.035


def test_random_composition_is_binomial_at_the_mean_rate():
    plan = design(composition="random")
    lupus_nephritis = np.random.default_rng(3).binomial(10, 0.3, TRIALS)
    table = evaluated(plan, np.stack([lupus_nephritis, 10 - lupus_nephritis], axis=1))
    found = row(table, endpoint="P1", population="all", alpha=0.10)
    rate = 0.3 * 0.9 + 0.7 * 0.3
    truth = stats.binom.sf(found["critical_value"] - 1, 10, rate)
    assert near(found["power"], truth, found["power_mcse"])
    assert near(found["exact_power"], truth, found["exact_power_mcse"])
    at_simulated = stats.binom.sf(found["critical_value"] - 1, 10, found["response_rate"])
    assert found["exact_power"] == pytest.approx(at_simulated, rel=1e-12)
    assert found["response_rate_mcse"] == pytest.approx(np.sqrt(rate * (1 - rate) / (10 * TRIALS)), rel=0.02)
    by_chance = row(table, endpoint="P2", population="LC", alpha=0.10)
    assert all(np.isnan(by_chance[name]) for name in ("n", "critical_value", "attained_size"))
    truth = sum(
        stats.binom.pmf(n, 10, 0.7) * binomial.power(n, binomial.critical_value(n, 0.15, 0.10), 0.4)
        for n in range(4, 11)
    )
    assert near(by_chance["power"], truth, by_chance["power_mcse"])
    assert near(by_chance["exact_power"], truth, by_chance["exact_power_mcse"])


def test_unfilled_trials_are_decided_on_the_patients_they_have():
    enrolled = np.repeat([[5, 5], [2, 5], [1, 2], [0, 0]], [6000, 3000, 500, 500], axis=0)
    table = evaluated(design(), enrolled, {"P1": (0.9, 0.8), "P3": (0.5, 0.0)}, {"P3": (1.0, 0.0)})
    found = row(table, endpoint="P1", population="all", alpha=0.05)
    full = binomial.power_poisson_binomial([0.9] * 5 + [0.8] * 5, binomial.critical_value(10, 0.5, 0.05))
    seven = binomial.power_poisson_binomial([0.9] * 2 + [0.8] * 5, binomial.critical_value(7, 0.5, 0.05))
    assert near(found["power"], 0.6 * full + 0.3 * seven, found["power_mcse"])
    assert near(found["exact_power"], 0.6 * full + 0.3 * seven, found["exact_power_mcse"])
    assert found["p_filled"] == 0.6
    assert near(found["power_given_filled"], full, np.sqrt(full * (1 - full) / 6000))
    assert (found["n_min"], found["n_max"], found["n_trials"]) == (0, 10, 10_000)
    renal = row(table, endpoint="P3", population="LN", alpha=0.05)  # two and one LN patients: below min_n
    truth = 0.6 * binomial.power(5, 2, 0.5)
    assert near(renal["power"], truth, renal["power_mcse"])


def test_nobody_enrolled_is_power_zero_without_a_rate():
    plan = design()
    nobody = np.zeros((50, 2), dtype=int)
    table = evaluated(plan, nobody, {"P1": (0.9, 0.9)}, {})
    found = row(table, endpoint="P1", population="all", alpha=0.05)
    assert (found["power"], found["exact_power"], found["p_filled"], found["n_max"]) == (0.0, 0.0, 0.0, 0)
    assert np.isnan(found["response_rate"]) and np.isnan(found["power_given_filled"])
    assert found["critical_value"] == 9


def test_a_subgroup_without_places_has_no_test():
    table = evaluated(design(n_LN=10), np.tile([10, 0], (100, 1)))
    found = row(table, endpoint="P2", population="LC", alpha=0.05)
    assert found["n"] == 0 and found["power"] == 0.0 and np.isnan(found["critical_value"])
    whole = row(table, endpoint="P1", population="all", alpha=0.05)
    alone = row(table, endpoint="P1", population="LN", alpha=0.05)
    for name in ("response_rate", "response_rate_mcse", "power"):
        assert whole[name] == alone[name]
    for name in ("exact_power", "exact_power_mcse"):
        assert whole[name] == pytest.approx(alone[name], rel=1e-12)


def test_a_design_below_min_n_never_succeeds():
    table = evaluated(design(n=2), np.full((100, 2), 1), {"P3": (1.0, 0.0)}, {"P3": (1.0, 0.0)})
    assert not table["power"].any() and not table["exact_power"].any() and not table["attained_size"].any()
    assert np.isnan(table["critical_value"]).all()


def test_one_trial_has_a_row_and_no_invented_error():
    table = evaluated(design(), np.array([[5, 5]]), {"P1": (1.0, 1.0)}, {})
    found = row(table, endpoint="P1", population="all", alpha=0.05)
    assert (found["power"], found["response_rate"], found["response_rate_mcse"]) == (1.0, 1.0, 0.0)
    assert found["power_low"] < 0.25


def test_false_go_is_the_power_of_the_inert_trials():
    plan, enrolled = design(), np.full((4000, 2), 5)
    inert = decide(*draw(np.random.default_rng(9), enrolled, {"P1": (0.5, 0.5)}), plan)
    table = evaluated(plan, enrolled, {"P1": (0.9, 0.9)}, {}, inert=inert)
    found = row(table, endpoint="P1", population="all", alpha=0.05)
    itself = row(
        power_table(inert, inert, plan, "none", "batch", 4000, 0), endpoint="P1", population="all", alpha=0.05
    )
    assert found["false_go_inert"] == itself["power"] == itself["false_go_inert"]
    assert found["false_go_inert_mcse"] == itself["power_mcse"]
    # the benchmark is the inert rate here, so the false go is the attained size
    assert near(found["false_go_inert"], found["attained_size"], found["false_go_inert_mcse"])


def test_trials_that_failed_are_told_and_never_counted():
    table = evaluated(design(), np.full((90, 2), 5), n_requested=100, n_failed=10)
    assert set(table["n_trials"]) == {90} and set(table["n_requested"]) == {100} and set(table["n_failed"]) == {10}


def test_no_trial_and_no_endpoint_are_errors():
    plan = design()
    outcomes, trials = draw(np.random.default_rng(0), np.full((2, 2), 5), {"P1": (0.5, 0.5)})
    with pytest.raises(ValueError, match="no trial"):
        power_table(
            decide(outcomes, trials, plan).where(np.zeros(2, dtype=bool)), None, plan, "none", "batch", 2, 2
        )
    with pytest.raises(ValueError, match="no endpoint"):
        power_table(trials_table(np.full((2, 2), 5)), None, plan, "none", "batch", 2, 0)
