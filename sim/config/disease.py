"""The input-output model: latent activity, flares, other clocks, and how physicians react."""

from dataclasses import dataclass
from typing import Final

from sim.config.fields import choice, integer, non_negative, number, numbers, positive, probability, text

SMALLEST_FRAILTY: Final = 1e-6
"""Variance below which patients cannot be told from equal ones."""
SECOND_INFUSIONS: Final = ("given", "withheld_after_rescue", "withheld_after_flare")
"""What a rescue, or a flare or rescue, before it does to the second infusion."""


@dataclass(frozen=True, kw_only=True)
class ByDomain:
    """One number for each domain of activity."""

    renal: float = number()
    hematologic: float = number()
    extrarenal: float = number()
    serologic: float = number()
    t_cell: float = number()


@dataclass(frozen=True, kw_only=True)
class HalfTimes:
    """Half-times of the relaxation of log-activity, by tracked activity."""

    renal: float = positive("day")
    extrarenal: float = positive("day")
    serologic: float = positive("day")
    t_cell: float = positive("day")
    platelets: float = positive("day")
    neutrophils: float = positive("day")
    lymphocytes: float = positive("day")
    hemoglobin: float = positive("day")


@dataclass(frozen=True, kw_only=True)
class Steroid:
    """Inhibitory Emax of prednisone on the set-points."""

    half_maximal_dose: float = positive("mg/day")
    sensitivity: ByDomain

    def check(self) -> list[str]:
        """A sensitivity of 1 or more would stop the disease."""
        return [
            f"sensitivity.{name}: {value:g} is not allowed; it must be a number from 0 to below 1"
            for name, value in vars(self.sensitivity).items()
            if not 0.0 <= value < 1.0
        ]


@dataclass(frozen=True, kw_only=True)
class Background:
    """What happens without cells: the trend of the set-points under standard of care."""

    kind: str = choice("refractory", "induction")
    p_improver_LN: float = probability()
    p_improver_LC: float = probability()
    shared_sd: float = non_negative()
    improver_median: float = positive()
    improver_log_sd: float = non_negative()
    other_median: float = positive()
    other_log_sd: float = non_negative()
    induction_mean: float = number()
    induction_sd: float = non_negative()
    induction_cap: float = number()


@dataclass(frozen=True, kw_only=True)
class BySeverity:
    """One number for severe and one for mild or moderate flares."""

    severe: float = non_negative()
    mild: float = non_negative()


@dataclass(frozen=True, kw_only=True)
class FlareRates:
    """Flares per year at activity 1, 10 mg/day and a constant dose, by domain and severity."""

    renal: BySeverity
    hematologic: BySeverity
    extrarenal: BySeverity


@dataclass(frozen=True, kw_only=True)
class SevereItems:
    """What a severe extrarenal flare brings; the rest brings nothing new."""

    cns: float = probability()
    vasculitis: float = probability()
    myositis: float = probability()
    serositis: float = probability()

    def check(self) -> list[str]:
        """Exclusive outcomes."""
        total = self.cns + self.vasculitis + self.myositis + self.serositis
        return [f"severe_items: the four add up to {total:g}; they must add up to at most 1"] if total > 1 else []


@dataclass(frozen=True, kw_only=True)
class Flares:
    """Six flare clocks, what a flare does, and how it is recognised."""

    rate: FlareRates
    activity_exponent: float = non_negative()
    dose_exponent: float = non_negative()
    dose_offset: float = positive("mg/day")
    reference_dose: float = non_negative("mg/day")
    taper_effect: float = number()
    taper_window: int = integer(1, 28, unit="day")
    jump_median: BySeverity
    jump_log_sd: BySeverity
    p_unscheduled: BySeverity
    delay_mean: BySeverity
    p_new_item_mild: float = probability()
    severe_items: SevereItems
    cns_days: int = integer(1, 168, unit="day")

    def check(self) -> list[str]:
        """Probabilities stay within 0 and 1."""
        return [
            f"p_unscheduled.{name}: {value:g} is not allowed; it must be a number from 0 to 1"
            for name, value in vars(self.p_unscheduled).items()
            if value > 1.0
        ]


