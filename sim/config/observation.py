"""How truth is seen: measurement noise, rounding, look-back, visits kept and missed."""

from dataclasses import dataclass
from typing import Final

from sim.config.fields import choice, integer, non_negative, number, numbers, positive, probability, table, text

LONG_TERM: Final = ("Y0.5", "Y1", "Y1.5", "Y2", "Y3", "Y5")
"""Visits after the 24 weeks."""
SCHEDULED: Final = (
    *("D0", "D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24"),
    *LONG_TERM,
)
"""All visits in order; their numbers are their positions."""
T_CELLS_ALONE: Final = ("Y0.5", "Y1.5", "Y2")
"""Visits at which T cells are taken and nobody assesses the patient (NCT04835883, other outcome 2)."""
_WIDEST: Final = 14
"""Days by which a visit of the 24 weeks can be off, so that W24 is held by day 210."""


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Noise of one analyte on the log scale: slow (stationary, autocorrelated) and fast (independent)."""

    slow_sd: float = non_negative("log-SD")
    slow_days: float = positive("day")
    fast_sd: float = non_negative("log-SD")


@dataclass(frozen=True, kw_only=True)
class UrineProtein:
    """Urine protein/creatinine ratio: its variability falls as the ratio rises."""

    cv_at_2: float = non_negative()
    cv_exponent: float = number()
    cv_low: float = non_negative()
    cv_high: float = non_negative()
    slow_share: float = probability()
    slow_days: float = positive("day")
    fast_share: float = probability()
    cytopenia_slope: float = non_negative("mg/mg")

    def check(self) -> list[str]:
        """Limits in order."""
        if self.cv_low > self.cv_high:
            return [f"cv_low: {self.cv_low:g} is above cv_high {self.cv_high:g}; give a smaller cv_low"]
        return []


@dataclass(frozen=True, kw_only=True)
class GlobalAssessment:
    """Physician global assessment from activity."""

    steepness: float = positive()
    renal: float = non_negative()
    platelets: float = non_negative()
    extrarenal: float = non_negative()
    sd: float = non_negative("points")
    bias: float = non_negative("points")


@dataclass(frozen=True, kw_only=True)
class TCells:
    """Regulatory and Th17 cells, % of CD4+ T cells, from T-cell activity."""

    treg_healthy: float = positive("%")
    treg_slope: float = non_negative()
    th17_healthy: float = positive("%")
    th17_slope: float = non_negative()


@dataclass(frozen=True, kw_only=True)
class RescueTraces:
    """What immediate rescue of a cytopenia does to observed counts."""

    ivig_platelets: float = non_negative("10^9/L")
    ivig_delay: int = integer(0, 28, unit="day")
    ivig_half_time: float = positive("day")
    transfusion_hemoglobin: float = non_negative("g/dL")
    transfusion_half_time: float = positive("day")
    gcsf_factor: float = number(1.0)
    gcsf_days: int = integer(0, 28, unit="day")


@dataclass(frozen=True, kw_only=True)
class BodyMeasures:
    """Albumin and blood pressure, for BILAG-2004."""

    albumin: float = positive("g/L")
    albumin_slope: float = non_negative("g/L per log unit")
    albumin_sd: float = non_negative("g/L")
    systolic: float = positive("mmHg")
    systolic_slope: float = number(unit="mmHg")
    systolic_sd: float = non_negative("mmHg")
    diastolic: float = positive("mmHg")
    diastolic_slope: float = number(unit="mmHg")
    diastolic_sd: float = non_negative("mmHg")
    edema_albumin: float = positive("g/L")
    edema_upcr: float = positive("mg/mg")


@dataclass(frozen=True, kw_only=True)
class Visits:
    """Half-widths of the visit windows, and visits missed."""

    window: dict[str, float] = table(0.0, 60.0, "day")
    p_missed: float = probability()
    look_back: int = integer(0, 60, unit="day")
    counted_from: str = choice("each_infusion", "first_infusion")

    def check(self) -> list[str]:
        """A window for every visit of the schedule, not too wide in the 24 weeks."""
        missing = [name for name in SCHEDULED if name not in self.window]
        unknown = [name for name in self.window if name not in SCHEDULED]
        wide = [name for name, days in self.window.items() if name not in LONG_TERM and days > _WIDEST]
        return [
            *(f"window.{name}: missing; give the half-width in days" for name in missing),
            *(f"window.{name}: unknown visit; allowed: {', '.join(SCHEDULED)}" for name in unknown),
            *(
                f"window.{name}: {self.window[name]:g} is not allowed; it must be a number from 0 to {_WIDEST}"
                for name in wide
                if name not in unknown
            ),
        ]


@dataclass(frozen=True, kw_only=True)
class Observation:
    """The observation model."""

    name: str = text()
    urine_protein: UrineProtein
    creatinine: Noise
    creatinine_renal: float = number()
    urine_rbc: Noise
    urine_rbc_cytopenia: float = non_negative("cells/hpf")
    urine_wbc: Noise
    casts: Noise
    platelets: Noise
    neutrophils: Noise
    lymphocytes: Noise
    hemoglobin: Noise
    neutrophils_steroid: tuple[float, ...] = numbers(2)
    lymphocytes_steroid: tuple[float, ...] = numbers(2)
    other_white_cells: float = non_negative("10^9/L")
    reticulocytes: Noise
    reticulocytes_normal: float = non_negative("%")
    reticulocytes_hemolysis: float = non_negative("%")
    c3: Noise
    c3_exponent: float = number()
    c3_cap: float = positive("mg/dL")
    c4: Noise
    c4_exponent: float = number()
    c4_cap: float = positive("mg/dL")
    anti_dsdna: Noise
    anti_dsdna_exponent: float = number()
    t_cell_noise: Noise
    t_cells: TCells
    items: Noise
    pga: GlobalAssessment
    body: BodyMeasures
    rescue: RescueTraces
    visits: Visits
