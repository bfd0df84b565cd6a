"""The unobserved part of a patient, one formula a function: draws, relaxation, set-points, hazards.

Plain numbers and lists; nothing is shared with the compiled model but the address numbers of the decisions.
Tracked activities, in order: renal, extrarenal, serologic, T cells, and the four blood lineages of TRACKED.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any

from sim.core.decisions import SLOTS, Clock, Decision

MINUTES_PER_DAY = 1440
MINUTES_PER_YEAR = 365.25 * 1440
TINY = 1e-9
TRACKED = (
    "renal",
    "extrarenal",
    "serologic",
    "t_cell",
    "platelets",
    "neutrophils",
    "lymphocytes",
    "hemoglobin",
)
DOMAIN = ("renal", "extrarenal", "serologic", "t_cell", "hematologic", "hematologic", "hematologic", "hematologic")
TREND_ORDER = ("renal", "hematologic", "extrarenal", "serologic", "t_cell")
FLARE_DOMAINS = ("renal", "hematologic", "extrarenal")  # clocks 2f severe, 2f + 1 mild or moderate

STANDARD = NormalDist()

Uniform = Callable[[int, int], float]
Parameters = dict[str, Any]


def normal(u: float) -> float:
    return STANDARD.inv_cdf(u)


def exponential(u: float) -> float:
    return -math.log(1.0 - u)


def gamma_two(mean: float, first: float, second: float) -> float:
    """Gamma with shape 2: half the mean times the sum of two exponentials."""
    return mean / 2.0 * (exponential(first) + exponential(second))


def category(u: float, shares: list[float]) -> int:
    """Position of u among shares laid end to end; the last position where rounding leaves a gap."""
    reached = 0.0
    for position, share in enumerate(shares):
        reached += share
        if u < reached:
            return position
    return len(shares) - 1


def slot(clock: int, count: int) -> int:
    """Index of the count-th ring (from 0) of a clock."""
    if count >= SLOTS:
        raise OverflowError(f"clock {clock} rang {count} times; the limit is {SLOTS}")
    return SLOTS * clock + count


def waiting(clock: int, count: int) -> int:
    """Index of a clock's waiting time after `count` rings."""
    if count >= SLOTS:
        raise OverflowError(f"clock {clock} rang {count} times; the limit is {SLOTS}")
    return 16 * count + clock


def trends(uniform: Uniform, background: Parameters, subgroup: int) -> dict[str, float]:
    """Log set-point of each domain under standard of care, relative to entry."""
    z = {d: normal(uniform(Decision.TREND, 2 + i)) for i, d in enumerate(TREND_ORDER)}
    if background["kind"] == "induction":
        mean, spread, cap = (background[f"induction_{key}"] for key in ("mean", "sd", "cap"))
        return {d: min(mean + spread * z[d], cap) for d in z}
    improver = uniform(Decision.TREND, 0) < background["p_improver_LC" if subgroup else "p_improver_LN"]
    kind = "improver" if improver else "other"
    shared = background["shared_sd"] * normal(uniform(Decision.TREND, 1))
    center = shared + math.log(background[f"{kind}_median"])
    return {d: center + background[f"{kind}_log_sd"] * z[d] for d in z}


def depth(uniform: Uniform, effect: Parameters) -> float:
    """Depth of the cells' effect; 0 in a patient who does not respond."""
    if not uniform(Decision.CELLS, 0) < effect["p_responder"]:
        return 0.0
    z = normal(uniform(Decision.CELLS, 1))
    return math.exp(math.log(effect["depth_median"]) + effect["depth_log_sd"] * z)


def acting_minutes(uniform: Uniform, effect: Parameters, infusion: int) -> tuple[int, int]:
    """Minutes after an infusion (0 or 1) at which its cells switch on and off."""
    lag = gamma_two(
        effect["lag_mean"],
        uniform(Decision.CELL_TIMES, 4 * infusion),
        uniform(Decision.CELL_TIMES, 4 * infusion + 1),
    )
    duration = effect["duration_scale"] * math.sqrt(exponential(uniform(Decision.CELL_TIMES, 4 * infusion + 2)))
    if infusion == 1 and uniform(Decision.CELLS, 2) < effect["p_sensitised"]:
        duration *= effect["sensitised_duration"]
    return math.ceil(1440 * lag), math.ceil(1440 * (lag + duration))


