"""Hematologic flares, lineage by lineage: relapse after improvement, or worsening by BILAG or the flare index.

Tables have one row per attended visit, sorted by subject, then day. A flare is dated when it is detected: by the
sample that confirms the first one of a stretch that shows it. A missing value shows nothing. NCT04835883 names
this flare and defines none (reading X36).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments import hematologic_response
from sim.instruments.bilag import UNKNOWN, A, B, new_a, new_b
from sim.instruments.nullable import Nullable
from sim.instruments.visit_order import (
    baseline_value,
    earlier,
    ever,
    flag_at,
    later,
    running_maximum,
    starts,
    value_at,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

BEST: Final = ("mean_of_two", "single")


@dataclass(frozen=True)
class HematologicLineage:
    """How one lineage relapses: its P2 rule, the range in which it qualified, and what a fall is.

    improved(value, pretreatment) : of hematologic_response.
    in_entry_range(value)         : again as low as at entry.
    relapsed(value, best)         : fallen far enough from the best.
    fallen(value, reference)      : the fall that the routes by BILAG and by the flare index need.
    severe(value, previous, hemolysis) : the manifestation of the flare index.
    """

    column: str
    improved: Callable[[Floats, Floats], Nullable]
    in_entry_range: Callable[[Floats], Flags]
    relapsed: Callable[[Floats, Floats], Flags]
    fallen: Callable[[Floats, Floats], Flags]
    severe: Callable[[Floats, Floats, Flags], Flags]


def _halved(value: Floats, reference: Floats) -> Flags:
    return np.asarray(value <= 0.5 * reference + 1e-9, dtype=np.bool_)


def _down_by_30_percent(value: Floats, reference: Floats) -> Flags:
    return np.asarray(value <= 0.7 * reference + 1e-9, dtype=np.bool_)


def _severe_anemia(value: Floats, previous: Floats, hemolysis: Flags) -> Flags:
    return np.asarray(hemolysis & ((value < 7.0 - 1e-9) | (previous - value > 3.0 + 1e-9)), dtype=np.bool_)


def _severe_thrombocytopenia(value: Floats, previous: Floats, _hemolysis: Flags) -> Flags:
    return np.asarray((value < 60.0 - 1e-9) & _halved(value, previous), dtype=np.bool_)


def _never(value: Floats, _previous: Floats, _hemolysis: Flags) -> Flags:
    return np.zeros(len(value), dtype=np.bool_)


LINEAGES: Final = (
    HematologicLineage(
        "hemoglobin",
        hematologic_response.hemoglobin_improved,
        lambda value: np.asarray(value <= 10.0 + 1e-9, dtype=np.bool_),
        lambda value, best: np.asarray(best - value >= 1.5 - 1e-9, dtype=np.bool_),
        lambda value, reference: np.asarray(reference - value >= 1.0 - 1e-9, dtype=np.bool_),
        _severe_anemia,
    ),
    HematologicLineage(
        "neutrophils",
        hematologic_response.neutrophils_improved,
        lambda value: np.asarray(value < 1.0 - 1e-9, dtype=np.bool_),
        _halved,
        _down_by_30_percent,
        _never,
    ),
    HematologicLineage(
        "platelets",
        hematologic_response.platelets_improved,
        lambda value: np.asarray(value < 100.0 - 1e-9, dtype=np.bool_),
        _halved,
        _down_by_30_percent,
        _severe_thrombocytopenia,
    ),
)
"""The lineages that have a response in the record; lymphocytes have none and do not relapse (reading X05)."""


@dataclass(frozen=True)
class HematologicCourse:
    """What is known of one lineage at each visit; columns of one length.

    value         : hemoglobin in g/dL, or neutrophils or platelets in 10⁹/L; NaN where not measured.
    pretreatment  : the pre-treatment value of P2; qualifying : did the lineage qualify at entry; both on every
                    row of the subject.
    grade         : BILAG-2004 haematological codes, -1 where not assessed.
    hemolysis     : 1, 0, -1; transfused : a transfusion for this lineage was needed since the sample before.
    """

    value: Floats
    pretreatment: Floats
    qualifying: Flags
    grade: Codes
    hemolysis: Nullable
    transfused: Flags


def hematologic_flare(
    lineage: HematologicLineage,
    subject: NDArray[Any],
    day: Floats,
    baseline: Flags,
    course: HematologicCourse,
    *,
    best: str = "mean_of_two",
    fall_needed: bool = True,
    confirmed: bool = True,
) -> Flags:
    """Visits that date a flare of one lineage, by any of three routes.

    relapse     : after an improvement by the rule of P2 in a lineage that qualified, a fall from the best value
                  after D0 (half of platelets or neutrophils, 1.5 g/dL of hemoglobin) or a need for transfusion,
                  back in the range of entry.
    BILAG       : without such an improvement, a new A or B against the last graded visit.
    flare index : improved before or not, platelets below 60 and halved since the previous sample; with hemolysis,
                  hemoglobin below 7 or fallen by more than 3 g/dL.
    best        : mean of two consecutive samples, or a single one.
    fall_needed : the last two routes need the lineage to have fallen by 30 % (hemoglobin 1 g/dL), both from the
                  last assessment and from D0.
    confirmed   : the next sample of the lineage must show the same against the same references, and dates the
                  flare; where that visit is graded, the BILAG route needs A or B there.
    Source      : Cheson 2006, Blood 108:419 (relapse); the rest is assumed (reading X36).
    Errors      : ValueError for an unknown `best`.
    """
    if best not in BEST:
        raise ValueError(f"best {best!r} is unknown; allowed: {', '.join(BEST)}")
    place = np.flatnonzero(~np.isnan(course.value) & (day >= -1e-9))
    samples = _Samples.of(subject, day, baseline, course, place)
    after_baseline = samples.day >= 1.0 - 1e-9
    improved = lineage.improved(samples.value, course.pretreatment[place]) == 1
    improved &= after_baseline & course.qualifying[place]
    improved_before = flag_at(ever(samples.subject, improved), samples.before) == 1
    routes = (
        _relapse(
            lineage, samples, improved_before, _best(samples, after_baseline, best), course.transfused[place]
        ),
        _bilag_route(lineage, samples, improved_before, fall_needed=fall_needed),
        _index_route(lineage, samples, course.hemolysis[place], fall_needed=fall_needed),
    )
    flare = np.zeros(len(place), dtype=np.bool_)
    for now, then in routes:
        flare |= now & (then if confirmed else True)
    flare &= after_baseline
    first = starts(samples.subject, samples.day, flare)
    marks = np.zeros(len(course.value), dtype=np.bool_)
    marks[place[samples.after[first]] if confirmed else place[first]] = True
    return marks


@dataclass(frozen=True)
class _Samples:
    """Samples of one lineage from day 0 on, with the sample before and the next one; NaN for none.

    at_last_grade, last_grade : value and grade at the subject's last graded visit before the sample.
    """

    subject: NDArray[Any]
    day: Floats
    value: Floats
    before: Integers
    after: Integers
    previous: Floats
    following: Floats
    at_baseline: Floats
    at_last_grade: Floats
    grade: Codes
    last_grade: Codes
    following_grade: Codes

    @classmethod
    def of(
        cls, subject: NDArray[Any], day: Floats, baseline: Flags, course: HematologicCourse, place: Integers
    ) -> "_Samples":
        who, when, value = subject[place], day[place], course.value[place]
        everywhere = np.ones(len(place), dtype=np.bool_)
        before, after = earlier(who, when, everywhere), later(who, when, everywhere)
        graded = earlier(subject, day, course.grade != UNKNOWN)
        return cls(
            subject=who,
            day=when,
            value=value,
            before=before,
            after=after,
            previous=value_at(value, before),
            following=value_at(value, after),
            at_baseline=baseline_value(subject, baseline, course.value)[place],
            at_last_grade=value_at(course.value, graded)[place],
            grade=course.grade[place],
            last_grade=flag_at(course.grade, graded)[place],
            following_grade=flag_at(course.grade[place], after),
        )


def _best(samples: _Samples, after_baseline: Flags, best: str) -> Floats:
    """Best value after D0 and before each sample."""
    if best == "single":
        highs = np.where(after_baseline, samples.value, np.nan)
    else:
        pair = after_baseline & (flag_at(after_baseline, samples.before) == 1)
        highs = np.where(pair, (samples.value + samples.previous) / 2.0, np.nan)
    return value_at(running_maximum(samples.subject, highs), samples.before)


def _relapse(
    lineage: HematologicLineage, samples: _Samples, improved_before: Flags, best: Floats, transfused: Flags
) -> tuple[Flags, Flags]:
    """Whether each sample shows a relapse, and whether the next one shows the same."""
    now = lineage.relapsed(samples.value, best) | transfused
    then = lineage.relapsed(samples.following, best) | transfused
    return (
        np.asarray(improved_before & lineage.in_entry_range(samples.value) & now, dtype=np.bool_),
        np.asarray(lineage.in_entry_range(samples.following) & then, dtype=np.bool_),
    )


def _bilag_route(
    lineage: HematologicLineage, samples: _Samples, improved_before: Flags, *, fall_needed: bool
) -> tuple[Flags, Flags]:
    new = (new_a(samples.grade, samples.last_grade) == 1) | (new_b(samples.grade, samples.last_grade) == 1)
    still = (samples.following_grade == UNKNOWN) | np.isin(samples.following_grade, (A, B))
    fell, stays = _falls(lineage, samples, samples.at_last_grade, needed=fall_needed)
    return np.asarray(~improved_before & new & fell, dtype=np.bool_), np.asarray(still & stays, dtype=np.bool_)


def _index_route(
    lineage: HematologicLineage,
    samples: _Samples,
    hemolysis: Nullable,
    *,
    fall_needed: bool,
) -> tuple[Flags, Flags]:
    fell, stays = _falls(lineage, samples, samples.previous, needed=fall_needed)
    hemolytic = np.asarray(hemolysis == 1, dtype=np.bool_)
    now = lineage.severe(samples.value, samples.previous, hemolytic)
    then = lineage.severe(samples.following, samples.previous, hemolytic)
    return np.asarray(now & fell, dtype=np.bool_), np.asarray(then & stays, dtype=np.bool_)


def _falls(lineage: HematologicLineage, samples: _Samples, last: Floats, *, needed: bool) -> tuple[Flags, Flags]:
    """Has the lineage fallen from the last assessment and from D0: at the sample, and at the next one?"""
    if not needed:
        return np.ones(len(last), dtype=np.bool_), ~np.isnan(samples.following)
    now = lineage.fallen(samples.value, last) & lineage.fallen(samples.value, samples.at_baseline)
    then = lineage.fallen(samples.following, last) & lineage.fallen(samples.following, samples.at_baseline)
    return now, then