@dataclass(frozen=True, kw_only=True)
class Clocks:
    """Everything else that happens at random times; rates per year."""

    serious_infection: float = non_negative("1/year")
    serious_infection_dose: float = number(unit="1/(mg/day)")
    serious_infection_lymphopenia: float = non_negative()
    lymphopenia_below: float = non_negative("10^9/L")
    serious_infection_immunosuppressant: float = non_negative()
    serious_infection_fatality: float = probability()
    serious_infection_pause: int = integer(0, 60, unit="day")
    mild_infection: float = non_negative("1/year")
    mild_infection_dose: float = number(unit="1/(mg/day)")
    mild_infection_moderate: float = probability()
    adverse_event: float = non_negative("1/year")
    adverse_event_malignant: float = probability()
    death: float = non_negative("1/year")
    death_activity: float = non_negative()
    dropout: float = non_negative("1/year")
    dropout_after_rescue: float = non_negative()
    dropout_reasons: tuple[float, ...] = numbers(3, 0.0, 1.0)
    pregnancy: float = non_negative("1/year")
    pregnancy_max_age: float = non_negative("year")
    renal_damage: float = non_negative("1/year")
    renal_damage_factor: float = positive()
    damage_index: float = non_negative("1/year")
    infusion_reaction: float = probability()
    infusion_reaction_severity: tuple[float, ...] = numbers(3, 0.0, 1.0)
    reference_dose: float = non_negative("mg/day")

    def check(self) -> list[str]:
        """Shares of one event add up to 1."""
        return [
            f"{name}: {list(value)} adds up to {sum(value):g}; it must add up to 1"
            for name, value in (
                ("dropout_reasons", self.dropout_reasons),
                ("infusion_reaction_severity", self.infusion_reaction_severity),
            )
            if abs(sum(value) - 1.0) > 1e-9
        ]


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """Intravenous methylprednisolone for a recognised severe flare."""

    p_severe: float = probability()
    dose: float = positive("mg/day prednisone equivalent")
    days: int = integer(1, 14, unit="day")


@dataclass(frozen=True, kw_only=True)
class FlareOrders:
    """What is ordered when a flare is recognised."""

    mild_factor: float = number(1.0)
    mild_limit: float = non_negative("mg/day")
    severe_dose_per_kg: float = non_negative("mg/kg/day")
    hold_days: int = integer(1, 168, unit="day")
    second_mild_days: int = integer(0, 168, unit="day")
    p_immunosuppressant_severe: float = probability()
    p_immunosuppressant_second_mild: float = probability()
    rescue_above_per_kg: float = non_negative("mg/kg/day")
    second_infusion: str = choice(*SECOND_INFUSIONS)
    pulse: Pulse


@dataclass(frozen=True, kw_only=True)
class WeekTwelve:
    """Rescue of lupus nephritis at week 12."""

    upcr_rise: float = positive("ratio to day 0")
    creatinine_rise: float = positive("ratio to day 0")
    upcr_fall: float = probability()
    p_worse: float = probability()
    p_insufficient: float = probability()


@dataclass(frozen=True, kw_only=True)
class LongTerm:
    """Slow reduction of the corticosteroid after the 24 weeks; the first one comes after day 210."""

    interval: int = integer(43, 730, unit="day")
    step: float = positive("mg/day")
    floor: float = non_negative("mg/day")
    pga_max: float = non_negative("points")


@dataclass(frozen=True, kw_only=True)
class CytopeniaRescue:
    """Immediate rescue of lupus cytopenia."""

    platelets: float = non_negative("10^9/L")
    platelets_fall: float = probability()
    p_bleeding: float = probability()
    hemoglobin: float = non_negative("g/dL")
    hemoglobin_fall: float = non_negative("g/dL")
    neutrophils: float = non_negative("10^9/L")
    interval: int = integer(1, 168, unit="day")


@dataclass(frozen=True, kw_only=True)
class Disease:
    """The disease model and the physicians' reactions."""

    name: str = text()
    activity_cap: float = positive()
    half_time: HalfTimes
    steroid: Steroid
    background: Background
    immunosuppressant_effect: float = number()
    frailty_variance: float = number(0.0, 100.0)
    drift: float = number(0.0, 10.0, unit="log activity per square root of a day")
    tick_days: int = integer(1, 7, unit="day")
    flares: Flares
    clocks: Clocks
    orders: FlareOrders
    week12: WeekTwelve
    long_term: LongTerm
    cytopenia: CytopeniaRescue

    def check(self) -> list[str]:
        """A variance whose gamma distribution can be computed."""
        if 0.0 < self.frailty_variance < SMALLEST_FRAILTY:
            return [
                f"frailty_variance: {self.frailty_variance:g} is not allowed; it must be 0, which is no frailty, "
                f"or a number from {SMALLEST_FRAILTY:g} to 100"
            ]
        return []
