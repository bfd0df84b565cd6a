"""P3: renal response at week 24 in lupus nephritis."""

from tests.independent.kidney import egfr
from tests.independent.readings import Readings
from tests.independent.rows import Row
from tests.independent.steroid import OUTSIDE, Answer, steroid_excess
from tests.independent.subject import (
    Subject,
    analysis_visit,
    dose_on,
    doses,
    ended_before,
    happened,
    visit_named,
)

TINY = 1e-9


def filtration(subject: Subject, visit: Row | None, readings: Readings) -> float | None:
    """The rate at a visit, from its creatinine; a recorded rate is not trusted."""
    if visit is None:
        return None
    candidate = subject.candidate
    return egfr(visit["serum_creatinine"], candidate["age"], candidate["sex"], readings.egfr_equation)


def confirmed_decrease(subject: Subject, visit: Row, baseline: float, readings: Readings) -> bool:
    """More than 20 % below baseline at the visit and at the measurement before it or, within 28 days, after it."""

    def decreased(other: Row) -> bool:
        rate = filtration(subject, other, readings)
        return rate is not None and rate < 0.8 * baseline - TINY

    if not decreased(visit):
        return False
    if readings.X24 == "single":
        return True
    measured = [row for row in subject.visits if filtration(subject, row, readings) is not None]
    earlier = [row for row in measured if row["day"] < visit["day"]]
    later = [row for row in measured if row["day"] > visit["day"]]
    if earlier and decreased(earlier[-1]):
        return True
    return bool(later) and later[0]["day"] - visit["day"] <= 28 and decreased(later[0])


def p3(subject: Subject, readings: Readings) -> Answer:
    """UPCR at most 0.5; eGFR at least 60 or no confirmed fall of over 20 %; no rescue; no steroid excess.

    As written (X23): UPCR and eGFR are one way to respond, and everything after "or" is another.
    """
    if subject.candidate["subgroup"] != "LN":
        return OUTSIDE
    end = ended_before(subject, 168)
    if end:
        return True, False, end

    def complete(row: Row) -> bool:
        return row["upcr"] is not None and filtration(subject, row, readings) is not None

    visit = analysis_visit(subject, "W24", 168, complete)
    last = 168 if visit is None else max(168, visit["day"])
    rate = None if visit is None else filtration(subject, visit, readings)
    if readings.X23 == "as_written" and visit is not None and visit["upcr"] <= 0.5 + TINY and rate >= 60 - TINY:
        return True, True, None
    if happened(subject, "rescue", 1, last):
        return True, False, "rescue"
    if steroid_excess(doses(subject, 84, last - 1), readings.X25):
        return True, False, "dose"
    if visit is None or dose_on(subject, 84) is None:
        return True, False, "missing"
    baseline = filtration(subject, visit_named(subject, "D0"), readings)
    preserved = rate >= 60 - TINY and readings.X23 != "as_written"
    if not preserved and baseline is None:
        return True, False, "missing"
    if visit["upcr"] > 0.5 + TINY and readings.X23 != "as_written":
        return True, False, "upcr"
    if not preserved and confirmed_decrease(subject, visit, baseline, readings):
        return True, False, "egfr"
    return True, True, None
