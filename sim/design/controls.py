"""Other trials of the same patients: a concurrent randomised control, and a threshold from an external one.

Both are enumerated. In a randomised comparison everybody counts as randomised: whoever is not evaluated, or not in
the endpoint's population, is a non-responder (intention to treat). In the external comparison the treated are
judged as in the single arm, against a threshold that the external patients gave.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from sim.design.bank_algebra import Stratum, binomial_table
from sim.design.bank_rules import BankRule

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Sizes = tuple[int, int]

_GRID: Final = np.linspace(0.0, 1.0, 1001)
"""Common response rates at which the size of the unconditional test is computed."""
_TIE: Final = 1e-9


def allocated(sizes: Sizes, ratio: float) -> tuple[Sizes, Sizes]:
    """Treated and controls of each stratum, `ratio` treated for each control; halves go to the treated.

    The first stratum is rounded by itself, the second so that the total is.

    >>> allocated((5, 5), 1.0), allocated((0, 5), 2.0)
    (((3, 2), (2, 3)), ((0, 3), (0, 2)))
    """
    share = ratio / (1.0 + ratio)
    total, first = (int(np.floor(n * share + 0.5)) for n in (sum(sizes), sizes[0]))
    second = min(max(total - first, 0), sizes[1])
    return (first, second), (sizes[0] - first, sizes[1] - second)


def fisher_p_values(n_treated: int, n_control: int) -> Floats:
    """(n_treated + 1, n_control + 1): one-sided p of Fisher's exact test that the treated respond more often."""
    treated, control = np.indices((n_treated + 1, n_control + 1))
    responders = treated + control
    p = stats.hypergeom.sf(treated - 1, n_treated + n_control, responders, n_treated)
    return np.asarray(p, dtype=np.float64)


@lru_cache(maxsize=4096)
def rejection_region(n_treated: int, n_control: int, alpha: float, test: str) -> Flags:
    """(n_treated + 1, n_control + 1): do so many responders of each group reject, at one-sided `alpha`?

    fisher   : p of the conditional test at most alpha.
    boschloo : the largest set of tables with the smallest p of Fisher's test whose probability is at most alpha
               whatever the common rate (Boschloo 1970, Statistica Neerlandica 24:1); at 1,001 rates.
    """
    p = fisher_p_values(n_treated, n_control)
    if test == "fisher":
        return np.asarray(p <= alpha * (1.0 + _TIE), dtype=np.bool_)
    order = np.argsort(p, axis=None, kind="stable")
    ranked = p.ravel()[order]
    sizes = (_pmf(n_treated)[:, :, None] * _pmf(n_control)[:, None, :]).reshape(len(_GRID), -1)[:, order]
    size = np.cumsum(sizes, axis=1).max(axis=0)
    last_of_tie = np.append(ranked[1:] > ranked[:-1] * (1.0 + _TIE), True)
    allowed = np.flatnonzero(last_of_tie & (size <= alpha * (1.0 + _TIE)))
    region = np.zeros(p.size, np.bool_)
    if len(allowed):
        region[order[: allowed[-1] + 1]] = True
    return region.reshape(p.shape)


def _pmf(n: int) -> Floats:
    """(rates, n + 1) binomial probabilities on the grid."""
    return np.asarray(stats.binom.pmf(np.arange(n + 1), n, _GRID[:, None]), dtype=np.float64)


def randomised_power(
    rates: Sequence[float] | Floats, treated: Sizes, control: Sizes, alpha: float, test: str
) -> float:
    """Power of a randomised comparison.

    rates : of the treated in each stratum, then of the controls; treated, control : patients of each stratum.
    """
    clipped = np.clip(np.asarray(rates, dtype=np.float64), 0.0, 1.0)
    region = rejection_region(sum(treated), sum(control), alpha, test)
    return float(_responders(clipped[:2], treated) @ region @ _responders(clipped[2:], control))


def _responders(rates: Floats, sizes: Sizes) -> Floats:
    """Distribution of the responders of an arm."""
    parts = [binomial_table(size, float(rate))[size] for rate, size in zip(rates, sizes, strict=True)]
    return np.convolve(parts[0], parts[1])


