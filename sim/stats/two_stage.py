"""Single-arm designs of one and of two stages with exact error rates: A'Hern, Simon optimal and minimax.

Two stages: after n1 patients the trial stops where at most r1 responded; else it goes on to n patients and
succeeds with more than r responders. Size and power are exact binomial sums, never rounded.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.stats import binomial

Floats = NDArray[np.float64]

_TIE: Final = 1e-12
"""An error equal to what is allowed fits; the last bits of a sum must not decide."""
_SMALLER: Final = 1e-9
"""Expected sizes nearer than this are equal, and the design found first (fewest patients) stays."""


@dataclass(frozen=True)
class TwoStage:
    """Stop with at most r1 of n1 responders; succeed with more than r of n."""

    n1: int
    r1: int
    n: int
    r: int

    def stops_early(self, rate: float) -> float:
        """Probability of stopping after the first stage."""
        return 1.0 - float(binomial.upper_tail(self.r1 + 1, self.n1, rate))

    def succeeds(self, rate: float) -> float:
        """Probability of more than r responders in a trial that went on."""
        first = probabilities(self.n1, rate)
        seen = np.arange(self.r1 + 1, self.n1 + 1)
        return float(first[seen] @ binomial.upper_tail(self.r + 1 - seen, self.n - self.n1, rate))

    def expected_patients(self, rate: float) -> float:
        """Expected number of patients where accrual pauses for the first stage's outcomes."""
        return self.n1 + (1.0 - self.stops_early(rate)) * (self.n - self.n1)


@dataclass(frozen=True)
class OneStage:
    """Succeed with at least `needed` of n responders."""

    n: int
    needed: int


def probabilities(n: int, rate: float) -> Floats:
    """Probabilities of 0 … n responders of n who respond with `rate`."""
    tails = binomial.upper_tail(np.arange(n + 2), n, rate)
    return np.asarray(np.maximum(tails[:-1] - tails[1:], 0.0)) if n > 60 else _mass(n, rate)


def _mass(n: int, rate: float) -> Floats:
    count = np.arange(n + 1)
    return np.asarray(special.binom(n, count) * rate**count * (1.0 - rate) ** (n - count), dtype=np.float64)


@lru_cache(maxsize=4096)
def ahern(null_rate: float, target: float, alpha: float, power: float, n_max: int) -> OneStage | None:
    """The smallest exact single-stage design: fewest patients with size <= alpha and power as wanted.

    Result : None where no n up to n_max will do.
    Errors : ValueError unless 0 < null_rate < target < 1, 0 < alpha < 1 and 0 < power < 1.
    Source : A'Hern, Statistics in Medicine 2001;20:859-866. Its tables let size and power miss by what disappears
             in rounding; here neither misses at all.
    """
    _check(null_rate, target, alpha, power)
    for n in range(1, n_max + 1):
        needed = binomial.critical_value(n, null_rate, alpha)
        if needed is not None and binomial.power(n, needed, target) >= power * (1.0 - _TIE):
            return OneStage(n, needed)
    return None


@lru_cache(maxsize=4096)
def simon(
    null_rate: float, target: float, alpha: float, power: float, n_max: int
) -> tuple[TwoStage | None, TwoStage | None]:
    """Simon's optimal and minimax designs among all of at most n_max patients, by enumeration.

    Optimal : fewest expected patients at the null rate. Minimax : fewest patients, then fewest expected ones.
    Result  : (optimal, minimax); (None, None) where no design keeps both errors.
    Errors  : as ahern.
    Source  : Simon, Controlled Clinical Trials 1989;10:1-10.
    """
    _check(null_rate, target, alpha, power)
    optimal: TwoStage | None = None
    minimax: TwoStage | None = None
    least = np.inf
    for n in range(2, n_max + 1):
        found, expected = _best_of(n, least if minimax else np.inf, null_rate, target, alpha, power)
        if found is None:
            continue
        minimax = minimax or found
        if expected < least - _SMALLER:
            optimal, least = found, expected
    return optimal, minimax


def _best_of(
    n: int, least: float, null_rate: float, target: float, alpha: float, power: float
) -> tuple[TwoStage | None, float]:
    """Of the designs with n patients the one with the fewest expected ones, if there are fewer than `least`."""
    best: TwoStage | None = None
    for n1 in range(1, n):
        if n1 >= least:
            break
        r1, r = _admissible(n1, n, null_rate, target, alpha, power)
        if not r1.size:
            continue
        going_on = binomial.upper_tail(r1 + 1, n1, null_rate)
        expected = n1 + going_on * (n - n1)
        place = int(np.argmin(expected))
        if expected[place] < least - _SMALLER:
            best, least = TwoStage(n1, int(r1[place]), n, int(r[place])), float(expected[place])
    return best, float(least)


def _admissible(
    n1: int, n: int, null_rate: float, target: float, alpha: float, power: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """All (r1, r) that keep both errors."""
    size, strength = (_success(n1, n, rate) for rate in (null_rate, target))
    r, r1 = np.nonzero((size <= alpha * (1.0 + _TIE)) & (strength >= power * (1.0 - _TIE)))
    return r1, r


def _success(n1: int, n: int, rate: float) -> Floats:
    """(n, n1) probabilities of success for each r (rows, 0 … n - 1) and r1 (columns, 0 … n1 - 1)."""
    later = np.concatenate([np.cumsum(probabilities(n - n1, rate)[::-1])[::-1], [0.0]])
    still = np.clip(np.arange(n)[:, None] + 1 - np.arange(n1 + 1), 0, n - n1 + 1)
    each = probabilities(n1, rate) * later[still]
    return np.asarray(np.cumsum(each[:, ::-1], axis=1)[:, ::-1][:, 1:])


def _check(null_rate: float, target: float, alpha: float, power: float) -> None:
    if not 0.0 < null_rate < target < 1.0:
        raise ValueError(
            f"rates {null_rate} and {target}: the target must lie above the null rate, both in (0, 1)"
        )
    if not (0.0 < alpha < 1.0 and 0.0 < power < 1.0):
        raise ValueError(f"alpha {alpha} and power {power} must lie between 0 and 1")
