"""What a visit measures: scalar functions of (truth at the visit, noise of the day), rounded half up.

The patient's state machine calls them for decisions and the tables call them for data sets, so a physician
and a data set see the same value. All take the observation parameters `o`, the person's constants, the visit
(`VISIT`), and the person's noise (`NOISE`, sim.observations.noise).
"""

import math
from typing import Final

import numpy as np

from sim.core.decisions import Analyte
from sim.core.exponential import exp
from sim.core.uncounted import compiled
from sim.observations.noise import fast, log_noise, surely_above
from sim.observations.visit import Record

UPCR: Final = int(Analyte.UPCR)
CREATININE: Final = int(Analyte.CREATININE)
URINE_RBC: Final = int(Analyte.URINE_RBC)
URINE_WBC: Final = int(Analyte.URINE_WBC)
CASTS: Final = int(Analyte.CASTS)
PLATELETS: Final = int(Analyte.PLATELETS)
NEUTROPHILS: Final = int(Analyte.NEUTROPHILS)
LYMPHOCYTES: Final = int(Analyte.LYMPHOCYTES)
HEMOGLOBIN: Final = int(Analyte.HEMOGLOBIN)
RETICULOCYTES: Final = int(Analyte.RETICULOCYTES)
C3: Final = int(Analyte.C3)
C4: Final = int(Analyte.C4)
ANTI_DSDNA: Final = int(Analyte.ANTI_DSDNA)
TREG: Final = int(Analyte.TREG)
TH17: Final = int(Analyte.TH17)
PGA: Final = int(Analyte.PGA)
ALBUMIN: Final = int(Analyte.ALBUMIN)
SYSTOLIC_BP: Final = int(Analyte.SYSTOLIC_BP)
DIASTOLIC_BP: Final = int(Analyte.DIASTOLIC_BP)
FIRST_ITEM: Final = int(Analyte.ARTHRITIS)
FEVER: Final = int(Analyte.FEVER) - FIRST_ITEM

R: Final = 0
X: Final = 1
S: Final = 2
T: Final = 3
H_P: Final = 4
H_N: Final = 5
H_L: Final = 6
H_E: Final = 7
"""Positions of the tracked activities."""


@compiled
def half_up(value: float, per_unit: float) -> float:
    """Rounded to a multiple of 1/per_unit, halves upwards (2.5 becomes 3)."""
    return math.floor(value * per_unit + 0.5) / per_unit


@compiled
def _capped(o: Record, visit: Record, k: int) -> float:
    return min(exp(visit.log_activity[k]), o.cap)


@compiled
def true_upcr(o: Record, person: Record, renal: float) -> float:
    """Urine protein/creatinine ratio without noise, mg/mg, at a (capped) renal activity."""
    if person.subgroup == 0:
        return person.fixed_proteinuria + (person.upcr - person.fixed_proteinuria) * renal
    return person.fixed_proteinuria + o.upcr_cytopenia * renal


