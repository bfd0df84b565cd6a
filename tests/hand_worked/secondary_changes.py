"""Hand-worked changes from baseline: S8, S10, O1 and O2."""

import math
from typing import Any

from tests.hand_worked.patients import Case, case, patient
from tests.independent.rows import Data

ABSENT = ("D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24")


def change(
    endpoint: str, variable: str, visit: str, name: str, value: float | None, why: str, data: Data, **readings: str
) -> Case:
    """The change of one measurement at one visit; `value` None is no change known."""
    expected: dict[str, Any] = {"value": value, "in_population": True, "responder": None}
    made = case(endpoint, f"{variable} {visit} {name}", expected, why, data, **readings)
    return made | {"variable": variable, "visit": visit}


def outside(endpoint: str, variable: str, visit: str, data: Data) -> Case:
    made = change(endpoint, variable, visit, "not for this subgroup", None, "the record says so", data)
    made["expected"] = {"value": None, "in_population": False}
    return made


S8: list[Case] = [
    change("S8", "platelets", "W24", "rise", 40.0, "50 to 90", patient("LC")),
    change("S8", "platelets", "D3", "rise", 40.0, "50 to 90", patient("LC")),
    change("S8", "wbc", "W4", "none", 0.0, "5.35 at both", patient("LC")),
    change(
        *("S8", "hemoglobin", "W12", "rise", 1.5, "10.5 to 12.0"),
        patient("LC", values={"D0": {"hemoglobin": 10.5}}),
    ),
    change(
        *("S8", "platelets", "W24", "missed, nothing near", None, "W20 is 28 days away; no carrying"),
        patient("LC", missed=("W24",)),
    ),
    change(
        *("S8", "platelets", "W24", "missed, one near", 45.0, "day 161 is seven days away: 95 - 50"),
        patient("LC", missed=("W24",), unscheduled=((161, {"platelets": 95.0}),)),
    ),
    change(
        *("S8", "platelets", "W24", "tie", 60.0, "days 165 and 171 are as near: the later, 110 - 50"),
        patient("LC", missed=("W24",), unscheduled=((165, {"platelets": 95.0}), (171, {"platelets": 110.0}))),
    ),
    change(
        *("S8", "platelets", "W1", "three days away", None, "day 10 is outside two days of day 7"),
        patient("LC", missed=("W1",), unscheduled=((10, {"platelets": 95.0}),)),
    ),
    change(
        *("S8", "platelets", "W1", "two days away", 45.0, "day 9 is two days from day 7"),
        patient("LC", missed=("W1",), unscheduled=((9, {"platelets": 95.0}),)),
    ),
    change(
        *("S8", "platelets", "D3", "day 1", 45.0, "day 1 is two days from day 3 and after day 0"),
        patient("LC", missed=("D3",), unscheduled=((1, {"platelets": 95.0}),)),
    ),
    change(
        *("S8", "platelets", "W4", "baseline missing", None, "the screening value does not replace it"),
        patient("LC", missed=("D0",)),
    ),
    change(
        *("S8", "platelets", "W4", "after platelets", None, "given on day 21: days 21 to 28 do not count"),
        patient("LC", events=((21, "transfusion", "platelets"),)),
    ),
    change(
        *("S8", "platelets", "W4", "eight days after platelets", 40.0, "given on day 20: day 28 counts"),
        patient("LC", events=((20, "transfusion", "platelets"),)),
    ),
    change(
        *("S8", "hemoglobin", "W4", "after platelets", 0.0, "platelets do not spoil hemoglobin"),
        patient("LC", events=((21, "transfusion", "platelets"),)),
    ),
    change(
        *("S8", "platelets", "W24", "28 days after immunoglobulin", None, "given on day 140"),
        patient("LC", events=((140, "rescue", "ivig"),)),
    ),
    change(
        *("S8", "platelets", "W24", "29 days after immunoglobulin", 40.0, "given on day 139"),
        patient("LC", events=((139, "rescue", "ivig"),)),
    ),
    change(
        *("S8", "wbc", "W24", "14 days after growth factor", None, "given on day 154"),
        patient("LC", events=((154, "gcsf"),)),
    ),
    change(
        *("S8", "wbc", "W12", "growth factor, a sound one near", 1.0, "day 84 is spoilt, W12D3 on day 87 is not"),
        patient("LC", values={"W12D3": {"wbc": 6.35}}, events=((70, "gcsf"),)),
    ),
    change(
        *("S8", "hemoglobin", "W24", "baseline after transfusion", None, "red cells on day -5 spoil day 0"),
        patient("LC", events=((-5, "transfusion", "red_cells"),)),
    ),
    change(
        *("S8", "hemoglobin", "W24", "spoilt, a sound one near", 2.0, "day 168 is spoilt, day 164 (14.0) is not"),
        patient("LC", unscheduled=((164, {"hemoglobin": 14.0}),), events=((165, "transfusion", "red_cells"),)),
    ),
    outside("S8", "platelets", "W24", patient("LN")),
]

