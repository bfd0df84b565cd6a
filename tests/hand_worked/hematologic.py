"""Hand-worked P2: hematologic improvement on day 168 in lupus cytopenia."""

from tests.hand_worked.patients import OUT, TAPER, YES, Case, case, no, patient, spell
from tests.independent.rows import Data

E_ONLY = {"I5_1E": True, "I5_1P": False}
N_ONLY = {"I5_1N": True, "I5_1P": False}
L_ONLY = {"I5_1L": True, "I5_1P": False}
E_AND_P = {"I5_1E": True}
UNFLAGGED = {"I5_1E": None, "I5_1N": None, "I5_1L": None, "I5_1P": None}
FAILED = no("hematologic_response")
ONLY_PLATELETS_RISE = {"before": {"hemoglobin": 8.0}, "after": {"hemoglobin": 8.0}}
ONLY_HEMOGLOBIN_RISES = {"before": {"hemoglobin": 8.0}, "after": {"hemoglobin": 9.5, "platelets": 60}}


def platelets(before: float, after: float) -> Data:
    return patient("LC", values={"before": {"platelets": before}, "after": {"platelets": after}})


def hemoglobin(before: float, after: float) -> Data:
    values = {"before": {"hemoglobin": before, "reticulocytes": 4.0}, "after": {"hemoglobin": after}}
    return patient("LC", candidate=E_ONLY, values=values)


def neutrophils(before: float, after: float) -> Data:
    values = {"before": {"neutrophils": before}, "after": {"neutrophils": after}}
    return patient("LC", candidate=N_ONLY, values=values)


def lymphocytes(before: float, after: float) -> Data:
    values = {"before": {"lymphocytes": before}, "after": {"lymphocytes": after}}
    return patient("LC", candidate=L_ONLY, values=values)


def p2(name: str, expected: tuple[object, ...], why: str, data: Data, **readings: str) -> Case:
    return case("P2", name, expected, why, data, **readings)


THRESHOLDS = [
    p2("platelets +30", YES, "50 to 80 is +30", platelets(50, 80)),
    p2("platelets +29", FAILED, "50 to 79 is +29", platelets(50, 79)),
    p2("platelets 20 to 40", YES, "at most 20: +20 and doubled", platelets(20, 40)),
    p2("platelets 20 to 39", FAILED, "at most 20: +19", platelets(20, 39)),
    p2("platelets 21 to 50", FAILED, "over 20: +29", platelets(21, 50)),
    p2("platelets 21 to 51", YES, "over 20: +30", platelets(21, 51)),
    p2("platelets 10 to 29", FAILED, "nearly tripled, but +19", platelets(10, 29)),
    p2("platelets 10 to 30", YES, "+20 and tripled", platelets(10, 30)),
    p2("hemoglobin +1.5", YES, "8.0 to 9.5", hemoglobin(8.0, 9.5)),
    p2("hemoglobin +1.4", FAILED, "8.0 to 9.4", hemoglobin(8.0, 9.4)),
    p2("hemoglobin +1.5 in binary", YES, "7.2 to 8.7 is 1.5 to 1e-9", hemoglobin(7.2, 8.7)),
    p2("neutrophils +0.5 in binary", YES, "0.45 to 0.95 is 0.5 to 1e-9", neutrophils(0.45, 0.95)),
    p2("neutrophils both", YES, "0.5 to 1.0: doubled and +0.5", neutrophils(0.5, 1.0)),
    p2("neutrophils doubled only", FAILED, "0.4 to 0.8: doubled, but +0.4", neutrophils(0.4, 0.8)),
    p2("neutrophils 0.4 to 0.9", YES, "+0.5 and more than doubled", neutrophils(0.4, 0.9)),
    p2("neutrophils risen only", FAILED, "0.8 to 1.5: +0.7, but not doubled", neutrophils(0.8, 1.5)),
    p2("neutrophils 0.6 to 1.2", YES, "doubled and +0.6", neutrophils(0.6, 1.2)),
    p2("neutrophils 0.6 to 1.19", FAILED, "not quite doubled", neutrophils(0.6, 1.19)),
]

