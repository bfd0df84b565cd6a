"""From week 24 to five years: visits, what is taken there, and the slow reduction of the corticosteroid."""

from tests.independent.latent import TINY, Parameters

VISITS = ("Y0.5", "Y1", "Y1.5", "Y2", "Y3", "Y5")
NOMINAL = (182, 365, 548, 731, 1096, 1826)
T_CELLS_ALONE = ("Y0.5", "Y1.5", "Y2")
T_CELLS = ("treg", "th17")
TRUTH = ("visit", "planned_day", "attended", "minute", "day", "activity", "dose", "damage")
FIRST = 168  # day from which the days of reduction count


def taken(name: str, seen: Parameters) -> Parameters:
    """Of everything that could be measured at a visit, what is taken there."""
    if name in T_CELLS_ALONE:
        return {key: seen[key] for key in (*TRUTH, *T_CELLS)}
    if name == "Y5":
        return {key: value for key, value in seen.items() if key not in T_CELLS}
    return seen


def reduces(rule: Parameters, day: int, dose: float, flares_seen: list[int], pga: float) -> bool:
    """Whether the dose is reduced on a day of reduction, in a patient who is not on the way back from a flare."""
    lately = any(day - rule["interval"] <= seen <= day for seen in flares_seen)
    return dose > rule["floor"] + TINY and not lately and pga <= rule["pga_max"] + TINY
