"""The SELENA-SLEDAI flare index (Petri 1999, Lupus 8:685) visit by visit: 0 none, 1 mild or moderate, 2 severe.

A visit is a dict of what was seen and ordered; None is unmeasured and meets no criterion. `recognised` says what
the physician called it (0, 1, 2), `before` and `after` are the daily doses around the order.
"""

from typing import Any

TINY = 1e-9
Visit = dict[str, Any]

NERVOUS = ("seizure", "psychosis", "organic_brain_syndrome", "visual_disturbance", "cranial_nerve_disorder")
SEVERE = (*NERVOUS, "lupus_headache", "cva", "vasculitis", "myositis")
MILD = ("rash", "mucosal_ulcers", "pleurisy", "pericarditis", "arthritis", "fever")


def fresh(now: bool | None, then: bool | None) -> bool:
    """Present now and known to be absent before."""
    return now is True and then is False


def low(name: str, limit: float, now: Visit, then: Visit) -> bool:
    """A count below the limit that is new or has fallen further; one without a count before is new."""
    count, before = now[name], then[name]
    return count is not None and count < limit - TINY and (before is None or count < before - TINY)


def hemolysis(visit: Visit) -> bool | None:
    """Hemoglobin at most 10 g/dL with reticulocytes over 2.5 %."""
    hemoglobin, reticulocytes = visit["hemoglobin"], visit["reticulocytes"]
    parts = (
        None if hemoglobin is None else hemoglobin <= 10 + TINY,
        None if reticulocytes is None else reticulocytes > 2.5 + TINY,
    )
    return False if False in parts else None if None in parts else True


def severe_manifestation(now: Visit, then: Visit) -> bool:
    """Nervous system, vasculitis, myositis, nephritis, platelets below 60, or severe hemolysis, new or worse."""
    hemoglobin = now["hemoglobin"], then["hemoglobin"]
    fall = None not in hemoglobin and hemoglobin[1] - hemoglobin[0] > 3 + TINY
    return (
        any(fresh(now[f"sledai_{name}"], then[f"sledai_{name}"]) for name in SEVERE)
        or now["new_nephritis"]
        or low("platelets", 60.0, now, then)
        or (hemolysis(now) is True and (fall or low("hemoglobin", 7.0, now, then)))
    )


def mild_manifestation(now: Visit, then: Visit) -> bool:
    return any(fresh(now[f"sledai_{name}"], then[f"sledai_{name}"]) for name in MILD)


def much_dose(visit: Visit, weight: float) -> bool:
    """More than half a milligram per kilogram, or twice the dose."""
    doubled = visit["after"] > visit["before"] + TINY and visit["after"] >= 2 * visit["before"] - TINY
    return visit["after"] > 0.5 * weight + TINY or doubled


def risen(now: Visit, then: Visit, name: str) -> float:
    """How far a number rose; 0 if either is unknown."""
    return 0.0 if now[name] is None or then[name] is None else now[name] - then[name]


def recognised(now: Visit, then: Visit, weight: float, *, original: bool, medication: bool) -> int:
    """The index of a flare that the physician recognised (D70)."""
    if not now["recognised"]:
        return 0
    if original and risen(now, then, "sledai2k") > TINY and now["sledai2k"] > 12 + TINY:
        return 2
    shown = severe_manifestation(now, then)
    treated = medication and (much_dose(now, weight) or now["starts_drug"])
    return 2 if now["recognised"] == 2 and (shown or treated) else 1


def written(now: Visit, then: Visit, weight: float, *, original: bool, medication: bool) -> int:
    """The index as written: any one criterion against the attended visit before (D71)."""
    points, global_rise = risen(now, then, "sledai2k"), risen(now, then, "pga")
    shown, known = severe_manifestation(now, then), bool(now["recognised"])
    ordered = medication and known  # without it the dose that goes with a manifestation is asked for all the same
    raised = ordered and now["after"] > now["before"] + TINY
    severe = (
        (original and points > TINY and now["sledai2k"] > 12 + TINY)
        or (global_rise > TINY and now["pga"] > 2.5 + TINY)
        or (shown and known and much_dose(now, weight))
        or (raised and now["after"] > 0.5 * weight + TINY)
        or (ordered and now["starts_drug"])
    )
    if severe:
        return 2
    mild = points >= 3 - TINY or global_rise >= 1 - TINY or shown or mild_manifestation(now, then) or raised
    return int(mild)


def codes(
    visits: list[Visit], weight: float, *, original: bool, needs_recognition: bool, medication: bool
) -> list[int]:
    """The index at every attended visit of a subject, in order of day; as written from day 1 on."""
    found = []
    for place, now in enumerate(visits):
        then = visits[place - 1] if place else dict.fromkeys(now)
        code = recognised(now, then, weight, original=original, medication=medication)
        if not needs_recognition and now["day"] >= 1:
            code = max(code, written(now, then, weight, original=original, medication=medication))
        found.append(code)
    return found