BEFORE = [
    p2(
        *("mean of two", YES, "mean of 40 and 60 is 50; 80 is +30"),
        patient("LC", values={"SCR": {"platelets": 40}, "D0": {"platelets": 60}, "W24": {"platelets": 80}}),
    ),
    p2(
        *("mean of two, short", FAILED, "mean of 40 and 61 is 50.5; 80 is +29.5"),
        patient("LC", values={"SCR": {"platelets": 40}, "D0": {"platelets": 61}, "W24": {"platelets": 80}}),
    ),
    p2(
        *("mean exactly 20", YES, "mean of 19 and 21 is 20, so the lower rule: 40"),
        patient("LC", values={"SCR": {"platelets": 19}, "D0": {"platelets": 21}, "W24": {"platelets": 40}}),
    ),
    p2(
        *("mean just over 20", FAILED, "mean of 20 and 21 is 20.5, so +30 is asked and 45 is +24.5"),
        patient("LC", values={"SCR": {"platelets": 20}, "D0": {"platelets": 21}, "W24": {"platelets": 45}}),
    ),
    p2(
        *("day 0 missing", YES, "the screening value 60 stands alone; 90 is +30"),
        patient("LC", values={"SCR": {"platelets": 60}, "D0": {"platelets": None}, "W24": {"platelets": 90}}),
    ),
    p2(
        *("day 0 missing, short", FAILED, "the screening value 60 stands alone; 89 is +29"),
        patient("LC", values={"SCR": {"platelets": 60}, "D0": {"platelets": None}, "W24": {"platelets": 89}}),
    ),
    p2(
        *("no pre-treatment value", no("missing"), "neither screening nor day 0"),
        patient("LC", values={"before": {"platelets": None}}),
    ),
    p2(
        *("immunoglobulin 20 days before", no("missing"), "spoils day −7 (13 days) and day 0 (20 days)"),
        patient("LC", events=((-20, "rescue", "ivig"),)),
    ),
    p2(
        *("immunoglobulin 29 days before", FAILED, "day −7 (22 days) is spoilt, day 0 (29 days) not: 70 to 90"),
        patient("LC", values={"D0": {"platelets": 70}}, events=((-29, "rescue", "ivig"),)),
    ),
    p2(
        *(
            "immunoglobulin 28 days before",
            YES,
            "with SCR on day −35, before it, day 0 is spoilt: 50 to 90 counts",
        ),
        patient("LC", held={"SCR": -35}, values={"D0": {"platelets": 72}}, events=((-28, "rescue", "ivig"),)),
    ),
    p2(
        *("platelets transfused on day −7", no("missing"), "same day spoilt, and day 0 is the seventh day after"),
        patient("LC", events=((-7, "transfusion", "platelets"),)),
    ),
    p2(
        *("platelets transfused on day −8", FAILED, "day −7 spoilt, day 0 is the eighth day: 70 to 90 is +20"),
        patient("LC", values={"D0": {"platelets": 70}}, events=((-8, "transfusion", "platelets"),)),
    ),
    p2(
        *("red cells do not spoil platelets", FAILED, "the mean of 50 and 72 is 61; 90 is +29"),
        patient("LC", values={"D0": {"platelets": 72}}, events=((-1, "transfusion", "red_cells"),)),
    ),
    p2(
        *("red cells transfused on day −7", no("missing"), "same day spoilt, and day 0 is the seventh day after"),
        patient("LC", candidate=E_ONLY, values=ONLY_HEMOGLOBIN_RISES, events=((-7, "transfusion", "red_cells"),)),
    ),
    p2(
        *("red cells transfused on day −8", YES, "day −7 spoilt, day 0 is the eighth day: 8.0 to 9.5"),
        patient(
            *("LC",),
            candidate=E_ONLY,
            values=ONLY_HEMOGLOBIN_RISES | {"SCR": {"hemoglobin": 9.0}},
            events=((-8, "transfusion", "red_cells"),),
        ),
    ),
    p2(
        *("G-CSF 14 days before", YES, "day 0 is spoilt, day −15 stands: 0.5 to 1.0"),
        patient(
            *("LC",),
            candidate=N_ONLY,
            held={"SCR": -15},
            values={"SCR": {"neutrophils": 0.5}, "D0": {"neutrophils": 1.5}, "after": {"neutrophils": 1.0}},
            events=((-14, "gcsf"),),
        ),
    ),
    p2(
        *("G-CSF 15 days before", FAILED, "day 0 counts: mean of 0.5 and 1.5 is 1.0, not doubled by 1.0"),
        patient(
            *("LC",),
            candidate=N_ONLY,
            held={"SCR": -16},
            values={"SCR": {"neutrophils": 0.5}, "D0": {"neutrophils": 1.5}, "after": {"neutrophils": 1.0}},
            events=((-15, "gcsf"),),
        ),
    ),
]

