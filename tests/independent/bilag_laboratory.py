"""The renal and the hematological domain of BILAG-2004 (Isenberg 2005, Rheumatology 44:902).

A measurement that is needed and missing leaves no grade (None): the recorded one then stands.
"""

from dataclasses import dataclass

TINY = 1e-9
MG_MMOL = 113.12  # UPCR in mg/mg times this is mg/mmol
BIOPSY_WINDOW = 91  # three months


@dataclass(frozen=True)
class Kidney:
    """One renal assessment: UPCR mg/mg, creatinine µmol/L, eGFR mL/min/1.73 m², cells per field, g/L, mmHg."""

    upcr: float | None = 0.1
    serum_creatinine: float | None = 70.0
    egfr: float | None = 100.0
    urine_rbc: float | None = 0.0
    urine_wbc: float | None = 0.0
    cellular_casts: bool | None = False
    albumin: float | None = 42.0
    edema: bool | None = False
    systolic_bp: float | None = 120.0
    diastolic_bp: float | None = 75.0
    retinopathy: bool = False
    biopsy_age_days: float | None = None  # None: no biopsy with active nephritis


@dataclass(frozen=True)
class Blood:
    """One hematological assessment: g/dL and 10⁹/L; `ttp` is the item's code."""

    hemoglobin: float | None = 13.0
    hemolysis: bool | None = False
    platelets: float | None = 220.0
    wbc: float | None = 6.0
    neutrophils: float | None = 3.5
    lymphocytes: float | None = 1.8
    coombs: bool | None = False
    ttp: int = 0


def over(value: float, limit: float) -> bool:
    return value > limit + TINY


def under(value: float, limit: float) -> bool:
    return value < limit - TINY


def at_least(value: float, limit: float) -> bool:
    return value >= limit - TINY


def not_improved(value: float, before: float | None) -> bool:
    """Fallen by less than a quarter, or nothing to compare with."""
    if before is None or before <= 0:
        return True
    return under((before - value) / before, 0.25)


def criteria(now: Kidney, before: Kidney | None) -> dict[str, bool]:
    """The six criteria R1 to R6."""
    protein = now.upcr * MG_MMOL
    found = {"R1": over(protein, 100) and not_improved(now.upcr, None if before is None else before.upcr)}
    found["R2"] = over(now.systolic_bp, 170) and over(now.diastolic_bp, 110) and now.retinopathy
    found["R3"] = deteriorating(now, before)
    found["R4"] = over(now.urine_rbc, 5) or over(now.urine_wbc, 5) or now.cellular_casts
    found["R5"] = now.biopsy_age_days is not None and now.biopsy_age_days <= BIOPSY_WINDOW
    found["R6"] = at_least(protein, 350) and nephrotic(now) is True
    return found


def nephrotic(now: Kidney) -> bool | None:
    """Albumin below 30 g/L and edema; None if that cannot be told."""
    low = None if now.albumin is None else under(now.albumin, 30)
    if low is False or now.edema is False:
        return False
    return None if low is None or now.edema is None else True


def deteriorating(now: Kidney, before: Kidney | None) -> bool:
    """R3; without a previous value there is no deterioration."""
    if before is None:
        return False
    creatinine = before.serum_creatinine
    if creatinine is not None and over(now.serum_creatinine, 130) and over(now.serum_creatinine, 1.3 * creatinine):
        return True
    if before.egfr is None:
        return False
    fallen = under(now.egfr, 80) and under(now.egfr, 0.67 * before.egfr)
    return fallen or (under(now.egfr, 50) and over(before.egfr, 50))


def renal_grade(now: Kidney, before: Kidney | None, ever: bool) -> str | None:
    """Grade of the renal domain; `before` is the previous assessment."""
    needed = (now.upcr, now.serum_creatinine, now.egfr, now.urine_rbc, now.urine_wbc, now.cellular_casts)
    if None in (*needed, now.systolic_bp, now.diastolic_bp):
        return None
    if at_least(now.upcr * MG_MMOL, 350) and nephrotic(now) is None:
        return None
    found = criteria(now, before)
    if sum(found.values()) >= 2 and (found["R1"] or found["R4"] or found["R5"]):
        return "A"
    protein = now.upcr * MG_MMOL
    persistent = at_least(protein, 50) and not_improved(now.upcr, None if before is None else before.upcr)
    if any(found.values()) or persistent or creatinine_creeps(now, before):
        return "B"
    if over(protein, 25) or pressure_rises(now, before):
        return "C"
    return "D" if ever else "E"


def creatinine_creeps(now: Kidney, before: Kidney | None) -> bool:
    """Over 130 µmol/L and 115 to 130 % of the previous value."""
    if before is None or before.serum_creatinine is None:
        return False
    return over(now.serum_creatinine, 130) and at_least(now.serum_creatinine, 1.15 * before.serum_creatinine)


def pressure_rises(now: Kidney, before: Kidney | None) -> bool:
    """Over 140/90 mmHg after a rise of 30 systolic and 15 diastolic."""
    if before is None or before.systolic_bp is None or before.diastolic_bp is None:
        return False
    high = over(now.systolic_bp, 140) and over(now.diastolic_bp, 90)
    systolic = at_least(now.systolic_bp - before.systolic_bp, 30)
    return high and systolic and at_least(now.diastolic_bp - before.diastolic_bp, 15)


def hematological_grade(now: Blood, ever: bool) -> str | None:
    """Grade of the hematological domain: the worst band that a value falls in."""
    needed = (now.hemoglobin, now.hemolysis, now.platelets, now.wbc, now.neutrophils, now.lymphocytes, now.coombs)
    if None in needed:
        return None
    if now.ttp in (2, 3, 4) or (now.hemolysis and under(now.hemoglobin, 8)) or under(now.platelets, 25):
        return "A"
    anemia = under(now.hemoglobin, 10) if now.hemolysis else under(now.hemoglobin, 8)
    white = under(now.wbc, 1) or under(now.neutrophils, 0.5)
    if now.ttp == 1 or anemia or white or under(now.platelets, 50):
        return "B"
    mild = now.hemolysis or under(now.hemoglobin, 11) or under(now.wbc, 4) or under(now.neutrophils, 2)
    if mild or under(now.platelets, 150) or under(now.lymphocytes, 1) or now.coombs:
        return "C"
    return "D" if ever else "E"
