"""What a laboratory and a physician record of a patient at one moment: truth, noise, rounding, look-back."""

import math
from dataclasses import dataclass, field
from typing import Any

from sim.core.decisions import Analyte, Decision
from tests.independent.latent import TINY, TRACKED, Parameters, Uniform, normal
from tests.independent.stationary import Stationary

FIRST_ANCHOR = -64
BETWEEN_ANCHORS = 64
LAST_SLOW_DAY = 210
ITEMS = (
    "arthritis",
    "rash",
    "alopecia",
    "mucosal_ulcers",
    "fever",
    "pleurisy",
    "pericarditis",
    "vasculitis",
    "myositis",
)
CNS_ITEMS = ("seizure", "psychosis", "cva", "cranial_nerve_disorder", "lupus_headache")


@dataclass
class Moment:
    """The patient at one assessment; activities are uncapped, rescues are days of treatment."""

    day: int
    activity: list[float]
    dose: float
    damage: float
    sdi: int
    item_owned: list[int]
    item_threshold: list[float]
    cns_item: int = -1
    recent: set[str] = field(default_factory=set)
    infused: bool = False
    ivig_days: list[int] = field(default_factory=list)
    transfusion_days: list[int] = field(default_factory=list)
    gcsf_days: list[int] = field(default_factory=list)


def slow_noise(uniform: Uniform, analyte: int, day: int, time_constant: float) -> float:
    """Unit stationary process, a function of analyte and day alone; after day 210 each day has its own value."""
    if day > LAST_SLOW_DAY:
        return normal(uniform(Decision.NOISE_LATER, 32 * (day + 64) + analyte))
    process = Stationary(
        1 / time_constant,
        FIRST_ANCHOR,
        BETWEEN_ANCHORS,
        lambda number: normal(uniform(Decision.NOISE_ANCHOR, 8 * analyte + number + (2 if number >= 2 else 0))),
        lambda middle: normal(uniform(Decision.NOISE_BRIDGE, bridge_index(analyte, middle))),
    )
    return process.at(day)


def bridge_index(analyte: int, middle: int) -> int:
    """Days midway in 64, 16 and 4 days own a block; those midway in 32, 8 and 2 share that of the day beside."""
    counted = middle - FIRST_ANCHOR
    half = counted & -counted  # distance to the two days it lies between
    if half in (32, 8, 2):
        return 4 * (4096 * analyte + middle + 64)
    before = counted // half % 4 == 1
    beside = middle + half if before else middle - half
    return 4 * (4096 * analyte + beside + 64) + (1 if before else 2)


def fast_noise(uniform: Uniform, analyte: int, day: int) -> float:
    return normal(uniform(Decision.NOISE_FAST, 32 * (day + 64) + analyte))


def rounded(value: float, unit: float) -> float:
    """Half up."""
    return math.floor(value / unit + 0.5) * unit


def log_noise(uniform: Uniform, analyte: int, day: int, noise: Parameters) -> float:
    """Factor of slow and fast noise."""
    slow = noise["slow_sd"] * slow_noise(uniform, analyte, day, noise["slow_days"])
    return math.exp(slow + noise["fast_sd"] * fast_noise(uniform, analyte, day))


def blood_count(person: Parameters, observation: Parameters, name: str, capped: list[float], dose: float) -> float:
    """Noise-free platelets, neutrophils, lymphocytes or hemoglobin at a dose."""
    place = TRACKED.index(name)
    most, entry = person[f"{name}_normal"], person[name]
    slope = (most / entry - 1.0) / math.exp(person["log_activity"][place])
    value = most / (1.0 + slope * capped[place])
    if f"{name}_steroid" in observation:
        top, half = observation[f"{name}_steroid"]
        entry_dose = person["prednisone_dose"]
        value *= (1 + top * dose / (dose + half)) / (1 + top * entry_dose / (entry_dose + half))
    return value


