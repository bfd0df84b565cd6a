"""The twin of the secondary and other endpoints: S2, S4 to S13, O1 and O2, row by row from a data set.

As in endpoints.py, the data set is a dict of lists of rows with None for missing. Recorded grades of BILAG count
as they are; flares, end-stage disease and doubling of creatinine are read from `events`, remission from visits.
"""

from tests.independent.changes import VISITS, changes
from tests.independent.endpoints import endpoint_row
from tests.independent.readings import Readings
from tests.independent.responder_index import POINTS, responder_index, s2
from tests.independent.rows import Data, Row
from tests.independent.subject import Subject, infused_subjects
from tests.independent.times_to_event import time_to_event

SECONDARY = (
    *("S2", "S4", "S5", "S6", "S7", "S8", "S9", "S10"),
    *("S11", "S11a", "S11b", "S11c", "S11d", "S11e", "S11f", "S12", "S13", "O1", "O2"),
)


def rows_of(subject: Subject, endpoint: str, readings: Readings) -> list[Row]:
    """The rows of one subject and endpoint: one, or one for each variable and visit."""
    if endpoint in VISITS:
        return [
            endpoint_row(subject, endpoint, in_population=member, variable=variable, visit=visit, value=value)
            for variable, visit, member, value in changes(subject, endpoint, readings)
        ]
    if endpoint == "S2" or endpoint in POINTS:
        member, responder, reason = (
            s2(subject, readings) if endpoint == "S2" else responder_index(subject, endpoint, readings)
        )
        return [endpoint_row(subject, endpoint, in_population=member, responder=responder, reason=reason)]
    found = time_to_event(subject, endpoint, readings)
    if found is None:
        return [endpoint_row(subject, endpoint, in_population=False)]
    time, event, reason = found
    return [endpoint_row(subject, endpoint, time=time, event=event, reason=reason)]


def evaluate_secondary(data: Data, **readings: str) -> list[Row]:
    """Every infused subject's rows of the endpoints in SECONDARY, in order of trial, subject and endpoint."""
    chosen = Readings(**readings)
    return [
        row
        for subject in infused_subjects(data)
        for endpoint in SECONDARY
        for row in rows_of(subject, endpoint, chosen)
    ]
