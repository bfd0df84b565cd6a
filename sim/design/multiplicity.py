"""Several endpoints at once: which of them a trial claims, by each procedure, from the p-value of each.

Each p-value is that of the exact one-sided test on the trial's own patients, so the procedures hold whatever the
dependence between endpoints. A claim is false only where the endpoint's rate is at most its benchmark: control of
the family's error is a statement about the benchmarks, not about what the cells do.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Procedure = Callable[[Floats, Floats, float], Flags]

_TIE: Final = 1e-12


def separate(p: Floats, _least: Floats, alpha: float) -> Flags:
    """Each endpoint by itself at alpha: no control of the family.

    p     : (trials, endpoints) p-values in the order of the family.
    least : (trials, endpoints) the smallest p-value that the endpoint can have with these patients.
    Result: (trials, endpoints) claims; the same for every procedure.
    """
    return p <= alpha * (1.0 + _TIE)


def all_together(p: Floats, _least: Floats, alpha: float) -> Flags:
    """All or nothing: every endpoint must succeed at alpha (intersection-union test; controls the family)."""
    return np.repeat(np.all(p <= alpha * (1.0 + _TIE), axis=1)[:, None], p.shape[1], axis=1)


def fixed_sequence(p: Floats, _least: Floats, alpha: float) -> Flags:
    """In the order of the family, each at alpha, until the first fails.

    Source : Maurer, Hothorn, Lehmacher, in: Biometrie in der chemisch-pharmazeutischen Industrie 6, 1995.
    """
    return np.asarray(np.logical_and.accumulate(p <= alpha * (1.0 + _TIE), axis=1))


def holm(p: Floats, _least: Floats, alpha: float) -> Flags:
    """Step down: the smallest at alpha / m, the next at alpha / (m - 1), until one fails.

    Source : Holm, Scandinavian Journal of Statistics 1979;6:65-70.
    """
    order = np.argsort(p, axis=1, kind="stable")
    levels = alpha / np.arange(p.shape[1], 0, -1)
    steps = np.logical_and.accumulate(np.take_along_axis(p, order, axis=1) <= levels * (1.0 + _TIE), axis=1)
    claims = np.zeros_like(steps)
    np.put_along_axis(claims, order, steps, axis=1)
    return claims


def tarone_holm(p: Floats, least: Floats, alpha: float) -> Flags:
    """Holm on those endpoints alone that could reach their level at all, step by step.

    With the remaining endpoints R: K is the smallest k such that at most k of R can have p <= alpha / k; those
    with p <= alpha / K are claimed and leave R, until no other is.
    Source : Tarone, Biometrics 1990;46:515-522; stepwise as Hommel, Krummenauer, Biometrics 1998;54:673-681.
    """
    claims = np.zeros(p.shape, dtype=np.bool_)
    for _ in range(p.shape[1]):
        level = alpha / _tarone_divisor(least, ~claims, alpha)[:, None]
        claims = claims | (p <= level * (1.0 + _TIE))
    return claims


def gatekeeping(p: Floats, least: Floats, alpha: float) -> Flags:
    """The first endpoint of the family is the gate at alpha; behind it the others by Holm at alpha.

    Source : Westfall, Krishen, Journal of Statistical Planning and Inference 2001;99:25-40 (serial gatekeeping).
    """
    gate = p[:, :1] <= alpha * (1.0 + _TIE)
    return np.concatenate([gate, gate & holm(p[:, 1:], least[:, 1:], alpha)], axis=1)


PROCEDURES: Final[Mapping[str, Procedure]] = MappingProxyType(
    {
        "separate": separate,
        "all": all_together,
        "fixed_sequence": fixed_sequence,
        "holm": holm,
        "tarone_holm": tarone_holm,
        "gatekeeping": gatekeeping,
    }
)
"""Which endpoints are claimed. "Any of them at alpha" is what `separate` claims, with one claim enough."""

CONTROLLED: Final = ("all", "fixed_sequence", "holm", "tarone_holm", "gatekeeping")
"""Procedures whose chance of any false claim is at most alpha, whatever the dependence."""


def _tarone_divisor(least: Floats, remaining: Flags, alpha: float) -> NDArray[Any]:
    """(trials,) the smallest k for which at most k of the remaining endpoints can reach alpha / k."""
    endpoints = least.shape[1]
    divisor = np.full(len(least), endpoints)
    for k in range(endpoints, 0, -1):
        reachable = (remaining & (least <= alpha / k * (1.0 + _TIE))).sum(axis=1)
        divisor = np.where(reachable <= k, k, divisor)
    return divisor
