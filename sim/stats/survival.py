"""Times to event: Kaplan-Meier survival, Aalen-Johansen incidence with competing events, restricted mean time.

Where times are equal, events go before censorings. Intervals are of one time point each, on the log(-log) scale;
there is none (NaN) where the estimate is 0 or 1. An event detected at a visit lies somewhere after the visit
before, so all times here are those of detection, which is late by part of an interval between visits.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Curve:
    """A step function of time, right-continuous; every array has one entry for each distinct observed time.

    estimate       : survival (from 1 down) or cumulative incidence (from 0 up) from that time on.
    standard_error : of the estimate; low, high : its interval, NaN where the estimate is 0 or 1.
    at_risk        : number under observation just before that time.
    """

    time: Floats
    estimate: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    at_risk: Floats


def kaplan_meier(time: ArrayLike, event: ArrayLike, confidence: float = 0.95) -> Curve:
    """Survival without the event.

    time, event : (subjects,); event False is censored at that time.
    Errors      : ValueError without subjects, for a missing or negative time, for arrays of two lengths.
    Source      : Kaplan, Meier, JASA 1958;53:457-481; Greenwood's variance.
    """
    when, happens = _checked(time, event)
    distinct, at_risk, events = _counted(when, happens.astype(np.bool_))
    estimate = np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)
    variance = estimate**2 * np.cumsum(_hazard_variance(at_risk, events))
    return _curve(distinct, estimate, variance, at_risk, confidence)


def kaplan_meier_influence(time: ArrayLike, event: ArrayLike) -> Floats:
    """What each subject adds to the error of the last Kaplan-Meier estimate; (subjects,), with the sum 0.

    time, event : as kaplan_meier.
    Formula     : -S sum over the times t of (dN_i(t) - Y_i(t) d(t) / n(t)) / (n(t) - d(t)), S the last estimate;
                  the squares add up to Greenwood's variance. 0 where S is 0 or 1.
    Source      : infinitesimal jackknife, Efron, The Jackknife, the Bootstrap and Other Resampling Plans, 1982.
    """
    when, happens = _checked(time, event)
    happens = happens.astype(np.bool_)
    distinct, at_risk, events = _counted(when, happens)
    left = at_risk - events
    if not left[events > 0].all():
        return np.zeros(len(when))
    place = np.searchsorted(distinct, when)
    each = np.divide(1.0, left, out=np.zeros(len(left)), where=events > 0)
    before = np.cumsum(each * events / at_risk)
    return np.asarray(-np.prod(1.0 - events / at_risk) * (happens * each[place] - before[place]))


def aalen_johansen(time: ArrayLike, cause: ArrayLike, *, of: int = 1, confidence: float = 0.95) -> Curve:
    """Cumulative incidence of one cause where others compete.

    time, cause : (subjects,); cause is 0 for censored, else the number of the event that came first.
    of          : the cause asked for.
    Errors      : as kaplan_meier; ValueError for a cause below 1.
    Source      : Aalen, Johansen, Scandinavian Journal of Statistics 1978;5:141-150; variance by the delta method,
                  Marubini, Valsecchi, Analysing Survival Data from Clinical Trials, 1995, chapter 10.
    """
    when, which = _checked(time, cause)
    if of < 1:
        raise ValueError(f"cause {of} is not allowed; events are numbered from 1, 0 is censored")
    distinct, at_risk, events = _counted(when, which != 0)
    of_cause = _counted(when, which == of)[2]
    survival = np.cumprod(1.0 - events / at_risk)
    before = np.concatenate(([1.0], survival[:-1]))
    estimate = np.cumsum(before * of_cause / at_risk)
    variance = _incidence_variance(estimate, before, at_risk, events, of_cause)
    return _curve(distinct, estimate, variance, at_risk, confidence)


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time without the event up to a horizon, in the unit of time, with its standard error and interval."""

    mean: float
    standard_error: float
    low: float
    high: float


