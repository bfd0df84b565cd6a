"""How a running trial is predicted."""

from dataclasses import dataclass

from sim.config.fields import integer, positive


@dataclass(frozen=True)
class Prediction:
    """Prior of the beta-binomial law, and how many virtual patients are compared with each patient."""

    prior_a: float = positive()
    prior_b: float = positive()
    neighbours: int = integer(20, 1_000_000)
