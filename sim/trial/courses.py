"""The courses of a chunk of patients, whichever clock ran them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.config.config import Config
from sim.config.effect import Effect
from sim.disease.parameters import parameters
from sim.observations.visit import ITEMS


@dataclass(frozen=True)
class Courses:
    """What happened to some patients; visits and log entries of one patient follow each other.

    patients : (courses,) row of each among the enrolled.
    states   : (courses,) final states; states["rows"] visits and states["entries"] entries.
    visits   : (all visits,) of VISIT; log : (all entries,) of LOG.
    """

    patients: NDArray[np.int64]
    states: NDArray[np.void]
    visits: NDArray[np.void]
    log: NDArray[np.void]

    @property
    def visit_start(self) -> NDArray[np.int64]:
        """(courses,) position of each patient's first visit."""
        return _starts(self.states["rows"])

    @property
    def of_entry(self) -> NDArray[np.int64]:
        """(all entries,) whose entry of the log it is."""
        return np.repeat(np.arange(len(self.states)), self.states["entries"])

    def where(self, chosen: NDArray[np.bool_]) -> "Courses":
        """The courses of some of these patients, in their order."""
        if chosen.all():
            return self
        return Courses(
            self.patients[chosen],
            self.states[chosen],
            self.visits[np.repeat(chosen, self.states["rows"])],
            self.log[np.repeat(chosen, self.states["entries"])],
        )


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(counts) - counts


def model(config: Config, effect: Effect) -> NDArray[np.void]:
    """The disease model's record under one effect."""
    clinical = config.population.shared
    return parameters(
        config.disease,
        effect,
        config.taper,
        tuple(clinical.item_prevalence[name] for name in ITEMS),
        (clinical.item_threshold_median, clinical.item_threshold_log_sd),
        config.protocol.cells_per_kg,
        config.protocol.follow_up,
        (int(config.protocol.sample_days_LN[-1]), config.protocol.sample_day_LC),
    )
