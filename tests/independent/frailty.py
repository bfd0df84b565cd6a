"""Frailty (an option): one factor on all flare rates of a patient, gamma with mean 1."""

import math

from sim.core.decisions import Decision
from tests.independent.latent import Uniform


def gamma_probability(shape: float, x: float) -> float:
    """P(X <= x) for a gamma of scale 1: the series x^a e^-x (1/G(a+1) + x/G(a+2) + ...)."""
    term = math.exp(shape * math.log(x) - x - math.lgamma(shape + 1))
    total, n = 0.0, 0
    while term > 1e-18 * total or n < x:
        total += term
        n += 1
        term *= x / (shape + n)
    return total


def gamma_quantile(shape: float, u: float) -> float:
    """Quantile of a gamma of scale 1, by halving an interval of the logarithm; 0 if it is below 1e-300."""
    low, high = math.log(1e-300), math.log(1e3)
    if u <= gamma_probability(shape, 1e-300):
        return 0.0
    for _ in range(80):
        middle = (low + high) / 2
        if gamma_probability(shape, math.exp(middle)) < u:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 2)


def frailty(variance: float, uniform: Uniform) -> float:
    if variance == 0.0:
        return 1.0
    return variance * gamma_quantile(1 / variance, uniform(Decision.FRAILTY, 0))
