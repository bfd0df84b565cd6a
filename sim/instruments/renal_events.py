"""Renal events from samples: sustained doubling of creatinine, end-stage disease, complete remission.

Tables have one row per attended visit, sorted by subject, then day. Events are marked on the visit that dates
them: a doubling by the first of the samples that establish it, end-stage disease by the one that confirms it.
Source: NCT04835883, secondary outcomes (which events); thresholds after ALMS (Dooley 2011, New England Journal of
Medicine 365:1886) and Levey 2020, Kidney International 97:1117.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.nullable import Nullable, all_of, at_most, below, negated
from sim.instruments.visit_order import baseline_value, flag_at, later

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CONFIRMATION_DAYS: Final = 28
DIALYSIS_DAYS: Final = 28
SUSTAINED_RULES: Final = ("uninterrupted", "any_later")


def sustained(
    subject: NDArray[Any],
    day: Floats,
    met: Nullable,
    *,
    days: float = CONFIRMATION_DAYS,
    rule: str = "uninterrupted",
    fatal_day: Floats | None = None,
) -> Flags:
    """Samples that meet a condition which another sample at least `days` later meets, too.

    met       : (visits,) 1, 0, or -1 where there is no sample, which is passed over.
    rule      : uninterrupted (every sample up to the first one so many days later meets it), any_later (one
                later sample is enough, whatever lies between).
    fatal_day : (visits,) the subject's first day of dialysis or death, NaN for none. With it, samples that meet
                the condition until the last one before that day need no later one.
    Errors    : ValueError for an unknown rule.
    """
    if rule not in SUSTAINED_RULES:
        raise ValueError(f"rule {rule!r} is unknown; allowed: {', '.join(SUSTAINED_RULES)}")
    place = np.flatnonzero(met != -1)
    subject, day, holds = subject[place], day[place], met[place] == 1
    established = _established(subject, day, holds, days, rule)
    if fatal_day is not None:
        end = fatal_day[place]
        broken = later(subject, day, ~holds & (day <= end)) >= 0
        established |= holds & (day <= end) & ~broken
    marks = np.zeros(len(met), dtype=np.bool_)
    marks[place] = established
    return marks


def _established(subject: NDArray[Any], day: Floats, holds: Flags, days: float, rule: str) -> Flags:
    everywhere = np.ones(len(day), dtype=np.bool_)
    if rule == "any_later":
        return np.asarray(holds & (later(subject, day, holds, days=days) >= 0), dtype=np.bool_)
    confirming = later(subject, day, everywhere, days=days)
    first_break = later(subject, day, ~holds)
    unbroken = (first_break < 0) | (first_break > confirming)
    return np.asarray(holds & (confirming >= 0) & unbroken, dtype=np.bool_)


def doubling_of_creatinine(
    subject: NDArray[Any],
    day: Floats,
    baseline: Flags,
    serum_creatinine: Floats,
    *,
    dialysis_or_death_day: Floats | None = None,
    rule: str = "uninterrupted",
) -> Flags:
    """Visits after D0 with a sustained doubling: at least twice the creatinine of D0, on samples 28 days apart.

    serum_creatinine      : µmol/L, NaN where not sampled; baseline marks D0, without which nothing is doubled.
    dialysis_or_death_day : (visits,) of the subject, NaN for none; the last samples before it may stand alone.
    """
    reference = baseline_value(subject, baseline, serum_creatinine)
    doubled = np.where(day >= 1.0 - 1e-9, serum_creatinine >= 2.0 * reference - 1e-9, False)
    met = np.where(np.isnan(serum_creatinine), -1, doubled).astype(np.int8)
    return sustained(subject, day, met, rule=rule, fatal_day=dialysis_or_death_day)


def end_stage_by_filtration(
    subject: NDArray[Any], day: Floats, egfr: Floats, *, rule: str = "uninterrupted"
) -> Flags:
    """Visits that detect end-stage disease: a filtration rate below 15 mL/min/1.73 m², first so 28 days before.

    Unlike a doubling, which is dated back, it is dated by the sample that confirms it.
    """
    low = below(egfr, 15.0)
    marks = np.zeros(len(low), dtype=np.bool_)
    confirming = later(subject, day, low == 1, days=CONFIRMATION_DAYS)
    marks[confirming[sustained(subject, day, low, rule=rule)]] = True
    return marks


def end_stage_by_dialysis(start_day: Floats, end_day: Floats, permanent: Nullable, last_day: Floats) -> Flags:
    """Periods of dialysis that make end-stage disease: 28 days or more, or expected to be permanent.

    start_day, end_day : (periods,) of dialysis, the end NaN while it goes on; last_day : the last day on which
    the subject was observed, which ends the count of a period that goes on. The event is on the first day.
    """
    until = np.where(np.isnan(end_day), last_day, end_day)
    return np.asarray((until - start_day >= DIALYSIS_DAYS - 1e-9) | (permanent == 1), dtype=np.bool_)


def end_stage_day(filtration_day: Floats, dialysis_day: Floats, transplant_day: Floats) -> Floats:
    """Day of end-stage disease per subject: the earliest way to it; NaN where there was none."""
    return np.asarray(np.fmin(np.fmin(filtration_day, dialysis_day), transplant_day), dtype=np.float64)


def complete_remission(
    serum_creatinine: Floats, upcr: Floats, urine_rbc: Floats, urine_wbc: Floats, cellular_casts: Nullable
) -> Nullable:
    """Creatinine below 106 µmol/L, proteinuria below 0.3 g/24 h and a normal sediment at one visit.

    upcr    : in g/24 h (reading X29); sediment : at most 5 red and 5 white cells per high-power field and no
              casts (reading X30).
    Returns : 1, 0, or -1 where a missing measurement decides.
    """
    return all_of(
        below(serum_creatinine, 106.0),
        below(upcr, 0.3),
        at_most(urine_rbc, 5.0),
        at_most(urine_wbc, 5.0),
        negated(cellular_casts),
    )


def confirmed_remission(subject: NDArray[Any], day: Floats, remission: Nullable) -> Nullable:
    """Remission that is also there at the subject's next visit at which it is known.

    Returns : 1, 0, or -1 where remission is unknown, or present without a later visit that tells.
    """
    following = flag_at(remission, later(subject, day, remission != -1))
    return np.where(remission == 1, following, remission).astype(np.int8)
