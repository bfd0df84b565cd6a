"""What the clinic adds to its measurements: BILAG-2004 grades, low disease activity, and flares as events."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.analysis import Analysis
from sim.core.tables import Column, Table, concatenate
from sim.instruments.bilag import DOMAINS, letters_of
from sim.instruments.bilag_visits import ITEM_ACTIVITY, bilag_at_visits
from sim.instruments.conversions import proteinuria_g_day
from sim.instruments.hematologic_response import hemolytic_anemia
from sim.instruments.lldas import (
    RESCUE_DAYS,
    lldas,
    major_organs_quiet,
    mean_dose,
    new_activity,
    standard_treatment,
)
from sim.instruments.nullable import Nullable, any_of
from sim.instruments.recorded_flares import Clinic, FlareRules, Recorded, recorded_flares
from sim.instruments.recorded_sfi import FlareIndex
from sim.instruments.sledai import NAMES
from sim.instruments.visit_order import event_within

Codes = NDArray[np.int8]

_EVER: Final = {
    "mucocutaneous": ("acute_cutaneous", "chronic_cutaneous", "photosensitivity", "discoid",
                      "oral_ulcers", "alopecia"),
    "neuropsychiatric": ("neurologic",),
    "musculoskeletal": ("synovitis",),
    "cardiorespiratory": ("serositis",),
    "renal": ("renal",),
    "haematological": ("hemolytic_anemia", "leukopenia", "thrombocytopenia"),
}  # fmt: skip
"""Manifestations that a patient ever had, by the domain they belong to; the other domains have none."""
HISTORY: Final = ("biopsy_age_days", *(f"ever_{name}" for names in _EVER.values() for name in names))
"""What BILAG needs to know of the time before the trial."""
_STUDIED: Final = {"renal": "LN", "haematological": "LC"}
_LINEAGES: Final = {"hemoglobin": "I5_1E", "neutrophils": "I5_1N", "platelets": "I5_1P"}


def involved(subjects: Table) -> dict[str, Nullable]:
    """Was a BILAG domain affected before the trial? (subjects,) flags by domain, from candidates' history."""
    history = {}
    for domain, names in _EVER.items():
        flags = any_of(*(subjects[f"ever_{name}"].astype(np.int8) for name in names))
        studied = subjects["subgroup"] == _STUDIED.get(domain, "")
        history[domain] = np.where(studied, 1, flags).astype(np.int8)
    return history


def assessed(
    visits: Table, subjects: Table, daily_dose: Column, rescues: Table, creatinine_excretion: float
) -> tuple[Table, dict[str, Codes]]:
    """The visits with BILAG grades, new activity, stable treatment, low disease activity and 24-hour protein.

    visits     : scored, in order of time, with `row` (of the subject) and the activity observed in each item,
                 which is left out of the result; subjects : subgroup and HISTORY of the patients, the age of the
                 biopsy NaN where it shows no active nephritis.
    daily_dose : (subjects, days) mg/day prednisone; rescues : events with `row`, `day`, `kind` and `detail`.
    creatinine_excretion : g/day, by which a ratio becomes proteinuria of 24 hours (reading X29).
    An immunosuppressant begun within 28 days is no stable treatment (assumed).
    Returns    : the table, and the grade codes by domain, -1 where not assessed.
    """
    row, attended = visits["row"], visits["attended"] == 1
    grades = bilag_at_visits(visits, row, involved(subjects), subjects["biopsy_age_days"])
    place = np.flatnonzero(attended)
    held, who = visits.where(place), row[place]
    day = held["day"].astype(np.float64)
    present = {name: held[f"sledai_{name}"].astype(np.int8) for name in NAMES}
    new = new_activity(who, day, ~np.isnan(held["planned_day"]), present)
    begun = (rescues["kind"] == "rescue") & (rescues["detail"] == "immunosuppressant")
    when = rescues["day"].astype(np.float64)
    stable = ~event_within(who, day, rescues["row"][begun], when[begun], days=float(RESCUE_DAYS))
    pulses = (rescues["kind"] == "rescue") & np.isin(rescues["detail"], ("pulse", "cyclophosphamide"))
    quiet = major_organs_quiet(
        present,
        hemolytic_anemia(held["hemoglobin"], held["reticulocytes"]),
        grades["gastrointestinal"][place],
    )
    treatment = standard_treatment(stable.astype(np.int8), who, day, rescues["row"][pulses], when[pulses])
    state = lldas(held["sledai2k"], quiet, new, held["pga"], mean_dose(daily_dose, who, day), treatment)
    flags = {"new_activity": new, "immunosuppressant_stable": stable, "lldas": state}
    columns: dict[str, Column] = {f"bilag_{name}": letters_of(grades[name]) for name in DOMAINS}
    for name, flag in flags.items():
        columns[name] = np.full(visits.length, -1, dtype=np.int8)
        columns[name][place] = flag
    columns["proteinuria_24h"] = proteinuria_g_day(visits["upcr"], creatinine_excretion=creatinine_excretion)
    kept = [name for name in visits if not name.startswith(ITEM_ACTIVITY)]
    return visits.only(kept).adding(columns), grades


