"""The lupus low disease activity state (Franklyn 2016, Annals of the Rheumatic Diseases 75:1615) at one visit."""

from tests.independent.readings import Readings
from tests.independent.rows import Row
from tests.independent.sledai import WEIGHTS, descriptors
from tests.independent.subject import Subject, doses

TINY = 1e-9
USUAL = Readings()
MAJOR_ORGANS = (
    *("seizure", "psychosis", "organic_brain_syndrome", "visual_disturbance", "cranial_nerve_disorder"),
    *("lupus_headache", "cva", "vasculitis", "urinary_casts", "hematuria", "proteinuria", "pyuria"),
    *("pleurisy", "pericarditis", "fever"),
)
PULSE_DAYS = 28
PULSES = ("pulse", "cyclophosphamide")
MIN_INTERVAL = 28


def hemolytic(visit: Row) -> bool | None:
    """Hemoglobin at most 10 g/dL with reticulocytes over 2.5 %; None if that cannot be told."""
    hemoglobin, reticulocytes = visit["hemoglobin"], visit["reticulocytes"]
    low = None if hemoglobin is None else hemoglobin <= 10 + TINY
    many = None if reticulocytes is None else reticulocytes > 2.5 + TINY
    if low is False or many is False:
        return False
    return None if low is None or many is None else True


def new_activity(subject: Subject, visit: Row, readings: Readings) -> bool | None:
    """The column, where the data set has it; else: is a descriptor present that was absent at the last scheduled
    visit at least 28 days before? Or (X37): was there a flare since that visit?"""
    if "new_activity" in visit and readings.X37 == "recorded":
        return visit["new_activity"]
    earlier = [
        row
        for row in subject.visits
        if row["day"] <= visit["day"] - MIN_INTERVAL and not row["visit"].startswith("U")
    ]
    if not earlier:
        return None
    if readings.X37 == "flare":
        flares = [event["day"] for event in subject.events if event["kind"] == "flare"]
        return any(earlier[-1]["day"] < day <= visit["day"] for day in flares)
    now, before = (descriptors(row, subject.visits, float(readings.X29)) for row in (visit, earlier[-1]))
    if any(now[name] and before[name] is False for name in now):
        return True
    unknown = any(now[name] is None and before[name] is not True for name in now)
    return None if unknown or any(now[name] and before[name] is None for name in now) else False


def mean_dose(subject: Subject, day: int) -> float | None:
    """Mean of the seven days that end on that day, from day 0 on; None if there is none or one is unknown."""
    week = doses(subject, max(0, day - 6), day)
    return None if None in week or not week else sum(week) / len(week)


def components(subject: Subject, visit: Row, readings: Readings = USUAL) -> dict[str, bool | None]:
    """What the state asks for at a visit, each met, not met or unknown (None), in the order of the definition."""
    present = descriptors(visit, subject.visits, float(readings.X29))
    hemolysis, digestive = hemolytic(visit), visit["bilag_gastrointestinal"]
    met: dict[str, bool | None] = dict.fromkeys(
        ("sledai", "major_organ", "new_activity", "pga", "dose", "immunosuppressant")
    )
    if None not in present.values():
        met["sledai"] = sum(WEIGHTS[name] for name in present if present[name]) <= 4
    organs = [present[name] for name in MAJOR_ORGANS]
    organs += [hemolysis, None if digestive is None else digestive in ("A", "B", "C")]
    if True in organs:
        met["major_organ"] = False
    elif None not in organs:
        met["major_organ"] = True
    fresh = new_activity(subject, visit, readings)
    met["new_activity"] = None if fresh is None else not fresh
    met["pga"] = None if visit["pga"] is None else visit["pga"] <= 1.0 + TINY
    dose = mean_dose(subject, visit["day"])
    met["dose"] = None if dose is None else dose <= 7.5 + TINY
    met["immunosuppressant"] = visit["immunosuppressant_stable"]
    return met


def recent_pulse(subject: Subject, day: int) -> bool:
    """A recorded pulse or cyclophosphamide within 28 days."""
    return any(
        event["kind"] == "rescue" and event["detail"] in PULSES and 0 <= day - event["day"] <= PULSE_DAYS
        for event in subject.events
    )


def lldas(subject: Subject, visit: Row, readings: Readings = USUAL) -> bool | None:
    """The column `lldas` of a visit: false if a component fails, whatever is unknown beside it."""
    met = components(subject, visit, readings).values()
    if False in met or recent_pulse(subject, visit["day"]):
        return False
    return None if None in met else True
