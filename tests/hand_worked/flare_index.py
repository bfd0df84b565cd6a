"""Hand-worked visits for the flare index under each reading of X35: 0 none, 1 mild or moderate, 2 severe.

A woman of 60 kg is seen on day 28 and then on day 56; each case says what is different on day 56 (or, with
`then`, on day 28) and what the index is on day 56 under the four readings, in this order:
modified, original, modified as written, original as written. As written, a recognised flare keeps at least the
index that it has without; half a milligram per kilogram is 30 mg.
"""

from typing import Any

from sim.instruments.sledai import NAMES

READINGS = ("modified", "original", "modified as written", "original as written")
QUIET: dict[str, Any] = {
    "sledai2k": 6.0,
    "pga": 1.0,
    "platelets": 200.0,
    "hemoglobin": 12.0,
    "reticulocytes": 1.0,
    **{f"sledai_{name}": 0 for name in NAMES},
    **{"recognised": 0, "before": 10.0, "after": 10.0, "starts_drug": False, "new_nephritis": False},
}
SEVERE_FLARE = {"recognised": 2, "after": 35.0}
Expected = tuple[int, int, int, int]


def case(why: str, expected: Expected, then: dict[str, Any] | None = None, **now: Any) -> tuple[Any, ...]:
    """(why, the index by reading, day 28, day 56)."""
    return why, expected, QUIET | (then or {}), QUIET | now


CASES = [
    case("nothing changed", (0, 0, 0, 0)),
    case("8 − 6 is a rise of 2", (0, 0, 0, 0), sledai2k=8.0),
    case("9 − 6 is a rise of 3, nobody recognised a flare", (0, 0, 1, 1), sledai2k=9.0),
    case("12 is not more than 12", (0, 0, 1, 1), sledai2k=12.0),
    case("13 is more than 12", (0, 0, 1, 2), sledai2k=13.0),
    case("13 after 13 is no rise", (0, 0, 0, 0), {"sledai2k": 13.0}, sledai2k=13.0),
    case("13 after 12 is a rise of 1 to more than 12", (0, 0, 0, 2), {"sledai2k": 12.0}, sledai2k=13.0),
    case("the score before is missing", (0, 0, 0, 0), {"sledai2k": float("nan")}, sledai2k=20.0),
    case("2.0 − 1.0 is a rise of 1.0", (0, 0, 1, 1), pga=2.0),
    case("1.9 − 1.0 is below 1.0", (0, 0, 0, 0), pga=1.9),
    case("2.6 is above 2.5 and risen", (0, 0, 2, 2), {"pga": 2.5}, pga=2.6),
    case("2.6 before, too", (0, 0, 0, 0), {"pga": 2.6}, pga=2.6),
    case("a mild flare, 10 to 15 mg", (1, 1, 1, 1), recognised=1, after=15.0),
    case("a mild flare at 14 points", (1, 2, 1, 2), recognised=1, after=15.0, sledai2k=14.0),
    case("a mild flare at 14 points, unchanged", (1, 1, 1, 1), {"sledai2k": 14.0}, sledai2k=14.0, recognised=1),
    case("a severe flare and 35 mg, above 30", (2, 2, 2, 2), **SEVERE_FLARE),
    case("a severe flare and 30 mg, thrice the dose", (2, 2, 2, 2), recognised=2, after=30.0),
    case("20 to 30 mg, neither doubled nor above 30", (1, 1, 1, 1), recognised=2, before=20.0, after=30.0),
    case("a severe flare and a new drug", (2, 2, 2, 2), recognised=2, starts_drug=True),
    case("a new drug for another reason", (0, 0, 0, 0), starts_drug=True),
    case("35 mg for another reason", (0, 0, 0, 0), after=35.0),
    case("a new rash", (0, 0, 1, 1), sledai_rash=1),
    case("a rash that was there", (0, 0, 0, 0), {"sledai_rash": 1}, sledai_rash=1),
    case("a rash that was not looked for", (0, 0, 0, 0), {"sledai_rash": -1}, sledai_rash=1),
    case("new vasculitis without a dose is not severe", (0, 0, 1, 1), sledai_vasculitis=1),
    case(
        "vasculitis and a doubled dose for a mild flare",
        (1, 1, 2, 2),
        sledai_vasculitis=1,
        recognised=1,
        after=20.0,
    ),
    case("new nephritis and a doubled dose", (1, 1, 2, 2), new_nephritis=True, recognised=1, after=20.0),
    case("a severe flare with a new seizure, same dose", (2, 2, 2, 2), sledai_seizure=1, recognised=2),
    case("platelets 59, new", (0, 0, 1, 1), platelets=59.0),
    case("platelets 60", (0, 0, 0, 0), platelets=60.0),
    case("platelets 50 before and now", (0, 0, 0, 0), {"platelets": 50.0}, platelets=50.0),
    case("platelets 50, then 49: worse", (0, 0, 1, 1), {"platelets": 50.0}, platelets=49.0),
    case(
        *("hemolysis with 6.9 before and now", (0, 0, 0, 0), {"hemoglobin": 6.9, "reticulocytes": 3.0}),
        hemoglobin=6.9,
        reticulocytes=3.0,
    ),
    case(
        *("hemolysis with 7.1, then 6.9: new", (0, 0, 1, 1), {"hemoglobin": 7.1, "reticulocytes": 3.0}),
        hemoglobin=6.9,
        reticulocytes=3.0,
    ),
    case(
        "a new seizure on 35 mg that go on for another reason",
        (0, 0, 1, 1),
        sledai_seizure=1,
        before=35.0,
        after=35.0,
    ),
]
NO_MEDICATION = [
    # why, index without medication under "modified" and "modified as written", what is found on day 56
    ("a severe flare and 35 mg", (1, 1), SEVERE_FLARE),
    (
        "a severe flare, a seizure and 35 mg: the dose is needed beside it",
        (2, 2),
        SEVERE_FLARE | {"sledai_seizure": 1},
    ),
    ("a severe flare that is new nephritis", (2, 2), {"recognised": 2, "new_nephritis": True}),
    ("a severe flare and a new drug", (1, 1), {"recognised": 2, "starts_drug": True}),
    ("15 mg for a mild flare that shows in nothing else", (1, 1), {"recognised": 1, "after": 15.0}),
]
