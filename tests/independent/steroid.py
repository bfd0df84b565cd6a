"""P1 and S1: the daily corticosteroid dose kept at 7.5 mg prednisone equivalent or less."""

from tests.independent.readings import Readings
from tests.independent.subject import Subject, dose_on, doses, ended_before

TINY = 1e-9
LIMIT = 7.5
GRACE_DAYS = 3

USUAL = Readings()
Answer = tuple[bool, bool | None, str | None]  # in population, responder, reason
OUTSIDE: Answer = (False, None, None)


def p1(subject: Subject, readings: Readings) -> Answer:
    """At most 7.5 mg on every day from 28 to 84, on study on day 84."""
    if readings.X28 == "excluded":
        at_baseline = dose_on(subject, 0)
        if at_baseline is not None and at_baseline <= LIMIT + TINY:
            return OUTSIDE
    end = ended_before(subject, 84)
    if end:
        return True, False, end
    if readings.X26 == "visits":
        return judged([dose_on(subject, day) for day in (28, 56, 84)], 0)
    return judged(doses(subject, 28, 84), GRACE_DAYS if readings.X26 == "grace3" else 0)


def s1(subject: Subject, readings: Readings = USUAL) -> Answer:
    """At most 7.5 mg on every day from 84 to 168 (or: on days 84, 112, 140 and 168), on study on day 168."""
    end = ended_before(subject, 168)
    if end:
        return True, False, end
    if readings.X27 == "visits":
        return judged([dose_on(subject, day) for day in (84, 112, 140, 168)], 0)
    return judged(doses(subject, 84, 168), 0)


def judged(daily: list[float | None], allowed: int) -> Answer:
    """Fails if more than `allowed` of these days are above the limit; an unknown dose is missing."""
    too_high = [dose for dose in daily if dose is not None and dose > LIMIT + TINY]
    if len(too_high) > allowed:
        return True, False, "dose"
    if None in daily:
        return True, False, "missing"
    return True, True, None


def steroid_excess(daily: list[float | None], rule: str) -> bool:
    """P3's limit: seven days in total above 7.5 mg (TOTAL7), seven running (CONSEC7), or three running or seven
    in total (AURORA)."""
    in_total = longest = run = 0
    for dose in daily:
        if dose is not None and dose > LIMIT + TINY:
            in_total += 1
            run += 1
            longest = max(longest, run)
        else:
            run = 0
    if rule == "TOTAL7":
        return in_total >= 7
    if rule == "CONSEC7":
        return longest >= 7
    return longest >= 3 or in_total >= 7
