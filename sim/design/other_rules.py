"""Rules for endpoints that are no yes or no: changes from baseline, and times to event.

They decide on patients' values instead of counts and always against a reference that is given: the mean of the
same patients without the cells for a change, a rate for freedom from an event. task=power decides yes/no endpoints
and refuses these rules by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from numpy.typing import ArrayLike

from sim.design.event_free import event_free_success
from sim.stats.signed_rank import Direction, signed_rank, t_test


@dataclass(frozen=True)
class ChangeRule:
    """Success where the changes lie on the wanted side of the reference, one-sided at alpha."""

    name: str
    words: str
    succeeds: Callable[[ArrayLike, float, Direction, float], bool]


@dataclass(frozen=True)
class TimeRule:
    """Success where the share free of the event at a day is above the reference, one-sided at alpha."""

    name: str
    words: str
    succeeds: Callable[[ArrayLike, ArrayLike, int, float, float], bool]


def signed_rank_success(changes: ArrayLike, reference: float, direction: Direction, alpha: float) -> bool:
    """The exact signed-rank test rejects; all signs are enumerated, ties and zeros included."""
    return signed_rank(changes, reference, direction).p_value <= alpha * (1.0 + 1e-12)


def t_success(changes: ArrayLike, reference: float, direction: Direction, alpha: float) -> bool:
    """Student's t test rejects."""
    return t_test(changes, reference, direction)[1] <= alpha


CHANGE_RULES: Final = (
    ChangeRule("signed_rank", "exact Wilcoxon signed-rank test against a given value", signed_rank_success),
    ChangeRule("t_test", "t test against a given value", t_success),
)
TIME_RULES: Final = (TimeRule("kaplan_meier", "Kaplan-Meier at a day against a given rate", event_free_success),)
