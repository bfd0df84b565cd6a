"""From the configured population to one record of plain numbers that compiled code reads by attribute.

Every number of conf/population appears as `<group>_<key>`; mappings become arrays in the order of the tuples
in sim.config.population, and what follows from several numbers (Cholesky factors, the share of adequate
doses) is worked out here, once.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.config.population import (
    BIOPSY_MIX,
    DRUGS,
    EVER,
    ITEMS,
    MAX_DAMAGE,
    MAX_DOSES,
    MAX_TITERS,
    PRIMARY_TYPES,
    Correlations,
    Population,
    Regimen,
)
from sim.core.errors import InputError
from sim.population.variables import CORRELATED, Correlated

_DURATION_POINTS: Final = 4097
_ANY_DOSE: Final = ("cyclophosphamide_oral", "cyclosporine")
"""Listed drugs that count at any dose (NCT04835883)."""
_UNLISTED: Final = ("other",)

_NUMBERS: Final = [
    (f"{group.name}_{leaf.name}", "f8")
    for group in fields(Population)
    if is_dataclass(group.type)
    for leaf in fields(group.type)
    if leaf.type is float
]
PARAMETERS: Final = np.dtype(
    [
        *_NUMBERS,
        ("dose_levels", "f8", (MAX_DOSES,)),
        ("dose_cumulative", "f8", (MAX_DOSES,)),
        ("damage_levels", "f8", (MAX_DAMAGE,)),
        ("damage_cumulative", "f8", (MAX_DAMAGE,)),
        ("titer_levels", "f8", (MAX_TITERS,)),
        ("titer_cumulative", "f8", (MAX_TITERS,)),
        ("primary_cumulative", "f8", (len(PRIMARY_TYPES),)),
        ("class_cumulative", "f8", (len(BIOPSY_MIX),)),
        ("drug_cumulative", "f8", (2, len(DRUGS) + 1)),
        ("adequate_dose", "f8", (2,)),
        ("dose_adequate", "f8", (len(DRUGS),)),
        ("dose_low", "f8", (len(DRUGS),)),
        ("response_cumulative", "f8", (3,)),
        ("item_owned", "f8", (len(ITEMS),)),
        ("ever", "f8", (2, len(EVER))),
        ("ivig", "f8", (2,)),
        ("regimen_mean_days", "f8"),
        ("biopsy_mean_days", "f8"),
        ("nephritis_log_medians", "f8", (3,)),  # creatinine, UPCR, red cells
        ("cholesky", "f8", (2, CORRELATED, CORRELATED)),
        ("cholesky_columns", "f8", (2, CORRELATED, CORRELATED)),  # the same, columns first
        ("duration_step", "f8"),
        ("duration_cdf", "f8", (_DURATION_POINTS,)),
    ],
    align=True,
)


def population_parameters(population: Population) -> NDArray[np.void]:
    """One record of PARAMETERS, in an array of length 1, for a configured population.

    Errors : InputError where the correlations cannot hold together, or the share of failed regimens cannot
             be reached by any dose.
    """
    records = np.zeros(1, PARAMETERS)
    record = records[0]
    for group in fields(population):
        if is_dataclass(group.type):
            for name, value in vars(getattr(population, group.name)).items():
                if isinstance(value, float):
                    record[f"{group.name}_{name}"] = value
    _fill_levels(record, population)
    _fill_regimens(record, population.regimen)
    record["item_owned"] = np.minimum(
        1.0, population.shared.item_owned_factor * _in_order(population.shared.item_prevalence, ITEMS)
    )
    record["ever"] = [
        _in_order(population.features.ever_nephritis, EVER),
        _in_order(population.features.ever_cytopenia, EVER),
    ]
    record["ivig"] = population.exclusions.ivig_nephritis, population.exclusions.ivig_cytopenia
    record["biopsy_mean_days"] = -365.0 / math.log1p(-population.biopsy.within_a_year)
    kidney = population.nephritis
    record["nephritis_log_medians"] = np.log(
        [kidney.creatinine_median, kidney.upcr_median, kidney.urine_rbc_median]
    )
    factors = cholesky_factors(population.correlations)
    record["cholesky"], record["cholesky_columns"] = factors, factors.transpose(0, 2, 1)
    body = population.body
    record["duration_step"] = (body.age_high - body.age_at_earliest_diagnosis) / (_DURATION_POINTS - 1)
    record["duration_cdf"] = _gamma_cdf(float(record["duration_step"]), body.duration_shape, body.duration_mean)
    return records


@lru_cache(maxsize=8)
def _gamma_cdf(step: float, shape: float, mean: float) -> NDArray[np.float64]:
    """The gamma distribution function at 0, step, 2·step …; the dearest part of a chunk of screening."""
    grid = np.arange(_DURATION_POINTS) * step
    return np.asarray(special.gammainc(shape, grid * (shape / mean)))


def _in_order(mapping: Mapping[str, float], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([mapping.get(name, 0.0) for name in names])


def _cumulative(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running sums that end at exactly 1 from the last level in use on."""
    sums = np.cumsum(shares)
    sums[np.flatnonzero(shares)[-1] :] = 1.0
    return sums


