"""S2 and S4 to S6: low disease activity, and the SLE responder indices (Furie 2009, Arthritis Rheum 61:1143)."""

from tests.independent.bilag import recorded, worse
from tests.independent.lldas import components, hemolytic, recent_pulse
from tests.independent.readings import Readings
from tests.independent.rows import Row
from tests.independent.sledai import total
from tests.independent.steroid import OUTSIDE, Answer
from tests.independent.subject import Subject, analysis_visit, ended_before, happened, visit_named

TINY = 1e-9
POINTS = {"S4": 4, "S5": 5, "S6": 6}


def s2(subject: Subject, readings: Readings) -> Answer:
    """LLDAS at week 24, without rescue from day 1 on."""
    end = ended_before(subject, 168)
    if end:
        return True, False, end
    visit = analysis_visit(subject, "W24", 168, lambda row: measured(subject, row, readings))
    if rescued(subject, visit):
        return True, False, "rescue"
    if visit is None:
        return True, False, "missing"
    failed = [name for name, met in components(subject, visit, readings).items() if not met]
    if recent_pulse(subject, visit["day"]):
        failed.append("immunosuppressant")
    return (True, False, failed[0]) if failed else (True, True, None)


def measured(subject: Subject, row: Row, readings: Readings) -> bool:
    """Is everything there that the state asks for, whether or not it decides?"""
    known = None not in components(subject, row, readings).values()
    return known and hemolytic(row) is not None and row["bilag_gastrointestinal"] is not None


def responder_index(subject: Subject, endpoint: str, readings: Readings) -> Answer:
    """SLEDAI-2K down by 4, 5 or 6 points; PGA not up by 0.30; no new BILAG A and fewer than two new B."""
    least, factor = POINTS[endpoint], float(readings.X29)
    wanted = 5 if endpoint == "S4" and readings.X21 == "sri_5" else least
    baseline = visit_named(subject, "D0")
    score = None if baseline is None else total(baseline, subject.visits, factor)
    if score is None or score < least:
        return OUTSIDE
    end = ended_before(subject, 168)
    if end:
        return True, False, end

    def complete(row: Row) -> bool:
        return (
            total(row, subject.visits, factor) is not None and row["pga"] is not None and recorded(row) is not None
        )

    visit = analysis_visit(subject, "W24", 168, complete)
    if rescued(subject, visit):
        return True, False, "rescue"
    if visit is None or not complete(baseline):
        return True, False, "missing"
    if score - total(visit, subject.visits, factor) < wanted:
        return True, False, "sledai"
    if visit["pga"] - baseline["pga"] >= 0.30 - TINY:
        return True, False, "pga"
    return (True, False, "bilag") if worse(recorded(visit), recorded(baseline)) else (True, True, None)


def rescued(subject: Subject, visit: Row | None) -> bool:
    """Rescue from day 1 to day 168, or to the assessment where that is later."""
    return happened(subject, "rescue", 1, 168 if visit is None else max(168, visit["day"]))
