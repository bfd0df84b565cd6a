"""Designs of Simon and A'Hern against published tables, and their error rates against SciPy."""

import numpy as np
import pytest
from scipy import stats

from sim.stats.two_stage import OneStage, TwoStage, ahern, probabilities, simon

SIMON_TABLE_1 = [
    # p0, p1, alpha, beta, optimal r1/n1 r/n EN, minimax r1/n1 r/n EN: Simon 1989, Table 1 (p1 - p0 = 0.20)
    (0.05, 0.25, 0.10, 0.10, (0, 9, 2, 24, 14.5), (0, 13, 2, 20, 16.4)),
    (0.05, 0.25, 0.05, 0.20, (0, 9, 2, 17, 12.0), (0, 12, 2, 16, 13.8)),
    (0.10, 0.30, 0.05, 0.20, (1, 10, 5, 29, 15.0), (1, 15, 5, 25, 19.5)),
    (0.10, 0.30, 0.05, 0.10, (2, 18, 6, 35, 22.5), (2, 22, 6, 33, 26.2)),
    (0.20, 0.40, 0.05, 0.20, (3, 13, 12, 43, 20.6), (4, 18, 10, 33, 22.3)),
    (0.30, 0.50, 0.05, 0.20, (5, 15, 18, 46, 23.6), (6, 19, 16, 39, 25.7)),
    (0.40, 0.60, 0.05, 0.20, (7, 16, 23, 46, 24.5), (17, 34, 20, 39, 34.4)),
    (0.50, 0.70, 0.05, 0.20, (8, 15, 26, 43, 23.5), (12, 23, 23, 37, 27.7)),
    (0.70, 0.90, 0.05, 0.20, (4, 6, 22, 27, 14.8), (19, 23, 21, 26, 23.2)),
]
SIMON_TABLE_2 = [  # p1 - p0 = 0.15
    (0.05, 0.20, 0.05, 0.20, (0, 10, 3, 29, 17.6), (0, 13, 3, 27, 19.8)),
    (0.10, 0.25, 0.05, 0.20, (2, 18, 7, 43, 24.7), (2, 22, 7, 40, 28.8)),
    (0.20, 0.35, 0.05, 0.20, (5, 22, 19, 72, 35.4), (6, 31, 15, 53, 40.4)),
]
AHERN_TABLE = [
    # p0, p1, alpha, power, needed, n: A'Hern 2001; 0.1 against 0.2 also in Khan 2012 (BMJ Open), n = 78
    (0.10, 0.20, 0.05, 0.80, 13, 78),
    (0.20, 0.40, 0.05, 0.90, 15, 47),
    (0.20, 0.40, 0.01, 0.80, 18, 52),
    (0.10, 0.35, 0.01, 0.80, 7, 25),
    (0.35, 0.55, 0.05, 0.80, 20, 41),
    (0.50, 0.70, 0.05, 0.80, 24, 37),
    (0.50, 0.70, 0.05, 0.90, 33, 53),
    (0.50, 0.80, 0.05, 0.80, 13, 18),
    (0.50, 0.80, 0.05, 0.90, 16, 23),
    (0.60, 0.70, 0.05, 0.80, 96, 143),
    (0.60, 0.80, 0.05, 0.90, 33, 45),
]
ROUNDED_BY_AHERN = [
    (0.05, 0.15, 0.05, 0.90, 8, 76),
    (0.05, 0.35, 0.05, 0.80, 3, 11),
    (0.15, 0.40, 0.05, 0.80, 7, 21),
]


@pytest.mark.parametrize(("p0", "p1", "alpha", "beta", "optimal", "minimax"), [*SIMON_TABLE_1, *SIMON_TABLE_2])
def test_simon_designs_are_the_published_ones(p0, p1, alpha, beta, optimal, minimax):
    designs = simon(p0, p1, alpha, 1.0 - beta, optimal[3] + 5)
    for found, (r1, n1, r, n, expected) in zip(designs, (optimal, minimax), strict=True):
        assert found == TwoStage(n1, r1, n, r)
        assert round(found.expected_patients(p0), 1) == expected
        assert found.succeeds(p0) <= alpha and found.succeeds(p1) >= 1.0 - beta


@pytest.mark.parametrize(("p0", "p1", "alpha", "power", "needed", "n"), AHERN_TABLE)
def test_ahern_designs_are_the_published_ones(p0, p1, alpha, power, needed, n):
    assert ahern(p0, p1, alpha, power, 300) == OneStage(n, needed)


@pytest.mark.parametrize(("p0", "p1", "alpha", "power", "needed", "n"), ROUNDED_BY_AHERN)
def test_where_the_published_design_is_smaller_it_misses_by_what_rounding_hides(p0, p1, alpha, power, needed, n):
    found = ahern(p0, p1, alpha, power, 300)
    assert found.n == n + 1
    attained = stats.binom.sf(needed - 1, n, p1)
    assert power - 0.0005 <= attained < power
    assert stats.binom.sf(needed - 1, n, p0) <= alpha


@pytest.mark.parametrize("rate", [0.0, 0.05, 0.37, 1.0])
@pytest.mark.parametrize("n", [0, 1, 10, 60, 61, 200])
def test_probabilities_are_binomial(n, rate):
    assert probabilities(n, rate) == pytest.approx(stats.binom.pmf(np.arange(n + 1), n, rate), abs=1e-12)


def test_no_design_is_none_and_two_stages_of_few_patients_are_none():
    assert ahern(0.5, 0.7, 0.05, 0.8, 36) is None and ahern(0.5, 0.7, 0.05, 0.8, 37) is not None
    assert simon(0.5, 0.7, 0.05, 0.8, 36) == (None, None)
    assert simon(0.5, 0.75, 0.05, 0.8, 0) == (None, None)


@pytest.mark.parametrize(
    "wrong", [(0.5, 0.5, 0.05, 0.8), (0.0, 0.5, 0.05, 0.8), (0.2, 0.4, 0.0, 0.8), (0.2, 0.4, 0.05, 1.0)]
)
def test_impossible_questions_are_refused(wrong):
    for search in (ahern, simon):
        with pytest.raises(ValueError, match="must lie"):
            search(*wrong, 20)