def restricted_mean(time: ArrayLike, event: ArrayLike, horizon: float, confidence: float = 0.95) -> RestrictedMean:
    """Mean time to the event or to the horizon, whichever is first: the area under the Kaplan-Meier curve.

    Errors : as kaplan_meier; ValueError for a horizon that is not above 0, or later than the last observed time
             where survival is not known to be 0 by then.
    Source : Irwin, Journal of Hygiene 1949;47:188-189; variance as in Royston, Parmar, Statistics in Medicine
             2011;30:2409-2421.
    """
    curve = kaplan_meier(time, event, confidence)
    if not horizon > 0.0:
        raise ValueError(f"horizon {horizon!r} is not allowed; it must be above 0")
    if horizon > curve.time[-1] and curve.estimate[-1] > 0.0:
        raise ValueError(f"horizon {horizon:g} is after the last observed time {curve.time[-1]:g}; lower it")
    when, happens = _checked(time, event)
    _, at_risk, events = _counted(when, happens.astype(np.bool_))
    edges = np.clip(np.concatenate(([0.0], curve.time, [max(horizon, curve.time[-1])])), 0.0, horizon)
    pieces = np.diff(edges) * np.concatenate(([1.0], curve.estimate))
    mean = float(pieces.sum())
    after = mean - np.cumsum(pieces)[:-1]  # area from each time to the horizon
    error = float(np.sqrt(np.sum(after**2 * _hazard_variance(at_risk, events))))
    half = float(special.ndtri(0.5 + confidence / 2.0)) * error
    return RestrictedMean(mean, error, mean - half, mean + half)


def at(curve: Curve, time: ArrayLike, *, before: float) -> Floats:
    """Value of a curve at given times; before: its value before the first (1 for survival, 0 for incidence)."""
    place = np.searchsorted(curve.time, np.asarray(time, dtype=np.float64), side="right") - 1
    return np.where(place < 0, before, curve.estimate[np.maximum(place, 0)])


def _checked(time: ArrayLike, event: ArrayLike) -> tuple[Floats, NDArray[Any]]:
    when, what = np.asarray(time, dtype=np.float64), np.asarray(event)
    if when.ndim != 1 or when.shape != what.shape:
        raise ValueError(f"times {when.shape} and events {what.shape} must be two lists of one length")
    if not len(when):
        raise ValueError("no subject: a curve needs at least one time")
    if not np.all(when >= 0.0):
        raise ValueError("a time is missing or negative; leave such a subject out or correct it")
    return when, what


def _counted(time: Floats, event: Flags) -> tuple[Floats, Floats, Floats]:
    """Distinct times, how many were at risk just before each, and how many events it had."""
    distinct, place = np.unique(time, return_inverse=True)
    all_of_them = np.bincount(place, minlength=len(distinct)).astype(np.float64)
    at_risk = np.cumsum(all_of_them[::-1])[::-1]
    events = np.bincount(place[event], minlength=len(distinct)).astype(np.float64)
    return distinct, at_risk, events


def _hazard_variance(at_risk: Floats, events: Floats) -> Floats:
    """Greenwood's d / (n (n - d)) of each time; 0 where all have the event, for nothing survives to vary."""
    left = at_risk - events
    return np.where(left > 0.0, events / (at_risk * np.maximum(left, 1.0)), 0.0)


def _incidence_variance(
    estimate: Floats, before: Floats, at_risk: Floats, events: Floats, of_cause: Floats
) -> Floats:
    later = estimate[:, None] - estimate[None, :]  # incidence at t minus that at each earlier time
    seen = np.tril(np.ones((len(estimate), len(estimate))))
    terms = later**2 * _hazard_variance(at_risk, events)
    terms += before**2 * of_cause * (at_risk - of_cause) / at_risk**3
    terms -= 2.0 * later * before * of_cause / at_risk**2
    return np.asarray((seen * terms).sum(axis=1), dtype=np.float64)


def _curve(time: Floats, estimate: Floats, variance: Floats, at_risk: Floats, confidence: float) -> Curve:
    error = np.sqrt(np.maximum(variance, 0.0))
    low, high = np.full(len(time), np.nan), np.full(len(time), np.nan)
    inside = (estimate > 0.0) & (estimate < 1.0 - 1e-12)
    value = estimate[inside]
    half = special.ndtri(0.5 + confidence / 2.0) * error[inside] / np.abs(value * np.log(value))
    low[inside], high[inside] = value ** np.exp(half), value ** np.exp(-half)
    return Curve(time, estimate, error, low, high, at_risk)
