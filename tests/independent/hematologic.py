"""P2: hematologic improvement at week 24 in lupus cytopenia."""

from tests.independent.readings import Readings
from tests.independent.rows import Row
from tests.independent.steroid import OUTSIDE, Answer
from tests.independent.subject import Subject, analysis_visit, dose_on, ended_before, happened, visit_named

TINY = 1e-9
COLUMN = {"E": "hemoglobin", "N": "neutrophils", "P": "platelets", "L": "lymphocytes"}


def qualified(subject: Subject, lineage: str) -> bool:
    """Did this lineage meet the entry criterion? The candidate's flag, else the last screening sample."""
    flag = subject.candidate.get(f"I5_1{lineage}")
    if flag is not None:
        return flag
    screening = visit_named(subject, "SCR")
    if screening is None:
        return False
    if lineage == "E":
        hemoglobin, reticulocytes = screening["hemoglobin"], screening["reticulocytes"]
        if hemoglobin is None or reticulocytes is None:
            return False
        return hemoglobin <= 10 + TINY and reticulocytes > 2.5 + TINY
    value = screening[COLUMN[lineage]]
    limit = {"N": 1.0, "L": 1.5, "P": 100.0}[lineage]
    return value is not None and value < limit - TINY


def lymphopenia_alone(subject: Subject) -> bool:
    """Did lymphocytes qualify, and nothing else?"""
    return qualified(subject, "L") and not any(qualified(subject, lineage) for lineage in "ENP")


def judged_lineages(subject: Subject, readings: Readings) -> list[str]:
    """The lineages that can make a response; empty where no response is defined."""
    lineages = [lineage for lineage in "ENP" if readings.X02 == "any_lineage" or qualified(subject, lineage)]
    if readings.X05 == "alc_doubling" and lymphopenia_alone(subject):
        lineages.append("L")
    return lineages


def excluded(subject: Subject, lineage: str, day: int) -> bool:
    """Is a value of that day spoilt by a transfusion, immunoglobulin or growth factor shortly before?"""
    for event in subject.events:
        since = day - event["day"]
        if since < 0:
            continue
        kind, detail = event["kind"], event["detail"]
        if lineage == "E" and kind == "transfusion" and detail == "red_cells" and since <= 7:
            return True
        if lineage == "P" and kind == "transfusion" and detail == "platelets" and since <= 7:
            return True
        if lineage == "P" and kind == "rescue" and detail == "ivig" and since <= 28:
            return True
        if lineage == "N" and kind == "gcsf" and since <= 14:
            return True
    return False


def before_treatment(subject: Subject, lineage: str) -> float | None:
    """Mean of the usable values of the last screening sample and of day 0."""
    usable = []
    for name in ("SCR", "D0"):
        visit = visit_named(subject, name)
        if visit is None or visit[COLUMN[lineage]] is None or excluded(subject, lineage, visit["day"]):
            continue
        usable.append(visit[COLUMN[lineage]])
    return sum(usable) / len(usable) if usable else None


def improved(lineage: str, before: float, after: float, neutrophils: float = 0.5) -> bool:
    """The record's thresholds, those of the IWG 2006 criteria (Cheson 2006).

    `neutrophils` is the increase asked of them (X01).
    """
    rise = after - before
    doubled = after >= 2 * before - TINY
    if lineage == "E":
        return rise >= 1.5 - TINY
    if lineage in "NL":
        return doubled and rise >= (neutrophils if lineage == "N" else 0.5) - TINY
    if before > 20 + TINY:
        return rise >= 30 - TINY
    return rise >= 20 - TINY and doubled


def dose_broken(subject: Subject, last: int, readings: Readings) -> bool:
    """More steroid than on day 0 on a day from 1 to `last` (or: an increase ordered for a flare)."""
    if readings.X04 == "any_flare_increase":
        for period in subject.dosing:
            if period["reason"] != "flare" or not 1 <= period["start_day"] <= last:
                continue
            before = dose_on(subject, period["start_day"] - 1)
            if before is not None and period["dose"] > before + TINY:
                return True
        return False
    at_start = dose_on(subject, 0)
    if at_start is None:
        return False
    return any(dose_on(subject, day) > at_start + TINY for day in range(1, last + 1))


def p2(subject: Subject, readings: Readings) -> Answer:
    """Improvement of a qualifying lineage on day 168, with no rescue, transfusion, G-CSF or more steroid."""
    if subject.candidate["subgroup"] != "LC":
        return OUTSIDE
    lineages = judged_lineages(subject, readings)
    if not lineages and readings.X05 == "excluded" and lymphopenia_alone(subject):
        return OUTSIDE
    end = ended_before(subject, 168)
    if end:
        return True, False, end
    week_24 = visit_named(subject, "W24")
    last = 168 if week_24 is None else max(168, week_24["day"])
    for kind in ("rescue", "transfusion", "gcsf"):
        if happened(subject, kind, 1, last):
            return True, False, kind
    if dose_broken(subject, last, readings):
        return True, False, "dose"
    if not lineages:
        return True, False, "no_response_definition"
    if dose_on(subject, 0) is None:
        return True, False, "missing"
    return response(subject, lineages, readings, last)


def response(subject: Subject, lineages: list[str], readings: Readings, last: int) -> Answer:
    """Judge the lineages at week 24; at weeks 20 and 16 as well; or at any visit from day 1 to `last` (X03)."""

    def complete(visit: Row) -> bool:
        return all(visit[COLUMN[lineage]] is not None for lineage in lineages)

    if readings.X03 == "any_time":
        each = [[visit] for visit in subject.visits if 1 <= visit["day"] <= last]
    else:
        times = (
            [("W16", 112), ("W20", 140), ("W24", 168)] if readings.X03 == "sustained_8_weeks" else [("W24", 168)]
        )
        together = [analysis_visit(subject, name, day, complete) for name, day in times]
        each = [] if None in together else [together]
    answers = [improved_at(subject, lineages, visits, readings) for visits in each]
    if True in answers:
        return True, True, None
    return True, False, "hematologic_response" if False in answers else "missing"


def improved_at(subject: Subject, lineages: list[str], visits: list[Row], readings: Readings) -> bool | None:
    """Is one lineage (or: every one) improved at all of these visits? None if that cannot be told.

    A lineage that one of the visits did not measure cannot be told, another may have improved all the same (D126).
    """
    increase = 500.0 if readings.X01 == "billions_per_liter" else 0.5
    outcomes: list[bool | None] = []
    for lineage in lineages:
        before = before_treatment(subject, lineage)
        values = [visit[COLUMN[lineage]] for visit in visits]
        known = before is not None and None not in values
        outcomes.append(all(improved(lineage, before, value, increase) for value in values) if known else None)
    if readings.X02 == "all":
        return None if None in outcomes else all(outcomes)
    return True if True in outcomes else None if None in outcomes else False
