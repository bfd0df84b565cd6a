"""The twin of estimands: what a policy and a strategy make of a subject, by changing the record and asking again.

The rules of the twin (endpoints.py, secondary.py) are asked about records in which an end of
participation, the doses after it, an intercurrent event or what followed it has been taken away. It shares no code
with the simulator.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

from tests.independent import endpoints, hematologic, renal, responder_index, subject
from tests.independent.changes import changes
from tests.independent.readings import Readings
from tests.independent.steroid import p1, s1
from tests.independent.subject import ENDS, Subject, dose_on, ended_before
from tests.independent.times_to_event import Time, censoring, first, time_to_event

TINY = 1e-9
USUAL = Readings()
DRUGS = ("rescue", "transfusion", "gcsf")
EVENTS = {"P1": (), "S1": (), "P2": (*DRUGS, "dose"), "P3": ("rescue", "dose"), "S3": ("rescue",)}
EVENTS |= dict.fromkeys(("S2", "S4", "S5", "S6"), ("rescue",))
CERTAIN = {"P1": ("dose",), "S1": ("dose",), "P2": ("no_response_definition",)}
CARRY = {"nri": 35, "locf": 167}
WITHDRAWN_BY_EVENT = ("lack_of_efficacy", "adverse_event")
Answer = tuple[bool | None, str]


def estimand(person: Subject, endpoint: str, strategy: str, policy: str) -> Answer | None:
    """Responder (None: left open) and reason; None outside the population."""
    carry, until = CARRY.get(policy, 0), 84 if endpoint == "P1" else 168
    if not asked(person, endpoint, 35)[0]:
        return None
    if any(event["kind"] == "death" and event["day"] < until for event in person.events):
        return False, "death"
    left = ended_before(person, until)
    seen = staying(person) if policy == "locf" else only_seen_doses(person)
    if strategy == "composite":
        _, _, reason = asked(seen, endpoint, carry)
        if reason in (*EVENTS[endpoint], *CERTAIN.get(endpoint, ())):
            return False, reason
        if left == "withdrawal" and withdrawn_by_event(person):
            return False, left
        return policy_on(policy, left, seen, endpoint, carry, ignoring=False)
    if strategy == "treatment_policy":
        return policy_on(policy, left, seen, endpoint, carry)
    stop = first_event(person, endpoint)
    cut = seen if stop is None else before_event(seen, stop)
    if strategy == "hypothetical":
        return policy_on(policy, left, cut, endpoint, carry)
    if stop is not None or left:
        whole = staying(person)
        return policy_on(policy, None, whole if stop is None else before_event(whole, stop), endpoint, 167)
    return policy_on(policy, None, seen, endpoint, carry)


def policy_on(
    policy: str, left: str | None, person: Subject, endpoint: str, carry: int, *, ignoring: bool = True
) -> Answer:
    """The policy's answer for a record from which events need not be told any more."""
    with ignored(endpoint) if ignoring else contextlib.nullcontext():
        _, responder, reason = asked(person, endpoint, carry)
    if reason in CERTAIN.get(endpoint, ()):
        return False, reason
    lost = left if left and policy != "locf" else reason if reason == "missing" else None
    if lost is None:
        return responder, reason or ""
    return {"best": True, "obs": None, "mi": None}.get(policy, False), lost


def asked(person: Subject, endpoint: str, carry: int) -> tuple[bool, bool | None, str | None]:
    """The rule's own answer where assessments may be carried for so many days."""
    with patch.object(subject, "CARRY", carry):
        if endpoint in ("P1", "S1"):
            return p1(person, USUAL) if endpoint == "P1" else s1(person)
        if endpoint == "P2":
            return hematologic.p2(person, USUAL)
        if endpoint == "S2":
            return responder_index.s2(person, USUAL)
        if endpoint in responder_index.POINTS:
            return responder_index.responder_index(person, endpoint, USUAL)
        return renal.p3(person, USUAL) if endpoint == "P3" else endpoints.s3(person, USUAL)


