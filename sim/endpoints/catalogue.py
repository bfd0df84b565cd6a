"""The endpoints that are evaluated, in protocol order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.config.analysis import ENDPOINTS as YES_OR_NO_IDS
from sim.config.analysis import Analysis
from sim.endpoints import times_to_event as times
from sim.endpoints.changes_from_baseline import (
    activity_changes,
    hematologic_changes,
    renal_changes,
    t_cell_changes,
)
from sim.endpoints.dataset import COURSE_END, DataSet
from sim.endpoints.estimand import is_primary
from sim.endpoints.hematologic import hematologic_improvement
from sim.endpoints.intercurrent import WEEK_24, Verdict
from sim.endpoints.low_disease_activity import low_disease_activity
from sim.endpoints.outcomes import Changes, Times
from sim.endpoints.renal import renal_response
from sim.endpoints.responder_index import responder_index_4, responder_index_5, responder_index_6
from sim.endpoints.safety import safety
from sim.endpoints.sledai_endpoints import CLINICAL_COLUMNS, MEASUREMENTS, sledai_reduction
from sim.endpoints.steroid_endpoints import steroid_to_week_12, steroid_to_week_24
from sim.instruments.bilag import DOMAINS

DayRanges = tuple[tuple[int, int], ...]
_SCREENING: Final = (-48, 0)
_WEEK_16: Final = 112
_ALWAYS: Final = (-60, 2000)


@dataclass(frozen=True)
class Endpoint:
    """One endpoint: its id, the record's sentence in our words, its rule and what the rule reads.

    The rule answers yes or no (Verdict), with a time to event (Times), or with values by visit (Changes).

    population : all, LN or LC; a rule may narrow it further.
    reads      : columns of `visits` that the rule uses.
    readings   : ids of docs/decisions.md.
    every_visit : the rule needs the whole data set with its instruments scored, BILAG and flares included.
    follow_up  : how long patients must be followed for it (protocol.follow_up).
    """

    id: str
    title: str
    population: str
    time_frame: str
    text: str
    function: Callable[[DataSet, Analysis], Verdict | Times | Changes]
    reads: tuple[str, ...]
    readings: tuple[str, ...]
    every_visit: bool = False
    follow_up: str = "week_24"


def _secondary(
    name: str,
    title: str,
    population: str,
    text: str,
    function: Callable[[DataSet, Analysis], Verdict | Times | Changes],
    reads: tuple[str, ...],
    *readings: str,
    time_frame: str = "24 weeks",
    follow_up: str = "week_24",
) -> Endpoint:
    return Endpoint(name, title, population, time_frame, text, function, reads, readings, True, follow_up)


_SLEDAI: Final = (*MEASUREMENTS, *CLINICAL_COLUMNS)
_BILAG: Final = tuple(f"bilag_{name}" for name in DOMAINS)


ENDPOINTS: Final = (
    Endpoint(
        "P1",
        "Reduction of corticosteroid dose to at most 7.5 mg/day",
        "all",
        "weeks 4 to 12",
        "The daily dose is at most 7.5 mg prednisone or equivalent at week 4 and stays so through week 12.",
        steroid_to_week_12,
        (),
        ("X26", "X28"),
    ),
    Endpoint(
        "P2",
        "Hematologic improvement without ongoing treatment of lupus",
        "LC",
        "week 24",
        "Hemoglobin up by 1.5 g/dL, or neutrophils doubled and up by 500 per mm³, or platelets up by 30 (from "
        "above 20 × 10⁹/L) or by 20 and doubled (from 20 or less).",
        hematologic_improvement,
        ("hemoglobin", "reticulocytes", "neutrophils", "lymphocytes", "platelets"),
        ("X01", "X02", "X03", "X04", "X05"),
    ),
    Endpoint(
        "P3",
        "Renal response",
        "LN",
        "week 24",
        "UPCR of at most 0.5 mg/mg; eGFR of at least 60 or no confirmed fall of more than 20 % from baseline; no "
        "rescue; no more than 7.5 mg prednisone for 7 days in all during weeks 12 to 24.",
        renal_response,
        ("upcr", "serum_creatinine"),
        ("X23", "X24", "X25"),
    ),
    Endpoint(
        "S1",
        "Corticosteroid dose of at most 7.5 mg/day from week 12 to 24",
        "all",
        "weeks 12 to 24",
        "The daily dose is at most 7.5 mg prednisone or equivalent by week 12 and is kept there to week 24.",
        steroid_to_week_24,
        (),
        ("X27",),
    ),
    _secondary(
        "S2",
        "Low disease activity",
        "all",
        "SLEDAI-2K of at most 4 without activity in a major organ, no new activity, global assessment of at most "
        "1, at most 7.5 mg/day, standard treatment.",
        low_disease_activity,
        (
            *_SLEDAI,
            "pga",
            "hemoglobin",
            "reticulocytes",
            "bilag_gastrointestinal",
            "new_activity",
            "immunosuppressant_stable",
        ),
        "X29",
        "X37",
        time_frame="week 24",
    ),
    Endpoint(
        "S3",
        "Reduction of SLEDAI-2K by at least 4 points",
        "all",
        "week 24",
        "SLEDAI-2K has fallen by at least four points from baseline.",
        sledai_reduction,
        (*MEASUREMENTS, *CLINICAL_COLUMNS),
        ("X22", "X29"),
    ),
    *(
        _secondary(
            f"S{points}",
            f"SLE responder index {points}",
            "all",
            f"In those with a baseline SLEDAI-2K of at least {points}: a fall by at least {points} points, global "
            "assessment up by less than 0.30, no new BILAG A and at most one new B.",
            function,
            (*_SLEDAI, "pga", *_BILAG),
            *(("X21",) if points == 4 else ()),
            "X29",
            "X38",
            time_frame="week 24",
        )
        for points, function in ((4, responder_index_4), (5, responder_index_5), (6, responder_index_6))
    ),
    _secondary(
        "S7",
        "Time to the first severe flare",
        "all",
        "Days to the first flare that is severe by the modified SELENA-SLEDAI flare index.",
        times.severe_flare,
        (),
        "X35",
    ),
    _secondary(
        "S8",
        "Change of blood counts",
        "LC",
        "White cells, platelets and hemoglobin at day 3 and weeks 1, 4, 12 and 24 against baseline.",
        hematologic_changes,
        ("wbc", "platelets", "hemoglobin"),
    ),
    _secondary(
        "S9",
        "Time to the first hematologic flare",
        "LC",
        "Days to the first hematologic flare.",
        times.hematologic_flare,
        (),
        "X36",
    ),
    _secondary(
        "S10",
        "Change of renal function",
        "LN",
        "Creatinine, filtration rate and UPCR at each visit against baseline.",
        renal_changes,
        ("serum_creatinine", "upcr"),
        "X31",
    ),
    _secondary(
        "S11",
        "Time to treatment failure",
        "LN",
        "Days to the first of death, end-stage renal disease, sustained doubling of creatinine, renal flare, "
        "extrarenal flare and rescue.",
        times.treatment_failure,
        (),
        "X31",
        "X36",
    ),
    *(
        _secondary(
            f"S11{letter}",
            f"Time to {what}",
            "LN",
            f"Days to the first {what}, a component of treatment failure.",
            function,
            (),
            "X31",
            *(("X36",) if "flare" in what else ()),
        )
        for letter, what, function in (
            ("a", "death", times.time_to_death),
            ("b", "end-stage renal disease", times.time_to_end_stage_disease),
            ("c", "sustained doubling of creatinine", times.time_to_doubling_of_creatinine),
            ("d", "renal flare", times.time_to_renal_flare),
            ("e", "extrarenal flare", times.time_to_extrarenal_flare),
            ("f", "rescue", times.time_to_rescue),
        )
    ),
    _secondary(
        "S12",
        "Time to complete remission",
        "LN",
        "Days to the first visit with creatinine below 106 µmol/L, proteinuria below 0.3 g in 24 hours and a "
        "normal sediment; death, end-stage disease and rescue compete.",
        times.time_to_complete_remission,
        ("serum_creatinine", "upcr", "urine_rbc", "urine_wbc", "cellular_casts"),
        "X29",
        "X30",
    ),
    _secondary(
        "S13",
        "Time to the first renal flare",
        "LN",
        "Days to the first renal flare.",
        times.first_renal_flare,
        (),
        "X36",
    ),
    _secondary(
        "O1",
        "Change of activity and damage",
        "all",
        "SLEDAI-2K and damage index at day 3 and weeks 1, 4, 12 and 24, BILAG-2004 at weeks 4, 12 and 24, against "
        "baseline.",
        activity_changes,
        (*_SLEDAI, "sdi", *_BILAG),
        "X29",
        "X38",
    ),
    _secondary(
        "O2",
        "Change of T cells",
        "all",
        "Regulatory T and Th17 cells at day 3, weeks 1, 4, 12 and 24, and half a year to three years, against "
        "baseline.",
        t_cell_changes,
        ("treg", "th17"),
        "X33",
        time_frame="3 years",
        follow_up="year_5",
    ),
    _secondary(
        "SAF",
        "Safety",
        "all",
        "Adverse events, serious ones, infusion reactions, infections, malignancies and deaths, and the years of "
        "observation.",
        safety,
        (),
        "X34",
        time_frame="5 years",
        follow_up="year_5",
    ),
)
IDS: Final = tuple(endpoint.id for endpoint in ENDPOINTS)
YES_OR_NO: Final = YES_OR_NO_IDS
_BY_ID: Final = {endpoint.id: endpoint for endpoint in ENDPOINTS}


def days_read(endpoint: str, analysis: Analysis) -> DayRanges:
    """Ranges of study days (both ends included) whose attended visits can change an endpoint.

    A table that holds at least these visits, with the columns of `reads`, gives the same answers as all visits.
    """
    if _BY_ID[endpoint].every_visit or not is_primary(endpoint, analysis):
        return (_ALWAYS,)
    first = WEEK_24 - max(analysis.carry_days, analysis.visit_window_days)
    if endpoint == "P2":
        if analysis.hematologic_duration == "week_24":
            return (_SCREENING, (first, COURSE_END))
        early = 1 if analysis.hematologic_duration == "any_time" else first - (WEEK_24 - _WEEK_16)
        return (_SCREENING, (early, COURSE_END))
    if endpoint == "P3":
        return ((0, COURSE_END + 28),) if analysis.egfr_decrease == "confirmed" else ((0, 0), (first, COURSE_END))
    if endpoint == "S3":
        return (
            (-analysis.serology_days_before, 0),
            (first - analysis.serology_days_before, COURSE_END + analysis.serology_days_after),
        )
    return ()