def _fill_levels(record: Any, population: Population) -> None:
    for name, mapping, size in (
        ("dose", population.shared.prednisone_dose, MAX_DOSES),
        ("damage", population.shared.damage, MAX_DAMAGE),
        ("titer", population.features.ana_titer, MAX_TITERS),
    ):
        pairs = sorted((float(key), share) for key, share in mapping.items())
        levels, shares = np.zeros(size), np.zeros(size)
        levels[: len(pairs)] = [value for value, _ in pairs]
        shares[: len(pairs)] = [share for _, share in pairs]
        record[f"{name}_levels"], record[f"{name}_cumulative"] = levels, _cumulative(shares)
    record["primary_cumulative"] = _cumulative(_in_order(population.cytopenia.primary, PRIMARY_TYPES))
    record["class_cumulative"] = _cumulative(_in_order(population.biopsy.classes, BIOPSY_MIX))


def _fill_regimens(record: Any, regimen: Regimen) -> None:
    mixes = ("nephritis", regimen.nephritis), ("cytopenia", regimen.cytopenia)
    record["drug_cumulative"] = [_cumulative(_in_order(mix, ("none", *DRUGS))) for _, mix in mixes]
    record["adequate_dose"] = [adequate_dose_share(regimen, mix, name) for name, mix in mixes]
    record["dose_adequate"] = _in_order(regimen.dose_adequate, DRUGS)
    record["dose_low"] = _in_order(regimen.dose_low, DRUGS)
    responses = regimen.response_none, regimen.response_partial
    record["response_cumulative"] = responses[0], sum(responses), 1.0
    record["regimen_mean_days"] = -182.0 / math.log(regimen.long_enough)


def adequate_dose_share(regimen: Regimen, mix: Mapping[str, float], stream: str) -> float:
    """Share of adequate doses with which the configured share of candidates has a failed qualifying regimen.

    Errors : InputError where no share from 0 to 1 does it.
    """
    failing = regimen.long_enough * (regimen.response_none + regimen.response_partial)
    any_dose = sum(mix.get(drug, 0.0) for drug in _ANY_DOSE)
    by_dose = sum(share for drug, share in mix.items() if drug not in ("none", *_ANY_DOSE, *_UNLISTED))
    lowest, highest = failing * any_dose, failing * (any_dose + by_dose)
    if not lowest <= regimen.failed <= highest:
        raise InputError(
            f"population.regimen.failed: {regimen.failed:g} cannot be reached with the drugs of {stream}; "
            f"with long_enough and the responses as they are it must be from {lowest:.3f} to {highest:.3f}"
        )
    return (regimen.failed - lowest) / (highest - lowest) if highest > lowest else 0.0


def correlation_matrix(correlations: Correlations, nephritis: bool) -> NDArray[np.float64]:
    """Correlations of the normal scores, shape (12, 12) in the order of Correlated.

    Rank correlations r become 2·sin(π·r/6) (Pearson 1907), those between logarithms are used as they are. In
    the cytopenia stream kidney values correlate with nothing.
    """
    c, v = correlations, Correlated
    pairs = [
        (v.C3, v.C4, _normal_score(c.c3_c4)),
        (v.C3, v.ANTI_DSDNA, _normal_score(c.c3_anti_dsdna)),
        (v.PREDNISONE_DOSE, v.EXTRARENAL_ACTIVITY, _normal_score(c.dose_extrarenal)),
        (v.DAMAGE, v.DISEASE_DURATION, _normal_score(c.damage_duration)),
        (v.PLATELETS, v.LYMPHOCYTES, _normal_score(c.platelets_lymphocytes)),
    ]
    if nephritis:
        pairs += [
            (v.CREATININE, v.UPCR, c.creatinine_upcr),
            (v.CREATININE, v.URINE_RBC, c.creatinine_urine_rbc),
            (v.UPCR, v.URINE_RBC, c.upcr_urine_rbc),
            (v.C3, v.UPCR, _normal_score(c.c3_upcr)),
            (v.PREDNISONE_DOSE, v.UPCR, _normal_score(c.dose_upcr)),
        ]
    matrix = np.eye(CORRELATED)
    for first, second, value in pairs:
        matrix[first, second] = matrix[second, first] = value
    return matrix


def _normal_score(rank: float) -> float:
    return 2.0 * math.sin(math.pi * rank / 6.0)


def cholesky_factors(correlations: Correlations) -> NDArray[np.float64]:
    """Lower Cholesky factors of both streams, shape (2, 12, 12), LN first.

    Errors : InputError where the correlations contradict each other.
    """
    factors = []
    for stream, nephritis in (("nephritis", True), ("cytopenia", False)):
        matrix = correlation_matrix(correlations, nephritis)
        smallest = float(np.linalg.eigvalsh(matrix)[0])
        if smallest <= 1e-10:
            raise InputError(
                f"population.correlations: those of the {stream} stream contradict each other (smallest "
                f"eigenvalue {smallest:.3g}; it must be above 0); make the largest ones smaller"
            )
        factors.append(np.linalg.cholesky(matrix))
    return np.array(factors)
