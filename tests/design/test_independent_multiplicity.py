"""Procedures for several endpoints against closed testing and loops over one trial at a time."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.core.tables import rows_of
from sim.design.decision import decide
from sim.design.family import at_benchmarks, family_table, p_values
from sim.design.multiplicity import CONTROLLED, PROCEDURES
from sim.words.family import family_text
from tests.design.virtual_trials import design, draw

P = st.lists(
    st.sampled_from([0.0, 0.004, 0.01, 1 / 60, 0.02, 0.025, 0.03, 0.05, 0.06, 0.3, 1.0]), min_size=1, max_size=5
)
ALPHA = st.sampled_from([0.05, 0.1, 0.025])


def subsets(m):
    return [set(each) for size in range(1, m + 1) for each in combinations(range(m), size)]


def closed(p, alpha, rejects):
    """A claim is one of which every intersection is rejected."""
    m = len(p)
    return [all(rejects(s) for s in subsets(m) if k in s) for k in range(m)]


def tarone_rejects(s, p, least, alpha):
    k = 1
    while sum(least[i] <= alpha / k for i in s) > k:
        k += 1
    return any(p[i] <= alpha / k for i in s)


def claims(name, p, least, alpha):
    return PROCEDURES[name](np.array([p]), np.array([least]), alpha)[0].tolist()


@given(P, ALPHA)
def test_holm_is_closed_bonferroni(p, alpha):
    expected = closed(p, alpha, lambda s: any(p[i] <= alpha / len(s) for i in s))
    assert claims("holm", p, [0.0] * len(p), alpha) == expected


@given(P, ALPHA, st.data())
def test_tarone_holm_claims_nothing_that_closed_tarone_does_not(p, alpha, data):
    least = [
        data.draw(st.sampled_from([x for x in (0.0, 0.004, 0.01, 0.02, 0.03, 0.06, 1.0) if x <= q])) for q in p
    ]
    allowed = closed(p, alpha, lambda s: tarone_rejects(s, p, least, alpha))
    found = claims("tarone_holm", p, least, alpha)
    assert all(not claim or ok for claim, ok in zip(found, allowed, strict=True))
    assert all(f or not h for f, h in zip(found, claims("holm", p, least, alpha), strict=True))


def test_tarone_holm_leaves_out_what_cannot_succeed():
    assert claims("holm", [0.04, 0.3, 0.5], [0.001, 0.3, 0.5], 0.05) == [False, False, False]
    assert claims("tarone_holm", [0.04, 0.3, 0.5], [0.001, 0.3, 0.5], 0.05) == [True, False, False]
    assert claims("tarone_holm", [0.01, 0.04, 0.5], [0.001, 0.001, 0.5], 0.05) == [True, True, False]
    assert claims("tarone_holm", [0.03, 0.04, 0.5], [0.001, 0.001, 0.5], 0.05) == [False, False, False]


@given(P, ALPHA)
def test_the_simple_procedures_one_endpoint_after_the_other(p, alpha):
    least = [0.0] * len(p)
    assert claims("separate", p, least, alpha) == [x <= alpha for x in p]
    assert claims("all", p, least, alpha) == [all(x <= alpha for x in p)] * len(p)
    assert claims("fixed_sequence", p, least, alpha) == [
        all(x <= alpha for x in p[: k + 1]) for k in range(len(p))
    ]
    gate = p[0] <= alpha
    behind = claims("holm", p[1:], least[1:], alpha) if len(p) > 1 else []
    assert claims("gatekeeping", p, least, alpha) == [gate, *(gate and x for x in behind)]


BENCHMARKS = {"P1": (10, 0.5), "P2": (5, 0.15), "P3": (5, 0.05)}


@pytest.mark.parametrize("name", PROCEDURES)
@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_errors_at_the_benchmarks_by_adding_up_all_outcomes(name, alpha):
    total = 0.0
    for outcome in product(*(range(n + 1) for n, _ in BENCHMARKS.values())):
        pairs = list(zip(outcome, BENCHMARKS.values(), strict=True))
        weight = np.prod([stats.binom.pmf(x, n, rate) for x, (n, rate) in pairs])
        p = [stats.binom.sf(x - 1, n, rate) for x, (n, rate) in pairs]
        least = [rate**n for n, rate in BENCHMARKS.values()]
        total += weight * any(claims(name, p, least, alpha))
    found = at_benchmarks(design(), name, alpha)
    assert found["error_independent"] == pytest.approx(total, abs=1e-12)
    assert found["error_independent"] <= found["error_bound"] + 1e-12
    assert (found["error_bound"] <= alpha) == (name in CONTROLLED) or name == "separate"


@pytest.fixture(scope="module")
def evaluated():
    plan = design()
    rates = {"P1": (0.8, 0.9), "P2": (0.0, 0.5), "P3": (0.3, 0.0)}
    evaluable = {"P2": (0.0, 0.9), "P3": (1.0, 0.0)}
    half = np.full((3000, 2), 5)
    worlds = (rates, dict.fromkeys(rates, (0.3, 0.3)))
    drawn = [draw(np.random.default_rng(k), half, world, evaluable) for k, world in enumerate(worlds)]
    decided = [decide(*each, plan) for each in drawn]
    return plan, decided, family_table(*decided, plan, "neutral", 3100, 100)


def test_p_values_are_those_of_the_trial(evaluated):
    plan, (decided, _), _ = evaluated
    p, least = p_values(decided, plan, ("P1", "P2", "P3"))
    for trial in range(200):
        for k, (name, (_, rate)) in enumerate(BENCHMARKS.items()):
            n, x = int(decided[f"{name}_n"][trial]), int(decided[f"{name}_responders"][trial])
            expected = (stats.binom.sf(x - 1, n, rate), rate**n) if n >= 4 else (1.0, 1.0)
            assert (p[trial, k], least[trial, k]) == pytest.approx(expected)


def test_joint_power_counts_trials_and_not_endpoints(evaluated):
    plan, (decided, inert), table = evaluated
    rows = [{name: column[k].item() for name, column in table.items()} for k in range(table.length)]
    for where, column in ((decided, "power"), (inert, "false_go_inert")):
        made = PROCEDURES["holm"](*p_values(where, plan, ("P1", "P2", "P3")), 0.05)
        expected = {"P1": made[:, 0], "P2": made[:, 1], "P3": made[:, 2], "any": made.any(1), "all": made.all(1)}
        for row in rows:
            if (row["procedure"], row["alpha"]) == ("holm", 0.05):
                share = expected[row["claim"]].mean()
                assert row[column] == pytest.approx(share)
                assert row[f"{column}_mcse"] == pytest.approx(np.sqrt(share * (1 - share) / 3000))
    assert {(row["n_trials"], row["n_requested"], row["n_failed"]) for row in rows} == {(3000, 3100, 100)}
    separate = {
        row["claim"]: row["power"] for row in rows if (row["procedure"], row["alpha"]) == ("separate", 0.05)
    }
    p1, p2, p3 = (decided[f"exact_binomial_{name}_success"].mean() for name in BENCHMARKS)
    assert [separate[name] for name in BENCHMARKS] == pytest.approx([p1, p2, p3])
    assert separate["all"] <= min(p1, p2, p3) < max(p1, p2, p3) <= separate["any"]


def test_text_has_a_line_for_each_procedure(evaluated):
    plan, _, table = evaluated
    text = family_text(table, plan)
    assert "Family in this order: P1 (benchmark 0.5), P2 (benchmark 0.15), P3 (benchmark 0.05)." in text
    share = {
        (row["procedure"], row["claim"]): f"{100 * row['power']:.0f} %"
        for row in rows_of(table)
        if row["alpha"] == plan.alpha[0]
    }
    short = text.splitlines()[0]
    assert f"at least one success in {share['separate', 'any']} of the trials" in short
    assert f"all of them in {share['separate', 'all']}" in short and f"leaves {share['holm', 'any']} " in short
    told = [line.split()[2] for line in text.splitlines() if line.startswith("neutral ")]
    assert told == list(PROCEDURES) * len(plan.alpha)


def test_numbers_left_to_chance_have_no_error_at_the_benchmarks():
    assert np.isnan(list(at_benchmarks(design(composition="random"), "holm", 0.05).values())).all()