@contextlib.contextmanager
def ignored(endpoint: str, kept: str = "") -> Iterator[None]:
    """Rules that do not see intercurrent events, but for those of one kind."""
    room = {"P2": hematologic, "P3": renal, "S3": endpoints}.get(endpoint, responder_index)
    happened = room.happened

    def seen(person: Subject, kind: str, first: int, last: int) -> bool:
        return kind == kept and happened(person, kind, first, last)

    with contextlib.ExitStack() as stack:
        stack.enter_context(patch.object(room, "happened", seen))
        name = {"P2": "dose_broken", "P3": "steroid_excess"}.get(endpoint)
        if name and kept != "dose":
            stack.enter_context(patch.object(room, name, lambda *_: False))
        yield


def staying(person: Subject) -> Subject:
    """Nobody left: visits end, and the last dose carries on."""
    return replace(person, events=[event for event in person.events if event["kind"] not in ENDS])


def only_seen_doses(person: Subject) -> Subject:
    """Nobody left, and after the day on which somebody did no dose breaks a rule.

    Where participation ended before a dose was known at all it stays unknown.
    """
    ends = [event["day"] for event in person.events if event["kind"] in ENDS]
    if not ends:
        return staying(person)
    kept = [period for period in person.dosing if period["start_day"] <= min(ends)]
    return replace(staying(person), dosing=[*kept, {"start_day": min(ends) + 1, "dose": 0.0, "reason": "taper"}])


def withdrawn_by_event(person: Subject) -> bool:
    """Was the first withdrawal one for lack of efficacy or an adverse event?"""
    days = [event["day"] for event in person.events if event["kind"] == "withdrawal"]
    return any(
        event["kind"] == "withdrawal" and event["day"] == min(days) and event["detail"] in WITHDRAWN_BY_EVENT
        for event in person.events
    )


def first_event(person: Subject, endpoint: str) -> int | None:
    """Day of the first intercurrent event that the rule would have failed for, each kind by itself."""
    seen, days = only_seen_doses(person), []
    for kind in EVENTS[endpoint]:
        with ignored(endpoint, kept=kind):
            _, _, reason = asked(seen, endpoint, 35)
        if reason == kind:
            days.append(day_of(seen, endpoint, kind))
    return min(days, default=None)


def day_of(person: Subject, endpoint: str, kind: str) -> int:
    """Day of the first event of a kind; of too high a dose the first day (P2) or the seventh (P3)."""
    if kind != "dose":
        return min(event["day"] for event in person.events if event["kind"] == kind and event["day"] >= 1)
    if endpoint == "P2":
        return next(day for day in range(1, 400) if dose_on(person, day) > dose_on(person, 0) + TINY)
    high = [day for day in range(84, 400) if (dose_on(person, day) or 0.0) > 7.5 + TINY]
    return high[6]


def before_event(person: Subject, stop: int) -> Subject:
    """The record without later visits, and without events and new doses from that day on."""
    return replace(
        person,
        visits=[visit for visit in person.visits if visit["day"] <= stop],
        dosing=[period for period in person.dosing if period["start_day"] < stop],
        events=[event for event in person.events if event["kind"] not in DRUGS or event["day"] < stop],
    )


def time_under(person: Subject, endpoint: str, strategy: str) -> Time | None:
    """S7, S9 and S13: rescue is ignored (treatment_policy), an event too (composite), or censors (hypothetical).

    A flare of the same day comes first.
    """
    found, rescue = time_to_event(person, endpoint, USUAL), first(person, ("rescue",))
    if found is None or strategy == "treatment_policy" or rescue is None or (found[1] and found[0] <= rescue):
        return found
    return (rescue, True, "rescue") if strategy == "composite" else censored_by(rescue, censoring(person))


def censored_by(rescue: int, seen: int) -> Time:
    """Without a flare before it, rescue censors; somebody last seen before is censored there."""
    return (rescue, False, "rescue") if rescue <= seen else (seen, False, None)


def changes_without_rescue(person: Subject, endpoint: str) -> list[tuple[str, str, bool, float | None]]:
    """S8, S10, O1 and O2 of the record without visits after the day of the first rescue."""
    rescues = [event["day"] for event in person.events if event["kind"] == "rescue" and event["day"] >= 1]
    kept = [visit for visit in person.visits if not rescues or visit["day"] <= min(rescues)]
    return changes(replace(person, visits=kept), endpoint, USUAL)
