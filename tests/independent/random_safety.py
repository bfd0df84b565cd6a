"""Random records of harm over five years: days at the ends of what counts, details in any wording."""

import random

from tests.independent.rows import (
    PLANNED_DAY,
    Data,
    candidate_row,
    dosing_row,
    event_row,
    infusion_row,
    visit_row,
)

EDGES = (-1, 0, 1, 27, 28, 84, 167, 168, 169, 364, 365, 366, 1095, 1096, 1097, 1825, 1826, 1827, 1850)
DETAILS = (
    *(None, "serious", "not serious", "Serious; pneumonia", "SERIOUS", "non-serious", "not serious; rash"),
    *("serious; malignancy", "not serious; Malignant melanoma", "malignancy", "seriousness unknown", "unserious"),
    *("serious, herpes zoster", " serious; sepsis", "not serious; feared to be serious"),
)
KINDS = ("adverse_event", "infection", "infusion_reaction", "adverse_event", "infection")
OTHERS = ("flare", "rescue", "transfusion", "renal_flare", "esrd")
CAUSES = {
    "death": ("infection", "malignancy", None),
    "withdrawal": ("other", "adverse_event", "pregnancy"),
    "lost_to_follow_up": (None,),
}


def any_day(rng: random.Random, last: int) -> int:
    day = rng.choice(EDGES) if rng.random() < 0.6 else rng.randint(-30, 1860)
    return min(day, last)


def random_safety_data_set(rng: random.Random, n_subjects: int) -> Data:
    """Subjects of one trial, some never infused, seen up to some visit, with and without an end."""
    data: Data = {name: [] for name in ("candidates", "visits", "dosing", "infusions", "events")}
    for subject in range(n_subjects):
        subgroup = rng.choice(("LN", "LC"))
        data["candidates"].append(candidate_row(0, subject, candidate=subject, subgroup=subgroup))
        treated = rng.random() > 0.05
        data["infusions"].append(infusion_row(0, subject, 1, 0 if treated else None))
        data["dosing"].append(dosing_row(0, subject, 0, 168, 7.5))
        last = 1860
        if rng.random() < 0.5:
            last = any_day(rng, 1860) if rng.random() < 0.9 else 0
            last = max(0, last)
            kinds = rng.sample(sorted(CAUSES), rng.choice((1, 1, 1, 1, 2)))
            for kind in kinds:
                data["events"].append(event_row(0, subject, last, kind, detail=rng.choice(CAUSES[kind])))
            if kinds[0] != "death" and rng.random() < 0.2:  # a death that became known
                day = last + rng.choice((0, 1, 30))
                data["events"].append(event_row(0, subject, day, "death", detail="infection"))
        stop = min(last, rng.choice((1860, 1860, 1860, 400, 168, 28, 0)))
        data["visits"] += visits(rng, subject, stop, rng.choice((0.03, 0.3)))
        while rng.random() < 0.75:
            kind = rng.choice(KINDS) if rng.random() < 0.8 else rng.choice(OTHERS)
            detail = rng.choice(DETAILS)
            data["events"].append(event_row(0, subject, any_day(rng, last), kind, detail=detail))
    rng.shuffle(data["events"])
    return data


def visits(rng: random.Random, subject: int, stop: int, missing: float) -> list[dict]:
    rows = []
    for name, planned in PLANNED_DAY.items():
        day = planned if planned <= 0 else planned + rng.randint(-2, 25)
        held = day <= stop and rng.random() > missing
        rows.append(visit_row(0, subject, name, day if held else None))
    return rows
