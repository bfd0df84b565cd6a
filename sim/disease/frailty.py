"""Frailty: some patients flare more often than others of the same activity and dose."""

import numpy as np
from numpy.typing import NDArray

from sim.core.decisions import Decision
from sim.core.draws import uniform


def frailties(addresses: NDArray[np.int64], seed: int, variance: float) -> NDArray[np.float64]:
    """The factor of each patient's flare rates: gamma with mean 1 and a variance, by inversion of one uniform.

    addresses : (patients, 2), trial and candidate number. A variance of 0 gives 1 to everybody.
    """
    if variance == 0.0:
        return np.ones(len(addresses))
    from scipy.special import gammaincinv

    draws = [uniform(seed, int(trial), int(candidate), int(Decision.FRAILTY), 0) for trial, candidate in addresses]
    return np.asarray(variance * gammaincinv(1.0 / variance, np.array(draws)), dtype=np.float64)