LATE_ONLY = {"W16": {"platelets": 60}}
ONLY_LYMPHOCYTES_RISE = {"before": {"lymphocytes": 0.5}, "after": {"lymphocytes": 1.0, "platelets": 50}}
NONE_QUALIFIES = {"I5_1P": False}
NO_WEEK_16 = {name: {"platelets": None} for name in ("W12", "W12D3", "W13", "W16")} | {"W24": {"platelets": 60}}

LINEAGES = [
    p2(
        "any of two",
        YES,
        "platelets rise, hemoglobin not",
        patient("LC", candidate=E_AND_P, values=ONLY_PLATELETS_RISE),
    ),
    p2(
        *("all of two", FAILED, "hemoglobin does not rise"),
        *(patient("LC", candidate=E_AND_P, values=ONLY_PLATELETS_RISE),),
        X02="all",
    ),
    p2(
        *("all of two, both", YES, "platelets +40, hemoglobin +1.5"),
        *(patient("LC", candidate=E_AND_P, values=ONLY_HEMOGLOBIN_RISES | {"W24": {"platelets": 90}}),),
        X02="all",
    ),
    p2(
        *("another lineage", FAILED, "hemoglobin rises, but only platelets qualified"),
        patient("LC", values=ONLY_HEMOGLOBIN_RISES),
    ),
    p2(
        *("any lineage", YES, "hemoglobin rises, whatever qualified"),
        *(patient("LC", values=ONLY_HEMOGLOBIN_RISES),),
        X02="any_lineage",
    ),
    p2("lymphopenia only", no("no_response_definition"), "nothing defined for it", lymphocytes(0.5, 2.0)),
    p2("lymphopenia only, excluded", OUT, "left out of the population", lymphocytes(0.5, 2.0), X05="excluded"),
    p2("lymphocytes doubled", YES, "0.5 to 1.0: doubled and +0.5", lymphocytes(0.5, 1.0), X05="alc_doubling"),
    p2("lymphocytes doubled only", FAILED, "0.4 to 0.8 is +0.4", lymphocytes(0.4, 0.8), X05="alc_doubling"),
    p2(
        *(
            "nothing qualified, lymphopenia excluded",
            no("no_response_definition"),
            "it is not lymphopenia",
        ),
        *(patient("LC", candidate=NONE_QUALIFIES),),
        X05="excluded",
    ),
    p2(
        *("lymphocytes doubled, any lineage", YES, "the lineage that qualified counts beside the three"),
        *(patient("LC", candidate=L_ONLY, values=ONLY_LYMPHOCYTES_RISE),),
        X02="any_lineage",
        X05="alc_doubling",
    ),
    p2(
        *("lymphopenia only, any lineage, excluded", FAILED, "judged by the three lineages, none of which rises"),
        *(patient("LC", candidate=L_ONLY, values=ONLY_LYMPHOCYTES_RISE),),
        X02="any_lineage",
        X05="excluded",
    ),
    p2(
        *(
            "week 16 missing, sustained reading",
            no("missing"),
            "no count on days 77 to 119",
        ),
        *(patient("LC", values=NO_WEEK_16),),
        X03="sustained_8_weeks",
    ),
    p2("sustained reading met", YES, "90 at weeks 16, 20 and 24", patient("LC"), X03="sustained_8_weeks"),
    p2(
        *(
            "sustained, day 147 for week 20",
            FAILED,
            "60 on day 147, seven days from day 140, stands before week 16",
        ),
        patient("LC", missed=("W20",), unscheduled=((147, {"platelets": 60}),)),
        X03="sustained_8_weeks",
    ),
    p2(
        *("sustained, day 148 is too late", YES, "60 on day 148, eight days from day 140: week 16 is carried"),
        patient("LC", missed=("W20",), unscheduled=((148, {"platelets": 60}),)),
        X03="sustained_8_weeks",
    ),
    p2(
        *(
            "sustained, day 119 for week 16",
            FAILED,
            "60 on day 119, seven days from day 112, stands before week 13",
        ),
        patient("LC", missed=("W16",), unscheduled=((119, {"platelets": 60}),)),
        X03="sustained_8_weeks",
    ),
    p2(
        *("sustained, day 105 for both", YES, "day 105 is 7 days before day 112 and 35 before day 140"),
        patient("LC", missed=("W16", "W20"), unscheduled=((105, {"platelets": 90}),)),
        X03="sustained_8_weeks",
    ),
    p2(
        *("sustained, day 104 is too early", no("missing"), "36 days before day 140"),
        patient("LC", missed=("W16", "W20"), unscheduled=((104, {"platelets": 90}),)),
        X03="sustained_8_weeks",
    ),
    p2(
        *("at any time", YES, "90 at week 4 alone is +40"),
        patient("LC", values={"after": {"platelets": 50}, "W4": {"platelets": 90}}),
        X03="any_time",
    ),
    p2(
        *(
            "at any time, not before day 1",
            FAILED,
            "90 on day 0 is no improvement: the mean before is 70, 90 is +20",
        ),
        patient("LC", values={"after": {"platelets": 50}, "D0": {"platelets": 90}}),
        X03="any_time",
    ),
    p2(
        *(
            "at any time, another lineage unmeasured",
            YES,
            "platelets +40 at week 4, hemoglobin not measured there",
        ),
        patient(
            "LC",
            candidate=E_AND_P,
            values={"after": {"platelets": 50}, "W4": {"platelets": 90, "hemoglobin": None}},
        ),
        X03="any_time",
    ),
    p2(
        *("neutrophils as printed", FAILED, "+500 × 10⁹/L neutrophils is asked for"),
        *(neutrophils(0.5, 5.0),),
        X01="billions_per_liter",
    ),
    p2("late response", YES, "week 24 decides", patient("LC", values=LATE_ONLY)),
    p2(
        *("late response, sustained reading", FAILED, "60 at week 16 is +10"),
        *(patient("LC", values=LATE_ONLY),),
        X03="sustained_8_weeks",
    ),
    p2(
        *("flag derived", YES, "platelets 99 at screening qualify; mean of 99 and 50 is 74.5, 105 is +30.5"),
        patient("LC", candidate=UNFLAGGED, values={"SCR": {"platelets": 99}, "W24": {"platelets": 105}}),
    ),
    p2(
        *("flag derived, not met", no("no_response_definition"), "platelets 100 at screening do not qualify"),
        patient("LC", candidate=UNFLAGGED, values={"SCR": {"platelets": 100}, "W24": {"platelets": 150}}),
    ),
    p2(
        *("hemolysis derived", YES, "hemoglobin 10.0 with reticulocytes 2.6 % qualifies; 10.0 to 11.5"),
        patient(
            *("LC",),
            candidate=UNFLAGGED | {"I5_1P": False},
            values={"before": {"hemoglobin": 10.0, "reticulocytes": 2.6}, "after": {"hemoglobin": 11.5}},
        ),
    ),
    p2(
        *("no hemolysis", no("no_response_definition"), "reticulocytes 2.5 % are not over 2.5"),
        patient(
            *("LC",),
            candidate=UNFLAGGED | {"I5_1P": False},
            values={"before": {"hemoglobin": 10.0, "reticulocytes": 2.5}, "after": {"hemoglobin": 11.5}},
        ),
    ),
    p2("nephritis", OUT, "the endpoint is for lupus cytopenia", patient("LN")),
]

