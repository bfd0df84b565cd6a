"""Hand-worked low disease activity (the column `lldas`) of single visits."""

from tests.hand_worked.bilag import rule
from tests.hand_worked.patients import Case, patient
from tests.independent.rows import Data


def low_activity(title: str, expected: bool | None, why: str, visit: str, data: Data) -> Case:
    return rule("lldas", title, expected, why, data=data, visit=visit)


def without_new_activity(data: Data) -> Data:
    for row in data["visits"]:
        del row["new_activity"]
    return data


CASES: list[Case] = [
    low_activity("quiet", True, "SLEDAI-2K 0, PGA 0.4, 5 mg", "W24", patient("LN")),
    low_activity("day 0", False, "hematuria, proteinuria, PGA 1.5, 20 mg", "D0", patient("LN")),
    low_activity("mean dose on day 28", True, "7.5 mg from day 21: days 22 to 28", "W4", patient("LN")),
    low_activity(
        *("pulse 28 days before", False, "within 28 days"),
        "W24",
        patient("LN", events=((140, "rescue", "pulse"),)),
    ),
    low_activity(
        *("pulse 29 days before", True, "before the 28 days"),
        "W24",
        patient("LN", events=((139, "rescue", "pulse"),)),
    ),
    low_activity(
        *("immunoglobulin", True, "neither pulse nor cyclophosphamide"),
        "W24",
        patient("LN", events=((160, "rescue", "ivig"),)),
    ),
    low_activity(
        *("PGA unknown", None, "everything else is met"),
        "W24",
        patient("LN", values={"W24": {"pga": None}}),
    ),
    low_activity(
        *("PGA unknown, fever", False, "one failure is enough"),
        "W24",
        patient("LN", values={"W24": {"pga": None, "sledai_fever": True}}),
    ),
    low_activity(
        *("new item", False, "no column: arthritis now, none on day 140"),
        "W24",
        without_new_activity(patient("LN", values={"W24": {"sledai_arthritis": True}})),
    ),
    low_activity(
        *("old item", True, "no column: arthritis at both"),
        "W24",
        without_new_activity(
            patient("LN", values={"W20": {"sledai_arthritis": True}, "W24": {"sledai_arthritis": True}})
        ),
    ),
    low_activity(
        *(
            "visit less than 28 days before",
            True,
            "no column: day 112 is asked, day 141 is 27 days before 168",
            "W24",
        ),
        without_new_activity(
            patient(
                "LN",
                held={"W20": 141},
                values={"W16": {"sledai_arthritis": True}, "W24": {"sledai_arthritis": True}},
            )
        ),
    ),
]