def flare_events_as_known(
    visits: Table,
    grades: dict[str, Codes],
    subjects: Table,
    others: Table,
    analysis: Analysis,
    early: NDArray[np.bool_],
    known_early: NDArray[np.bool_],
) -> Table:
    """The events of `flare_events`, those of the 24 weeks judged on what was known when they were over.

    early       : (visits,) up to W24; known_early : (others,) recorded up to then.
    What only a later visit confirms is recorded on the day of the next assessment after W24.
    """
    first = flare_events(
        visits.where(early),
        {name: codes[early] for name, codes in grades.items()},
        subjects,
        others.where(known_early),
        analysis,
    )
    if early.all():
        return first
    whole = flare_events(visits, grades, subjects, others, analysis)
    last, following = _around(visits, early, subjects.length)
    late = whole["day"] > last[whole["row"]]
    confirmed = ~late & ~np.isin(_keys(whole), _keys(first))
    moved = whole.where(confirmed)
    moved = moved.adding({"day": following[moved["row"]].astype(np.int64)})
    later = concatenate([whole.where(late), moved])
    _, once = np.unique(_keys(later), return_index=True)
    return concatenate([first, later.where(np.sort(once))])


def _around(visits: Table, early: NDArray[np.bool_], subjects: int) -> tuple[Column, Column]:
    """(subjects,) day of the last assessment among the early visits, and of the first one after them."""
    row, day, held = visits["row"], visits["day"].astype(np.float64), visits["attended"] == 1
    last, following = np.full(subjects, -np.inf), np.full(subjects, np.inf)
    np.maximum.at(last, row[held & early], day[held & early])
    np.minimum.at(following, row[held & ~early], day[held & ~early])
    return last, following


def _keys(events: Table) -> Column:
    """What tells recorded flares apart: whose, when, and of what kind."""
    columns = (events[name].astype("<U24") for name in ("row", "day", "kind", "detail"))
    return np.array(["|".join(words) for words in zip(*columns, strict=True)], np.str_)


def flare_index(analysis: Analysis) -> FlareIndex:
    """The configured reading of the flare index (X35)."""
    return FlareIndex(
        original=analysis.flare_index == "original",
        needs_recognition=analysis.sfi_requires_recognition,
        uses_medication=analysis.sfi_use_medication,
    )


def flare_events(
    visits: Table, grades: dict[str, Codes], subjects: Table, others: Table, analysis: Analysis
) -> Table:
    """Renal, extrarenal and hematologic flares, doubled creatinine and end-stage disease as events.

    others : events already recorded (transfusions, deaths), with `row`, `day`, `kind` and `detail`.
    """
    clinic = Clinic(
        {column: subjects[criterion] == 1 for column, criterion in _LINEAGES.items()},
        _death_day(others, subjects.length),
        {
            **{detail: _on(others, "transfusion", detail) for detail in ("red_cells", "platelets")},
            "ivig": _on(others, "rescue", "ivig"),
            "gcsf": _on(others, "gcsf"),
        },
    )
    rules = FlareRules(
        proteinuric=analysis.proteinuric_flare,
        nadir=analysis.upcr_nadir,
        dated=analysis.renal_flare_date,
        extrarenal_new_b=analysis.extrarenal_flare_new_b,
        sustained=analysis.sustained_renal_event,
        hematologic_best=analysis.hematologic_best,
        hematologic_fall_needed=analysis.hematologic_fall_needed,
        hematologic_confirmed=analysis.hematologic_flare_confirmed,
    )
    found = recorded_flares(visits, visits["row"], grades, clinic, rules)
    return Table(
        {
            "row": np.concatenate([visits["row"][one.place] for one in found]),
            "day": np.concatenate([visits["day"][one.place] for one in found]).astype(np.int64),
            "kind": np.concatenate([np.full(len(one.place), one.kind, "<U24") for one in found]),
            "severity": np.zeros(_rows(found), "<U8"),
            "domain": np.concatenate([one.domain for one in found]).astype("<U24"),
            "detail": np.concatenate([one.detail for one in found]).astype("<U40"),
        }
    )


def _rows(found: list[Recorded]) -> int:
    return sum(len(one.place) for one in found)


def _on(events: Table, kind: str, detail: str = "") -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whose and on which day; "" is any detail."""
    rows = events["kind"] == kind
    if detail:
        rows = rows & (events["detail"] == detail)
    return events["row"][rows], events["day"][rows].astype(np.float64)


def _death_day(events: Table, subjects: int) -> NDArray[np.float64]:
    day = np.full(subjects, np.nan)
    died = events["kind"] == "death"
    day[events["row"][died]] = events["day"][died]
    return day
