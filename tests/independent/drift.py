"""Random drift of the latent activity (an option): what is seen on a day on top of what relaxes."""

import math

from sim.core.decisions import Decision
from tests.independent.latent import TRACKED, Parameters, Uniform, normal
from tests.independent.stationary import Stationary


class Drift:
    """The drift of the eight tracked log-activities, a function of the study day; 0 on day 0 and before."""

    def __init__(self, disease: Parameters, uniform: Uniform) -> None:
        self.sigma = disease["drift"]
        self.rate = [math.log(2.0) / disease["half_time"][name] for name in TRACKED]
        self.processes = [process(k, rate, uniform) for k, rate in enumerate(self.rate)]

    def at(self, k: int, day: int) -> float:
        if self.sigma == 0.0 or day < 0:
            return 0.0
        rate, process = self.rate[k], self.processes[k]
        since_start = process.at(day) - math.exp(-rate * day) * process.at(0)
        return float(self.sigma / math.sqrt(2 * rate) * since_start)


def process(k: int, rate: float, uniform: Uniform) -> Stationary:
    return Stationary(
        rate,
        0,
        8,
        lambda number: normal(uniform(Decision.DRIFT_ANCHOR, 512 * k + number)),
        lambda day: normal(uniform(Decision.DRIFT_BRIDGE, 4096 * k + day + 64)),
    )
