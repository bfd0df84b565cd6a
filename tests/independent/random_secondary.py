"""Random data sets for the secondary endpoints: those of random_data.py, with calmer patients and more events.

Plain random visits almost never show low disease activity or a response, so most subjects are quiet after day 0,
with values on either side of every threshold. What was unmeasured stays unmeasured.
"""

import random
from collections.abc import Sequence

from tests.independent.random_data import random_data_set
from tests.independent.random_history import EDGES
from tests.independent.rows import CLINICAL_DESCRIPTORS, DOMAINS, Data, Row, event_row
from tests.independent.subject import ENDS

QUIET: dict[str, Sequence[float]] = {
    "upcr": (0.0, 0.1, 0.1, 0.29, 0.29, 0.3, 0.1 + 0.2, 0.5, 0.51),
    "serum_creatinine": (60.0, 75.0, 90.0, 105.0, 106.0, 107.0),
    "urine_rbc": (0.0, 1.0, 2.0, 4.0, 5.0, 6.0),
    "urine_wbc": (0.0, 1.0, 2.0, 5.0, 5.0, 6.0),
    "hemoglobin": (9.9, 10.0, 10.1, 12.0, 12.5, 13.0),
    "reticulocytes": (1.0, 1.0, 1.5, 2.5, 2.6),
    "wbc": (3.0, 4.0, 5.0, 6.5),
    "c3": (89.0, 90.0, 110.0),
    "c4": (10.0, 20.0),
    "anti_dsdna": (5.0, 15.0, 15.1),
}
PGA_CHANGE = (-1.0, -0.5, 0.0, 0.2, 0.3, 0.3, 0.4)
LOW_PGA = (0.0, 0.5, 0.9, 1.0, 1.0 + 5e-10, 1.1)
CELLS: dict[str, Sequence[float]] = {
    "treg": (1.9, 3.0, 4.2, 6.0),
    "th17": (0.8, 1.0, 1.9),
    "sdi": (0.0, 1.0, 1.0, 2.0),
}
KINDS: dict[str, tuple[str, ...]] = {
    "renal_flare": ("proteinuric", "nephritic"),
    "extrarenal_flare": DOMAINS[:7],
    "hematologic_flare": ("platelets", "neutrophils", "hemoglobin"),
    "doubling_of_creatinine": ("",),
    "esrd": ("",),
}
SEVERITIES = ("mild", "moderate", "severe", "severe")
FROM_DAY_ZERO = (-7, 0, 0, *EDGES)


def random_secondary_data_set(rng: random.Random, n_subjects: int, *, with_new_activity: bool = True) -> Data:
    """About `n_subjects` enrolled subjects; `with_new_activity` false leaves out the column of that name."""
    data = random_data_set(rng, n_subjects)
    visits: dict[tuple[int, int], list[Row]] = {}
    for row in data["visits"]:
        visits.setdefault((row["trial"], row["subject"]), []).append(row)
    lasts = {(row["trial"], row["subject"]): row["day"] for row in data["events"] if row["kind"] in ENDS}
    for (trial, subject), rows in visits.items():
        attended = [row for row in rows if row["attended"]]
        soften(rng, attended)
        data["events"] += more_events(rng, trial, subject, lasts.get((trial, subject), 10_000))
    data["events"].sort(key=lambda row: (row["trial"], row["subject"], row["day"]))
    if not with_new_activity:
        for row in data["visits"]:
            del row["new_activity"]
    return data


def soften(rng: random.Random, attended: list[Row]) -> None:
    """Grades near those of day 0 for everybody; quiet measurements after day 0 for most subjects."""
    quiet = rng.random() < 0.6
    steady = rng.choice((0.02, 0.1, 0.4))  # share of visits on which something differs
    start = next((row for row in attended if row["visit"] == "D0"), None)
    for row in attended:
        for name, choices in CELLS.items():
            replace(row, name, rng.choice(choices))
        if row["day"] <= 0 or start is None:
            continue
        for domain in DOMAINS:
            before = start[f"bilag_{domain}"]
            changed = before is None or rng.random() < steady / 3
            replace(row, f"bilag_{domain}", rng.choice("ABCDE") if changed else before)
        if quiet:
            calm(rng, row, start, steady)


def calm(rng: random.Random, row: Row, start: Row, steady: float) -> None:
    for name in CLINICAL_DESCRIPTORS:
        replace(row, f"sledai_{name}", rng.random() < steady / 20)
    for name, choices in QUIET.items():
        replace(row, name, float(choices[rng.randrange(2)] if rng.random() > steady else rng.choice(choices)))
    replace(row, "cellular_casts", rng.random() < steady / 5)
    replace(row, "new_activity", rng.random() < steady / 2)
    replace(row, "immunosuppressant_stable", rng.random() > steady / 4)
    if rng.random() < 0.8:
        replace(row, "bilag_gastrointestinal", rng.choice("DDEEEC"))
    before = start["pga"]
    if before is None or rng.random() < 0.5:
        replace(row, "pga", rng.choice(LOW_PGA))
    else:
        replace(row, "pga", min(3.0, max(0.0, round(before + rng.choice(PGA_CHANGE), 1))))


def replace(row: Row, name: str, value: object) -> None:
    """Another value for what was measured."""
    if row[name] is not None:
        row[name] = value


def more_events(rng: random.Random, trial: int, subject: int, last: int) -> list[Row]:
    """Flares and renal events around the ends of the window, none after the end of participation."""
    chosen = []
    for kind, details in KINDS.items():
        while rng.random() < 0.12:
            day = rng.choice(FROM_DAY_ZERO) if rng.random() < 0.6 else rng.randint(1, 200)
            chosen.append((day, kind, {"detail": rng.choice(details) or None}))
    while rng.random() < 0.2:
        day = rng.choice(FROM_DAY_ZERO)
        chosen.append((day, "flare", {"severity": rng.choice(SEVERITIES), "detail": "pga"}))
    if rng.random() < 0.05:
        chosen.append((rng.choice((112, 139, 140, 141)), "rescue", {"detail": "cyclophosphamide"}))
    return [event_row(trial, subject, day, kind, **more) for day, kind, more in chosen if day <= last]
