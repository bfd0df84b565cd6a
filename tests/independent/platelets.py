"""Responses of immune thrombocytopenia (Rodeghiero 2009, Blood 113:2386), which the record does not name (D91)."""

from tests.independent.hematologic import excluded, qualified
from tests.independent.steroid import OUTSIDE, Answer
from tests.independent.subject import Subject, analysis_visit, ended_before, happened, visit_named

TINY = 1e-9


def platelet_response(subject: Subject, *, complete: bool) -> Answer:
    """At least 30 × 10⁹/L and doubled, or 100 (`complete`: 100 alone), at week 24 against day 0 (unspoiled)."""
    if subject.candidate["subgroup"] != "LC" or not qualified(subject, "P"):
        return OUTSIDE
    end = ended_before(subject, 168)
    if end:
        return True, False, end
    visit = analysis_visit(subject, "W24", 168, lambda row: row["platelets"] is not None)
    last = 168 if visit is None else max(168, visit["day"])
    for kind in ("rescue", "transfusion"):
        if happened(subject, kind, 1, last):
            return True, False, kind
    baseline = visit_named(subject, "D0")
    before = None if baseline is None or excluded(subject, "P", baseline["day"]) else baseline["platelets"]
    if visit is None or before is None:
        return True, False, "missing"
    after = visit["platelets"]
    met = after >= 100 - TINY or (not complete and after >= 30 - TINY and after >= 2 * before - TINY)
    return (True, True, None) if met else (True, False, "hematologic_response")
