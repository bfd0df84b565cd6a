"""What a patient bank says of its strata, and whether it is good enough for a size."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from sim.config.design import Design
from sim.core.errors import InputError
from sim.core.tables import Table
from sim.design.bank_algebra import EMPTY, JointLaw, Stratum, binomial_table, joint_law
from sim.design.populations import SUBGROUPS, column_stem, population_of
from sim.design.tally import TRIALS

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counted = NDArray[np.int64]
Strata = tuple[Stratum, Stratum]

REFUSED: Final = 5
WARNED: Final = 20
"""Patients of a stratum in the bank for each of the trial. Estimated rates bend the power by at most about
0.12 (trial / bank): 0.024 at 5 for 1, where the bank is refused, and 0.006 at 20 for 1, where it warns."""
COUNTED: Final = ("n", "responders")
_FEW: Final = 10
"""Responders, and non-responders, below which the error of a rate is itself badly known."""
RARE: Final = 1e-4
"""Bound for the chance of as much agreement: about 4.3 standard errors, one false alarm in 100,000 or fewer."""
_TILT: Final = 50.0
"""Where the bound is sought: pairs weigh about 2, so that chances down to exp(-100) of a pair are found."""


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


def strata_of_counts(counted: Table, totals: Mapping[str, int], name: str, design: Design) -> Strata:
    """The same strata from trials that were counted: the patients of a power run.

    counted : rows of a tally of the endpoint (sim/design/tally.py). totals : patients enrolled in its trials.
    """
    if design.composition == "random":
        enrolled = sum(totals[f"n_enrolled_{subgroup}"] for subgroup in SUBGROUPS)
        return _counted_stratum(counted, column_stem(name, "all"), enrolled), EMPTY
    population = population_of(name)
    first, second = (
        _counted_stratum(counted, column_stem(name, subgroup), totals[f"n_enrolled_{subgroup}"])
        if population in ("all", subgroup)
        else EMPTY
        for subgroup in SUBGROUPS
    )
    return first, second


def _counted_stratum(counted: Table, stem: str, enrolled: int) -> Stratum:
    inside, responders = (int(counted[TRIALS] @ counted[f"{stem}_{what}"].astype(np.int64)) for what in COUNTED)
    return Stratum(enrolled, inside, responders)


def coupling_of_counts(counted: Table, name: str) -> tuple[float, float]:
    """`coupling_of` trials that were counted."""
    numbers, responders = (
        np.stack([counted[f"{column_stem(name, subgroup)}_{what}"] for subgroup in SUBGROUPS], axis=1)
        for what in COUNTED
    )
    return coupling_of(counted[TRIALS], numbers.astype(np.int64), responders.astype(np.int64))


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

    Errors : InputError naming the endpoint where pairs of one trial agree more often than independent patients do.
    """
    for name in names:
        z, chance = coupling(bank, name)
        if chance < RARE:
            raise InputError(
                f"{name}: the patients of one trial agree more often than independent ones ({z:.1f} standard "
                "errors), so the algebra of a patient bank does not hold; simulate trials of the size in question "
                "with task=power design.n=NUMBER"
            )


def coupling(bank: Table, name: str) -> tuple[float, float]:
    """How much more often pairs of patients of one trial agree than independent ones would: as `coupling_of`."""
    inside = bank[name] >= 0
    _, trial = np.unique(bank["trial"][inside], return_inverse=True)
    cell = trial * len(SUBGROUPS) + bank["subgroup"][inside].astype(np.int64)
    cells = len(SUBGROUPS) * int(trial.max(initial=-1) + 1)
    numbers = np.bincount(cell, minlength=cells).reshape(-1, len(SUBGROUPS))
    responders = np.bincount(cell, bank[name][inside] == 1, minlength=cells).reshape(-1, len(SUBGROUPS))
    return coupling_of(np.ones(len(numbers), np.int64), numbers, responders.astype(np.int64))


def coupling_of(trials: Counted, numbers: Counted, responders: Counted) -> tuple[float, float]:
    """How much more often pairs of patients of one trial agree than independent ones would.

    trials : (rows,) trials that had the numbers of the row; numbers, responders : (rows, 2) LN and LC.
    Result : the sum, over all ordered pairs of a trial, of products of residuals from the rates of the strata, in
             its standard errors (0 where there is no pair); and a bound for the chance of as much among
             independent patients, which holds however rare the answers are.
    """
    rates = (trials @ responders) / np.maximum(trials @ numbers, 1)
    spread = rates * (1.0 - rates)
    total = 2.0 * float(trials @ ((numbers @ spread) ** 2 - numbers @ spread**2))
    if total <= 0.0:
        return 0.0, 1.0
    residual = (responders - numbers * rates).sum(axis=1)
    squares = responders @ (1.0 - rates) ** 2 + (numbers - responders) @ rates**2
    seen = float(trials @ (residual**2 - squares))
    return seen / float(np.sqrt(total)), _chance(seen, trials, numbers, rates)


def _chance(seen: float, trials: Counted, numbers: Counted, rates: Floats) -> float:
    """Chernoff's bound for the chance that the sum over pairs is at least as seen among independent patients.

    Source : Chernoff, Annals of Mathematical Statistics 1952;23:493.
    """
    kinds, place = np.unique(numbers, axis=0, return_inverse=True)
    weights = np.bincount(place.reshape(-1), trials)
    laws = [_law_of_pairs(kind, rates) for kind in kinds]
    values, chances = np.zeros((2, len(laws), max(len(law[0]) for law in laws)))
    for row, law in enumerate(laws):
        values[row, : len(law[0])], chances[row, : len(law[1])] = law
    logarithms = np.log(chances, where=chances > 0.0, out=np.full(chances.shape, -np.inf))

    def exponent(tilt: float) -> float:
        terms = tilt * values + logarithms
        most = terms.max(axis=1)
        return float(weights @ (np.log(np.exp(terms - most[:, None]).sum(axis=1)) + most)) - tilt * seen

    return float(np.exp(min(optimize.minimize_scalar(exponent, bounds=(0.0, _TILT), method="bounded").fun, 0.0)))


def _law_of_pairs(numbers: NDArray[np.int64], rates: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """The sum over the pairs of one trial for all its numbers of responders, and their chances, flat."""
    residuals, squares, chances = np.zeros(1), np.zeros(1), np.ones(1)
    for n, rate in zip(numbers.tolist(), rates.tolist(), strict=True):
        x = np.arange(n + 1)
        residuals = np.add.outer(residuals, x - n * rate).ravel()
        squares = np.add.outer(squares, x * (1.0 - rate) ** 2 + (n - x) * rate**2).ravel()
        chances = np.multiply.outer(chances, binomial_table(n, rate)[n]).ravel()
    return residuals**2 - squares, chances


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
