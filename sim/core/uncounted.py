"""Compilation of functions that are given arrays, make none and hand none out: nobody counts an array's users.

The count takes a tenth of the time of a patient's course. Whoever calls keeps the arrays alive. Numba refuses to
compile a function that would make an array without it; that none is returned is for the author to see to.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from sim.core.compiled import dispatcher

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """As sim.core.compiled.compiled, without the count."""
    return dispatcher(function, forceinline=False, counted=False)


def inlined(function: F) -> F:
    """As sim.core.compiled.inlined, without the count."""
    return dispatcher(function, forceinline=True, counted=False)
