"""Flares scored on samples and BILAG grades: proteinuric, nephritic, extrarenal (hematologic_flares has the rest).

Tables have one row per attended visit, sorted by subject, then day. Each function marks the visits that date a
flare: the first sample of a stretch of samples that show it and are confirmed. A missing value shows nothing.
The record NCT04835883 names these flares and defines none (reading X36). The defaults keep the running minimum
of a noisy value from making flares out of nothing; every alternative is a parameter.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import DOMAINS, bilag_flare
from sim.instruments.nullable import Nullable
from sim.instruments.visit_order import (
    baseline_value,
    earlier,
    ever,
    flag_at,
    later,
    previous_value,
    running_minimum,
    starts,
    value_at,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

CONFIRMATION_DAYS: Final = 7
"""A renal flare is confirmed on the next sample at least so many days later."""
UNSCHEDULED_DAYS: Final = 28
"""By the rule `multiples`, the next sample of an unscheduled visit confirms when it comes so soon, or sooner."""
EXTRARENAL_DOMAINS: Final = tuple(name for name in DOMAINS if name != "renal")
PROTEINURIC_RULES: Final = ("response", "multiples", "response_only")
NADIRS: Final = ("mean_of_two", "single")
DATES: Final = ("first", "confirmation")


def _allowed(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} {value!r} is unknown; allowed: {', '.join(allowed)}")


def proteinuric_flare(
    subject: NDArray[Any],
    day: Floats,
    baseline: Flags,
    upcr: Floats,
    *,
    rule: str = "response",
    nadir: str = "mean_of_two",
    unscheduled: Flags | None = None,
    dated: str = "first",
) -> Flags:
    """Visits that date a confirmed proteinuric flare.

    upcr  : mg/mg, NaN where not sampled; samples count from day 0 on; baseline marks D0.
    rule  : response, after two consecutive samples of at most 0.7: above 1.0 from a nadir below 0.2, else above
            2.0; without such a response at least 2 × nadir and 1.5 × D0.
            multiples, at least 2 × nadir, and at least 1.0 from a nadir below 0.5, at least 2.0 from one below
            1.0; the next sample confirms at an unscheduled visit (`unscheduled`) within 28 days, too.
            response_only, above 1.0 from below 0.2 or above 2.0 from 0.2 to 1.0, after one sample of at most 0.7.
    nadir : lowest geometric mean of two consecutive earlier samples (mean_of_two), or lowest earlier sample.
    dated : at the first of the confirming samples, or at the confirmation.
    Source: response_only, AURORA 2 (Saxena 2024, Arthritis & Rheumatology 76:59); multiples, after KDIGO 2024,
            Kidney International 105:S1; response, both, with assumed factors.
    Errors: ValueError for an unknown word.
    """
    _allowed("rule", rule, PROTEINURIC_RULES)
    _allowed("nadir", nadir, NADIRS)
    _allowed("dated", dated, DATES)
    place = np.flatnonzero(~np.isnan(upcr) & (day >= -1e-9))
    who, when, value = subject[place], day[place], upcr[place]
    everywhere = np.ones(len(place), dtype=np.bool_)
    before = earlier(who, when, everywhere)
    previous = value_at(value, before)
    lows = value if nadir == "single" else np.sqrt(value * previous)
    lowest = value_at(running_minimum(who, lows), before)
    low = value <= 0.7 + 1e-9
    low_enough = low if rule == "response_only" else low & (previous <= 0.7 + 1e-9)
    responded = flag_at(ever(who, low_enough), before) == 1
    reference = baseline_value(subject, baseline, upcr)[place]

    def shows(sample: Floats) -> Flags:
        if rule == "multiples":
            return _multiplied(sample, lowest)
        after_response = responded & (sample > np.where(lowest < 0.2 - 1e-9, 1.0, 2.0) + 1e-9) & ~np.isnan(lowest)
        if rule == "response_only":
            return np.asarray(after_response & (lowest <= 1.0 + 1e-9), dtype=np.bool_)
        raised = (sample >= 2.0 * lowest - 1e-9) & (sample >= 1.5 * reference - 1e-9)
        return np.asarray(np.where(responded, after_response, raised), dtype=np.bool_)

    confirming = later(who, when, everywhere, days=CONFIRMATION_DAYS)
    if rule == "multiples" and unscheduled is not None:
        following = later(who, when, everywhere)
        soon = value_at(when, following) - when <= UNSCHEDULED_DAYS + 1e-9
        at_unscheduled = flag_at(unscheduled[place], following) == 1
        confirming = np.where(soon & at_unscheduled, following, confirming)
    flare = shows(value) & shows(value_at(value, confirming))
    return _dated(len(upcr), place, starts(who, when, flare), confirming, dated)


def _multiplied(sample: Floats, lowest: Floats) -> Flags:
    floor = np.where(lowest < 0.5 - 1e-9, 1.0, np.where(lowest < 1.0 - 1e-9, 2.0, 0.0))
    return np.asarray((sample >= 2.0 * lowest - 1e-9) & (sample >= floor - 1e-9), dtype=np.bool_)


def _dated(size: int, place: Integers, flare: Flags, confirming: Integers, dated: str) -> Flags:
    marks = np.zeros(size, dtype=np.bool_)
    marks[place[confirming[flare]] if dated == "confirmation" else place[flare]] = True
    return marks


def nephritic_flare(
    subject: NDArray[Any],
    day: Floats,
    serum_creatinine: Floats,
    urine_rbc: Floats,
    cellular_casts: Nullable,
    *,
    dated: str = "first",
) -> Flags:
    """Visits that date a nephritic flare: creatinine risen and confirmed, with a new or worse sediment.

    serum_creatinine : µmol/L, at least 1.25 × the lowest earlier one since day 0 and at least 106, there and on
                       the next sample at least 7 days later.
    urine_rbc        : cells per high-power field, above 10 and not so at the previous visit that has them, or
                       doubled since; or casts that the previous visit did not have. Without a previous visit
                       nothing is new.
    dated            : at the first of the confirming samples, or at the confirmation.
    Source           : assumed, after the renal flares of ALMS (Dooley 2011, New England Journal of Medicine
                       365:1886).
    """
    _allowed("dated", dated, DATES)
    rbc_before = previous_value(subject, day, urine_rbc)
    more_cells = (urine_rbc > 10.0 + 1e-9) & ((rbc_before <= 10.0 + 1e-9) | (urine_rbc >= 2.0 * rbc_before - 1e-9))
    casts_before = flag_at(cellular_casts, earlier(subject, day, cellular_casts != -1))
    sediment = more_cells | ((cellular_casts == 1) & (casts_before == 0))
    place = np.flatnonzero(~np.isnan(serum_creatinine) & (day >= -1e-9))
    who, when, value = subject[place], day[place], serum_creatinine[place]
    everywhere = np.ones(len(place), dtype=np.bool_)
    lowest = value_at(running_minimum(who, value), earlier(who, when, everywhere))

    def risen(sample: Floats) -> Flags:
        return np.asarray((sample >= 1.25 * lowest - 1e-9) & (sample >= 106.0 - 1e-9), dtype=np.bool_)

    confirming = later(who, when, everywhere, days=CONFIRMATION_DAYS)
    flare = risen(value) & risen(value_at(value, confirming)) & sediment[place]
    return _dated(len(serum_creatinine), place, starts(who, when, flare), confirming, dated)


def extrarenal_flare(
    subject: NDArray[Any],
    day: Floats,
    grades: Mapping[str, Codes],
    *,
    fewest_new_a: int = 1,
    fewest_new_b: int = 2,
) -> Flags:
    """Visits with one new A or two new B in the eight domains other than renal, against the previous assessment.

    grades : BILAG-2004 codes by domain, -1 where not assessed. The alternative after ALMS is one A or three B.
    """
    return bilag_flare(
        subject,
        day,
        grades,
        domains=EXTRARENAL_DOMAINS,
        fewest_new_a=fewest_new_a,
        fewest_new_b=fewest_new_b,
    )
