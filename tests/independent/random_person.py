"""Random patients for comparing two programs of the course, among them nasty ones, and their random numbers."""

import math
import random
from pathlib import Path
from typing import Any

import yaml

CONF = Path(__file__).parents[2] / "conf"
ITEM_PROBABILITIES = (0.32, 0.27, 0.18, 0.09, 0.05, 0.04, 0.03, 0.03, 0.02)


class Addressed:
    """Uniform numbers in (0, 1) that depend on (seed, decision, index) alone; every address asked is kept."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.asked: dict[tuple[int, int], float] = {}

    def __call__(self, decision: int, index: int) -> float:
        address = (int(decision), int(index))
        if address not in self.asked:
            drawn = random.Random(f"{self.seed}/{address[0]}/{address[1]}").random()
            self.asked[address] = max(drawn, 2.0**-60)
        return self.asked[address]


def parameters(group: str, name: str) -> dict[str, Any]:
    """The values of conf/GROUP/NAME.yaml over those of the files that it names as its defaults."""
    own = yaml.safe_load((CONF / group / f"{name}.yaml").read_text(encoding="utf-8"))
    result: dict[str, Any] = {}
    for other in own.pop("defaults", []):
        if other != "_self_":
            result = merged(result, parameters(group, other))
    return merged(result, own)


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` on top of `under`, mapping by mapping."""
    result = dict(under)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(under.get(key), dict)
        result[key] = merged(under[key], value) if both else value
    return result


def random_person(rng: random.Random, nasty: float = 0.5) -> dict[str, Any]:
    """A plausible patient of either subgroup; with probability `nasty` an extreme one.

    Keys and units are those of sim.population.person; `upcr` is NaN in lupus cytopenia.
    """
    subgroup = rng.randrange(2)
    person = (nephritis if subgroup == 0 else cytopenia)(rng)
    person |= anyone(rng) | {"subgroup": subgroup}
    if rng.random() < nasty:
        person |= nasty_changes(rng, person)
    for name in ("platelets", "neutrophils", "lymphocytes", "hemoglobin"):
        person[f"{name}_normal"] = max(person[f"{name}_normal"], 1.03 * person[name])
    return person


def lognormal(rng: random.Random, median: float, log_sd: float) -> float:
    return median * math.exp(log_sd * rng.gauss(0, 1))


def anyone(rng: random.Random) -> dict[str, Any]:
    """What does not depend on the subgroup."""
    female = int(rng.random() < 0.9)
    return {
        "female": female,
        "age": min(max(rng.gauss(36, 11), 18.0), 70.0),
        "weight": lognormal(rng, 56 if female else 69, 0.15),
        "height": rng.gauss(160 if female else 173, 5.5),
        "prednisone_dose": rng.choice((5.0, 7.5, 10.0, 12.5, 15.0, 20.0, 25.0, 30.0, 40.0)),
        "urine_wbc": lognormal(rng, 2.0, 1.0),
        "platelets_normal": lognormal(rng, 235, 0.15),
        "neutrophils_normal": lognormal(rng, 3.4, 0.25),
        "lymphocytes_normal": lognormal(rng, 1.7, 0.25),
        "hemoglobin_normal": rng.gauss(12.9, 0.7) + (0.0 if female else 1.6),
        "c3": lognormal(rng, 65, 0.35),
        "c4": lognormal(rng, 10, 0.5),
        "anti_dsdna": lognormal(rng, 60, 1.1),
        "treg_offset": 0.4 * rng.gauss(0, 1),
        "th17_offset": 0.4 * rng.gauss(0, 1),
        "item_owned": [int(rng.random() < p) for p in ITEM_PROBABILITIES],
        "item_threshold": [lognormal(rng, 0.28, 0.5) for _ in ITEM_PROBABILITIES],
        "cns_item": -1,
        "sdi": rng.choice((0, 0, 0, 1, 1, 2, 3)),
    }


def activities(renal: float, extrarenal: float, hematologic: float) -> list[float]:
    return [renal, extrarenal, 0.0, 0.0, *[hematologic] * 4]


