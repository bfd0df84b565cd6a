"""Hand-worked estimands: what each policy for missing outcomes and each strategy for intercurrent events answers.

Every patient stands with the answers of all pairs that make sense: by strategy, under the policies nri, obs, locf,
best, worst and mi. An answer is (responder, reason); responder None is left open (obs: not counted, mi: imputed).
Without more being said the patient responds at every visit after day 0, and the assessments are on days 3, 7, 28,
56, 84, 87, 91, 112, 140 and 168.
"""

from typing import Any

from tests.hand_worked.patients import Dose, patient, spell
from tests.independent.rows import Data

Answer = tuple[bool | None, str]
Answers = dict[str, Answer]

POLICIES = ("nri", "obs", "locf", "best", "worst", "mi")
YES: Answer = (True, "")


def no(reason: str) -> Answer:
    return False, reason


def all_of(answer: Answer) -> Answers:
    """Whatever the policy: nothing is missing."""
    return dict.fromkeys(POLICIES, answer)


def missing(reason: str, locf: Answer, nri: Answer | None = None) -> Answers:
    """An outcome that is missing for a reason."""
    lost, unknown = no(reason), (None, reason)
    return {
        "nri": nri or lost,
        "obs": unknown,
        "locf": locf,
        "best": (True, reason),
        "worst": lost,
        "mi": unknown,
    }


def case(endpoint: str, name: str, why: str, data: Data, *answers: Answers) -> dict[str, Any]:
    """answers : by composite, treatment policy, hypothetical and while on treatment; one alone holds for all."""
    by_strategy = dict(
        zip(
            ("composite", "treatment_policy", "hypothetical", "while_on_treatment"),
            answers if len(answers) == 4 else answers * 4,
            strict=True,
        )
    )
    return {"name": f"{endpoint} {name}", "endpoint": endpoint, "why": why, "data": data, "answers": by_strategy}


