"""Exact algebra on patients who were simulated once: power of every size, split and rule from their answers.

Patients of a trial are independent given how many of each stratum there are. A stratum of a bank gives the share
of its patients that is in the endpoint's population and the response rate in it. From these follow, without
another simulation, the distributions of the evaluated and of the responders in a trial of any size. Errors come
from the delta method: the slope of the result in each estimated share, times the error of that share.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import InputError

Floats = NDArray[np.float64]
Codes = NDArray[Any]
Threshold = Callable[[int], int | None]
Function = Callable[[Floats], float]
Grid = Callable[[Floats], Floats]

_STEP: Final = 1e-5
_ROWS: Final = 4_000_000


@dataclass(frozen=True)
class Stratum:
    """How many patients of one kind a bank has, how many are in the population, and how many respond."""

    patients: int
    inside: int
    responders: int

    @property
    def share(self) -> float:
        """Share of the patients that is in the population; 0 without patients."""
        return self.inside / self.patients if self.patients else 0.0

    @property
    def rate(self) -> float:
        """Response rate in the population; 0 where that is empty."""
        return self.responders / self.inside if self.inside else 0.0

    @property
    def variances(self) -> tuple[float, float]:
        """Of the estimated share and of the estimated rate; their estimates are uncorrelated."""
        share, rate = self.share, self.rate
        return (
            share * (1.0 - share) / max(self.patients, 1),
            rate * (1.0 - rate) / max(self.inside, 1),
        )


EMPTY: Final = Stratum(0, 0, 0)


def binomial_table(largest: int, rate: float) -> Floats:
    """(largest + 1, largest + 1): in row n the probabilities of 0 … n successes of n, zeros after them."""
    table = np.zeros((largest + 1, largest + 1))
    table[0, 0] = 1.0
    for n in range(1, largest + 1):
        table[n] = table[n - 1] * (1.0 - rate)
        table[n, 1:] += table[n - 1, :-1] * rate
    return table


def _slope(table: Floats) -> Floats:
    """Derivative of a binomial table in its rate: n (P(n - 1, x - 1) - P(n - 1, x))."""
    slope = np.zeros_like(table)
    before = table[:-1]
    slope[1:] = -before
    slope[1:, 1:] += before[:, :-1]
    return np.asarray(slope * np.arange(len(table))[:, None], dtype=np.float64)


def _at_least(table: Floats) -> Floats:
    """In row n and column k the probability of at least k successes; one column more, of zeros."""
    tails = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return np.concatenate([tails, np.zeros((len(table), 1))], axis=1)


def power_grid(strata: tuple[Stratum, Stratum], largest: int, threshold: Threshold) -> tuple[Floats, Floats]:
    """Power for every number of patients of two strata, at most `largest` in all, and its standard error.

    strata    : of the bank. threshold : fewest successful responders for a number of evaluated patients.
    Result    : (largest + 1, largest + 1) twice, by patients of the first and of the second stratum; NaN where
                they are more than `largest`.
    """
    inside = [binomial_table(largest, stratum.share) for stratum in strata]
    respond = [binomial_table(largest, stratum.rate) for stratum in strata]
    needed = _needed(threshold, largest)
    levels = _success(respond[0], respond[1], needed)
    moved = (
        _success(_slope(respond[0]), respond[1], needed),
        _success(respond[0], _slope(respond[1]), needed),
    )
    first, second = inside[0], inside[1].T
    slopes = (
        (_slope(first) @ levels @ second, first @ moved[0] @ second),
        (first @ levels @ _slope(inside[1]).T, first @ moved[1] @ second),
    )
    variance = np.zeros((largest + 1, largest + 1))
    for stratum, of_stratum in zip(strata, slopes, strict=True):
        for spread, slope in zip(stratum.variances, of_stratum, strict=True):
            variance += spread * slope**2
    size = np.arange(largest + 1)
    outside = size[:, None] + size[None, :] > largest
    power = np.clip(first @ levels @ second, 0.0, 1.0)
    return np.where(outside, np.nan, power), np.where(outside, np.nan, np.sqrt(variance))


def _needed(threshold: Threshold, largest: int) -> NDArray[np.int64]:
    """(largest + 1,): the threshold of each number of evaluated patients, or more than can be."""
    found = (threshold(n) for n in range(largest + 1))
    return np.array([largest + 1 if critical is None else critical for critical in found])


def _success(first: Floats, second: Floats, needed: NDArray[np.int64]) -> Floats:
    """(a, b): sum over the responders of a patients of the first stratum and b of the second that succeed.

    needed : by a + b, the fewest responders of both strata. Linear in each table, so that a table of slopes gives
             the derivative.
    """
    largest = len(first) - 1
    tails, numbers = _at_least(second), np.arange(largest + 1)
    result = np.zeros_like(first)
    for a in numbers:
        b, weights = numbers[: largest + 1 - a, None], first[a, : a + 1]
        still = np.clip(needed[a:, None] - numbers[: a + 1], 0, b + 1)
        result[a, : len(b)] = [weights @ tail for tail in tails[b, still]]
    return result


def mean_rate(strata: Sequence[Stratum], sizes: Sequence[int]) -> tuple[float, float]:
    """Expected responders among the evaluated of a trial of these sizes, and its standard error; NaN if nobody is.

    The rate is that of the strata, weighted by the patients expected in the population.
    """
    weights = np.array([size * stratum.share for size, stratum in zip(sizes, strata, strict=True)])
    if not weights.sum():
        return float("nan"), float("nan")
    rates = np.array([stratum.rate for stratum in strata])
    total = float(weights.sum())
    rate = float(weights @ rates / total)
    variance = 0.0
    for size, stratum, weight in zip(sizes, strata, weights.tolist(), strict=True):
        of_share, of_rate = stratum.variances
        variance += (weight / total) ** 2 * of_rate + (size * (stratum.rate - rate) / total) ** 2 * of_share
    return rate, float(np.sqrt(variance))


def delta_method(function: Function, values: Floats, covariance: Floats) -> tuple[float, float]:
    """A smooth function of estimated values, and its standard error by central differences.

    values : (k,) estimates; covariance : (k, k) of them. Values that do not vary are not moved.
    """
    value, error = delta_grid(lambda moved: np.asarray(function(moved)), values, covariance)
    return float(value), float(error)


def delta_grid(function: Grid, values: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """The same for a function that gives an array, element by element."""
    centre = function(values)
    slopes = np.zeros((len(values), *centre.shape))
    for place in np.flatnonzero(np.diag(covariance) > 0.0):
        step = np.zeros(len(values))
        step[place] = _STEP
        slopes[place] = (function(values + step) - function(values - step)) / (2.0 * _STEP)
    variance = np.einsum("i...,ij,j...->...", slopes, covariance, slopes)
    return centre, np.sqrt(np.maximum(variance, 0.0))


@dataclass(frozen=True)
class JointLaw:
    """The joint answers of the patients of one stratum to several endpoints.

    answers : (kinds, endpoints) 1 response, 0 none, -1 not in the population; counts : (kinds,) patients of each.
    """

    answers: Codes
    counts: Codes

    @property
    def shares(self) -> Floats:
        """Share of each kind."""
        return np.asarray(self.counts / max(int(self.counts.sum()), 1), dtype=np.float64)


Decide = Callable[[Codes, Codes], NDArray[np.bool_]]
"""From evaluated and responders of each endpoint, (rows, endpoints) each, to success, (rows,)."""


def joint_law(answers: Sequence[Codes]) -> JointLaw:
    """The law of patients from the columns of their answers, one for each endpoint."""
    kinds, counts = np.unique(np.stack(answers, axis=1), axis=0, return_counts=True)
    return JointLaw(kinds.astype(np.int64), counts)


def joint_power(laws: Sequence[JointLaw], sizes: Sequence[int], decide: Decide) -> tuple[float, float]:
    """Probability that a rule on several endpoints succeeds in a trial, from each patient's joint answers.

    laws, sizes : of each stratum. Result : probability and its standard error.
    Errors      : ValueError where a stratum with patients has none in the bank; InputError where the trial has
                  more different outcomes than are enumerated.
    """
    for law, size in zip(laws, sizes, strict=True):
        if size and not law.counts.sum():
            raise ValueError("a stratum that the trial needs has no patient in the bank")
    counted = [_outcomes(law, size) for law, size in zip(laws, sizes, strict=True)]
    power = _probability(counted, decide)
    variance = 0.0
    for place, (law, size) in enumerate(zip(laws, sizes, strict=True)):
        if size:
            given = _given_one(counted, place, law, _outcomes(law, size - 1), decide)
            spread = float(law.shares @ given**2 - (law.shares @ given) ** 2)
            variance += size**2 * max(spread, 0.0) / int(law.counts.sum())
    return power, float(np.sqrt(variance))


_States = tuple[Codes, Floats]
"""(states, 2 × endpoints) evaluated and responders of each endpoint, and the probability of each state."""


def _outcomes(law: JointLaw, size: int) -> _States:
    """The distribution of what `size` patients answer together, by adding one after the other."""
    step = np.concatenate([law.answers >= 0, law.answers == 1], axis=1).astype(np.int64)
    states, weights = np.zeros((1, step.shape[1]), np.int64), np.ones(1)
    for _ in range(size):
        grown = (states[:, None, :] + step[None, :, :]).reshape(-1, step.shape[1])
        _refuse_too_many(len(grown))
        states, place = np.unique(grown, axis=0, return_inverse=True)
        weights = np.bincount(place.reshape(-1), (weights[:, None] * law.shares[None, :]).ravel()).astype(
            np.float64
        )
    return states, weights


def _given_one(counted: Sequence[_States], place: int, law: JointLaw, others: _States, decide: Decide) -> Floats:
    """(kinds,) probability of success if one patient of the stratum is known to be of that kind."""
    step = np.concatenate([law.answers >= 0, law.answers == 1], axis=1).astype(np.int64)
    given = []
    for kind in step:
        changed = list(counted)
        changed[place] = (others[0] + kind, others[1])
        given.append(_probability(changed, decide))
    return np.array(given)


def _probability(counted: Sequence[_States], decide: Decide) -> float:
    states, weights = counted[0]
    for further, shares in counted[1:]:
        _refuse_too_many(len(states) * len(further))
        states = (states[:, None, :] + further[None, :, :]).reshape(-1, states.shape[1])
        weights = (weights[:, None] * shares[None, :]).ravel()
    width = states.shape[1] // 2
    return float(weights @ decide(states[:, :width], states[:, width:]))


def _refuse_too_many(rows: int) -> None:
    if rows > _ROWS:
        raise InputError(
            f"design.n: {rows:,} joint outcomes of several endpoints are more than the {_ROWS:,} that are "
            "enumerated; lower design.n"
        )