def steroid_term(disease: Parameters, domain: str, dose: float, entry_dose: float) -> float:
    """Shift of the log set-point by the oral dose, 0 at the entry dose."""
    half, most = disease["steroid"]["half_maximal_dose"], disease["steroid"]["sensitivity"][domain]
    return math.log((1 - most * dose / (dose + half)) / (1 - most * entry_dose / (entry_dose + half)))


def relax(log_activity: float, set_point: float, half_time: float, minutes: float) -> float:
    """Log-activity after some minutes with a constant set-point; half-time in days."""
    left = math.exp(-math.log(2.0) / half_time * minutes / MINUTES_PER_DAY)
    return set_point + (log_activity - set_point) * left


def spend(budget: float, rate: float, minutes: float) -> float:
    """What is left of a clock's budget after some minutes at a rate per minute, never below 0."""
    return max(0.0, budget - rate * minutes)


def ring_minute(budget: float, rate: float, minute: int) -> float:
    """Minute at which a clock rings if its rate (per minute) stays; infinity at rate 0."""
    return math.inf if rate <= 0.0 else max(minute, math.ceil(minute + budget / rate))


def flare_rate(flares: Parameters, domain: str, severity: str, x: float, dose: float, fall: float) -> float:
    """Flares per year at capped activity x; fall is 1 - dose / highest dose of the last 28 days."""
    offset = flares["dose_offset"]
    by_dose = ((flares["reference_dose"] + offset) / (dose + offset)) ** flares["dose_exponent"]
    by_fall = math.exp(flares["taper_effect"] * fall)
    return flares["rate"][domain][severity] * x ** flares["activity_exponent"] * by_dose * by_fall


def yearly_rates(
    person: Parameters,
    disease: Parameters,
    capped: list[float],
    dose: float,
    fall: float,
    lymphocytes: float,
    immunosuppressed: bool,
    rescued: bool,
) -> list[float]:
    """Rates per year of the fourteen clocks; `lymphocytes` is the noise-free count of the moment."""
    clocks = disease["clocks"]
    largest = {"renal": capped[0], "hematologic": max(capped[4:]), "extrarenal": capped[1]}
    rates = [
        flare_rate(disease["flares"], domain, severity, largest[domain], dose, fall)
        for domain in FLARE_DOMAINS
        for severity in ("severe", "mild")
    ]
    above = dose - clocks["reference_dose"]
    serious = clocks["serious_infection"] * math.exp(clocks["serious_infection_dose"] * above)
    if lymphocytes < clocks["lymphopenia_below"]:
        serious *= clocks["serious_infection_lymphopenia"]
    if immunosuppressed:
        serious *= clocks["serious_infection_immunosuppressant"]
    fertile = person["female"] and person["age"] <= clocks["pregnancy_max_age"]
    other = {
        Clock.SERIOUS_INFECTION: serious,
        Clock.MILD_INFECTION: clocks["mild_infection"] * math.exp(clocks["mild_infection_dose"] * above),
        Clock.ADVERSE_EVENT: clocks["adverse_event"],
        Clock.DEATH: clocks["death"] * max(1.0, *largest.values()) ** clocks["death_activity"],
        Clock.DROPOUT: clocks["dropout"] * (clocks["dropout_after_rescue"] if rescued else 1.0),
        Clock.PREGNANCY: clocks["pregnancy"] if fertile else 0.0,
        Clock.RENAL_DAMAGE: clocks["renal_damage"] * capped[0] if person["subgroup"] == 0 else 0.0,
        Clock.DAMAGE_INDEX: clocks["damage_index"],
    }
    return rates + [other[clock] for clock in sorted(other)]