def nephritis(rng: random.Random) -> dict[str, Any]:
    protein = lognormal(rng, 3.0, 0.6)
    return {
        "log_activity": activities(0.0, rng.gauss(math.log(0.5), 0.6), rng.gauss(math.log(0.25), 0.5)),
        "creatinine": lognormal(rng, 125, 0.2),
        "upcr": protein,
        "fixed_proteinuria": min(lognormal(rng, 0.18, 0.5), protein / 2),
        "urine_rbc": lognormal(rng, 20, 0.8),
        "casts_owned": int(rng.random() < 0.3),
        "casts_threshold": lognormal(rng, 0.6, 0.3),
        "platelets": lognormal(rng, 215, 0.3),
        "neutrophils": lognormal(rng, 3.6, 0.3),
        "lymphocytes": lognormal(rng, 1.0, 0.4),
        "hemoglobin": rng.gauss(11.2, 1.3),
        "hemolytic": 0,
    }


def cytopenia(rng: random.Random) -> dict[str, Any]:
    quiet = rng.random() < 0.8
    return {
        "log_activity": activities(
            math.log(0.03) if quiet else rng.gauss(math.log(0.3), 0.4), rng.gauss(math.log(0.5), 0.6), 0.0
        ),
        "creatinine": lognormal(rng, 62, 0.18),
        "upcr": math.nan,
        "fixed_proteinuria": lognormal(rng, 0.18, 0.5),
        "urine_rbc": 20.0,
        "casts_owned": 0,
        "casts_threshold": lognormal(rng, 0.6, 0.3),
        "platelets": lognormal(rng, rng.choice((45, 215)), 0.4),
        "neutrophils": lognormal(rng, rng.choice((0.8, 3.4)), 0.3),
        "lymphocytes": lognormal(rng, 0.75, 0.4),
        "hemoglobin": rng.gauss(rng.choice((8.6, 11.7)), 0.9),
        "hemolytic": int(rng.random() < 0.3),
    }


def nasty_changes(rng: random.Random, person: dict[str, Any]) -> dict[str, Any]:
    """Extreme doses, weights and counts, and activity high enough for flares, rescues and ends of all kinds."""
    changes: dict[str, Any] = {}
    if rng.random() < 0.5:
        changes["prednisone_dose"] = rng.choice((0.0, 2.5, 5.0, 40.0, 60.0))
    if rng.random() < 0.5:
        changes["weight"] = rng.choice((40.0, 41.0, 110.0))
    if rng.random() < 0.6:
        renal, _, hematologic = person["log_activity"][0], 0.0, person["log_activity"][4]
        changes["log_activity"] = activities(renal, math.log(rng.uniform(1.0, 6.0)), max(hematologic, -0.2))
    if person["subgroup"] == 1:
        bad = {"platelets": 8.0, "hemoglobin": 6.0, "neutrophils": 0.15, "lymphocytes": 0.2}
        changes |= {name: value * rng.choice((1.0, 3.0)) for name, value in bad.items() if rng.random() < 0.5}
        changes["hemoglobin"] = min(changes.get("hemoglobin", person["hemoglobin"]), 12.0)
    if rng.random() < 0.3:
        changes["item_owned"] = [1] * len(ITEM_PROBABILITIES)
        changes["item_owned"][rng.randrange(9)] = 0
    return changes


def stressed(disease: dict[str, Any], factor: float, infections: float = 1.0) -> dict[str, Any]:
    """The same disease with frequent flares, infections and damage, so that rare branches are reached.

    Rates of everything but death, drop-out and pregnancy are multiplied by `factor`, that of serious infections
    by `factor * infections` (60 in all cancels the second infusion of many); they are rarely fatal.
    """
    rate = {
        domain: {severity: factor * yearly for severity, yearly in rates.items()}
        for domain, rates in disease["flares"]["rate"].items()
    }
    often = ("serious_infection", "mild_infection", "adverse_event", "renal_damage", "damage_index")
    clocks = {name: factor * disease["clocks"][name] for name in often}
    clocks |= {"serious_infection": infections * clocks["serious_infection"], "serious_infection_fatality": 0.005}
    return merged(disease, {"flares": {"rate": rate}, "clocks": clocks})