LATE = {"second_infusion": 112, "held": {"W12D3": 115, "W13": 119, "W16": 140, "W20": 168, "W24": 203}}

INTERCURRENT = [
    p2("rescue on day 0", YES, "the window opens on day 1", patient("LC", events=((0, "rescue", "steroid"),))),
    p2("rescue on day 1", no("rescue"), "first day", patient("LC", events=((1, "rescue", "steroid"),))),
    p2("rescue on day 168", no("rescue"), "last day", patient("LC", events=((168, "rescue", "ivig"),))),
    p2("rescue on day 169", YES, "after day 168 and W24", patient("LC", events=((169, "rescue", "ivig"),))),
    p2(
        *("rescue on day 168 after W24", no("rescue"), "W24 on day 162: the window still ends on day 168"),
        patient("LC", held={"W24": 162}, events=((168, "rescue", "biologic"),)),
    ),
    p2(
        *("rescue on day 169 before W24", no("rescue"), "W24 on day 170 extends the window"),
        patient("LC", held={"W24": 170}, events=((169, "rescue", "biologic"),)),
    ),
    p2("late W24", YES, "second infusion on day 112, W24 on day 203", patient("LC", until=203, **LATE)),
    p2(
        *("late W24, rescue on day 203", no("rescue"), "the day of the assessment is in the window"),
        patient("LC", until=203, events=((203, "rescue", "steroid"),), **LATE),
    ),
    p2(
        "transfusion",
        no("transfusion"),
        "red cells on day 100",
        patient("LC", events=((100, "transfusion", "red_cells"),)),
    ),
    p2(
        "transfusion on day 0",
        YES,
        "red cells before the window",
        patient("LC", events=((0, "transfusion", "red_cells"),)),
    ),
    p2("G-CSF", no("gcsf"), "on day 168", patient("LC", events=((168, "gcsf"),))),
    p2(
        *("all three", no("rescue"), "rescue is named first"),
        patient("LC", events=((10, "gcsf"), (20, "transfusion", "platelets"), (30, "rescue", "steroid"))),
    ),
    p2(
        *("two of three", no("transfusion"), "the transfusion is named before the growth factor"),
        patient("LC", events=((10, "gcsf"), (20, "transfusion", "platelets"))),
    ),
    p2(
        *("two ends on one day", no("death"), "death is named first"),
        patient("LC", events=((100, "withdrawal"), (100, "death"))),
    ),
    p2(
        "dose above day 0",
        no("dose"),
        "22.5 mg on day 150, 20 on day 0",
        patient("LC", doses=spell(150, 150, 22.5)),
    ),
    p2("dose above on day 168", no("dose"), "the last day counts", patient("LC", doses=spell(168, 168, 22.5))),
    p2("dose above on day 169", YES, "after the window", patient("LC", doses=spell(169, 169, 22.5), until=169)),
    p2("dose as on day 0", YES, "20 mg on day 150 is not above 20", patient("LC", doses=spell(150, 150, 20.0))),
    p2(
        *("low start, small rise", no("dose"), "7.5 mg from day 30 after 5 mg on day 0"),
        patient("LC", doses=((0, 5.0), (30, 7.5, "flare"), (40, 5.0))),
    ),
    p2(
        "flare increase below day 0",
        YES,
        "10 mg on days 120–130",
        patient("LC", doses=spell(120, 130, 10.0, "flare")),
    ),
    p2(
        *("flare increase, strict reading", no("dose"), "5 to 10 mg for a flare on day 120"),
        *(patient("LC", doses=spell(120, 130, 10.0, "flare")),),
        X04="any_flare_increase",
    ),
    p2(
        *("other increase, strict reading", YES, "5 to 10 mg on day 120, not for a flare"),
        *(patient("LC", doses=spell(120, 130, 10.0, "adverse_event")),),
        X04="any_flare_increase",
    ),
    p2(
        *("dose before definition", no("dose"), "the dose is named before the missing definition"),
        patient("LC", candidate=L_ONLY, doses=(*TAPER, (100, 25.0), (110, 5.0))),
    ),
    p2("withdrawal on day 167", no("withdrawal"), "before day 168", patient("LC", events=((167, "withdrawal"),))),
    p2("withdrawal on day 168", YES, "W24 was held that day", patient("LC", events=((168, "withdrawal"),))),
    p2(
        *("death after an early W24", no("death"), "W24 on day 163, death on day 166"),
        patient("LC", held={"W24": 163}, events=((166, "death"),)),
    ),
    p2(
        *("end before rescue", no("lost_to_follow_up"), "the end is named first"),
        patient("LC", events=((30, "rescue", "steroid"), (100, "lost_to_follow_up"))),
    ),
]

