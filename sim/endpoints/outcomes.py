"""What an endpoint that is no yes or no says of each subject: a time to event, or values by variable and visit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Times:
    """A time to event for every subject.

    time   : study day of the event, of the competing event or of censoring; NaN outside the population.
    event  : 1 event, 0 none, -1 outside the population.
    reason : codes into intercurrent.REASONS: the competing event that ended the time, where one can; else 0.
    """

    in_population: Flags
    time: Floats
    event: Codes
    reason: Codes


@dataclass(frozen=True)
class Changes:
    """Values by variable and visit for every subject.

    variable, visit : (columns,) what each column of value is of; "" for a visit where there is none.
    value           : (subjects, columns); NaN outside the population and where it cannot be told.
    """

    in_population: Flags
    variable: tuple[str, ...]
    visit: tuple[str, ...]
    value: Floats


def times(in_population: Flags, time: Floats, event: Flags, reason: Codes) -> Times:
    """A time to event, empty outside the population."""
    return Times(
        in_population,
        np.where(in_population, time, np.nan),
        np.where(in_population, event, -1).astype(np.int8),
        np.where(in_population, reason, 0).astype(np.int8),
    )


def changes(in_population: Flags, columns: dict[tuple[str, str], Floats]) -> Changes:
    """Values by (variable, visit), empty outside the population."""
    value = np.stack(list(columns.values()), axis=1)
    return Changes(
        in_population,
        tuple(variable for variable, _ in columns),
        tuple(visit for _, visit in columns),
        np.where(in_population[:, None], value, np.nan),
    )
