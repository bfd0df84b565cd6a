"""The endpoints that are evaluated, in protocol order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sim.config.analysis import Analysis
from sim.endpoints.dataset import COURSE_END, DataSet
from sim.endpoints.hematologic import hematologic_improvement
from sim.endpoints.intercurrent import WEEK_24, Verdict
from sim.endpoints.renal import renal_response
from sim.endpoints.sledai_endpoints import CLINICAL_COLUMNS, MEASUREMENTS, sledai_reduction
from sim.endpoints.steroid_endpoints import steroid_to_week_12, steroid_to_week_24

DayRanges = tuple[tuple[int, int], ...]
_SCREENING: Final = (-42, 0)
_WEEK_16: Final = 112


@dataclass(frozen=True)
class Endpoint:
    """One yes/no endpoint: its id, the record's sentence in our words, its rule and what the rule reads.

    population : all, LN or LC; a rule may narrow it further.
    reads      : columns of `visits` that the rule uses.
    readings   : ids of docs/decisions.md.
    """

    id: str
    title: str
    population: str
    time_frame: str
    text: str
    function: Callable[[DataSet, Analysis], Verdict]
    reads: tuple[str, ...]
    readings: tuple[str, ...]


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
)


def days_read(endpoint: str, analysis: Analysis) -> DayRanges:
    """Ranges of study days (both ends included) whose attended visits can change an endpoint.

    A table that holds at least these visits, with the columns of `reads`, gives the same answers as all visits.
    """
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