S10: list[Case] = [
    change("S10", "upcr", "W24", "fall", 0.4 - 2.0, "2.0 to 0.4", patient("LN")),
    change("S10", "log_upcr", "W24", "fall", math.log(0.2), "0.4 / 2.0 is 0.2", patient("LN")),
    change(
        *("S10", "log_upcr", "W24", "to zero", None, "zero has no logarithm"),
        patient("LN", values={"W24": {"upcr": 0.0}}),
    ),
    change("S10", "upcr", "W24", "to zero", -2.0, "2.0 to 0", patient("LN", values={"W24": {"upcr": 0.0}})),
    change(
        *("S10", "serum_creatinine", "W12D3", "rise", 20.0, "100 to 120"),
        patient("LN", values={"W12D3": {"serum_creatinine": 120.0}}),
    ),
    change("S10", "egfr", "W24", "same creatinine", 0.0, "one creatinine, one age", patient("LN")),
    change(
        *("S10", "egfr", "W24", "recorded rate ignored", 0.0, "a recorded 30 is not trusted"),
        patient("LN", values={"W24": {"egfr": 30.0}}),
    ),
    change(
        *(
            "S10",
            "upcr",
            "W16",
            "late second infusion",
            0.6 - 2.0,
            "W16 was held on day 126 and stands for week 16",
        ),
        patient(
            "LN",
            held={"W12": 84, "W12D3": 101, "W13": 105, "W16": 126, "W20": 154, "W24": 182},
            values={"W16": {"upcr": 0.6}},
            second_infusion=98,
        ),
    ),
    change(
        *("S10", "upcr", "W12", "missed", 0.7 - 2.0, "W12D3 on day 87 is the nearest"),
        patient("LN", missed=("W12",), values={"W12D3": {"upcr": 0.7}}),
    ),
    outside("S10", "upcr", "W24", patient("LC")),
]

O1: list[Case] = [
    change("O1", "sledai2k", "W24", "nephritis", -8.0, "8 to 0", patient("LN")),
    change("O1", "sledai2k", "W24", "cytopenia", -6.0, "7 to 1", patient("LC")),
    change("O1", "sledai2k", "D3", "serology of day 0", -8.0, "day 0 is three days before day 3", patient("LN")),
    change(
        *("O1", "sledai2k", "D3", "no serology near", None, "day 0 had none, so neither total is known"),
        patient(
            "LN",
            values={
                "D0": {"c3": None, "c4": None, "anti_dsdna": None},
                "SCR": {"c3": None, "c4": None, "anti_dsdna": None},
            },
        ),
    ),
    change("O1", "sdi", "W24", "one more", 1.0, "0 to 1", patient("LN", values={"W24": {"sdi": 1.0}})),
    change("O1", "bilag", "W24", "A to C", -11.0, "12 to 1", patient("LN")),
    change(
        *("O1", "bilag", "W4", "A to B, E to B", 4.0, "12 to 8 + 8"),
        patient("LN", values={"W4": {"bilag_renal": "B", "bilag_mucocutaneous": "B"}}),
    ),
    change(
        *("O1", "bilag", "W12", "a grade missing", None, "eight grades are no total, and no visit near has nine"),
        patient("LN", values={name: {"bilag_renal": None} for name in ABSENT}),
    ),
]

O2: list[Case] = [
    change("O2", "treg", "W24", "rise", 1.5, "5.0 to 6.5", patient("LN", values={"W24": {"treg": 6.5}})),
    change("O2", "th17", "D3", "fall", -0.5, "1.0 to 0.5", patient("LC", values={"D3": {"th17": 0.5}})),
    change("O2", "treg", "Y1", "not seen", None, "nothing near day 365", patient("LN")),
    change(
        *("O2", "treg", "Y0.5", "week 24 late", 2.0, "W24 on day 175 is seven days from 182"),
        patient("LN", held={"W24": 175}, values={"W24": {"treg": 7.0}}),
    ),
]

CASES: list[Case] = S8 + S10 + O1 + O2
