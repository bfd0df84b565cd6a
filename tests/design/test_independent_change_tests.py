"""Tests of changes in many trials at once, against all signs written out, and against one trial at a time."""

import itertools

import numpy as np
import pytest
from scipy import stats

from sim.config.own_rules import OWN_RULES
from sim.config.rules import REFUSED, RULES
from sim.design.change_tests import CHANGE_RULES, rejects, signed_rank_p_values, t_p_values
from sim.design.times import RULE
from sim.stats import signed_rank as alone

REFERENCES = (0.0, -0.4, 1.0)


def drawn(seed, trials=300, n=8, whole=False):
    """Changes with gaps: whole numbers have ties and zeros, real ones have neither."""
    generator = np.random.default_rng(seed)
    values = generator.normal(-0.5, 1.5, (trials, n))
    values = np.round(values) if whole else values
    values[generator.random((trials, n)) < 0.2] = np.nan
    values[0] = np.nan
    values[1] = -0.4
    return values


def by_all_signs(values, reference, direction):
    """P(sum of ranks at least as seen) over all 2^m signs, every one of them written out."""
    difference = [value - reference if direction == "greater" else reference - value for value in values]
    ranks = stats.rankdata(np.round(np.abs(difference), 9))
    moving = [rank for rank, d in zip(ranks, difference, strict=True) if abs(d) > 1e-9]
    seen = sum(rank for rank, d in zip(ranks, difference, strict=True) if d > 1e-9)
    sums = [sum(rank for rank, sign in zip(moving, signs, strict=True) if sign)
            for signs in itertools.product((0, 1), repeat=len(moving))]  # fmt: skip
    return sum(total >= seen - 1e-9 for total in sums) / len(sums)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("direction", ["greater", "less"])
def test_signed_ranks_are_those_of_all_signs(whole, direction):
    values = drawn(1, trials=60, whole=whole)
    for reference in REFERENCES:
        found = signed_rank_p_values(values, reference, direction, 4)
        for row, p in zip(values, found, strict=True):
            known = row[np.isfinite(row)]
            expected = by_all_signs(known.tolist(), reference, direction) if known.size >= 4 else 1.0
            assert p == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("direction", ["greater", "less"])
def test_both_tests_are_those_of_one_trial_after_the_other(whole, direction):
    values = drawn(2, whole=whole)
    for reference in REFERENCES:
        ranked = signed_rank_p_values(values, reference, direction, 4)
        student = t_p_values(values, reference, direction, 4)
        for row, by_rank, by_mean in zip(values, ranked, student, strict=True):
            known = row[np.isfinite(row)]
            if known.size < 4:
                assert by_rank == by_mean == 1.0
                continue
            assert by_rank == pytest.approx(alone.signed_rank(known, reference, direction).p_value, abs=1e-12)
            if np.ptp(known) > 1e-9:
                expected = stats.ttest_1samp(known, reference, alternative=direction).pvalue
                assert by_mean == pytest.approx(expected, abs=1e-12)
            else:
                assert by_mean == 1.0


@pytest.mark.parametrize("n", [3, 4, 5, 10])
def test_the_smallest_p_and_the_exact_size_are_those_of_the_test(n):
    best = np.arange(1.0, n + 1.0)[None, :]
    ranks, student = CHANGE_RULES
    assert signed_rank_p_values(best, 0.0, "greater", 1)[0] == ranks.smallest(n) == 0.5**n
    every = np.array(list(itertools.product((-1.0, 1.0), repeat=n))) * best
    for alpha in (0.05, 0.10, 1 / 32):
        share = float(rejects(signed_rank_p_values(every, 0.0, "greater", 1), alpha).mean())
        assert ranks.size(n, alpha) == pytest.approx(share, abs=1e-12)
        assert (share == 0.0) == (0.5**n > alpha)
        assert student.size(n, alpha) == alpha
    assert ranks.size(0, 0.05) == student.size(1, 0.05) == 0.0


def test_values_that_are_all_missing_show_nothing():
    nobody = np.full((3, 5), np.nan)
    for rule in CHANGE_RULES:
        assert rule.p_values(nobody, 0.0, "less", 0).tolist() == [1.0, 1.0, 1.0]


def test_these_rules_are_named_once_and_none_is_taken_for_yes_or_no():
    assert tuple(rule.name for rule in CHANGE_RULES) == OWN_RULES["changes"]
    assert OWN_RULES["times"] == (RULE,)
    names = {name for rules in OWN_RULES.values() for name in rules}
    assert names <= set(REFUSED) and not names & set(RULES)
