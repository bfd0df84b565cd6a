"""Multiple imputation of missing outcomes: how likely each subject would have responded, and the rate.

Model, for each endpoint and trial: the log odds of response are linear in a measure of the disease at D0 and at
the last visit on which the subject was observed, both standardized, fitted to those whose outcome was observed,
with their values of the same days (missing at random given these two). The coefficients are drawn from the normal
approximation of their posterior, then each outcome from its probability. Certain non-response is not imputed and
does not enter the model. The measure is the log of UPCR (P3), the log of a count over the least that is an
improvement (P2), or SLEDAI-2K (S2 to S6).
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.config.analysis import ENDPOINTS, Analysis
from sim.config.estimands import FEWEST
from sim.core.addressed import uniforms
from sim.core.decisions import Decision
from sim.core.errors import InputError
from sim.endpoints.dataset import DataSet, take
from sim.endpoints.estimand import Standing, standing
from sim.endpoints.hematologic import closeness
from sim.endpoints.sledai_endpoints import sledai_at_visits
from sim.stats.imputation import Combined, combined
from sim.stats.logistic import posterior, probability

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SPAN: Final = 64
"""Room for endpoints in an index."""
_COEFFICIENTS: Final = 3


def probabilities(name: str, rule: Callable[..., Any], data: DataSet, analysis: Analysis, seed: int) -> Floats:
    """Share of imputations in which each subject responds; NaN outside the population.

    Errors : as `completed`.
    """
    found = standing(name, rule, data, analysis, getattr(analysis.intercurrent, name), "mi")
    share = completed(name, found, analysis, seed).mean(axis=1)
    return np.where(found.in_population, share, np.nan)


def rate(responses: Flags) -> Combined:
    """Rate of response by Rubin's rules; responses : (subjects of the population, imputations)."""
    rates = responses.mean(axis=0)
    return combined(rates, rates * (1.0 - rates) / len(responses))


def completed(name: str, found: Standing, analysis: Analysis, seed: int) -> Flags:
    """Response of each subject in each imputation, (subjects, imputations); the same for all where it is known.

    Errors : InputError where a trial has fewer than 30 subjects in the population, or where nobody's outcome was
             observed; with key, value and remedy.
    """
    known = found.in_population & (found.known == 0) & (found.missing == 0) & (found.failed == 0)
    responses = np.repeat(known[:, None], analysis.imputations, axis=1)
    trials = found.data.subjects["trial"]
    for trial in np.unique(trials[found.in_population]).tolist():
        members = found.in_population & (trials == trial)
        if problem := refusal(name, found, members, int(trial)):
            raise InputError(problem)
        for day, rows in _by_last_day(name, found, members, analysis):
            responses[rows] = _drawn(name, found, members, analysis, seed, day, rows)
    return responses


def refusal(name: str, found: Standing, members: Flags, trial: int) -> str:
    """Why the outcomes of a trial's members cannot be imputed; "" if they can."""
    remedy = f"choose analysis.missing.{name}=nri, obs, locf, best or worst"
    size = int(members.sum())
    if size < FEWEST:
        return (
            f"analysis.missing.{name}: 'mi' is not allowed; trial {trial} has {size} subjects in the population "
            f"of {name}, and a model of so few would say more than they do: it needs {FEWEST}; {remedy}"
        )
    if not (members & (found.known == 0) & (found.missing == 0)).any():
        return (
            f"analysis.missing.{name}: 'mi' is not allowed; in trial {trial} no outcome of {name} was observed "
            f"from which another could be drawn; {remedy}"
        )
    return ""


def _drawn(
    name: str, found: Standing, members: Flags, analysis: Analysis, seed: int, day: int, rows: NDArray[np.int64]
) -> Flags:
    """Responses drawn for the subjects in `rows`, all last observed on one day; (rows, imputations)."""
    observed = np.flatnonzero(members & (found.known == 0) & (found.missing == 0))
    measure = measure_at_visits(name, found.data, analysis)
    raw = np.stack([_last(found.data, measure, 0), _last(found.data, measure, day)], axis=1)
    predictors = _standardized(raw, observed)
    mode, covariance = posterior(
        predictors[observed], (found.failed[observed] == 0).astype(np.float64), analysis.imputation_prior
    )
    subjects, endpoint = found.data.subjects, ENDPOINTS.index(name)
    trial = int(subjects["trial"][rows[0]])
    index = _SPAN * np.arange(analysis.imputations) + endpoint
    address = 4 * index[:, None] + np.arange(_COEFFICIENTS)
    normal = special.ndtri(uniforms(seed, trial, day, Decision.IMPUTATION_MODEL, address))
    coefficients = mode + normal @ np.linalg.cholesky(covariance).T
    log_odds = np.column_stack([np.ones(len(rows)), predictors[rows]]) @ coefficients.T
    number = subjects["subject"][rows].astype(np.int64)[:, None]
    chance = uniforms(seed, trial, number, Decision.IMPUTATION, index[None, :])
    return np.asarray(chance < probability(log_odds), dtype=np.bool_)


def measure_at_visits(name: str, data: DataSet, analysis: Analysis) -> Floats:
    """The measure of the disease at each attended visit that predicts an endpoint; NaN where it is unknown."""
    if name == "P2":
        return closeness(data, analysis)
    if name == "P3":
        upcr = data.measured("upcr")
        return np.log(np.where(upcr > 0.0, upcr, np.nan))
    return sledai_at_visits(data, analysis)


def _by_last_day(
    name: str, found: Standing, members: Flags, analysis: Analysis
) -> list[tuple[int, NDArray[np.int64]]]:
    """Those whose outcome is missing, by the last day on which they were observed (0 if never after D0)."""
    lost = np.flatnonzero(members & (found.missing != 0))
    measure, day = measure_at_visits(name, found.data, analysis), found.data.attended["at_day"]
    last = np.zeros(found.data.size)
    usable = ~np.isnan(measure)
    np.maximum.at(last, found.data.attended["row"][usable], day[usable])
    return [(int(each), lost[last[lost] == each]) for each in np.unique(last[lost])]


def _last(data: DataSet, measure: Floats, day: int) -> Floats:
    """The last value of each subject up to a day; NaN for none."""
    usable = np.flatnonzero(~np.isnan(measure) & (data.attended["at_day"] <= day))
    place = np.full(data.size, -1)
    np.maximum.at(place, data.attended["row"][usable], usable)
    return take(measure, place)


def _standardized(raw: Floats, observed: NDArray[np.int64]) -> Floats:
    """Predictors with mean 0 and standard deviation 1 among the observed; what is unknown counts as the mean."""
    sample = raw[observed]
    known = ~np.isnan(sample)
    count = np.maximum(known.sum(axis=0), 1)
    mean = np.where(known, sample, 0.0).sum(axis=0) / count
    spread = np.sqrt(np.where(known, (sample - mean) ** 2, 0.0).sum(axis=0) / count)
    scaled = (raw - mean) / np.where(spread > 1e-12, spread, np.inf)
    return np.where(np.isnan(scaled), 0.0, scaled)
