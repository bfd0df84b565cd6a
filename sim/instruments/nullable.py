"""Flags that may be unknown: 1 true, 0 false, -1 not known, and the logic of three values.

A conjunction with one false part is false whatever else is missing; one that could still go either way is
unknown. Comparisons tolerate 1e-9, so that x < y means x < y - 1e-9.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Nullable = NDArray[np.int8]

TOLERANCE: Final = 1e-9
_FALSE, _TRUE, _UNKNOWN = np.int8(0), np.int8(1), np.int8(-1)


def _known(answer: Flags, value: Floats, limit: ArrayLike) -> Nullable:
    missing = np.isnan(value) | np.isnan(limit)
    return np.where(missing, _UNKNOWN, answer.astype(np.int8))


def above(value: Floats, limit: ArrayLike) -> Nullable:
    """True where the value is above the limit; -1 where either is NaN."""
    return _known(np.asarray(value > np.asarray(limit) + TOLERANCE), value, limit)


def below(value: Floats, limit: ArrayLike) -> Nullable:
    """True where the value is below the limit; -1 where either is NaN."""
    return _known(np.asarray(value < np.asarray(limit) - TOLERANCE), value, limit)


def at_least(value: Floats, limit: ArrayLike) -> Nullable:
    """True where the value is at or above the limit; -1 where either is NaN."""
    return _known(np.asarray(value >= np.asarray(limit) - TOLERANCE), value, limit)


def at_most(value: Floats, limit: ArrayLike) -> Nullable:
    """True where the value is at or below the limit; -1 where either is NaN."""
    return _known(np.asarray(value <= np.asarray(limit) + TOLERANCE), value, limit)


def negated(flag: Nullable) -> Nullable:
    """Not; unknown stays unknown."""
    return np.where(flag == -1, _UNKNOWN, (flag == 0).astype(np.int8))


def all_of(*flags: Nullable) -> Nullable:
    """And: 0 if any is 0, else -1 if any is unknown, else 1."""
    false, unknown = flags[0] == 0, flags[0] == -1
    for flag in flags[1:]:
        false, unknown = false | (flag == 0), unknown | (flag == -1)
    return np.where(false, _FALSE, np.where(unknown, _UNKNOWN, _TRUE))


def any_of(*flags: Nullable) -> Nullable:
    """Or: 1 if any is 1, else -1 if any is unknown, else 0."""
    true, unknown = flags[0] == 1, flags[0] == -1
    for flag in flags[1:]:
        true, unknown = true | (flag == 1), unknown | (flag == -1)
    return np.where(true, _TRUE, np.where(unknown, _UNKNOWN, _FALSE))


def at_least_so_many(number: int, *flags: Nullable) -> Nullable:
    """Are at least `number` of the flags true? -1 where the unknown ones decide it."""
    true, possible = np.zeros(flags[0].shape, dtype=np.int16), np.zeros(flags[0].shape, dtype=np.int16)
    for flag in flags:
        true += flag == 1
        possible += flag != 0
    return np.where(true >= number, _TRUE, np.where(possible >= number, _UNKNOWN, _FALSE))
