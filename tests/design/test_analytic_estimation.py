"""Estimation from few patients against sums over all outcomes; stopping, and prediction."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from sim.design.estimation import interval_table, rare_event_table
from sim.design.predictive import predictive_table
from sim.design.rules import Plan, plan_of, question
from sim.design.stopping import boundary, boundary_table, stopping_law, stopping_table
from tests.design.virtual_trials import design

SCIPY = {"clopper_pearson": "exact", "wilson": "wilson"}


@pytest.mark.parametrize("method", SCIPY)
@pytest.mark.parametrize("n", [5, 10])
@pytest.mark.parametrize("rate", [0.05, 0.3, 0.62])
def test_width_and_coverage_are_sums_over_all_outcomes(method, n, rate):
    table = interval_table((n,), np.array([rate]), np.array([0.15, 0.5]))
    width = coverage = 0.0
    above = {0.15: 0.0, 0.5: 0.0}
    for x in range(n + 1):
        limits = stats.binomtest(x, n).proportion_ci(0.95, SCIPY[method])
        weight = stats.binom.pmf(x, n, rate)
        width += weight * (limits.high - limits.low)
        coverage += weight * (limits.low <= rate <= limits.high)
        for value in above:
            above[value] += weight * (limits.low > value)
    rows = np.flatnonzero(table["method"] == method)
    assert table["width"][rows] == pytest.approx([width] * 2)
    assert table["coverage"][rows] == pytest.approx([coverage] * 2)
    assert table["p_limit_above"][rows] == pytest.approx(list(above.values()))
    assert table["below"][rows] + table["coverage"][rows] + table["beyond"][rows] == pytest.approx([1.0, 1.0])


def test_clopper_pearson_never_covers_too_little_and_the_others_do():
    table = interval_table((5, 10), np.arange(1, 100) / 100, np.array([0.5]))
    least = {m: table["coverage"][table["method"] == m].min() for m in ("clopper_pearson", "wilson", "jeffreys")}
    assert least["clopper_pearson"] >= 0.95 > max(least["wilson"], least["jeffreys"])


def test_rare_events_are_powers_and_none_leaves_a_quarter():
    table = rare_event_table((5, 10), np.array([0.1]))
    assert table["p_at_least_one"] == pytest.approx([1 - 0.9**5, 1 - 0.9**10])
    assert table["upper_none"] == pytest.approx([stats.beta(1, n).ppf(0.95) for n in (5, 10)])


@pytest.mark.parametrize("rate", [0.1, 0.45])
def test_stopping_by_trying_all_courses(rate):
    settings = design().settings
    limits = boundary(8, settings)
    expected = np.zeros(9)
    for course in product((0, 1), repeat=8):
        weight = rate ** sum(course) * (1 - rate) ** (8 - sum(course))
        stops = [k for k in range(1, 9) if limits[k - 1] is not None and sum(course[:k]) >= limits[k - 1]]
        expected[stops[0] - 1 if stops else 8] += weight
    assert stopping_law(limits, rate) == pytest.approx(expected, abs=1e-12)
    table = stopping_table(8, settings, np.array([rate]))
    assert table["p_stop"][0] == pytest.approx(1 - expected[8])
    assert table["expected_treated"][0] == pytest.approx(expected @ [1, 2, 3, 4, 5, 6, 7, 8, 8])


def test_the_boundary_is_where_the_posterior_is_sure():
    settings = design().settings
    table = boundary_table(10, settings)
    for treated, limit in zip(table["treated"], table["stop_at"], strict=True):
        sure = [
            e
            for e in range(treated + 1)
            if stats.beta(0.2 + e, 0.8 + treated - e).sf(settings.serious_tolerated) >= 0.9
        ]
        assert (np.isnan(limit) and not sure) or limit == sure[0]
    assert np.isnan(table["stop_at"][0]) and table["stop_at"][9] == 4


@pytest.mark.parametrize(("endpoint", "n"), [("P1", 10), ("P2", 5)])
def test_predictive_probabilities_average_over_the_next_patient(endpoint, n):
    plan_ = design()
    asked = question(plan_, endpoint, "all" if endpoint == "P1" else "LC", 0.05)
    plan = plan_of("exact_binomial", n, asked)
    table = predictive_table(endpoint, plan, n, asked)
    chance = {
        (m, x): p for m, x, p in zip(table["read_out"], table["responders"], table["p_success"], strict=True)
    }
    assert [chance[n, x] for x in range(n + 1)] == [float(x >= plan.needed) for x in range(n + 1)]
    for (m, x), now in chance.items():
        if m < n:
            p = (1 + x) / (2 + m)
            assert now == pytest.approx(p * chance[m + 1, x + 1] + (1 - p) * chance[m + 1, x])
    assert not predictive_table(endpoint, Plan(n, n + 1, n), n, asked)["p_success"].any()
    assert not predictive_table(endpoint, None, n, asked)["p_success"].any()