def treated_and_control(first: Sequence[Any], second: Sequence[Any]) -> tuple[Floats, Floats]:
    """Response rates of treated and controls in each stratum, and their covariance, from the same patients.

    first, second : for each stratum, who responds (flags) with and without the treatment.
    """
    rates = np.array([flags.mean() if len(flags) else 0.0 for flags in (*first, *second)], dtype=np.float64)
    covariance = np.zeros((4, 4))
    for place, (with_it, without) in enumerate(zip(first, second, strict=True)):
        if len(with_it):
            both = np.stack([with_it, without]).astype(np.float64)
            spread = np.cov(both, bias=True) / both.shape[1]
            covariance[np.ix_((place, place + 2), (place, place + 2))] = spread
    return rates, covariance


def arm_law(shares: Sequence[float] | Floats, rates: Sequence[float] | Floats, sizes: Sizes) -> Floats:
    """(n + 1, n + 2): probability of e evaluated patients of whom at least k respond.

    shares, rates : of each stratum, in the population and responding there.
    """
    n = sum(sizes)
    law = np.zeros((n + 1, n + 1))
    law[0, 0] = 1.0
    for share, rate, size in zip(shares, rates, sizes, strict=True):
        for _ in range(size):
            grown = law * (1.0 - share)
            grown[1:] += law[:-1] * share * (1.0 - rate)
            grown[1:, 1:] += law[:-1, :-1] * share * rate
            law = grown
    tails = np.cumsum(law[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([tails, np.zeros((n + 1, 1))], axis=1)


@lru_cache(maxsize=256)
def external_thresholds(patients: int, confidence: float) -> tuple[float, ...]:
    """Threshold rate for each number of responders of an external control: its one-sided upper limit.

    Source : Clopper, Pearson, Biometrika 1934;26:404; threshold crossing, Eichler 2016, Clinical Pharmacology &
    Therapeutics 100:699. The last is 1, which nothing can beat.
    """
    x = np.arange(patients)
    limits = special.betaincinv(x + 1.0, patients - x, confidence)
    return (*(float(limit) for limit in limits), 1.0)


def external_power(
    strata: Sequence[float] | Floats,
    sizes: Sizes,
    external_rate: float,
    patients: int,
    confidence: float,
    against: Callable[[float], BankRule],
) -> float:
    """Power of a single arm whose benchmark is the upper limit of an external control.

    strata        : share and rate of the first stratum, share and rate of the second.
    external_rate : true response rate of the external patients. against : the rule with a benchmark.
    """
    values = np.clip(np.asarray(strata, dtype=np.float64), 0.0, 1.0)
    law = arm_law(values[::2], values[1::2], sizes)
    weights = binomial_table(patients, float(np.clip(external_rate, 0.0, 1.0)))[patients]
    evaluated, room = np.arange(sum(sizes) + 1), sum(sizes) + -sum(sizes) % 60
    power = 0.0
    for weight, threshold in zip(weights, external_thresholds(patients, confidence), strict=True):
        if weight > 0.0 and threshold < 1.0:
            needed = _needed(against(threshold), room)[: sum(sizes) + 1]
            power += float(weight) * float(law[evaluated, needed].sum())
    return min(power, 1.0)


@lru_cache(maxsize=4096)
def _needed(rule: BankRule, largest: int) -> tuple[int, ...]:
    """Fewest responders of 0 … largest that beat the benchmark of a rule; one more than all where none do."""
    found = ((n, rule.threshold(n)) for n in range(largest + 1))
    return tuple(n + 1 if critical is None else critical for n, critical in found)


def shares_and_rates(strata: Sequence[Stratum]) -> tuple[Floats, Floats]:
    """Share and rate of each stratum in turn, and the variances of these estimates."""
    values = np.array([value for stratum in strata for value in (stratum.share, stratum.rate)])
    variances = np.array([value for stratum in strata for value in stratum.variances])
    return values, variances