NOTHING_LATE = ("W20", "W24")
LOW = {"platelets": 60}
W24_LOW = {"W24": {"platelets": None}, "W20": LOW}

ASSESSMENT = [
    p2("W24 missed", YES, "W20 on day 140 carries forward", patient("LC", missed=("W24",))),
    p2("W24 missed, W20 low", FAILED, "W20 is used", patient("LC", missed=("W24",), values={"W20": LOW})),
    p2("W24 without platelets", FAILED, "W20 is used", patient("LC", values=W24_LOW)),
    p2(
        "unscheduled on day 161", YES, "seven days before", patient("LC", values=W24_LOW, unscheduled=((161, {}),))
    ),
    p2("unscheduled on day 175", YES, "seven days after", patient("LC", values=W24_LOW, unscheduled=((175, {}),))),
    p2(
        "unscheduled on day 176",
        FAILED,
        "too late, W20 is used",
        patient("LC", values=W24_LOW, unscheduled=((176, {}),)),
    ),
    p2(
        "tie",
        YES,
        "days 165 and 171: the later",
        patient("LC", values=W24_LOW, unscheduled=((165, LOW), (171, {}))),
    ),
    p2("nearest", FAILED, "day 166, not 171", patient("LC", values=W24_LOW, unscheduled=((166, LOW), (171, {})))),
    p2(
        *("last before", YES, "day 160 is later than W20"),
        patient("LC", values=W24_LOW, unscheduled=((150, LOW), (160, {}))),
    ),
    p2("35 days before", YES, "day 133", patient("LC", missed=NOTHING_LATE, unscheduled=((133, {}),))),
    p2("36 days before", no("missing"), "day 132", patient("LC", missed=NOTHING_LATE, unscheduled=((132, {}),))),
    p2("nothing", no("missing"), "W16 on day 112 is too early", patient("LC", missed=NOTHING_LATE)),
    p2(
        *("both lineages needed", FAILED, "W24 lacks the hemoglobin, so W20 decides"),
        patient(
            *("LC",),
            candidate=E_AND_P,
            values={**ONLY_PLATELETS_RISE, "W24": {"hemoglobin": None}, "W20": LOW},
        ),
    ),
    p2(
        *("scheduled goes first", YES, "W24 on day 175 counts, not the visit of day 168"),
        patient("LC", held={"W24": 175}, unscheduled=((168, LOW),)),
    ),
]

CASES: list[Case] = THRESHOLDS + BEFORE + LINEAGES + INTERCURRENT + ASSESSMENT
