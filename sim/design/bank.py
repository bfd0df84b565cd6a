"""What a patient bank says of its strata, and whether it is good enough for a size."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.config.design import Design
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.bank_algebra import EMPTY, JointLaw, Stratum, joint_law
from sim.design.populations import SUBGROUPS

Flags = NDArray[np.bool_]
Strata = tuple[Stratum, Stratum]

REFUSED: Final = 5
WARNED: Final = 20
"""Patients of a stratum in the bank for each of the trial. Estimated rates bend the power by at most about
0.12 (trial / bank): 0.024 at 5 for 1, where the bank is refused, and 0.006 at 20 for 1, where it warns."""
_FEW: Final = 10
"""Responders, and non-responders, below which the error of a rate is itself badly known."""
_COUPLED: Final = 4.5
"""Standard errors by which pairs of one trial may agree more often than chance: one false alarm in 300,000."""
_RARE: Final = 1e-6


def strata_of(bank: Table, name: str, design: Design, population: str = "all") -> Strata:
    """The two strata of an endpoint: LN and LC under quotas; everybody and nobody under a random composition.

    bank : of one effect. population : `all`, or one subgroup, whose other stratum is then empty.
    """
    if design.composition == "random":
        return _stratum(bank, name, np.ones(bank.length, np.bool_)), EMPTY
    first, second = (
        _stratum(bank, name, bank["subgroup"] == code) if population in ("all", subgroup) else EMPTY
        for code, subgroup in enumerate(SUBGROUPS)
    )
    return first, second


def laws_of(bank: Table, names: Sequence[str], design: Design) -> tuple[JointLaw, ...]:
    """The joint laws of several endpoints in the strata of the design."""
    if design.composition == "random":
        return (joint_law([bank[name] for name in names]),)
    return tuple(
        joint_law([bank[name][bank["subgroup"] == code] for name in names]) for code in range(len(SUBGROUPS))
    )


def sizes_of(design: Design, n: int) -> tuple[int, int]:
    """Patients of each stratum in a trial of n: in the proportion of the design, the larger half LN where even.

    Under a random composition everybody is of the first stratum.
    """
    if design.composition == "random":
        return n, 0
    first, second = design.quotas
    n_ln = (n + 1) // 2 if first - second in (0, 1) else (2 * n * first + design.n) // (2 * design.n)
    return n_ln, n - n_ln


def _stratum(bank: Table, name: str, chosen: Flags) -> Stratum:
    answer = bank[name][chosen]
    return Stratum(len(answer), int((answer >= 0).sum()), int((answer == 1).sum()))


def refuse_coupled(bank: Table, names: Sequence[str]) -> None:
    """Refuse a bank whose patients of one trial depend on each other, by what they answered.

    Errors : InputError naming the endpoint where pairs of one trial agree more often than independent patients do:
             by the spread of the sum over all pairs, and by the Poisson law of pairs of the rarer answer, which
             holds where such pairs are few and the first does not.
    """
    for name in names:
        z, chance = coupling(bank, name)
        if z > _COUPLED and chance < _RARE:
            raise InputError(
                f"{name}: the patients of one trial agree more often than independent ones ({z:.1f} standard "
                "errors), so the algebra of a patient bank does not hold; simulate trials of the size in question "
                "with task=power design.n=NUMBER"
            )


def coupling(bank: Table, name: str) -> tuple[float, float]:
    """How much more often pairs of patients of one trial agree than independent ones would.

    Result : standard errors of the sum, over all pairs of a trial, of products of residuals from the rates of the
             strata (0 where there is no pair); and the Poisson probability of as many pairs that share the rarer
             answer.
    """
    inside = bank[name] >= 0
    _, trial = np.unique(bank["trial"][inside], return_inverse=True)
    answer, subgroup = bank[name][inside].astype(np.float64), bank["subgroup"][inside]
    size = np.maximum(np.bincount(subgroup, minlength=len(SUBGROUPS)), 1)
    rate = (np.bincount(subgroup, answer, minlength=len(SUBGROUPS)) / size)[subgroup]
    total = 2.0 * _pairs(trial, rate * (1.0 - rate))
    if total <= 0.0:
        return 0.0, 1.0
    rarer, chance = (answer, rate) if answer.mean() <= 0.5 else (1.0 - answer, 1.0 - rate)
    seen, expected = _pairs(trial, rarer) / 2.0, _pairs(trial, chance) / 2.0
    poisson = float(special.pdtrc(seen - 1.0, expected)) if seen >= 1.0 else 1.0
    return _pairs(trial, answer - rate) / float(np.sqrt(total)), poisson


def _pairs(trial: NDArray[np.int64], values: NDArray[np.float64]) -> float:
    """Sum over ordered pairs of different patients of one trial of the product of their values."""
    return float((np.bincount(trial, values) ** 2 - np.bincount(trial, values**2)).sum())


def numbers_of(design: Design, sizes: tuple[int, int]) -> dict[str, float]:
    """Patients of both subgroups as columns; NaN where a random composition leaves them to chance."""
    if design.composition == "random":
        return {"n_LN": float("nan"), "n_LC": float("nan")}
    return {"n_LN": float(sizes[0]), "n_LC": float(sizes[1])}


def require_enough(strata: Strata, sizes: Sequence[int], what: str) -> None:
    """Refuse sizes for which the bank is too small.

    Errors : InputError with the trials that are needed.
    """
    for stratum, size in zip(strata, sizes, strict=True):
        if size and stratum.patients < REFUSED * size:
            raise InputError(
                f"run.trials: the bank has {stratum.patients:,} patients of a kind of which {what} needs {size}; "
                f"at least {REFUSED} for each, better {WARNED}, are wanted: raise run.trials about "
                f"{max(2, int(np.ceil(WARNED * size / max(stratum.patients, 1))))}-fold"
            )


def doubts(strata: Strata, sizes: Sequence[int], what: str) -> Iterator[str]:
    """What to beware of in the figures of a bank for a trial of these sizes."""
    for subgroup, stratum, size in zip(SUBGROUPS, strata, sizes, strict=True):
        if not size or not stratum.inside:
            continue
        if stratum.patients < WARNED * size:
            bias = 0.12 * size / stratum.patients
            yield (
                f"{what}: {stratum.patients:,} patients in the bank are few for {size} in a trial; power may be "
                f"off by {bias:.3f} beside its standard error"
            )
        fewest = min(stratum.responders, stratum.inside - stratum.responders)
        if fewest < _FEW:
            yield (
                f"{what} ({subgroup}): {stratum.responders} of {stratum.inside:,} respond, so the standard error "
                "of the rate is itself uncertain"
            )
