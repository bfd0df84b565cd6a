"""What the cells do: one scenario of the effect."""

from dataclasses import dataclass

from sim.config.fields import non_negative, number, positive, probability, text


@dataclass(frozen=True, kw_only=True)
class DomainWeights:
    """Share of the effect that reaches each domain of activity."""

    renal: float = non_negative()
    hematologic: float = non_negative()
    extrarenal: float = non_negative()
    serologic: float = non_negative()
    t_cell: float = non_negative()


@dataclass(frozen=True, kw_only=True)
class Effect:
    """A scenario: who responds, how deep, how late, how long."""

    name: str = text()
    p_responder: float = probability()
    depth_median: float = positive(unit="log set-point")
    depth_log_sd: float = non_negative()
    lag_mean: float = positive(unit="day")
    duration_scale: float = positive(unit="day")
    both_active: float = non_negative()
    dose_exponent: float = non_negative()
    p_sensitised: float = probability()
    sensitised_duration: float = number(0.0, 1.0)
    domains: DomainWeights
