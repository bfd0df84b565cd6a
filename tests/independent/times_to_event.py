"""S7, S9, S11 and its components, S12 and S13: days from the first infusion to what the clinic recorded."""

from tests.independent.flares import first_remission
from tests.independent.readings import Readings
from tests.independent.rows import Row
from tests.independent.subject import ENDS, Subject

HORIZON = 168
FAILURES = {
    **{"S11a": "death", "S11b": "esrd", "S11c": "doubling_of_creatinine", "S11d": "renal_flare"},
    **{"S11e": "extrarenal_flare", "S11f": "rescue"},
}
POPULATION = {
    **{"S7": None, "S9": "LC", "S11": "LN", "S12": "LN", "S13": "LN"},
    **dict.fromkeys(FAILURES, "LN"),
}
COMPETING = ("death", "esrd", "rescue")
Time = tuple[int, bool, str | None]  # day, event (false: censored or competing), kind of the competing event


def counts(event: Row) -> bool:
    """Events count on days 1 to 168; death on day 0, too."""
    return (0 if event["kind"] == "death" else 1) <= event["day"] <= HORIZON


def first(subject: Subject, kinds: tuple[str, ...], severity: str | None = None) -> int | None:
    """Day of the first event of these kinds that counts."""
    days = [
        event["day"]
        for event in subject.events
        if event["kind"] in kinds and counts(event) and severity in (None, event["severity"])
    ]
    return min(days) if days else None


def censoring(subject: Subject) -> int:
    """The earliest of day 168, the end of participation and the last attended visit; never before day 0."""
    ends = [event["day"] for event in subject.events if event["kind"] in ENDS]
    seen = max((row["day"] for row in subject.visits), default=0)
    return max(0, min([HORIZON, seen, *ends]))


def remission_or_competing(subject: Subject, readings: Readings) -> Time:
    """S12: remission, unless death, end-stage disease or rescue came on an earlier day."""
    day = first_remission(subject.visits, HORIZON, readings)
    rivals = [(first(subject, (kind,)), kind) for kind in COMPETING]
    rivals = [(when, kind) for when, kind in rivals if when is not None]
    earliest = min(rivals, key=lambda rival: rival[0]) if rivals else None
    if day is not None and (earliest is None or day <= earliest[0]):
        return day, True, None
    if earliest is not None:
        return earliest[0], False, earliest[1]
    return censoring(subject), False, None


def time_to_event(subject: Subject, endpoint: str, readings: Readings) -> Time | None:
    """Time, event and reason of one subject; None if the endpoint is not for this subject."""
    if POPULATION[endpoint] not in (None, subject.candidate["subgroup"]):
        return None
    if endpoint == "S12":
        return remission_or_competing(subject, readings)
    if endpoint == "S7":
        day = first(subject, ("flare",), "severe")
    elif endpoint == "S11":
        day = first(subject, tuple(FAILURES.values()))
    else:
        kinds = FAILURES | {"S9": "hematologic_flare", "S13": "renal_flare"}
        day = first(subject, (kinds[endpoint],))
    return (censoring(subject), False, None) if day is None else (day, True, None)
