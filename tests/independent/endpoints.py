"""The twin of the endpoint calculator: P1, P2, P3, S1 and S3, row by row, written from the registry record.

It takes a data set as a dict of lists of rows (candidates, visits, dosing, infusions, events; None is missing) and
returns one row per infused subject and endpoint. It shares no code with the simulator.
"""

from tests.independent.hematologic import p2
from tests.independent.readings import Readings
from tests.independent.renal import p3
from tests.independent.rows import Data, Row
from tests.independent.sledai import total
from tests.independent.steroid import OUTSIDE, Answer, p1, s1
from tests.independent.subject import (
    Subject,
    analysis_visit,
    ended_before,
    happened,
    infused_subjects,
    visit_named,
)

ENDPOINTS = ("P1", "P2", "P3", "S1", "S3")


def s3(subject: Subject, readings: Readings) -> Answer:
    """SLEDAI-2K at least four points lower than at baseline, without rescue."""
    baseline_visit = visit_named(subject, "D0")
    factor = float(readings.X29)
    baseline = None if baseline_visit is None else total(baseline_visit, subject.visits, factor)
    if baseline is None or (readings.X22 == "baseline_4" and baseline < 4):
        return OUTSIDE
    end = ended_before(subject, 168)
    if end:
        return True, False, end
    visit = analysis_visit(subject, "W24", 168, lambda row: total(row, subject.visits, factor) is not None)
    last = 168 if visit is None else max(168, visit["day"])
    if happened(subject, "rescue", 1, last):
        return True, False, "rescue"
    if visit is None:
        return True, False, "missing"
    if baseline - total(visit, subject.visits, factor) < 4:
        return True, False, "sledai"
    return True, True, None


def answer(subject: Subject, endpoint: str, readings: Readings) -> Answer:
    """(in population, responder, reason) of one subject and endpoint."""
    if endpoint == "P1":
        return p1(subject, readings)
    if endpoint == "P2":
        return p2(subject, readings)
    if endpoint == "P3":
        return p3(subject, readings)
    if endpoint == "S1":
        return s1(subject, readings)
    return s3(subject, readings)


def endpoint_row(subject: Subject, endpoint: str, **values: object) -> Row:
    """A row of the endpoints table; what does not apply is None."""
    row: Row = {"trial": subject.trial, "subject": subject.number, "endpoint": endpoint, "in_population": True}
    row |= dict.fromkeys(("responder", "variable", "value", "visit", "time", "event", "reason"))
    return row | values


def evaluate(data: Data, **readings: str) -> list[Row]:
    """Every infused subject's row for P1, P2, P3, S1 and S3, in order of trial, subject and endpoint.

    `readings` are those of tests/independent/readings.py; an unknown one or an unknown value raises.
    """
    chosen = Readings(**readings)
    rows = []
    for subject in infused_subjects(data):
        for endpoint in ENDPOINTS:
            member, responder, reason = answer(subject, endpoint, chosen)
            rows.append(endpoint_row(subject, endpoint, in_population=member, responder=responder, reason=reason))
    return rows