def everybody(endpoint: str, subgroup: str, failing: dict[str, Any], failure: str) -> list[dict[str, Any]]:
    """What all endpoints at week 24 have in common; failing: measurements of a visit that is no response."""

    def person(*events: tuple[Any, ...], **changes: Any) -> Data:
        return patient(subgroup, events=events, **changes)

    gone = missing("withdrawal", YES)
    return [
        case(endpoint, "nothing happened", "week 24 was attended", person(), all_of(YES)),
        case(
            *(endpoint, "no response", "seen at week 24"),
            *(person(values={"W24": failing}), all_of(no(failure))),
        ),
        case(
            *(endpoint, "week 24 missed", "nri carries day 140, 28 days; nobody was there within 7 days"),
            *(person(missed=("W24",)), missing("missing", YES, nri=YES)),
        ),
        case(
            *(endpoint, "weeks 20 and 24 missed", "day 112 is older than 35 days, but the last observed"),
            *(person(missed=("W20", "W24")), missing("missing", YES)),
        ),
        case(
            *(endpoint, "weeks 20 and 24 missed, bad before", "day 112 is no response"),
            *(person(missed=("W20", "W24"), values={"W16": failing}), missing("missing", no(failure))),
        ),
        case(
            *(endpoint, "within the window", "day 162 is 6 days before 168, so nothing is missing"),
            *(person(missed=("W24",), unscheduled=((162, {}),)), all_of(YES)),
        ),
        case(
            *(endpoint, "never seen after day 0", "nothing is there to carry"),
            person(missed=("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")),
            missing("missing", no("missing")),
        ),
        case(
            *(endpoint, "withdrawal, other", "last seen on day 91; the time on treatment ends there"),
            *(person((100, "withdrawal", "other")), gone, gone, gone, all_of(YES)),
        ),
        case(
            *(endpoint, "lost", "as a withdrawal; bad on day 91"),
            person((100, "lost_to_follow_up"), values={"W13": failing}),
            *[missing("lost_to_follow_up", no(failure))] * 3,
            all_of(no(failure)),
        ),
        case(
            *(
                endpoint,
                "withdrawal, lack of efficacy",
                "an intercurrent event, so the composite fails it",
            ),
            person((100, "withdrawal", "lack_of_efficacy")),
            *(all_of(no("withdrawal")), gone, gone, all_of(YES)),
        ),
        case(
            *(endpoint, "withdrawal, adverse event", "the same"),
            person((100, "withdrawal", "adverse_event")),
            *(all_of(no("withdrawal")), gone, gone, all_of(YES)),
        ),
        case(endpoint, "death", "is no response under any", person((100, "death")), all_of(no("death"))),
        case(
            *(endpoint, "death on day 168", "on the day itself what was seen counts"),
            *(person((168, "death")), all_of(YES)),
        ),
        case(
            *(endpoint, "rescue", "day 60; without it nobody knows what came after day 56"),
            person((60, "rescue", "immunosuppressant")),
            *(all_of(no("rescue")), all_of(YES), missing("missing", YES), all_of(YES)),
        ),
        case(
            *(endpoint, "rescue for a failure", "bad on day 56, rescue on day 60, good at week 24"),
            person((60, "rescue", "immunosuppressant"), values={"W8": failing}),
            *(all_of(no("rescue")), all_of(YES), missing("missing", no(failure)), all_of(no(failure))),
        ),
        case(
            *(endpoint, "rescue at a visit", "the visit of day 56 came before the rescue that it led to"),
            person((56, "rescue", "immunosuppressant"), values={"W4": failing}),
            *(all_of(no("rescue")), all_of(YES), missing("missing", YES), all_of(YES)),
        ),
        case(
            *(
                endpoint,
                "rescue on day 1",
                "no visit between day 0 and the rescue, so even on treatment",
            ),
            person((1, "rescue", "immunosuppressant")),
            *(all_of(no("rescue")), all_of(YES)),
            *[missing("missing", no("missing"))] * 2,
        ),
        case(
            *(endpoint, "late rescue", "day 163 is after the visit of day 162, which is in the window"),
            person((163, "rescue", "immunosuppressant"), unscheduled=((162, {}),)),
            *(all_of(no("rescue")), all_of(YES), all_of(YES), all_of(YES)),
        ),
        case(
            *(endpoint, "rescue after week 24", "day 169 is after the window"),
            *(person((169, "rescue", "immunosuppressant"), until=170), all_of(YES)),
        ),
        case(
            *(
                endpoint,
                "rescue, then withdrawal",
                "the rule names the withdrawal, a policy the rescue",
            ),
            person((60, "rescue", "immunosuppressant"), (100, "withdrawal", "other")),
            all_of(no("rescue")) | {"nri": no("withdrawal")},
            *(gone, gone, all_of(YES)),
        ),
    ]


