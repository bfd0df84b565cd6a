"""Hand-worked S3: a fall of SLEDAI-2K of at least four points.

The cytopenia patient has 7 at baseline (arthritis 4, rash 2, thrombocytopenia 1) and 1 at week 24.
"""

from tests.hand_worked.patients import OUT, YES, Case, case, no, patient
from tests.independent.rows import Data, Row

NO_SEROLOGY: Row = {"c3": None, "c4": None, "anti_dsdna": None}
FAILED = no("sledai")
SCORE_1: Row = {"sledai_arthritis": False, "sledai_rash": False}


def s3(name: str, expected: tuple[object, ...], why: str, data: Data, **readings: str) -> Case:
    return case("S3", name, expected, why, data, **readings)


def week_24(**values: object) -> Data:
    return patient("LC", values={"W24": values})


SCORES = [
    s3("7 to 1", YES, "−6", patient("LC")),
    s3("8 to 0", YES, "nephritis: hematuria and proteinuria go", patient("LN")),
    s3("7 to 3", YES, "rash 2 and thrombocytopenia 1 remain: −4", week_24(sledai_rash=True)),
    s3("7 to 4", FAILED, "fever 1 as well: −3", week_24(sledai_rash=True, sledai_fever=True)),
    s3("4 to 0", YES, "baseline of exactly 4", patient("LN", values={"before": {"urine_rbc": 5.0}})),
    s3("3, out", OUT, "baseline under 4", patient("LC", values={"D0": {"sledai_arthritis": False}})),
    s3(
        *("3, all counted", FAILED, "3 to 1 cannot be −4"),
        *(patient("LC", values={"D0": {"sledai_arthritis": False}}),),
        X22="all",
    ),
    s3("hematuria 5", YES, "5 cells are not over 5", week_24(urine_rbc=5.0)),
    s3("hematuria 6", FAILED, "6 cells score 4: 7 to 5", week_24(urine_rbc=6.0)),
    s3("pyuria 5", YES, "5 cells are not over 5", week_24(urine_wbc=5.0)),
    s3("pyuria 6", FAILED, "6 cells score 4", week_24(urine_wbc=6.0)),
    s3("casts", FAILED, "4 points", week_24(cellular_casts=True)),
    s3("proteinuria 0.5", YES, "not over 0.5", week_24(upcr=0.5)),
    s3("proteinuria 0.51", FAILED, "4 points", week_24(upcr=0.51)),
    s3("24-hour protein ignored", YES, "UPCR 0.1 decides", week_24(proteinuria_24h=3.0)),
    s3("C3 90", YES, "rash 2, platelets 1; C3 at the limit", week_24(sledai_rash=True, c3=90.0)),
    s3("C3 89", FAILED, "rash 2, platelets 1, complement 2", week_24(sledai_rash=True, c3=89.0)),
    s3("C4 10", YES, "at the limit", week_24(sledai_rash=True, c4=10.0)),
    s3("C4 9.9", FAILED, "below", week_24(sledai_rash=True, c4=9.9)),
    s3("anti-dsDNA 15", YES, "at the limit", week_24(sledai_rash=True, anti_dsdna=15.0)),
    s3("anti-dsDNA 15.1", FAILED, "above", week_24(sledai_rash=True, anti_dsdna=15.1)),
    s3(
        "platelets 100",
        YES,
        "rash 2 and fever 1 are 3; 100 does not score",
        week_24(sledai_rash=True, sledai_fever=True, platelets=100.0),
    ),
    s3(
        "platelets 99",
        FAILED,
        "rash 2, fever 1, platelets 1",
        week_24(sledai_rash=True, sledai_fever=True, platelets=99.0),
    ),
    s3("WBC 3.0", YES, "rash 2 and platelets 1; 3.0 does not score", week_24(sledai_rash=True, wbc=3.0)),
    s3("WBC 2.99", FAILED, "rash 2, platelets 1, WBC 1", week_24(sledai_rash=True, wbc=2.99)),
    s3(
        "recorded laboratory item",
        YES,
        "a recorded proteinuria with UPCR 0.1 is not trusted",
        week_24(sledai_proteinuria=True, sledai_hematuria=True, sledai2k=30.0),
    ),
    s3(
        "baseline casts not recorded as item",
        YES,
        "3 + casts 4 = 7 to 1",
        patient(
            "LC",
            values={"before": {"sledai_arthritis": False, "cellular_casts": True, "sledai_urinary_casts": False}},
        ),
    ),
]

