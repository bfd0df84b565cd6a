"""Curves of times to event in exact fractions: Kaplan–Meier, Aalen–Johansen, the restricted mean.

A subject is (time, cause); cause 0 is censored, 1 the event, others compete. Censored subjects are at risk on the
day. Variances are Greenwood's (1926) and, for incidences, the delta method (Marubini 1995, Analysing Survival
Data from Clinical Trials, chapter 10); limits stand on the log(−log) scale.
"""

import math
from fractions import Fraction
from statistics import NormalDist

Subject = tuple[int, int]
Z = NormalDist().inv_cdf(0.975)


def counts(people: list[Subject], of: int, competing: bool) -> list[tuple[int, int, int, int]]:
    """(day, at risk, events of the cause, events of any cause that counts) of each day somebody is counted on."""
    found = []
    for day in sorted({time for time, _ in people}):
        at_risk = sum(time >= day for time, _ in people)
        causes = [cause for time, cause in people if time == day]
        own = causes.count(of)
        found.append((day, at_risk, own, sum(cause > 0 for cause in causes) if competing else own))
    return found


def limits(estimate: Fraction, variance: Fraction) -> tuple[float, float] | None:
    """95 % limits on the log(−log) scale; None at 0 and 1."""
    if not 0 < estimate < 1:
        return None
    value = float(estimate)
    width = Z * math.sqrt(variance) / abs(value * math.log(value))
    low, high = value ** math.exp(width), value ** math.exp(-width)
    return low, high


def kaplan_meier(people: list[Subject]) -> list[tuple[int, Fraction, Fraction]]:
    """(day, share without event, its variance) from each day on."""
    share, added, curve = Fraction(1), Fraction(0), []
    for day, at_risk, events, _ in counts(people, 1, competing=False):
        share *= 1 - Fraction(events, at_risk)
        added += Fraction(events, at_risk * (at_risk - events)) if at_risk > events else 0
        curve.append((day, share, share**2 * added))
    return curve


def incidence(people: list[Subject], of: int) -> list[tuple[int, Fraction, Fraction]]:
    """(day, share in whom this cause came first, its variance) from each day on."""
    left, reached, steps, curve = Fraction(1), Fraction(0), [], []
    for day, at_risk, own, every in counts(people, of, competing=True):
        reached += left * Fraction(own, at_risk)
        steps.append((reached, left, at_risk, own, every))
        left *= 1 - Fraction(every, at_risk)
        curve.append((day, reached, spread(steps)))
    return curve


def spread(steps: list[tuple[Fraction, Fraction, int, int, int]]) -> Fraction:
    """The variance of the last share reached."""
    last, found = steps[-1][0], Fraction(0)
    for reached, left, at_risk, own, every in steps:
        gone = last - reached
        if gone:
            found += gone**2 * Fraction(every, at_risk * (at_risk - every))
        found += left**2 * Fraction(own * (at_risk - own), at_risk**3)
        found -= 2 * gone * left * Fraction(own, at_risk**2)
    return found


def restricted_mean(people: list[Subject], horizon: int) -> tuple[Fraction, Fraction]:
    """Mean days without event to the horizon, and the variance (Greenwood)."""
    curve = [(0, Fraction(1), Fraction(0)), *kaplan_meier(people)]
    ends = [day for day, _, _ in curve[1:]] + [horizon]
    areas = [
        share * max(0, min(end, horizon) - min(day, horizon))
        for (day, share, _), end in zip(curve, ends, strict=True)
    ]
    variance = Fraction(0)
    for place, (_, at_risk, events, _) in enumerate(counts(people, 1, competing=False), start=1):
        if at_risk > events:
            variance += sum(areas[place:]) ** 2 * Fraction(events, at_risk * (at_risk - events))
    return sum(areas, Fraction(0)), variance