def true_urine_protein(person: Parameters, observation: Parameters, x: float) -> float:
    """Ratio without noise at capped renal activity x."""
    fixed = person["fixed_proteinuria"]
    if person["subgroup"] == 0:
        return float(fixed + (person["upcr"] - fixed) * x)
    return float(fixed + observation["urine_protein"]["cytopenia_slope"] * x)


def urine_protein(person: Parameters, observation: Parameters, uniform: Uniform, day: int, x: float) -> float:
    setting = observation["urine_protein"]
    truth = true_urine_protein(person, observation, x)
    wide = setting["cv_at_2"] * (truth / 2.0) ** setting["cv_exponent"]
    spread = min(max(wide, setting["cv_low"]), setting["cv_high"])
    slow = setting["slow_share"] * slow_noise(uniform, Analyte.UPCR, day, setting["slow_days"])
    fast = setting["fast_share"] * fast_noise(uniform, Analyte.UPCR, day)
    return rounded(truth * math.exp(spread * (slow + fast)), 0.01)


def urine(person: Parameters, observation: Parameters, uniform: Uniform, now: Moment, x: float) -> dict[str, Any]:
    """Protein and sediment at capped renal activity x."""
    red = (person["urine_rbc"] if person["subgroup"] == 0 else observation["urine_rbc_cytopenia"]) * x
    white = person["urine_wbc"] * x
    casts = log_noise(uniform, Analyte.CASTS, now.day, observation["casts"])
    return {
        "upcr": urine_protein(person, observation, uniform, now.day, x),
        "urine_rbc": rounded(
            max(1.0, red) * log_noise(uniform, Analyte.URINE_RBC, now.day, observation["urine_rbc"]), 1.0
        ),
        "urine_wbc": rounded(
            max(0.5, white) * log_noise(uniform, Analyte.URINE_WBC, now.day, observation["urine_wbc"]), 1.0
        ),
        "cellular_casts": int(bool(person["casts_owned"]) and x * casts > person["casts_threshold"] + TINY),
    }


def blood(
    person: Parameters, observation: Parameters, uniform: Uniform, now: Moment, x: list[float]
) -> dict[str, Any]:
    """Blood count with the traces of IVIG, transfusion and G-CSF, and reticulocytes."""
    rescue = observation["rescue"]
    value = {
        name: blood_count(person, observation, name, x, now.dose)
        * log_noise(uniform, Analyte[name.upper()], now.day, observation[name])
        for name in ("platelets", "neutrophils", "lymphocytes", "hemoglobin")
    }
    for age in (now.day - day - rescue["ivig_delay"] for day in now.ivig_days):
        if age >= 0:
            value["platelets"] += rescue["ivig_platelets"] * 0.5 ** (age / rescue["ivig_half_time"])
    for age in (now.day - day for day in now.transfusion_days):
        if age > 0:
            value["hemoglobin"] += rescue["transfusion_hemoglobin"] * 0.5 ** (
                age / rescue["transfusion_half_time"]
            )
    if any(0 < now.day - day <= rescue["gcsf_days"] for day in now.gcsf_days):
        value["neutrophils"] *= rescue["gcsf_factor"]
    units = {"platelets": 1.0, "neutrophils": 0.01, "lymphocytes": 0.01, "hemoglobin": 0.1}
    result = {name: rounded(value[name], unit) for name, unit in units.items()}
    result["wbc"] = result["neutrophils"] + result["lymphocytes"] + observation["other_white_cells"]
    young = observation["reticulocytes_normal"]
    if person["hemolytic"]:
        young += observation["reticulocytes_hemolysis"] * x[7]
    noise = log_noise(uniform, Analyte.RETICULOCYTES, now.day, observation["reticulocytes"])
    result["reticulocytes"] = rounded(young * noise, 0.1)
    return result