SEROLOGY = [
    s3(
        *("borrowed from ten days before", FAILED, "rash 2, platelets 1, and complement 2 from day 158"),
        patient("LC", values={"W24": NO_SEROLOGY | {"sledai_rash": True}}, unscheduled=((158, {"c3": 50.0}),)),
    ),
    s3(
        *(
            "eleven days before is too old",
            YES,
            "W24 has no score; the visit of day 157 (complement 2, platelets 1) has",
        ),
        patient("LC", values={"W24": NO_SEROLOGY | {"sledai_rash": True}}, unscheduled=((157, {"c3": 50.0}),)),
    ),
    s3(
        *("borrowed from three days after", FAILED, "rash 2, platelets 1, anti-dsDNA 2 from day 171"),
        patient(
            "LC", values={"W24": NO_SEROLOGY | {"sledai_rash": True}}, unscheduled=((171, {"anti_dsdna": 99.0}),)
        ),
    ),
    s3(
        *(
            "four days after is too late",
            FAILED,
            "W24 has no score; day 172, with arthritis 4 and platelets 1, is used",
        ),
        patient("LC", values={"W24": NO_SEROLOGY}, unscheduled=((172, {"sledai_arthritis": True}),)),
    ),
    s3(
        *("tie", FAILED, "days 165 and 171 are equally near: the later, with anti-dsDNA 2, rash 2, platelets 1"),
        patient(
            *("LC",),
            values={"W24": NO_SEROLOGY | {"sledai_rash": True}},
            unscheduled=((165, {}), (171, {"anti_dsdna": 99.0})),
        ),
    ),
    s3(
        *("nearest goes first", YES, "day 166, not 171"),
        patient(
            *("LC",),
            values={"W24": NO_SEROLOGY | {"sledai_rash": True}},
            unscheduled=((166, {}), (171, {"anti_dsdna": 99.0})),
        ),
    ),
    s3(
        *("no score at W24", FAILED, "no serology near day 168, so W20 with its rash and fever is used"),
        patient("LC", values={"W24": NO_SEROLOGY, "W20": {"sledai_rash": True, "sledai_fever": True}}),
    ),
    s3("baseline from screening", YES, "serology of day −7", patient("LC", values={"D0": NO_SEROLOGY})),
    s3(
        *("baseline never from later", OUT, "day 1 is near enough, but after day 0"),
        patient("LC", values={"before": NO_SEROLOGY}, unscheduled=((1, {}),)),
    ),
    s3(
        *("screening too old", OUT, "day −11 is eleven days before"),
        patient("LC", values={"D0": NO_SEROLOGY}, held={"SCR": -11}),
    ),
    s3(
        *("low C3 is enough", FAILED, "C4 is not measured, C3 is low: rash 2, platelets 1, complement 2"),
        week_24(sledai_rash=True, c3=50.0, c4=None),
    ),
]

MISSING = [
    s3(
        "baseline item missing",
        OUT,
        "an unknown item is not a normal one",
        patient("LC", values={"D0": {"sledai_rash": None}}),
    ),
    s3("baseline missed", OUT, "nothing replaces day 0", patient("LC", missed=("D0",))),
    s3(
        *("W24 item missing", FAILED, "W20 is used"),
        patient("LC", values={"W24": {"sledai_cva": None}, "W20": {"sledai_vasculitis": True}}),
    ),
    s3("all late visits missed", no("missing"), "no W20, no W24", patient("LC", missed=("W20", "W24"))),
    s3("rescue on day 168", no("rescue"), "in the window", patient("LC", events=((168, "rescue", "steroid"),))),
    s3(
        *("rescue on day 169 before W24", no("rescue"), "W24 on day 170 extends the window"),
        patient("LC", held={"W24": 170}, events=((169, "rescue", "steroid"),)),
    ),
    s3("rescue on day 169", YES, "after it", patient("LC", events=((169, "rescue", "steroid"),))),
    s3(
        *("rescue before missing", no("rescue"), "both"),
        patient("LC", missed=("W20", "W24"), events=((5, "rescue", "steroid"),)),
    ),
    s3("transfusion", YES, "does not matter here", patient("LC", events=((100, "transfusion", "red_cells"),))),
    s3("withdrawal on day 100", no("withdrawal"), "before day 168", patient("LC", events=((100, "withdrawal"),))),
    s3(
        "death, baseline 1",
        OUT,
        "outside the population first",
        patient("LC", values={"before": SCORE_1}, events=((100, "death"),)),
    ),
]

CASES: list[Case] = SCORES + SEROLOGY + MISSING