@compiled
def upcr(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Urine protein/creatinine ratio, mg/mg, to 0.01; its variability falls as the ratio rises."""
    truth = true_upcr(o, person, _capped(o, visit, R))
    cv = min(max(o.cv_at_2 * (truth / 2.0) ** o.cv_exponent, o.cv_low), o.cv_high)
    error = log_noise(noise, o, UPCR, visit.day)
    return half_up(truth * exp(cv * error), 100.0)


@compiled
def serum_creatinine(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Serum creatinine, µmol/L, to 1."""
    change = _capped(o, visit, R) - min(exp(person.log_activity[R]), o.cap)
    error = log_noise(noise, o, CREATININE, visit.day)
    return half_up(person.creatinine * visit.damage * exp(o.creatinine_renal * change) * exp(error), 1.0)


@compiled
def urine_rbc(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Red cells per high-power field, to 1."""
    level = person.urine_rbc if person.subgroup == 0 else o.rbc_cytopenia
    error = log_noise(noise, o, URINE_RBC, visit.day)
    return half_up(max(1.0, level * _capped(o, visit, R)) * exp(error), 1.0)


@compiled
def urine_wbc(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """White cells per high-power field, to 1."""
    error = log_noise(noise, o, URINE_WBC, visit.day)
    return half_up(max(0.5, person.urine_wbc * _capped(o, visit, R)) * exp(error), 1.0)


@compiled
def cellular_casts(o: Record, person: Record, visit: Record, noise: Record) -> bool:
    """Cellular casts: in those who form them, when renal activity exceeds their threshold."""
    if person.casts_owned == 0:
        return False
    error = log_noise(noise, o, CASTS, visit.day)
    return _capped(o, visit, R) * exp(error) > person.casts_threshold


@compiled
def _count(normal: float, entry: float, activity: float, activity_at_entry: float) -> float:
    """A blood count: `entry` at the activity of enrolment, `normal` at activity 0."""
    return normal / (1.0 + (normal / entry - 1.0) / activity_at_entry * activity)


@compiled
def _steroid_shift(rise: float, d50: float, dose: float, entry_dose: float) -> float:
    """Effect of prednisone on a white-cell count, relative to the entry dose."""
    return (1.0 + rise * dose / (dose + d50)) / (1.0 + rise * entry_dose / (entry_dose + d50))


@compiled
def true_platelets(o: Record, person: Record, visit: Record) -> float:
    """Platelets without noise, 10^9/L."""
    entry = exp(person.log_activity[H_P])
    return _count(person.platelets_normal, person.platelets, _capped(o, visit, H_P), entry)


@compiled
def platelets(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Platelets, 10^9/L, to 1, with what immunoglobulins add."""
    error = log_noise(noise, o, PLATELETS, visit.day)
    return half_up(true_platelets(o, person, visit) * exp(error) + visit.platelets_added, 1.0)


@compiled
def platelets_surely_from(o: Record, person: Record, visit: Record, limit: float, noise: Record) -> bool:
    """Whether platelets are at least `limit` for certain, found with few draws; False leaves it open."""
    log_limit = math.log((limit + 1.0) / true_platelets(o, person, visit))
    return surely_above(noise, o, PLATELETS, visit.day, log_limit)


@compiled
def neutrophils(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Neutrophils, 10^9/L, to 0.01, with the effect of prednisone and of G-CSF."""
    truth = _count(
        person.neutrophils_normal, person.neutrophils, _capped(o, visit, H_N), exp(person.log_activity[H_N])
    )
    truth *= _steroid_shift(o.neutrophils_rise, o.neutrophils_d50, visit.dose, person.prednisone_dose)
    error = log_noise(noise, o, NEUTROPHILS, visit.day)
    return half_up(truth * exp(error) * visit.neutrophils_factor, 100.0)


@compiled
def true_lymphocytes(o: Record, person: Record, activity: float, dose: float) -> float:
    """Lymphocytes without noise, 10^9/L, at a (capped) activity and a dose of prednisone."""
    truth = _count(person.lymphocytes_normal, person.lymphocytes, activity, exp(person.log_activity[H_L]))
    return truth * _steroid_shift(o.lymphocytes_rise, o.lymphocytes_d50, dose, person.prednisone_dose)


@compiled
def lymphocytes(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Lymphocytes, 10^9/L, to 0.01, with the effect of prednisone."""
    error = log_noise(noise, o, LYMPHOCYTES, visit.day)
    return half_up(true_lymphocytes(o, person, _capped(o, visit, H_L), visit.dose) * exp(error), 100.0)


@compiled
def true_hemoglobin(o: Record, person: Record, visit: Record) -> float:
    """Hemoglobin without noise, g/dL."""
    entry = exp(person.log_activity[H_E])
    return _count(person.hemoglobin_normal, person.hemoglobin, _capped(o, visit, H_E), entry)


@compiled
def hemoglobin(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Hemoglobin, g/dL, to 0.1, with what transfusions add."""
    error = log_noise(noise, o, HEMOGLOBIN, visit.day)
    return half_up(true_hemoglobin(o, person, visit) * exp(error) + visit.hemoglobin_added, 10.0)


@compiled
def hemoglobin_surely_from(o: Record, person: Record, visit: Record, limit: float, noise: Record) -> bool:
    """Whether hemoglobin is at least `limit` for certain, found with few draws; False leaves it open."""
    log_limit = math.log((limit + 0.1) / true_hemoglobin(o, person, visit))
    return surely_above(noise, o, HEMOGLOBIN, visit.day, log_limit)


@compiled
def reticulocytes(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Reticulocytes, %, to 0.1; raised by red-cell activity in the hemolytic type."""
    truth = o.reticulocytes_normal + o.reticulocytes_hemolysis * _capped(o, visit, H_E) * person.hemolytic
    error = log_noise(noise, o, RETICULOCYTES, visit.day)
    return half_up(truth * exp(error), 10.0)


@compiled
def complement_c3(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Complement C3, mg/dL, to 1."""
    truth = min(person.c3 * _capped(o, visit, S) ** o.c3_exponent, o.c3_cap)
    return half_up(truth * exp(log_noise(noise, o, C3, visit.day)), 1.0)


@compiled
def complement_c4(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Complement C4, mg/dL, to 0.1."""
    truth = min(person.c4 * _capped(o, visit, S) ** o.c4_exponent, o.c4_cap)
    return half_up(truth * exp(log_noise(noise, o, C4, visit.day)), 10.0)


@compiled
def anti_dsdna(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Antibodies to double-stranded DNA, IU/mL, to 0.1."""
    truth = person.anti_dsdna * _capped(o, visit, S) ** o.dsdna_exponent
    return half_up(truth * exp(log_noise(noise, o, ANTI_DSDNA, visit.day)), 10.0)


@compiled
def treg(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Regulatory T cells, % of CD4+ T cells, to 0.01."""
    truth = o.treg_healthy / (1.0 + o.treg_slope * _capped(o, visit, T)) * exp(person.treg_offset)
    return half_up(truth * exp(log_noise(noise, o, TREG, visit.day)), 100.0)


@compiled
def th17(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Th17 cells, % of CD4+ T cells, to 0.01."""
    truth = o.th17_healthy * (1.0 + o.th17_slope * _capped(o, visit, T)) * exp(person.th17_offset)
    return half_up(truth * exp(log_noise(noise, o, TH17, visit.day)), 100.0)


@compiled
def global_assessment(o: Record, visit: Record, noise: Record) -> float:
    """Physician global assessment, 0 to 3, to 0.1; after an infusion lower by the assessor's bias, if any."""
    activity = o.pga_renal * _capped(o, visit, R)
    activity += o.pga_platelets * _capped(o, visit, H_P)
    activity += o.pga_extrarenal * _capped(o, visit, X)
    score = 3.0 * (1.0 - exp(-o.pga_steepness * activity))
    score += o.pga_sd * fast(noise, PGA, visit.day)
    if visit.infused > 0:
        score -= o.pga_bias
    return min(max(half_up(score, 10.0), 0.0), 3.0)


@compiled
def albumin(o: Record, person: Record, visit: Record, noise: Record) -> float:
    """Serum albumin, g/L, to 0.1."""
    truth = o.albumin - o.albumin_slope * math.log(1.0 + true_upcr(o, person, _capped(o, visit, R)))
    return half_up(truth + o.albumin_sd * fast(noise, ALBUMIN, visit.day), 10.0)


@compiled
def systolic_bp(o: Record, visit: Record, noise: Record) -> float:
    """Systolic blood pressure, mmHg, to 1."""
    truth = o.systolic + o.systolic_slope * _capped(o, visit, R)
    return half_up(truth + o.systolic_sd * fast(noise, SYSTOLIC_BP, visit.day), 1.0)


@compiled
def diastolic_bp(o: Record, visit: Record, noise: Record) -> float:
    """Diastolic blood pressure, mmHg, to 1."""
    truth = o.diastolic + o.diastolic_slope * _capped(o, visit, R)
    return half_up(truth + o.diastolic_sd * fast(noise, DIASTOLIC_BP, visit.day), 1.0)


@compiled
def item_activity(o: Record, visit: Record, item: int, noise: Record) -> float:
    """Extrarenal activity as it shows in one SLEDAI-2K descriptor (position in ITEMS)."""
    error = log_noise(noise, o, FIRST_ITEM + item, visit.day)
    return _capped(o, visit, X) * exp(error)


@compiled
def item_present(o: Record, visit: Record, item: int, noise: Record) -> bool:
    """A descriptor of ITEMS is present now, or new by a flare recognised within the look-back."""
    if (visit.recent_items >> item) & 1:
        return True
    if visit.item_threshold[item] == np.inf:
        return False
    return item_activity(o, visit, item, noise) > visit.item_threshold[item]


@compiled
def cns_present(visit: Record, item: int) -> bool:
    """A descriptor of CNS_ITEMS is present now or within the look-back."""
    return ((visit.cns | visit.recent_cns) >> item) & 1 == 1
