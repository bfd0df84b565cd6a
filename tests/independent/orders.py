"""What a physician decides at an attended visit, from what was observed."""

import math
from typing import Any

from sim.core.decisions import Decision
from tests.independent.latent import TINY, Parameters, Uniform

MILD, SEVERE, SECOND = 0, 1, 2


def flare_order(recognised: list[int], day: int, last_mild_day: int | None, orders: Parameters) -> int:
    """MILD, SEVERE or SECOND for the flare clocks recognised today (even clocks are severe)."""
    mild_today = sum(clock % 2 for clock in recognised)
    if mild_today < len(recognised):
        return SEVERE
    recent = last_mild_day is not None and day - last_mild_day <= orders["second_mild_days"]
    return SECOND if recent or mild_today >= 2 else MILD


def flare_dose(order: int, dose: float, weight: float, orders: Parameters) -> float:
    if order == MILD:
        return max(dose, min(orders["mild_factor"] * dose, orders["mild_limit"]))
    return max(dose, 5.0 * math.floor(orders["severe_dose_per_kg"] * weight / 5.0 + 0.5))


def week_twelve(start: Parameters, visits: list[Parameters], rule: Parameters) -> float:
    """Probability of an immunosuppressant in lupus nephritis; visits are W12 and the one before it."""

    def all_above(name: str, ratio: float) -> bool:
        return all(visit[name] > ratio * start[name] + TINY for visit in visits)

    if all_above("upcr", rule["upcr_rise"]) or all_above("serum_creatinine", rule["creatinine_rise"]):
        return float(rule["p_worse"])
    return float(rule["p_insufficient"]) if all_above("upcr", 1 - rule["upcr_fall"]) else 0.0


def cytopenia_rescues(
    seen: Parameters, start: Parameters, given: dict[str, list[int]], rule: Parameters, uniform: Uniform
) -> list[str]:
    """Immediate rescues of lupus cytopenia at a visit, of those not given within the interval."""
    day: int = seen["day"]
    wanted: dict[str, Any] = {"ivig": False}
    if seen["platelets"] < rule["platelets"] - TINY:
        fallen = seen["platelets"] <= (1 - rule["platelets_fall"]) * start["platelets"] + TINY
        wanted["ivig"] = fallen or uniform(Decision.BLEEDING, day + 64) < rule["p_bleeding"]
    wanted["transfusion"] = (
        seen["hemoglobin"] < rule["hemoglobin"] - TINY
        and seen["hemoglobin"] <= start["hemoglobin"] - rule["hemoglobin_fall"] + TINY
    )
    wanted["gcsf"] = seen["neutrophils"] < rule["neutrophils"] - TINY and seen["fever"] == 1
    return [kind for kind in wanted if wanted[kind] and all(day - d >= rule["interval"] for d in given[kind])]
