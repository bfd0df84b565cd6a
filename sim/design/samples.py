"""Which patients of a bank make a trial: its own trials, or trials of any size drawn from it again.

Both are a matrix (trials, patients) of rows of the bank, -1 where nobody is left, so one rule decides both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.config.design import Design
from sim.core.addressed import uniforms
from sim.core.decisions import Decision
from sim.core.tables import Table
from sim.design.bank import refuse_coupled, sizes_of
from sim.design.populations import SUBGROUPS

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OWN: Final = "simulated"
DRAWN: Final = "resampled"
_NAN: Final = float("nan")


@dataclass(frozen=True)
class Asked:
    """How trials are made of the bank, and the counts that are told with every figure.

    sizes    : numbers of patients of trials drawn from the bank, beside its own trials.
    drawn    : trials drawn of each size.
    """

    sizes: Sequence[int]
    drawn: int
    seed: int
    n_requested: int
    n_failed: int


@dataclass(frozen=True)
class Trials:
    """Trials of a bank: where they come from, (trials, patients) rows of the bank, planned patients."""

    origin: str
    rows: Rows
    n: int


def trials_of(bank: Table, design: Design, asked: Asked) -> Iterator[Trials]:
    """The bank's own trials, then drawn ones of each size that is asked for."""
    yield Trials(OWN, own_trials(bank), design.n)
    for n in asked.sizes:
        by_subgroup = design.composition == "quota"
        rows = drawn_trials(bank, sizes_of(design, n), asked.drawn, asked.seed, by_subgroup=by_subgroup)
        yield Trials(DRAWN, rows, n)


def own_trials(bank: Table) -> Rows:
    """(trials, most patients) rows of the bank, one row of the matrix for each of its trials."""
    trials, place = np.unique(bank["trial"], return_inverse=True)
    order = np.argsort(place, kind="stable")
    sizes = np.bincount(place, minlength=trials.size)
    column = np.arange(place.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rows = np.full((trials.size, int(sizes.max(initial=0))), -1, dtype=np.int64)
    rows[place[order], column] = order
    return rows


def drawn_trials(bank: Table, sizes: Sequence[int], trials: int, seed: int, *, by_subgroup: bool) -> Rows:
    """(trials, sum of sizes) rows, each place drawn with equal chances from all patients of its stratum.

    sizes       : places of LN and LC; where not by_subgroup, all and 0.
    The draw of a place depends on seed, trial and place alone, so a larger trial contains the smaller one.
    Errors      : ValueError for places of a stratum without patients.
    """
    parts = []
    for code, size in enumerate(sizes):
        if not size:
            continue
        stratum = np.flatnonzero(bank["subgroup"] == code) if by_subgroup else np.arange(bank.length)
        if not stratum.size:
            raise ValueError(f"the bank has no {SUBGROUPS[code]} patient to draw")
        draw = uniforms(seed, np.arange(trials)[:, None], code, Decision.RESAMPLED, np.arange(size)[None, :])
        parts.append(stratum[np.minimum((draw * stratum.size).astype(np.int64), stratum.size - 1)])
    return np.concatenate(parts, axis=1) if parts else np.zeros((trials, 0), dtype=np.int64)


def values_in(column: NDArray[np.generic], rows: Rows) -> Floats:
    """(trials, patients) values of the patients; NaN where there is nobody."""
    values = np.full(rows.shape, np.nan)
    values[rows >= 0] = column[rows[rows >= 0]]
    return values


def places_of(design: Design, population: str, n: int) -> float:
    """Patients of a population who are planned in a trial of n; NaN where chance decides."""
    if population == "all":
        return float(n)
    if design.composition == "random":
        return _NAN
    return float(sizes_of(design, n)[("LN", "LC").index(population)])


def members(table: Table, population: str) -> NDArray[np.bool_]:
    """(patients,) who was infused and is of a population."""
    of_it = population == "all" or table["subgroup"] == SUBGROUPS.index(population)
    return np.asarray((table["infused"] == 1) & of_it)


def power_error(
    success: NDArray[Any], trials: Trials, concerned: Flags, by_reference: Floats | None = None
) -> float:
    """Standard error of a power, or of a difference of powers, by the delta method: trials, bank and reference.

    success      : (trials,) whether each succeeds; of a difference 1, 0 or -1.
    concerned    : (patients of the bank,) who is of the population.
    by_reference : (patients of the bank,) what each adds to the power through a reference that is estimated from
                   them; None where it is given.
    The bank's own trials are independent. Of drawn ones the part of the bank is the infinitesimal jackknife
    (Efron, JASA 2014;109:991-1007), less the noise of the draws (Wager, JMLR 2014;15:1625-1651).
    """
    if by_reference is None:
        by_reference = np.zeros(concerned.size)
    power, n_trials = float(success.mean()), success.size
    centred = (success - power) / n_trials
    inside = (trials.rows >= 0) & concerned[trials.rows]
    if trials.origin == OWN:
        moved = np.where(inside, by_reference[trials.rows], 0.0).sum(axis=1)
        return float(np.sqrt(((centred + moved) ** 2).sum()))
    place = np.broadcast_to(centred[:, None], inside.shape)[inside]
    together = np.bincount(trials.rows[inside], place, minlength=concerned.size)
    drawn = float((centred**2).sum())
    bank = float(((together + by_reference) ** 2).sum()) - float(inside.sum(axis=1).mean()) * drawn
    return float(np.sqrt(drawn + max(bank, 0.0)))


def refuse_coupled_values(bank: Table) -> None:
    """Refuse to draw trials from patients who depend on each other, by who lies above the median of each value.

    bank   : float columns are values. Errors : InputError naming the value (sim/design/bank.py, refuse_coupled).
    """
    codes = {}
    for name, column in bank.items():
        if column.dtype.kind == "f" and np.isfinite(column).any():
            above = column > np.nanmedian(column)
            codes[name] = np.where(np.isnan(column), -1, above).astype(np.int8)
    refuse_coupled(bank.only(("trial", "subgroup")).adding(codes), list(codes))
