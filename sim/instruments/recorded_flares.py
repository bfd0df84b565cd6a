"""What a clinic records of flares and kidney events by looking at its own visits: measurements and BILAG grades.

Each event is dated by a visit. NCT04835883 names these events and defines few of them (reading X36); the rules and
their alternatives are those of flares.py, hematologic_flares.py and renal_events.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.core.tables import Table
from sim.instruments.bilag import new_a, new_b
from sim.instruments.flares import EXTRARENAL_DOMAINS, extrarenal_flare, nephritic_flare, proteinuric_flare
from sim.instruments.hematologic_flares import LINEAGES, HematologicCourse, hematologic_flare
from sim.instruments.hematologic_response import hemolytic_anemia, pretreatment
from sim.instruments.renal_events import doubling_of_creatinine, end_stage_by_filtration
from sim.instruments.visit_order import earlier, event_within, flag_at, value_at

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]
Words = NDArray[np.str_]

_CARRIER: Final = {"hemoglobin": "red_cells", "platelets": "platelets"}
"""The transfusion that a lineage needs."""
_SPOILED_BY: Final = {
    "hemoglobin": (("red_cells", 7.0),),
    "neutrophils": (("gcsf", 14.0),),
    "platelets": (("platelets", 7.0), ("ivig", 28.0)),
}
"""What makes a value before treatment useless, and for how many days after it."""


@dataclass(frozen=True)
class FlareRules:
    """Readings of X36; the words are those of flares.py, renal_events.py and hematologic_flares.py."""

    proteinuric: str
    nadir: str
    dated: str
    extrarenal_new_b: int
    sustained: str
    hematologic_best: str
    hematologic_fall_needed: bool
    hematologic_confirmed: bool


@dataclass(frozen=True)
class Clinic:
    """What is known beside the visits; (subjects,) each, the treatments (events,).

    qualifying  : by column of a lineage, did it qualify the subject at entry.
    death_day   : NaN for none.
    treatments  : whose and on which day: red_cells and platelets (transfusions), ivig, gcsf; one left out was not
                  given.
    """

    qualifying: Mapping[str, Flags]
    death_day: Floats
    treatments: Mapping[str, tuple[Integers, Floats]]


@dataclass(frozen=True)
class Recorded:
    """Events of one kind: rows of the visits table that date them, a BILAG domain or "", and the detail."""

    kind: str
    place: Integers
    domain: Words
    detail: Words


def recorded_flares(
    visits: Table, subject: Integers, grades: Mapping[str, Codes], clinic: Clinic, rules: FlareRules
) -> list[Recorded]:
    """Renal, extrarenal and hematologic flares, sustained doubling of creatinine, end-stage disease.

    visits  : scored, sorted by subject, then day; missed visits are passed over.
    subject : (visits,) position of whose visit; grades : BILAG-2004 codes by domain, -1 where not assessed.
    A doubling and end-stage disease are recorded once for each subject.
    """
    place = np.flatnonzero(visits["attended"] == 1)
    seen, who = visits.where(place), subject[place]
    day = seen["day"].astype(np.float64)
    baseline = np.asarray(seen["visit"] == "D0", dtype=np.bool_)
    seen_grades = {name: code[place] for name, code in grades.items()}
    creatinine = seen["serum_creatinine"]
    proteinuric = proteinuric_flare(
        who,
        day,
        baseline,
        seen["upcr"],
        rule=rules.proteinuric,
        nadir=rules.nadir,
        unscheduled=np.char.startswith(seen["visit"], "U"),
        dated=rules.dated,
    )
    nephritic = nephritic_flare(who, day, creatinine, seen["urine_rbc"], seen["cellular_casts"], dated=rules.dated)
    extrarenal = extrarenal_flare(who, day, seen_grades, fewest_new_b=rules.extrarenal_new_b) & (day >= 1.0 - 1e-9)
    doubled = doubling_of_creatinine(
        who, day, baseline, creatinine, dialysis_or_death_day=clinic.death_day[who], rule=rules.sustained
    )
    end_stage = end_stage_by_filtration(who, day, seen["egfr"], rule=rules.sustained) & (day >= 1.0 - 1e-9)
    domain = _domain_of(who, day, seen_grades)
    found = [
        _recorded("renal_flare", place, proteinuric, "renal", "proteinuric"),
        _recorded("renal_flare", place, nephritic, "renal", "nephritic"),
        _recorded("extrarenal_flare", place, extrarenal, domain, domain),
        _recorded("doubling_of_creatinine", place, _first(who, doubled), "renal", ""),
        _recorded("esrd", place, _first(who, end_stage), "renal", ""),
    ]
    for lineage in LINEAGES:
        course = _course(seen, who, day, baseline, seen_grades["haematological"], clinic, lineage.column)
        flare = hematologic_flare(
            lineage,
            who,
            day,
            baseline,
            course,
            best=rules.hematologic_best,
            fall_needed=rules.hematologic_fall_needed,
            confirmed=rules.hematologic_confirmed,
        )
        found.append(_recorded("hematologic_flare", place, flare, "haematological", lineage.column))
    return found


def _recorded(kind: str, place: Integers, marks: Flags, domain: str | Words, detail: str | Words) -> Recorded:
    size = len(marks)
    words = [np.broadcast_to(np.asarray(word), size)[marks] for word in (domain, detail)]
    return Recorded(kind, place[marks], *words)


def _first(subject: Integers, marks: Flags) -> Flags:
    """The first mark of each subject alone."""
    first = np.zeros(len(marks), dtype=np.bool_)
    first[np.flatnonzero(marks)[np.unique(subject[marks], return_index=True)[1]]] = True
    return first


def _domain_of(subject: Integers, day: Floats, grades: Mapping[str, Codes]) -> Words:
    """The first extrarenal domain with a new A, else with a new B, at each visit; "" where there is none."""
    by_severity: list[Any] = [np.zeros(len(day), dtype=np.bool_)] * (2 * len(EXTRARENAL_DOMAINS))
    for number, name in enumerate(EXTRARENAL_DOMAINS):
        previous = flag_at(grades[name], earlier(subject, day, grades[name] != -1))
        by_severity[number] = new_a(grades[name], previous) == 1
        by_severity[number + len(EXTRARENAL_DOMAINS)] = new_b(grades[name], previous) == 1
    return np.select(by_severity, list(EXTRARENAL_DOMAINS) * 2, default="")


def _course(
    seen: Table, subject: Integers, day: Floats, baseline: Flags, grade: Codes, clinic: Clinic, column: str
) -> HematologicCourse:
    value = seen[column]
    nobody = np.zeros(0, np.int64), np.zeros(0)
    sound = value
    for treatment, days in _SPOILED_BY[column]:
        spoiled = event_within(subject, day, *clinic.treatments.get(treatment, nobody), days=days)
        sound = np.where(spoiled, np.nan, sound)
    before = [np.full(len(clinic.death_day), np.nan), np.full(len(clinic.death_day), np.nan)]
    for known, rows in zip(before, (seen["visit"] == "SCR", baseline), strict=True):
        known[subject[rows]] = sound[rows]
    who, when = clinic.treatments.get(_CARRIER.get(column, ""), nobody)
    since = day - value_at(day, earlier(subject, day, ~np.isnan(value)))
    return HematologicCourse(
        value=value,
        pretreatment=pretreatment(*before)[subject],
        qualifying=clinic.qualifying[column][subject],
        grade=grade,
        hemolysis=hemolytic_anemia(seen["hemoglobin"], seen["reticulocytes"]),
        transfused=event_within(subject, day, who, when, days=since - 1.0),
    )
