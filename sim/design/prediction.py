"""Where a running trial will end: the law of the final number of responders, given those who were read out.

Source : Lee, Liu, Clinical Trials 2008;5:93–106 (predictive probability); Gelman et al., Bayesian Data Analysis,
3rd ed. 2013, chapter 2 (beta-binomial).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import betabinom

from sim.stats import binomial

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Stratum:
    """One subgroup of a running trial, for one endpoint.

    responders, read_out : those whose outcome is known. pending : the probabilities of those enrolled and not read
    out. to_enrol : places still open, with the probability `rate` each.
    """

    responders: int
    read_out: int
    pending: Floats
    to_enrol: int
    rate: float


def by_model(strata: list[Stratum]) -> Floats:
    """Law of the final number of responders when each patient has his own probability; (n + 1,)."""
    rates = [np.concatenate([each.pending, np.full(each.to_enrol, each.rate)]) for each in strata]
    law = binomial.poisson_binomial(np.concatenate(rates) if rates else np.zeros(0))
    known = sum(each.responders for each in strata)
    failed = sum(each.read_out - each.responders for each in strata)
    return np.concatenate([np.zeros(known), law, np.zeros(failed)])


def by_beta_binomial(strata: list[Stratum], a: float, b: float) -> Floats:
    """Law of the final number when all that is known of a stratum is its responders so far; (n + 1,).

    a, b : the beta prior of the response rate of each stratum; both above 0.
    """
    law = np.ones(1)
    for each in strata:
        rest = len(each.pending) + each.to_enrol
        failed = each.read_out - each.responders
        own = betabinom.pmf(np.arange(rest + 1), rest, a + each.responders, b + failed)
        law = np.convolve(law, np.concatenate([np.zeros(each.responders), own, np.zeros(failed)]))
    return law


def success(law: Floats, critical: int | None) -> float:
    """Probability of at least the critical number; 0 where no number succeeds."""
    return 0.0 if critical is None else float(law[critical:].sum())


def nearest(features: Floats, virtual: Floats, outcomes: NDArray[np.int8], number: int) -> tuple[float, float]:
    """Share of responders among the virtual patients who look most like one patient, and its standard error.

    features : (features,) of the patient; NaN is left out of the comparison.
    virtual  : (patients, features) of virtual patients on the same day; outcomes : 1 or 0 of each.
    number   : how many are taken. Distance: Euclidean over features in units of their spread; a feature that a
               virtual patient lacks counts as far away (three units). (NaN, NaN) without a virtual patient.
    """
    if not len(outcomes):
        return float("nan"), float("nan")
    used = ~np.isnan(features) & ~np.isnan(virtual).all(axis=0)
    spread = np.nanstd(virtual[:, used], axis=0)
    spread[spread == 0.0] = 1.0
    gaps = np.nan_to_num((virtual[:, used] - features[used]) / spread, nan=3.0)
    order = np.argsort((gaps**2).sum(axis=1), kind="stable")[:number]
    share = float(outcomes[order].mean())
    return share, float(np.sqrt(share * (1.0 - share) / len(order)))
