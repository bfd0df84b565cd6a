"""Hand-worked P1 and S1: prednisone equivalent at most 7.5 mg on every day of a window."""

from tests.hand_worked.patients import OUT, YES, Case, case, no, patient, spell

LOW_START = ((0, 5.0),)

P1: list[Case] = [
    case("P1", "usual taper", YES, "7.5 mg from day 21, 5 mg from day 84", patient("LC")),
    case("P1", "nephritis too", YES, "the endpoint is for both subgroups", patient("LN")),
    case(
        *("P1", "reached on day 28", YES, "10 mg to day 27, 7.5 mg from day 28 on"),
        patient("LC", doses=((0, 20.0), (7, 10.0), (28, 7.5))),
    ),
    case(
        *("P1", "reached on day 29", no("dose"), "10 mg on day 28 itself"),
        patient("LC", doses=((0, 20.0), (7, 10.0), (29, 7.5))),
    ),
    case(
        *("P1", "one day high in between", no("dose"), "10 mg on day 50 only"),
        patient("LC", doses=spell(50, 50, 10.0)),
    ),
    case(
        "P1", "day 84 high", no("dose"), "10 mg on day 84, the last day", patient("LC", doses=spell(84, 84, 10.0))
    ),
    case("P1", "day 85 high", YES, "day 85 is after the window", patient("LC", doses=spell(85, 85, 10.0))),
    case(
        *("P1", "dexamethasone 1.125 mg", YES, "1.125 × 5/0.75 is exactly 7.5"),
        patient("LC", doses=((0, 20.0), (28, 1.125 * 5 / 0.75))),
    ),
    case(
        *("P1", "above within tolerance", YES, "7.5000000005 is 7.5 to 1e-9"),
        patient("LC", doses=((0, 20.0), (28, 7.5 + 5e-10))),
    ),
    case(
        *("P1", "just above tolerance", no("dose"), "7.50001 is above 7.5"),
        patient("LC", doses=((0, 20.0), (28, 7.50001))),
    ),
    case(
        *("P1", "pulse", no("dose"), "a methylprednisolone pulse stands in the doses of its day"),
        patient("LN", doses=spell(60, 60, 625.0, "rescue"), events=((60, "rescue", "pulse"),)),
    ),
    case(
        *("P1", "rescue without steroid", YES, "rescue matters only through the dose"),
        patient("LN", events=((50, "rescue", "immunosuppressant"),)),
    ),
    case("P1", "death on day 83", no("death"), "before day 84", patient("LC", events=((83, "death"),))),
    case(
        "P1",
        "death on day 84",
        YES,
        "on the day itself what was seen counts",
        patient("LC", events=((84, "death"),)),
    ),
    case("P1", "death on day 0", no("death"), "before day 84", patient("LC", events=((0, "death"),))),
    case(
        *("P1", "withdrawal before dose", no("withdrawal"), "the end of participation is named before the dose"),
        patient("LC", doses=((0, 20.0),), events=((60, "withdrawal", "other"),)),
    ),
    case(
        *("P1", "lost on day 84", YES, "still there on day 84"),
        patient("LN", events=((84, "lost_to_follow_up"),)),
    ),
    case(
        *("P1", "lost on day 70", no("lost_to_follow_up"), "before day 84"),
        patient("LN", events=((70, "lost_to_follow_up"),)),
    ),
    case("P1", "low at baseline", YES, "counted in the denominator (X28)", patient("LC", doses=LOW_START)),
    case(
        *("P1", "low at baseline excluded", OUT, "5 mg on day 0: nothing to reduce"),
        *(patient("LC", doses=LOW_START),),
        X28="excluded",
    ),
    case(
        *("P1", "just over at baseline, excluded reading", YES, "10 mg on day 0 is over 7.5, so it stays in"),
        *(patient("LC", doses=((0, 10.0), (28, 7.5))),),
        X28="excluded",
    ),
    case(
        *("P1", "record ends early", YES, "nobody left: the last dose, 7.5 mg on day 60, carries forward"),
        patient("LC", until=60),
    ),
    case(
        *("P1", "record ends early and high", no("dose"), "the last dose, 10 mg, carries forward"),
        patient("LC", doses=((0, 20.0), (14, 10.0)), until=20),
    ),
    case("P1", "second infusion not given", YES, "treatment policy", patient("LC", second_infusion=None)),
    case(
        *("P1", "visits only", YES, "10 mg on days 40 to 50, none of 28, 56, 84"),
        *(patient("LC", doses=spell(40, 50, 10.0)),),
        X26="visits",
    ),
    case(
        *("P1", "visits only, day 56 high", no("dose"), "10 mg on day 56"),
        *(patient("LC", doses=spell(56, 56, 10.0)),),
        X26="visits",
    ),
    case(
        *("P1", "three days of grace", YES, "10 mg on days 40, 41, 42"),
        *(patient("LC", doses=spell(40, 42, 10.0)),),
        X26="grace3",
    ),
    case(
        *("P1", "four days over grace", no("dose"), "10 mg on days 40 to 43"),
        *(patient("LC", doses=spell(40, 43, 10.0)),),
        X26="grace3",
    ),
]

S1: list[Case] = [
    case("S1", "usual taper", YES, "5 mg from day 84 to 168", patient("LC")),
    case("S1", "day 83 high", YES, "day 83 is before the window", patient("LC", doses=spell(83, 83, 10.0))),
    case("S1", "day 84 high", no("dose"), "10 mg on day 84", patient("LC", doses=spell(84, 84, 10.0))),
    case("S1", "day 168 high", no("dose"), "10 mg on day 168", patient("LC", doses=spell(168, 168, 10.0))),
    case(
        *("S1", "day 169 high", YES, "day 169 is after the window, although W24 is on day 170"),
        patient("LC", doses=spell(169, 169, 10.0), until=170, held={"W24": 170}),
    ),
    case("S1", "7.5 throughout", YES, "7.5 is allowed", patient("LC", doses=((0, 20.0), (84, 7.5)))),
    case(
        *("S1", "withdrawal on day 167", no("withdrawal"), "on study on day 168 is required"),
        patient("LC", events=((167, "withdrawal", "adverse_event"),)),
    ),
    case(
        *("S1", "withdrawal on day 168", YES, "on the day itself what was seen counts"),
        patient("LC", events=((168, "withdrawal", "adverse_event"),)),
    ),
    case(
        *("S1", "death before a high dose", no("death"), "the end is named first"),
        patient("LN", doses=spell(90, 95, 15.0), events=((120, "death"),)),
    ),
    case(
        *("S1", "W24 missed", YES, "the dose is known without the visit"),
        patient("LN", missed=("W20", "W24")),
    ),
    case(
        *("S1", "days of grace are for P1", no("dose"), "10 mg on day 100, and 'by week 12' forgives no day"),
        *(patient("LN", doses=spell(100, 100, 10.0)),),
        X26="grace3",
    ),
    case(
        *("S1", "visits only is for P1", no("dose"), "10 mg on day 100, between the visits"),
        *(patient("LN", doses=spell(100, 100, 10.0)),),
        X26="visits",
    ),
    case(
        *("S1", "low dose on day 0", YES, "the exclusion is for the reduction, P1"),
        *(patient("LN", doses=((0, 5.0),)),),
        X28="excluded",
    ),
]

CASES = P1 + S1
