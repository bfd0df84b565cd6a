"""Stopping for serious events: after each patient, how many are too many; and what that boundary does.

Stop once the posterior probability that more patients than tolerated have a serious event is at least the wanted
certainty. Beta prior; source: Thall, Simon, Biometrics 1994;50:337-349 (the posterior as a monitoring rule).
"""

import numpy as np
from numpy.typing import NDArray

from sim.config.rules import RuleSettings
from sim.core.tables import Table
from sim.stats import beta_binomial

Floats = NDArray[np.float64]


def boundary(n: int, settings: RuleSettings) -> list[int | None]:
    """For 1 … n treated patients the fewest with a serious event that stop; None where no number does."""
    prior = (settings.serious_prior_events, settings.serious_prior_none)
    certainty = settings.serious_certainty
    return [
        beta_binomial.fewest_above(treated, settings.serious_tolerated, certainty, prior)
        for treated in range(1, n + 1)
    ]


def stopping_law(limits: list[int | None], rate: float) -> Floats:
    """Probability that the trial stops after exactly 1 … n patients, and last that it never does.

    Exact: one patient after the other, each with a serious event with probability `rate`.
    """
    going_on = np.ones(1)
    stops = []
    for limit in limits:
        grown = np.zeros(going_on.size + 1)
        grown[:-1] += going_on * (1.0 - rate)
        grown[1:] += going_on * rate
        cut = grown.size if limit is None else limit
        stops.append(float(grown[cut:].sum()))
        grown[cut:] = 0.0
        going_on = grown
    return np.array([*stops, float(going_on.sum())])


def boundary_table(n: int, settings: RuleSettings) -> Table:
    """One row for each number of treated patients: columns of `stopping`."""
    limits = boundary(n, settings)
    prior = (settings.serious_prior_events, settings.serious_prior_none)
    sure = [
        np.nan
        if limit is None
        else float(beta_binomial.probability_above(settings.serious_tolerated, limit, treated, prior))
        for treated, limit in enumerate(limits, 1)
    ]
    return Table(
        {
            "treated": np.arange(1, n + 1, dtype=np.int32),
            "stop_at": np.array([np.nan if limit is None else float(limit) for limit in limits]),
            "p_above_tolerated": np.array(sure),
            "tolerated": np.full(n, settings.serious_tolerated),
        }
    )


def stopping_table(n: int, settings: RuleSettings, rates: Floats) -> Table:
    """What the boundary does at each true rate: columns of `stopping_characteristics`."""
    limits = boundary(n, settings)
    laws = np.array([stopping_law(limits, float(rate)) for rate in rates])
    treated = np.r_[np.arange(1, n + 1), n]
    return Table({"rate": rates, "p_stop": 1.0 - laws[:, -1], "expected_treated": laws @ treated})
