"""One source for a rule, two uses: on columns of candidates, and compiled on the values of one person."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., Any])
Flag = Any
"""A column of flags, shape (candidates,), or one flag inside compiled code."""
Number = Any
"""A column of numbers, shape (candidates,), NaN where missing, or one number inside compiled code."""
Code = Any
"""A column of whole-number codes, shape (candidates,), or one code inside compiled code."""
TOLERANCE: Final = 1e-9
"""Comparisons of recorded values, strict or not, tolerate this much."""


def both_ways(rule: F) -> F:
    """Leave a function as it is for columns, and let compiled code call it with scalars.

    rule : comparisons, & | ^ and arithmetic on columns; `if` only on settings.
    """
    return cast(F, register_jitable(rule))
