"""What is asked of patients who have been simulated: sizes, controls and mixtures to look at.

Nothing here moves a virtual patient, so trials that are kept serve every question.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.config.fields import choice, integer, integers, number, numbers, texts
from sim.config.measures import VISITS


@dataclass(frozen=True)
class Question:
    """Settings of the tasks sample_size, alternatives, composition, changes and times.

    n_low, n_high : sizes looked at, both included. n_shown : sizes with a line of their own in the text.
    control_ratios : patients treated for each patient of a concurrent control.
    control_test   : exact test of two groups.
    external_patients, external_confidence : the external control, and the confidence of the one-sided upper
                    limit of its rate, which is the threshold to cross.
    drift         : how far the rate of the external control lies above the own one without the cells.
    share_LN      : shares of nephritis among the enrolled; never_infused : shares of the enrolled;
                    lymphopenia_only : shares of the cytopenia subgroup.
    worlds        : by name, what another world changes, in the words of the command line.
    visit         : whose change from D0 task=changes tests.
    event_free    : the share free of the event that task=times must beat; null is that of the same patients
                    without the cells.
    """

    n_low: int = integer(1, 1000, unit="patients")
    n_high: int = integer(1, 1000, unit="patients")
    n_shown: tuple[int, ...] = integers(1, 1000, unit="patients")
    control_ratios: tuple[float, ...] = numbers(low=0.1, high=10.0)
    control_test: str = choice("boschloo", "fisher")
    external_patients: int = integer(1, 10_000, unit="patients")
    external_confidence: float = number(0.5, 0.9999)
    drift: tuple[float, ...] = numbers(low=-1.0, high=1.0)
    share_LN: tuple[float, ...] = numbers(low=0.0, high=1.0)
    never_infused: tuple[float, ...] = numbers(low=0.0, high=1.0)
    lymphopenia_only: tuple[float, ...] = numbers(low=0.0, high=1.0)
    worlds: Mapping[str, str] = texts()
    visit: str = choice(*VISITS)
    event_free: float | None = number(0.0, 1.0, open_low=True, optional=True)

    def check(self) -> list[str]:
        """Sizes in order, and a share that something can beat."""
        problems = []
        if self.n_low > self.n_high:
            problems.append(f"n_low: {self.n_low} is above n_high = {self.n_high}; exchange them")
        if self.event_free is not None and self.event_free >= 1.0:
            problems.append(f"event_free: {self.event_free!r} is not allowed; it must be below 1")
        return problems
