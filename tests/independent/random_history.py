"""The dates of a random subject: visits, infusions, doses and events near the ends of every window."""

import random
from dataclasses import dataclass, field
from typing import Any

from tests.independent.rows import PLANNED_DAY, Row, dosing_row

JITTER = {"D3": 1, "W1": 2, "W4": 3, "W12D3": 1, "W13": 2, "W24": 7, "Y0.5": 14}
FROM_SECOND_INFUSION = {"W12D3": 3, "W13": 7, "W16": 28, "W20": 56, "W24": 84}
WEEKLY = ("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")
EDGES = (
    1,
    2,
    27,
    28,
    29,
    83,
    84,
    85,
    112,
    132,
    133,
    140,
    160,
    161,
    165,
    167,
    168,
    169,
    170,
    171,
    175,
    176,
    190,
    196,
)
LOW = (2.5, 5.0, 7.5, 7.5, 1.125 * 5 / 0.75, 9 * 5 / 6, 7.5 + 5e-10)
HIGH = (7.51, 10.0, 12.5, 20.0, 22.5, 40.0)
SPELLS = (1, 1, 2, 3, 4, 6, 7, 8)
LONGEST_RECORD = 210

Dated = tuple[int, str, dict[str, Any]]


@dataclass
class Course:
    """When this subject was seen and infused, what happened, and the last day on study (None: stayed)."""

    second_infusion: int | None = None
    end: int | None = None
    visits: list[tuple[str, int | None]] = field(default_factory=list)
    events: list[Dated] = field(default_factory=list)


def course(rng: random.Random) -> Course:
    """One subject's dates; nothing follows the end of participation, and no two visits share a day."""
    history = Course()
    if rng.random() < 0.15:
        history.end = rng.choice(EDGES) if rng.random() < 0.7 else rng.randint(0, LONGEST_RECORD)
        kind = rng.choice(("death", "withdrawal", "lost_to_follow_up"))
        history.events.append((history.end, kind, {"detail": "other" if kind == "withdrawal" else None}))
    infusion_visit = 84 + rng.randint(-5, 5)
    history.second_infusion = second_infusion(rng, history, infusion_visit)
    history.events += happenings(rng, history)
    history.events.sort(key=lambda event: event[0])
    history.visits = visit_days(rng, history, infusion_visit)
    return history


def second_infusion(rng: random.Random, history: Course, infusion_visit: int) -> int | None:
    """Mostly at W12, sometimes up to day 112, sometimes not given."""
    if rng.random() < 0.05:
        return None
    day = rng.randint(infusion_visit, 112) if rng.random() < 0.15 else infusion_visit
    return None if history.end is not None and day > history.end else day


def visit_days(rng: random.Random, history: Course, infusion_visit: int) -> list[tuple[str, int | None]]:
    """Days of planned (None: missed) and unscheduled visits, none twice, none after the end."""
    taken: set[int] = set()
    days: list[tuple[str, int | None]] = []

    def hold(name: str, day: int, missed: float) -> None:
        gone = history.end is not None and day > history.end
        held = None if gone or day in taken or rng.random() < missed else day
        if held is not None:
            taken.add(held)
        days.append((name, held))

    hold("SCR", rng.choice((-7, -7, -7, -3, -10, -11, -14)), 0.05)
    hold("D0", 0, 0.04)
    late_missing = rng.choice((0.03, 0.03, 0.6))
    for name in WEEKLY:
        nominal = PLANNED_DAY[name]
        if name in FROM_SECOND_INFUSION and history.second_infusion is not None:
            nominal = history.second_infusion + FROM_SECOND_INFUSION[name]
        shift = JITTER.get(name, 5)
        day = infusion_visit if name == "W12" else nominal + rng.choice((0, 0, rng.randint(-shift, shift)))
        hold(name, day, late_missing if name in ("W16", "W20", "W24") else 0.05)
    if rng.random() < 0.3:
        hold("Y0.5", 182 + rng.randint(-14, 14), 0.0)
    wanted = sorted(
        rng.choice(EDGES) if rng.random() < 0.6 else rng.randint(1, 203) for _ in range(rng.randint(0, 4))
    )
    number = 0
    for day in wanted:
        if day not in taken and (history.end is None or day <= history.end):
            number += 1
            taken.add(day)
            days.append((f"U{number}", day))
    return days


def happenings(rng: random.Random, history: Course) -> list[Dated]:
    """Rescue, transfusions, growth factor, and things that do not matter."""
    chosen: list[Dated] = []

    def add(probability: float, kind: str, details: tuple[str, ...], days: tuple[int, ...]) -> None:
        while rng.random() < probability:
            day = rng.choice(days) if rng.random() < 0.7 else rng.randint(-28, 203)
            if history.end is None or day <= history.end:
                chosen.append((day, kind, {"detail": rng.choice(details)}))

    edges = (0, *EDGES)
    add(0.10, "rescue", ("pulse", "steroid", "immunosuppressant", "biologic"), edges)
    add(0.06, "rescue", ("ivig",), (-36, -35, -30, -29, -28, -27, -20, -7, 0, 168, 169))
    add(0.06, "transfusion", ("red_cells", "platelets"), (-14, -10, -8, -7, -6, -1, 0, 0, 1, 100, 168, 169, 170))
    add(0.04, "gcsf", ("filgrastim",), (-22, -21, -15, -14, -13, -1, 0, 1, 168, 169, 175))
    add(0.15, "adverse_event", ("not serious",), edges)
    if rng.random() < 0.15:
        day = rng.choice(edges)
        if history.end is None or day <= history.end:
            chosen.append((day, "flare", {"severity": rng.choice(("moderate", "severe")), "detail": "pga"}))
    return chosen


def dosing_rows(rng: random.Random, trial: int, subject: int, history: Course) -> list[Row]:
    """Constant doses without gap or overlap: a taper, with spells of excess near the windows' ends."""
    last = LONGEST_RECORD if history.end is None else history.end
    if history.end is None and rng.random() < 0.2:
        last = rng.choice((60, 120, 160, 167, 168, 175))  # the record stops, the subject stays
    first_dose = rng.choice((5.0, 7.5, 10.0, 20.0, 20.0, 40.0))
    starts: dict[int, tuple[float, str]] = {0: (first_dose, "baseline")}
    if rng.random() < 0.3:
        starts = {-28: (first_dose, "baseline")} | ({0: (10.0, "baseline")} if rng.random() < 0.5 else {})
    if rng.random() < 0.9:
        starts[rng.choice((14, 21, 27, 28, 28, 29))] = (rng.choice(LOW), "taper")
    if rng.random() < 0.6:
        starts[rng.choice((83, 84, 85))] = (rng.choice(LOW), "taper")
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 4))):
        begin = rng.choice(EDGES) if rng.random() < 0.6 else rng.randint(1, 190)
        stop = begin + rng.choice(SPELLS)
        before = max(day for day in starts if day <= begin)
        resumed = starts.get(stop, (starts[before][0], "taper"))
        starts = {day: what for day, what in starts.items() if not begin <= day <= stop}
        starts[begin] = (rng.choice(HIGH), rng.choice(("flare", "rescue", "adverse_event")))
        starts[stop] = resumed
    days = sorted(day for day in starts if day <= last)
    ends = [day - 1 for day in days[1:]] + [last]
    return [dosing_row(trial, subject, day, end, *starts[day]) for day, end in zip(days, ends, strict=True)]