EXCESS: tuple[Dose, ...] = spell(100, 110, 10.0)
P3 = [
    *everybody("P3", "LN", {"upcr": 0.6}, "upcr"),
    case(
        *("P3", "steroid excess", "the seventh day over 7.5 mg is day 106, after the visit of day 91"),
        patient("LN", doses=EXCESS),
        *(all_of(no("dose")), all_of(YES), missing("missing", YES), all_of(YES)),
    ),
    case(
        *("P3", "excess, then withdrawal", "eleven days over 7.5 mg were seen before day 111"),
        patient("LN", doses=EXCESS, events=((111, "withdrawal", "other"),)),
        all_of(no("dose")) | {"nri": no("withdrawal")},
        *(missing("withdrawal", YES), missing("withdrawal", YES), all_of(YES)),
    ),
    case(
        *("P3", "withdrawal at 10 mg", "only three days over 7.5 mg were seen; carried on they would be many"),
        patient("LN", doses=((0, 7.5), (98, 10.0)), events=((100, "withdrawal", "other"),)),
        missing("withdrawal", no("dose")),
        *(missing("withdrawal", YES), missing("withdrawal", YES), all_of(YES)),
    ),
]
P2 = [
    *everybody("P2", "LC", {"platelets": 60.0}, "hematologic_response"),
    *(
        case(
            *("P2", kind, "an intercurrent event of this endpoint"),
            patient("LC", events=((60, kind, detail),)),
            *(all_of(no(kind)), all_of(YES), missing("missing", YES), all_of(YES)),
        )
        for kind, detail in (("transfusion", "red_cells"), ("gcsf", None))
    ),
    case(
        *("P2", "more steroid", "25 mg from day 50 is more than 20 mg on day 0; the last visit before was day 28"),
        patient("LC", doses=spell(50, 60, 25.0), values={"W8": {"platelets": 60.0}}),
        *(all_of(no("dose")), all_of(YES), missing("missing", YES), all_of(YES)),
    ),
    case(
        *("P2", "lymphocytes alone", "no response is defined, so that nothing can be missing"),
        patient("LC", candidate={"I5_1L": True, "I5_1P": False}, missed=("W24",)),
        all_of(no("no_response_definition")),
    ),
]
P1 = [
    case("P1", "nothing happened", "7.5 mg or less throughout", patient("LC"), all_of(YES)),
    case("P1", "too much", "10 mg on day 50", patient("LC", doses=spell(50, 50, 10.0)), all_of(no("dose"))),
    case(
        *("P1", "rescue", "it does not count by itself"),
        *(patient("LN", events=((60, "rescue", "immunosuppressant"),)), all_of(YES)),
    ),
    case("P1", "death", "day 60", patient("LN", events=((60, "death"),)), all_of(no("death"))),
    case("P1", "death on day 84", "seen to the end", patient("LN", events=((84, "death"),)), all_of(YES)),
    case(
        *("P1", "withdrawal", "7.5 mg on day 60, which is carried on"),
        *(patient("LN", events=((60, "withdrawal", "other"),)), missing("withdrawal", YES)),
    ),
    case(
        *("P1", "withdrawal before the window", "15 mg on day 10, which is carried on"),
        *(patient("LN", events=((10, "withdrawal", "other"),)), missing("withdrawal", no("dose"))),
    ),
    case(
        *("P1", "too much, then withdrawal", "10 mg on day 40 was seen"),
        patient("LN", doses=spell(40, 40, 10.0), events=((60, "withdrawal", "other"),)),
        all_of(no("dose")) | {"nri": no("withdrawal")},
    ),
    case(
        *("P1", "withdrawal, lack of efficacy", "an intercurrent event"),
        *(patient("LN", events=((60, "withdrawal", "lack_of_efficacy"),)), all_of(no("withdrawal"))),
    ),
    case(
        *("P1", "withdrawal after day 84", "the endpoint was over"),
        *(patient("LN", events=((90, "withdrawal", "other"),)), all_of(YES)),
    ),
]
S1 = [
    case(
        *("S1", "withdrawal", "5 mg on day 100, which is carried on"),
        *(patient("LN", events=((100, "withdrawal", "other"),)), missing("withdrawal", YES)),
    ),
    case(
        *("S1", "withdrawal in a spell", "10 mg on day 100 was seen"),
        patient("LN", doses=spell(100, 110, 10.0), events=((105, "withdrawal", "other"),)),
        all_of(no("dose")) | {"nri": no("withdrawal")},
    ),
]
S2 = [
    *everybody("S2", "LN", {"pga": 1.5}, "pga"),
    case(
        *("S2", "pulse at a visit", "the pulse was given after the visit of day 56, so it was no treatment of it"),
        patient("LN", events=((56, "rescue", "pulse"),)),
        *(all_of(no("rescue")), all_of(YES), missing("missing", YES), all_of(YES)),
    ),
    case(
        *("S2", "60 mg from a visit on", "the mean of days 50 to 56 is 7.5 mg without the rescue, and 15 with it"),
        patient("LN", doses=spell(56, 70, 60.0, "rescue"), events=((56, "rescue", "steroid"),)),
        *(all_of(no("rescue")), all_of(YES), missing("missing", YES), all_of(YES)),
    ),
]
S3 = everybody("S3", "LN", {"urine_rbc": 20.0, "upcr": 0.6}, "sledai")
S4 = [
    *everybody("S4", "LN", {"pga": 2.0}, "pga"),
    case(
        *("S4", "no global assessment on day 0", "no later visit can mend that"),
        *(patient("LN", values={"D0": {"pga": None}}), missing("missing", no("missing"))),
    ),
]
CASES: list[dict[str, Any]] = P1 + P2 + P3 + S1 + S2 + S3 + S4
