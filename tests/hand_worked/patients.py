"""A patient who responds to everything, to be spoilt in one place by each hand-worked case."""

from typing import Any

from tests.independent.rows import (
    CLINICAL_DESCRIPTORS,
    DOMAINS,
    PLANNED_DAY,
    WITHOUT_SEROLOGY,
    Data,
    Row,
    candidate_row,
    dosing_row,
    event_row,
    infusion_row,
    visit_row,
)

Case = dict[str, Any]
Dose = tuple[Any, ...]  # first day, mg/day, and the reason if it is not "taper"

VISITS = ("SCR", "D0", "D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")
TAPER: tuple[Dose, ...] = ((0, 20.0), (7, 15.0), (14, 10.0), (21, 7.5), (84, 5.0))

QUIET: Row = {
    **{"upcr": 0.1, "serum_creatinine": 70.0, "urine_rbc": 2.0, "urine_wbc": 2.0, "cellular_casts": False},
    **{"hemoglobin": 12.0, "reticulocytes": 1.0, "wbc": 5.35, "neutrophils": 3.0, "lymphocytes": 2.0},
    **{"platelets": 220.0, "pga": 0.4, "sdi": 0.0, "treg": 5.0, "th17": 1.0, "new_activity": False},
    **{"immunosuppressant_stable": True, "albumin": 42.0, "systolic_bp": 120.0, "diastolic_bp": 75.0},
    **{"edema": False, "coombs": False},
    **{f"sledai_{name}": False for name in CLINICAL_DESCRIPTORS},
    **{f"bilag_{name}": "E" for name in DOMAINS},
}
SEROLOGY: Row = {"c3": 100.0, "c4": 20.0, "anti_dsdna": 10.0}
BEFORE: dict[str, Row] = {
    # SLEDAI-2K 8: hematuria 4, proteinuria 4
    "LN": {"upcr": 2.0, "serum_creatinine": 100.0, "urine_rbc": 20.0, "pga": 1.5, "bilag_renal": "A"},
    # SLEDAI-2K 7: arthritis 4, rash 2, thrombocytopenia 1
    "LC": {"platelets": 50.0, "sledai_arthritis": True, "sledai_rash": True, "pga": 1.5},
}
AFTER: dict[str, Row] = {
    "LN": {"upcr": 0.4, "serum_creatinine": 100.0, "bilag_renal": "C"},  # SLEDAI-2K 0
    "LC": {"platelets": 90.0},  # SLEDAI-2K 1
}
FLAGS: dict[str, Row] = {
    "LN": {},
    "LC": {"I5_1E": False, "I5_1N": False, "I5_1L": False, "I5_1P": True},
}


def patient(
    subgroup: str,
    *,
    doses: tuple[Dose, ...] = TAPER,
    until: int = 168,
    values: dict[str, Row] | None = None,
    missed: tuple[str, ...] = (),
    held: dict[str, int] | None = None,
    unscheduled: tuple[tuple[int, Row], ...] = (),
    events: tuple[tuple[Any, ...], ...] = (),
    candidate: Row | None = None,
    second_infusion: int | None = 84,
) -> Data:
    """One patient of 35 years, female, 56 kg, who meets every endpoint until told otherwise.

    `values` replace measurements at named visits ("before": SCR and D0; "after": every later visit); `held` moves
    visits; `unscheduled` adds visits (day, what differs from the state after treatment); `events` are (day, kind)
    or (day, kind, detail). With an end of participation, visits and doses after that day are taken away.
    """
    values, held = values or {}, held or {}
    ends = [e[0] for e in events if e[1] in ("death", "withdrawal", "lost_to_follow_up")]
    last_day = min(ends) if ends else 10_000
    visits = []
    for name in VISITS:
        day: int | None = held.get(name, PLANNED_DAY[name])
        if name in missed or day > last_day:
            visits.append(visit_row(0, 0, name, None))
            continue
        early = name in ("SCR", "D0")
        row = QUIET | (BEFORE if early else AFTER)[subgroup]
        row |= {} if name in WITHOUT_SEROLOGY else SEROLOGY
        row |= values.get("before" if early else "after", {}) | values.get(name, {})
        visits.append(visit_row(0, 0, name, day, subgroup=subgroup, sex="F", age=35.0, weight=56.0, **row))
    for number, (day, changed) in enumerate(unscheduled, start=1):
        row = QUIET | AFTER[subgroup] | SEROLOGY | changed
        visits.append(visit_row(0, 0, f"U{number}", day, subgroup=subgroup, sex="F", age=35.0, weight=56.0, **row))
    infused = None if second_infusion is None or second_infusion > last_day else second_infusion
    return {
        "candidates": [candidate_row(0, 0, subgroup=subgroup, **FLAGS[subgroup] | (candidate or {}))],
        "visits": sorted(visits, key=lambda row: 10_000 if row["day"] is None else row["day"]),
        "dosing": periods(doses, min(until, last_day)),
        "infusions": [infusion_row(0, 0, 1, 0), infusion_row(0, 0, 2, infused, None if infused else "withdrawal")],
        "events": [event_row(0, 0, e[0], e[1], detail=e[2] if len(e) > 2 else None) for e in events],
    }


def periods(doses: tuple[Dose, ...], until: int) -> list[Row]:
    """Constant doses from each first day to the day before the next."""
    rows = []
    kept = [dose for dose in doses if dose[0] <= until]
    for position, (start, dose, *reason) in enumerate(kept):
        end = kept[position + 1][0] - 1 if position + 1 < len(kept) else until
        rows.append(dosing_row(0, 0, start, end, dose, reason[0] if reason else "taper"))
    return rows


def spell(first: int, last: int, dose: float, reason: str = "adverse_event") -> tuple[Dose, ...]:
    """The usual taper with one spell of another dose; 5 mg (from day 84 on) or 7.5 mg afterwards."""
    before = tuple(period for period in TAPER if period[0] < first)
    resumed = 5.0 if last + 1 >= 84 else 7.5
    after = tuple(period for period in TAPER if period[0] > last + 1)
    return (*before, (first, dose, reason), (last + 1, resumed), *after)


YES = (True, None, True)
OUT = (None, None, False)


def no(reason: str) -> tuple[bool, str, bool]:
    """The answer of a non-responder in the population."""
    return False, reason, True


def case(endpoint: str, name: str, expected: tuple[Any, ...], why: str, data: Data, **readings: str) -> Case:
    """A case; `expected` is (responder, reason, in_population), `readings` those that are not the default."""
    return {
        **{"name": f"{endpoint} {name}", "endpoint": endpoint, "expected": expected, "why": why},
        **{"data": data, "readings": readings},
    }
