"""BILAG-2004, renal domain: six criteria on values, their changes, and a biopsy.

Changes are against the last assessment (by default at least 14 days earlier, see visit_order.previous_value).
Proteinuria is judged by whichever of UPCR, 24-hour protein and albumin/creatinine ratio was measured; one that
meets the limit is enough. The dipstick is read only where none of them is there.
Sources: Isenberg 2005, Rheumatology 44:902, and the scoring of the index as revised in September 2009.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.bilag import graded
from sim.instruments.conversions import upcr_mg_mmol
from sim.instruments.nullable import above, all_of, any_of, at_least, at_least_so_many, below

Floats = NDArray[np.float64]
Nullable = NDArray[np.int8]
Codes = NDArray[np.int8]

BIOPSY_DAYS: Final = 3 * 30.4375
"""Three months: how long a biopsy with active nephritis counts."""
CHRONIC_LESIONS: Final = "C"
"""Lesions, as `candidates` names them, of a biopsy that shows no active nephritis."""


@dataclass(frozen=True)
class RenalMeasurements:
    """What one assessment measured; columns of one length, NaN or -1 where missing.

    upcr : mg/mg; proteinuria_24h : g/24 h; albumin_creatinine : mg/mmol; dipstick : 0 to 4 "+";
    serum_creatinine : µmol/L; egfr : mL/min/1.73 m²; blood pressure : mmHg.
    """

    upcr: Floats
    proteinuria_24h: Floats
    albumin_creatinine: Floats
    dipstick: Floats
    serum_creatinine: Floats
    egfr: Floats
    systolic_bp: Floats
    diastolic_bp: Floats


def renal_measurements(size: int, **columns: Floats) -> RenalMeasurements:
    """Measurements of an assessment; those not named are missing throughout (NaN).

    Errors : TypeError for a name that RenalMeasurements does not have.
    """
    missing = {field.name: np.full(size, np.nan) for field in fields(RenalMeasurements)}
    return RenalMeasurements(**(missing | columns))


@dataclass(frozen=True)
class RenalSigns:
    """The rest of what is seen at the assessment itself.

    urine_rbc, urine_wbc : cells per high-power field, without another cause; cellular_casts : red- or white-cell.
    retinopathy          : grade III or IV, within the month; days_since_biopsy : of a biopsy that shows active
                           nephritis, NaN for none; albumin : g/L; edema : flag.
    """

    urine_rbc: Floats
    urine_wbc: Floats
    cellular_casts: Nullable
    retinopathy: Nullable
    days_since_biopsy: Floats
    albumin: Floats
    edema: Nullable


def not_improved(value: Floats, previous: Floats) -> Nullable:
    """No previous value, or a fall of less than 25 % of it; -1 where the value itself is missing."""
    fall = (previous - value) / np.where(previous > 0.0, previous, 1.0)
    worse = np.isnan(previous) | (fall < 0.25 - 1e-9)
    return np.where(np.isnan(value), -1, worse).astype(np.int8)


def _proteinuria(now: RenalMeasurements, judge: Callable[[Floats, str], Nullable], dipstick: Nullable) -> Nullable:
    """Does one of the quantities that were measured meet its limit? By dipstick if none was measured."""
    columns = (
        (upcr_mg_mmol(now.upcr), "upcr"),
        (now.proteinuria_24h, "proteinuria_24h"),
        (now.albumin_creatinine, "albumin_creatinine"),
    )
    met, measured = np.zeros(len(now.upcr), dtype=np.bool_), np.zeros(len(now.upcr), dtype=np.bool_)
    for value, name in columns:
        met |= judge(value, name) == 1
        measured |= ~np.isnan(value)
    return np.where(measured, met, dipstick).astype(np.int8)


def _previous_of(previous: RenalMeasurements, name: str) -> Floats:
    value: Floats = getattr(previous, name)
    return upcr_mg_mmol(value) if name == "upcr" else value


def severe_proteinuria(now: RenalMeasurements, previous: RenalMeasurements) -> Nullable:
    """R1: over 1 g/24 h or 100 mg/mmol, and not improved by 25 %; or the dipstick risen by two levels.

    A missing previous value counts as "not improved"; a first dipstick has not risen.
    """
    limits = {"upcr": 100.0, "proteinuria_24h": 1.0, "albumin_creatinine": 100.0}
    return _proteinuria(
        now,
        lambda value, name: all_of(above(value, limits[name]), not_improved(value, _previous_of(previous, name))),
        _rise(now.dipstick, previous.dipstick, 2.0),
    )


def accelerated_hypertension(now: RenalMeasurements, retinopathy: Nullable) -> Nullable:
    """R2: blood pressure above 170/110 with retinopathy of grade III or IV within a month."""
    return all_of(retinopathy, above(now.systolic_bp, 170.0), above(now.diastolic_bp, 110.0))


def deteriorating_function(
    now: RenalMeasurements, previous: RenalMeasurements, *, first_low_rate_counts: bool = False
) -> Nullable:
    """R3: creatinine above 130 and above 130 % of before; or a rate below 80 and below 67 %; or now below 50.

    first_low_rate_counts : a rate below 50 without any previous one counts as deteriorating, as the form has it;
                            by default it does not, because it would grade every entrant with poor function.
    """
    before_high = above(previous.egfr, 50.0)
    first = 1 if first_low_rate_counts else 0
    lost = np.where(before_high == -1, first, before_high).astype(np.int8)
    return any_of(
        all_of(
            above(now.serum_creatinine, 130.0), _changed(now.serum_creatinine, previous.serum_creatinine, 1.30)
        ),
        all_of(below(now.egfr, 80.0), _fallen(now.egfr, previous.egfr, 0.67)),
        all_of(below(now.egfr, 50.0), lost),
    )


def active_sediment(signs: RenalSigns) -> Nullable:
    """R4: more than 5 red or white cells per high-power field, or cellular casts."""
    return any_of(above(signs.urine_wbc, 5.0), above(signs.urine_rbc, 5.0), signs.cellular_casts)


def active_biopsy(days_since_biopsy: Floats) -> Nullable:
    """R5: a biopsy with active nephritis at most three months before the assessment; NaN is no biopsy."""
    recent = (days_since_biopsy >= 0.0) & (days_since_biopsy <= BIOPSY_DAYS + 1e-9)
    return recent.astype(np.int8)


def nephrotic_syndrome(now: RenalMeasurements, signs: RenalSigns) -> Nullable:
    """R6: at least 3.5 g/24 h or 350 mg/mmol, albumin below 30 g/L, and edema."""
    limits = {"upcr": 350.0, "proteinuria_24h": 3.5, "albumin_creatinine": 350.0}
    heavy = _proteinuria(now, lambda value, name: at_least(value, limits[name]), _no_quantity(now))
    return all_of(heavy, below(signs.albumin, 30.0), signs.edema)


def renal_criteria(
    now: RenalMeasurements, previous: RenalMeasurements, signs: RenalSigns, *, first_low_rate_counts: bool = False
) -> tuple[Nullable, ...]:
    """R1 to R6 in this order, each 1, 0, or -1 where it cannot be told."""
    return (
        severe_proteinuria(now, previous),
        accelerated_hypertension(now, signs.retinopathy),
        deteriorating_function(now, previous, first_low_rate_counts=first_low_rate_counts),
        active_sediment(signs),
        active_biopsy(signs.days_since_biopsy),
        nephrotic_syndrome(now, signs),
    )


def renal_grade(
    now: RenalMeasurements,
    previous: RenalMeasurements,
    signs: RenalSigns,
    ever_involved: Nullable,
    *,
    first_low_rate_counts: bool = False,
) -> Codes:
    """Grade codes of the renal domain.

    A : two of R1–R6 with R1, R4 or R5 among them. B : any one; or at least 0.5 g/24 h or 50 mg/mmol not improved
    by 25 %; or creatinine above 130 and at least 115 % of before. C : over 0.25 g/24 h or 25 mg/mmol, or a
    pressure above 140/90 that rose by 30 systolic and 15 diastolic. D, E : involved before or never.
    """
    criteria = renal_criteria(now, previous, signs, first_low_rate_counts=first_low_rate_counts)
    severe = all_of(at_least_so_many(2, *criteria), any_of(criteria[0], criteria[3], criteria[4]))
    moderate = any_of(
        *criteria,
        _moderate_proteinuria(now, previous),
        all_of(
            above(now.serum_creatinine, 130.0),
            _changed(now.serum_creatinine, previous.serum_creatinine, 1.15, reached=True),
        ),
    )
    return graded(severe, moderate, _mild(now, previous), ever_involved)


def _moderate_proteinuria(now: RenalMeasurements, previous: RenalMeasurements) -> Nullable:
    limits = {"upcr": 50.0, "proteinuria_24h": 0.5, "albumin_creatinine": 50.0}
    return _proteinuria(
        now,
        lambda value, name: all_of(
            at_least(value, limits[name]), not_improved(value, _previous_of(previous, name))
        ),
        all_of(at_least(now.dipstick, 2.0), _rise(now.dipstick, previous.dipstick, 1.0)),
    )


def _mild(now: RenalMeasurements, previous: RenalMeasurements) -> Nullable:
    limits = {"upcr": 25.0, "proteinuria_24h": 0.25, "albumin_creatinine": 25.0}
    protein = _proteinuria(now, lambda value, name: above(value, limits[name]), at_least(now.dipstick, 1.0))
    pressure = all_of(
        above(now.systolic_bp, 140.0),
        above(now.diastolic_bp, 90.0),
        _rise(now.systolic_bp, previous.systolic_bp, 30.0),
        _rise(now.diastolic_bp, previous.diastolic_bp, 15.0),
    )
    return any_of(protein, pressure)


def _no_quantity(now: RenalMeasurements) -> Nullable:
    """A dipstick cannot show 3.5 g: absent by a dipstick of 0 or +, else unknown."""
    return np.where(now.dipstick <= 1.0 + 1e-9, 0, -1).astype(np.int8)


def _rise(value: Floats, previous: Floats, by: float) -> Nullable:
    """Has the value risen by at least so much? Without a previous one it has not; -1 where it is missing."""
    risen = value - previous >= by - 1e-9
    return np.where(np.isnan(value), -1, risen).astype(np.int8)


def _changed(value: Floats, previous: Floats, ratio: float, *, reached: bool = False) -> Nullable:
    """Is the value above (or, if `reached`, at least) `ratio` times the previous one? Without one it is not."""
    limit = ratio * previous
    over = value >= limit - 1e-9 if reached else value > limit + 1e-9
    return np.where(np.isnan(value), -1, over).astype(np.int8)


def _fallen(value: Floats, previous: Floats, ratio: float) -> Nullable:
    """Is the value below `ratio` times the previous one? Without one it is not; -1 where it is missing."""
    return np.where(np.isnan(value), -1, value < ratio * previous - 1e-9).astype(np.int8)