def serology(
    person: Parameters, observation: Parameters, uniform: Uniform, day: int, x: list[float]
) -> dict[str, Any]:
    """Complement, anti-dsDNA and T cells."""
    serologic, t_cell = x[2], x[3]
    cells = observation["t_cells"]
    truth = {
        "c3": min(observation["c3_cap"], person["c3"] * serologic ** observation["c3_exponent"]),
        "c4": min(observation["c4_cap"], person["c4"] * serologic ** observation["c4_exponent"]),
        "anti_dsdna": person["anti_dsdna"] * serologic ** observation["anti_dsdna_exponent"],
        "treg": cells["treg_healthy"] / (1 + cells["treg_slope"] * t_cell) * math.exp(person["treg_offset"]),
        "th17": cells["th17_healthy"] * (1 + cells["th17_slope"] * t_cell) * math.exp(person["th17_offset"]),
    }
    units = {"c3": 1.0, "c4": 0.1, "anti_dsdna": 0.1, "treg": 0.01, "th17": 0.01}
    noises = {name: observation.get(name, observation["t_cell_noise"]) for name in truth}
    return {
        name: rounded(truth[name] * log_noise(uniform, Analyte[name.upper()], day, noises[name]), units[name])
        for name in truth
    }


def global_assessment(observation: Parameters, uniform: Uniform, day: int, x: list[float], infused: bool) -> float:
    """Physician global assessment, 0 to 3."""
    setting = observation["pga"]
    activity = setting["renal"] * x[0] + setting["platelets"] * x[4] + setting["extrarenal"] * x[1]
    value = 3.0 * (1.0 - math.exp(-setting["steepness"] * activity))
    value += setting["sd"] * fast_noise(uniform, Analyte.PGA, day) - (setting["bias"] if infused else 0.0)
    return min(3.0, max(0.0, rounded(value, 0.1)))


def sledai_items(observation: Parameters, uniform: Uniform, now: Moment, x: float) -> dict[str, float]:
    """Extrarenal and central nervous items at capped extrarenal activity x, with the look-back.

    The item_activity of what is present is the activity that shows in it, else NaN.
    """
    present: dict[str, float] = {}
    for place, item in enumerate(ITEMS):
        seen = x * log_noise(uniform, Analyte.ARTHRITIS + place, now.day, observation["items"])
        shown = bool(now.item_owned[place]) and seen > now.item_threshold[place] + TINY
        present[item] = int(shown or item in now.recent)
        present[f"item_activity_{item}"] = seen if present[item] else math.nan
    for place, item in enumerate(CNS_ITEMS):
        present[item] = int(now.cns_item == place or item in now.recent)
    return present


def measure(
    person: Parameters, observation: Parameters, uniform: Uniform, now: Moment, cap: float
) -> dict[str, Any]:
    """Everything measured at one moment, by column name; flags are 0 or 1."""
    x = [min(value, cap) for value in now.activity]
    result = urine(person, observation, uniform, now, x[0])
    renal = math.exp(observation["creatinine_renal"] * (x[0] - math.exp(person["log_activity"][0])))
    creatinine = person["creatinine"] * now.damage * renal
    noise = log_noise(uniform, Analyte.CREATININE, now.day, observation["creatinine"])
    result["serum_creatinine"] = rounded(creatinine * noise, 1.0)
    result |= blood(person, observation, uniform, now, x)
    result |= serology(person, observation, uniform, now.day, x)
    result["pga"] = global_assessment(observation, uniform, now.day, x, now.infused)
    body = observation["body"]
    protein = true_urine_protein(person, observation, x[0])
    albumin = body["albumin"] - body["albumin_slope"] * math.log(1 + protein)
    result["albumin"] = rounded(albumin + body["albumin_sd"] * fast_noise(uniform, Analyte.ALBUMIN, now.day), 0.1)
    for name, analyte in (("systolic", Analyte.SYSTOLIC_BP), ("diastolic", Analyte.DIASTOLIC_BP)):
        spread = body[f"{name}_sd"] * fast_noise(uniform, analyte, now.day)
        result[f"{name}_bp"] = rounded(body[name] + body[f"{name}_slope"] * x[0] + spread, 1.0)
    return result | sledai_items(observation, uniform, now, x[1])
