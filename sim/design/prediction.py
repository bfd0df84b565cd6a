"""Where a running trial will end: the law of the final number of responders, given those who were read out.

Source : Lee, Liu, Clinical Trials 2008;5:93–106 (predictive probability); Gelman et al., Bayesian Data Analysis,
3rd ed. 2013, chapter 2 (beta-binomial). Errors: delta method over the virtual patients (Efron, The Jackknife, the
Bootstrap and Other Resampling Plans, 1982, chapter 6).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag
from scipy.stats import betabinom

from sim.design.outcome_law import mass_slope, responder_mass

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

_NOTHING: Final = 1e-15
"""A variance below this is what the arithmetic leaves of a certain success."""


@dataclass(frozen=True)
class Stratum:
    """One subgroup of a running trial, for one endpoint.

    responders, read_out : those whose outcome is known. pending : the probabilities of those enrolled and not read
    out. to_enrol : places still open, with the probability `rate` each. covariance : (pending + 1, pending + 1) of
    the Monte Carlo errors of these probabilities, the rate last.
    """

    responders: int
    read_out: int
    pending: Floats
    to_enrol: int
    rate: float
    covariance: Floats


@dataclass(frozen=True)
class Law:
    """Probabilities of 0 … n responders at the end, and the covariance of their Monte Carlo errors, 0 if exact."""

    probability: Floats
    covariance: Floats

    @property
    def errors(self) -> Floats:
        """(n + 1,) Monte Carlo standard error of each probability."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def success(self, critical: int | None) -> tuple[float, float]:
        """Probability of at least the critical number, and its standard error; 0 where no number succeeds."""
        if critical is None:
            return 0.0, 0.0
        spread = float(self.covariance[critical:, critical:].sum())
        chance = min(float(self.probability[critical:].sum()), 1.0)
        return chance, float(np.sqrt(spread)) if spread > _NOTHING else 0.0


def effective_trials(chance: float, error: float) -> float:
    """How many virtual trials that match what was seen, simulated to their end, would have the same error.

    Formula : p (1 - p) / error²; NaN where the chance is exact.
    """
    return chance * (1.0 - chance) / error**2 if error > 0.0 else float("nan")


def by_model(strata: list[Stratum]) -> Law:
    """Law of the final number of responders when each patient has his own probability.

    Chances of different strata err apart: they rest on different virtual patients.
    """
    if not strata:
        return Law(np.ones(1), np.zeros((1, 1)))
    counts = np.concatenate([np.r_[np.ones(len(each.pending), np.int64), each.to_enrol] for each in strata])
    rates = np.concatenate([np.r_[each.pending, each.rate] for each in strata])
    slopes = np.array([mass_slope(counts, rates, k) for k in range(len(rates))])
    law = Law(responder_mass(counts, rates), slopes.T @ block_diag(*(each.covariance for each in strata)) @ slopes)
    known = sum(each.responders for each in strata)
    failed = sum(each.read_out - each.responders for each in strata)
    return Law(np.pad(law.probability, (known, failed)), np.pad(law.covariance, (known, failed)))


def by_beta_binomial(strata: list[Stratum], a: float, b: float) -> Law:
    """Law of the final number when all that is known of a stratum is its responders so far; exact.

    a, b : the beta prior of the response rate of each stratum; both above 0.
    """
    law = np.ones(1)
    for each in strata:
        rest = len(each.pending) + each.to_enrol
        failed = each.read_out - each.responders
        own = betabinom.pmf(np.arange(rest + 1), rest, a + each.responders, b + failed)
        law = np.convolve(law, np.concatenate([np.zeros(each.responders), own, np.zeros(failed)]))
    return Law(law, np.zeros((len(law), len(law))))


def nearest(features: Floats, virtual: Floats, number: int) -> Rows:
    """Which virtual patients look most like one patient: their rows, the nearest first.

    features : (features,) of the patient; NaN is left out of the comparison.
    virtual  : (patients, features) of virtual patients on the same day.
    number   : how many are taken. Distance: Euclidean over features in units of their spread; a feature that a
               virtual patient lacks counts as far away (three units). No row without a virtual patient.
    """
    if not len(virtual):
        return np.zeros(0, dtype=np.int64)
    used = ~np.isnan(features) & ~np.isnan(virtual).all(axis=0)
    spread = np.nanstd(virtual[:, used], axis=0)
    spread[spread == 0.0] = 1.0
    gaps = np.nan_to_num((virtual[:, used] - features[used]) / spread, nan=3.0)
    return np.argsort((gaps**2).sum(axis=1), kind="stable")[:number]


def shares_of(groups: list[Rows], outcomes: NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Share of responders in each group of virtual patients, and the covariance of the errors of these shares.

    groups   : rows of independent virtual patients, none empty; a patient may stand in several groups, whose
               shares then err together. outcomes : (patients,) 1 or 0.
    """
    shares = np.array([outcomes[rows].mean() for rows in groups])
    moved = np.zeros((len(groups), len(outcomes)))
    for k, rows in enumerate(groups):
        moved[k, rows] = (outcomes[rows] - shares[k]) / len(rows)
    return shares, moved @ moved.T
