"""Two-stage designs found by trying all, and the signed-rank test by trying all signs: slow and obvious."""

from itertools import product
from math import comb

import numpy as np
import pytest

from sim.stats.signed_rank import needed_sum, signed_rank, t_test
from sim.stats.two_stage import TwoStage, simon


def exactly(k, n, rate):
    return comb(n, k) * rate**k * (1 - rate) ** (n - k)


def chance_of_success(n1, r1, n, r, rate):
    return sum(
        exactly(a, n1, rate) * exactly(b, n - n1, rate)
        for a in range(r1 + 1, n1 + 1)
        for b in range(n - n1 + 1)
        if a + b > r
    )


def all_designs(p0, p1, alpha, power, n_max):
    for n in range(2, n_max + 1):
        for n1 in range(1, n):
            for r1 in range(n1):
                for r in range(n):
                    if (
                        chance_of_success(n1, r1, n, r, p0) <= alpha
                        and chance_of_success(n1, r1, n, r, p1) >= power
                    ):
                        going_on = sum(exactly(a, n1, p0) for a in range(r1 + 1, n1 + 1))
                        yield n1 + going_on * (n - n1), n, TwoStage(n1, r1, n, r)


@pytest.mark.parametrize(
    ("p0", "p1", "alpha", "power", "n_max"),
    [(0.05, 0.45, 0.1, 0.8, 11), (0.3, 0.8, 0.1, 0.85, 11), (0.15, 0.6, 0.05, 0.8, 12)],
)
def test_the_search_finds_the_best_of_all(p0, p1, alpha, power, n_max):
    found = sorted(all_designs(p0, p1, alpha, power, n_max), key=lambda design: design[:2])
    assert found
    optimal, minimax = simon(p0, p1, alpha, power, n_max)
    least = found[0][0]
    assert optimal.expected_patients(p0) == pytest.approx(least, abs=1e-9)
    smallest = min(n for _, n, _ in found)
    assert minimax.n == smallest
    assert minimax.expected_patients(p0) == pytest.approx(min(e for e, n, _ in found if n == smallest), abs=1e-9)
    for design in (optimal, minimax):
        assert design in [each for _, _, each in found]


def enumerated(differences):
    """P(sum of positive ranks >= observed) over all signs of the differences that are not 0 (Pratt)."""
    size = [abs(d) for d in differences]
    ranks = [sum(s < x for s in size) + (sum(s == x for s in size) + 1) / 2 for x in size]
    moving = [rank for rank, d in zip(ranks, differences, strict=True) if d != 0]
    seen = sum(rank for rank, d in zip(ranks, differences, strict=True) if d > 0)
    sums = [
        sum(r for r, s in zip(moving, signs, strict=True) if s) for signs in product((0, 1), repeat=len(moving))
    ]
    return seen, np.mean([total >= seen - 1e-9 for total in sums])


@pytest.mark.parametrize(
    "changes",
    [
        [1, 2, 3, 4, 5],
        [1, -2, 3, -4, 5, 6],
        [1, 1, 1, -1, 2, 2, 0],
        [0, 0, 0],
        [0.5, 0.5, -0.5, 0, 3, 3, -3, 4, 1, 1],
        [-1, -2, -3],
    ],
)
def test_signed_ranks_by_trying_all_signs(changes):
    found = signed_rank(np.array(changes) + 7.25, 7.25, "greater")
    statistic, p_value = enumerated(changes)
    assert found.statistic == pytest.approx(statistic)
    assert found.p_value == pytest.approx(p_value, abs=1e-12)
    assert found.n_zero == changes.count(0)


def test_a_fall_is_the_mirror_of_a_rise():
    changes = np.array([-0.4, -0.1, 0.2, -0.9, -0.3])
    assert signed_rank(changes, -0.05, "less") == signed_rank(-changes, 0.05, "greater")
    assert t_test(changes, -0.05, "less") == t_test(-changes, 0.05, "greater")


def test_the_reference_decides():
    changes = np.array([-0.5, -0.6, -0.4, -0.7, -0.55])
    assert signed_rank(changes, 0.0, "less").p_value == 1 / 32  # against 0 a fall that the twins have, too
    assert signed_rank(changes, -0.55, "less").p_value > 0.3


def test_t_is_scipys():
    from scipy import stats

    changes = [0.3, -0.2, 0.9, 1.4, 0.1]
    expected = stats.ttest_1samp(changes, 0.2, alternative="greater")
    assert t_test(changes, 0.2, "greater") == pytest.approx((expected.statistic, expected.pvalue))


@pytest.mark.parametrize("n", range(1, 9))
@pytest.mark.parametrize("alpha", [0.025, 0.05, 0.1])
def test_needed_sums_by_trying_all_signs(n, alpha):
    sums = [sum(k + 1 for k, s in enumerate(signs) if s) for signs in product((0, 1), repeat=n)]
    enough = [w for w in range(n * (n + 1) // 2 + 1) if np.mean([total >= w for total in sums]) <= alpha]
    assert needed_sum(n, alpha) == (min(enough) if enough else None)


@pytest.mark.parametrize("changes", [[], [np.nan, 1.0], [[1.0]]])
def test_missing_changes_are_refused(changes):
    for test in (signed_rank, t_test):
        with pytest.raises(ValueError, match="one number for each patient"):
            test(changes, 0.0, "greater")


def test_a_reference_must_be_given_and_equal_changes_have_no_t():
    with pytest.raises(ValueError, match="reference"):
        signed_rank([1.0], float("nan"), "greater")
    with pytest.raises(ValueError, match="not all equal"):
        t_test([1.0, 1.0], 0.0, "greater")
