"""Hand-worked hematologic flares: relapse, BILAG and flare index, each confirmed by the next sample."""

from typing import Any

from tests.hand_worked.bilag import rule
from tests.hand_worked.patients import Case, patient


def hematologic(
    title: str, expected: tuple[int, str] | None, why: str, values: dict[str, dict[str, Any]], **more: Any
) -> Case:
    """Cytopenia of platelets, 50 before and 90 at each later visit until told otherwise."""
    return rule("hematologic_flare", title, expected, why, data=patient("LC", values=values, **more))


def platelets(**counts: float) -> dict[str, dict[str, Any]]:
    return {visit: {"platelets": count} for visit, count in counts.items()}


ANEMIA = {"I5_1E": True, "I5_1P": False}
NORMAL = {"platelets": 220.0}
HEMOLYSIS = {"reticulocytes": 2.6}
CASES: list[Case] = [
    hematologic("none", None, "90 throughout", {}),
    hematologic(
        *("relapse", (112, "P"), "from 90 to 45 on day 91, confirmed on day 112"),
        platelets(W13=45.0, W16=45.0),
    ),
    hematologic("not confirmed", None, "46 is not half of 90", platelets(W13=45.0, W16=46.0)),
    hematologic(
        *("not in the entry range", None, "best 300 to 140: fallen by more than half, but over 100"),
        platelets(
            **dict.fromkeys(("D3", "W1", "W4", "W8", "W12", "W12D3", "W13"), 300.0),
            W16=140.0,
            W20=140.0,
            W24=300.0,
        ),
    ),
    hematologic(
        *("best is a mean of two", None, "(200 + 90) / 2 = 145: 73 is over half of it"),
        platelets(W4=200.0, W16=73.0, W20=73.0),
    ),
    hematologic("the last visit", None, "nothing confirms day 168", platelets(W24=20.0)),
    hematologic(
        *("relapse of hemoglobin", (112, "E"), "12.0 to 9.9 is 2.1 lower and at most 10"),
        {
            "before": {"hemoglobin": 9.0, "platelets": 220.0},
            "after": {"platelets": 220.0},
            "W13": {"hemoglobin": 9.9},
            "W16": {"hemoglobin": 9.9},
        },
        candidate=ANEMIA,
    ),
    hematologic(
        *("hemoglobin over 10", None, "12.0 to 10.1 is no entry range"),
        {
            "before": {"hemoglobin": 9.0, "platelets": 220.0},
            "after": {"platelets": 220.0},
            "W13": {"hemoglobin": 10.1},
            "W16": {"hemoglobin": 10.1},
        },
        candidate=ANEMIA,
    ),
    hematologic(
        *("new B without improvement", (140, "P"), "never 30 up; 70 to 45 is down 36 %, and 31 % from day 0's 65"),
        {
            "before": {"platelets": 65.0},
            "after": {"platelets": 70.0},
            "W16": {"platelets": 45.0, "bilag_haematological": "B"},
            "W20": {"platelets": 45.0, "bilag_haematological": "B"},
        },
    ),
    hematologic(
        *("new B, C at the next visit", None, "the next visit is graded and is no longer A or B"),
        {
            "before": {"platelets": 65.0},
            "after": {"platelets": 70.0},
            "W16": {"platelets": 45.0, "bilag_haematological": "B"},
            "W20": {"platelets": 45.0, "bilag_haematological": "C"},
        },
    ),
    hematologic(
        *("new B without a fall", None, "70 to 50 is down 29 %"),
        {
            "before": {"platelets": 80.0},
            "after": {"platelets": 70.0},
            "W16": {"platelets": 50.0, "bilag_haematological": "B"},
            "W20": {"platelets": 50.0, "bilag_haematological": "B"},
        },
    ),
    hematologic(
        *("new B, day 0 as low", None, "45 is not 30 % below day 0's 60"),
        {
            "before": {"platelets": 60.0},
            "after": {"platelets": 70.0},
            "W16": {"platelets": 45.0, "bilag_haematological": "B"},
            "W20": {"platelets": 45.0, "bilag_haematological": "B"},
        },
    ),
    hematologic(
        *("flare index", (140, "P"), "lineage not qualifying: 220 to 59, confirmed by 59"),
        {
            "before": {"platelets": 220.0},
            "after": {"platelets": 220.0},
            "W16": {"platelets": 59.0},
            "W20": {"platelets": 59.0},
        },
        candidate={"I5_1N": True, "I5_1P": False},
    ),
    hematologic(
        *("flare index, 60", None, "60 is not below 60"),
        {
            "before": {"platelets": 220.0},
            "after": {"platelets": 220.0},
            "W16": {"platelets": 60.0},
            "W20": {"platelets": 60.0},
        },
        candidate={"I5_1N": True, "I5_1P": False},
    ),
    hematologic(
        *("relapse of neutrophils", (112, "N"), "0.6 to 1.5 was an improvement; 0.75 is half of it and below 1.0"),
        {
            "before": {"neutrophils": 0.6, **NORMAL},
            "after": {"neutrophils": 1.5, **NORMAL},
            "W13": {"neutrophils": 0.75},
            "W16": {"neutrophils": 0.75},
        },
        candidate={"I5_1N": True, "I5_1P": False},
    ),
    hematologic(
        *("neutrophils 1.0", None, "half of 2.0, but not below 1.0"),
        {"before": {"neutrophils": 0.6, **NORMAL}, "after": {"neutrophils": 2.0, **NORMAL}}
        | {"W13": {"neutrophils": 1.0}, "W16": {"neutrophils": 1.0}},
        candidate={"I5_1N": True, "I5_1P": False},
    ),
    hematologic(
        *("neutrophils over half", None, "0.76 is not half of 1.5"),
        {
            "before": {"neutrophils": 0.6, **NORMAL},
            "after": {"neutrophils": 1.5, **NORMAL},
            "W13": {"neutrophils": 0.76},
            "W16": {"neutrophils": 0.76},
        },
        candidate={"I5_1N": True, "I5_1P": False},
    ),
    hematologic(
        *(
            "transfusion after improvement",
            (140, "E"),
            "11.0 to 10.0 alone is no relapse; the transfusion makes it one",
        ),
        {
            "before": {"hemoglobin": 8.0, **NORMAL},
            "after": {"hemoglobin": 11.0, **NORMAL},
            "W16": {"hemoglobin": 10.0},
            "W20": {"hemoglobin": 10.0},
        },
        candidate=ANEMIA,
        events=((112, "transfusion", "red_cells"),),
    ),
    hematologic(
        *("transfusion between two visits", (140, "E"), "on day 100, after the sample of day 91"),
        {
            "before": {"hemoglobin": 8.0, **NORMAL},
            "after": {"hemoglobin": 11.0, **NORMAL},
            "W16": {"hemoglobin": 10.0},
            "W20": {"hemoglobin": 10.0},
        },
        candidate=ANEMIA,
        events=((100, "transfusion", "red_cells"),),
    ),
    hematologic(
        *("transfusion at the visit before", None, "on day 91 hemoglobin was 11.0, out of the entry range"),
        {
            "before": {"hemoglobin": 8.0, **NORMAL},
            "after": {"hemoglobin": 11.0, **NORMAL},
            "W16": {"hemoglobin": 10.0},
            "W20": {"hemoglobin": 10.0},
        },
        candidate=ANEMIA,
        events=((91, "transfusion", "red_cells"),),
    ),
    hematologic(
        *("new B of hemoglobin", (140, "E"), "9.5 to 8.5 is down 1.0, from day 0 as well"),
        {
            "before": {"hemoglobin": 9.5, **NORMAL},
            "after": {"hemoglobin": 9.5, **NORMAL},
            "W16": {"hemoglobin": 8.5, "bilag_haematological": "B"},
            "W20": {"hemoglobin": 8.5, "bilag_haematological": "B"},
        },
        candidate=ANEMIA,
    ),
    hematologic(
        *("flare index, hemoglobin down by 3.1", (140, "E"), "12.0 to 8.9 is over 3"),
        {"W16": {"hemoglobin": 8.9, **HEMOLYSIS}, "W20": {"hemoglobin": 8.9}},
    ),
    hematologic(
        *("flare index, no hemolysis", None, "12.0 to 8.9 with 1 % of reticulocytes"),
        {"W16": {"hemoglobin": 8.9}, "W20": {"hemoglobin": 8.9}},
    ),
    hematologic(
        *("flare index, hemoglobin down by 3.0", None, "12.0 to 9.0 is not over 3"),
        {"W16": {"hemoglobin": 9.0, **HEMOLYSIS}, "W20": {"hemoglobin": 9.0}},
    ),
    hematologic(
        *("flare index, hemoglobin 6.9", (140, "E"), "below 7, down 1.1 from the last and from day 0"),
        {
            "before": {"hemoglobin": 8.0},
            "after": {"hemoglobin": 8.0},
            "W16": {"hemoglobin": 6.9, **HEMOLYSIS},
            "W20": {"hemoglobin": 6.9},
        },
    ),
    hematologic(
        *("hemoglobin 7.0", None, "not below 7"),
        {
            "before": {"hemoglobin": 8.0},
            "after": {"hemoglobin": 8.0},
            "W16": {"hemoglobin": 7.0, **HEMOLYSIS},
            "W20": {"hemoglobin": 7.0},
        },
    ),
]
