"""Hand-worked S2 (low disease activity) and S4 to S6 (responder indices)."""

from tests.hand_worked.patients import TAPER, Case, case, patient, spell

YES = {"responder": True, "reason": None, "in_population": True}
OUT = {"responder": None, "reason": None, "in_population": False}


def no(reason: str) -> dict[str, object]:
    return {"responder": False, "reason": reason, "in_population": True}


def after(**values: object) -> dict[str, dict[str, object]]:
    """The same values at week 24 only."""
    return {"W24": values}


S2: list[Case] = [
    case("S2", "quiet nephritis", YES, "SLEDAI-2K 0, PGA 0.4, 5 mg", patient("LN")),
    case("S2", "platelets alone", YES, "90 is 1 point of SLEDAI-2K and no major organ", patient("LC")),
    case(
        *("S2", "four points of skin", YES, "rash 2, alopecia 2: 4 is allowed"),
        patient("LN", values=after(sledai_rash=True, sledai_alopecia=True)),
    ),
    case(
        *("S2", "five points", no("sledai"), "rash 2, alopecia 2, platelets 90 1: 5 is over 4"),
        patient("LC", values=after(sledai_rash=True, sledai_alopecia=True)),
    ),
    case(
        *("S2", "arthritis", YES, "4 points, and joints are no major organ"),
        patient("LN", values=after(sledai_arthritis=True)),
    ),
    case(
        *("S2", "fever", no("major_organ"), "1 point, but fever is forbidden"),
        patient("LN", values=after(sledai_fever=True)),
    ),
    case(
        *("S2", "pleurisy", no("major_organ"), "2 points, but cardiopulmonary"),
        patient("LN", values=after(sledai_pleurisy=True)),
    ),
    case(
        *("S2", "hematuria", no("major_organ"), "6 cells: 4 points, renal"),
        patient("LN", values=after(urine_rbc=6.0)),
    ),
    case("S2", "five red cells", YES, "5 is not more than 5", patient("LN", values=after(urine_rbc=5.0))),
    case(
        *("S2", "proteinuria", no("major_organ"), "UPCR 0.51: 4 points, renal"),
        patient("LN", values=after(upcr=0.51)),
    ),
    case(
        *("S2", "seizure", no("sledai"), "8 points: the total is named before the organ"),
        patient("LN", values=after(sledai_seizure=True)),
    ),
    case(
        *("S2", "hemolysis", no("major_organ"), "hemoglobin 10.0 with 2.6 % reticulocytes"),
        patient("LN", values=after(hemoglobin=10.0, reticulocytes=2.6)),
    ),
    case(
        *("S2", "anemia without reticulocytes", YES, "2.5 % is not over 2.5 %"),
        patient("LN", values=after(hemoglobin=8.0, reticulocytes=2.5)),
    ),
    case(
        *("S2", "reticulocytes not needed", YES, "hemoglobin 12 is no hemolysis whatever the reticulocytes"),
        patient("LN", values=after(reticulocytes=None)),
    ),
    case(
        *("S2", "gastrointestinal C", no("major_organ"), "BILAG C is gastrointestinal activity"),
        patient("LN", values=after(bilag_gastrointestinal="C")),
    ),
    case("S2", "gastrointestinal D", YES, "D is past", patient("LN", values=after(bilag_gastrointestinal="D"))),
    case(
        *("S2", "new activity", no("new_activity"), "the column says so"),
        patient("LN", values=after(new_activity=True)),
    ),
    case("S2", "PGA 1.0", YES, "at most 1.0", patient("LN", values=after(pga=1.0))),
    case("S2", "PGA 1.1", no("pga"), "over 1.0", patient("LN", values=after(pga=1.1))),
    case(
        *("S2", "mean dose 7.5", YES, "six days of 5 mg and one of 22.5: 52.5/7 = 7.5"),
        patient("LN", doses=spell(168, 168, 22.5)),
    ),
    case(
        *("S2", "mean dose over 7.5", no("dose"), "six days of 5 mg and one of 25: 55/7 = 7.86"),
        patient("LN", doses=spell(168, 168, 25.0)),
    ),
    case(
        *("S2", "dose eight days before", YES, "day 161 is before the seven days 162 to 168"),
        patient("LN", doses=spell(161, 161, 60.0)),
    ),
    case(
        *("S2", "treatment not tolerated", no("immunosuppressant"), "the column says not stable"),
        patient("LN", values=after(immunosuppressant_stable=False)),
    ),
    case(
        *("S2", "rescue on day 1", no("rescue"), "any rescue from day 1"),
        patient("LN", events=((1, "rescue", "ivig"),)),
    ),
    case("S2", "rescue on day 0", YES, "before day 1", patient("LN", events=((0, "rescue", "pulse"),))),
    case(
        *("S2", "rescue on day 169", YES, "after day 168"),
        patient("LN", until=170, events=((169, "rescue", "pulse"),)),
    ),
    case(
        *("S2", "rescue before a late visit", no("rescue"), "day 170 is before the assessment on day 172"),
        patient("LN", held={"W24": 172}, events=((170, "rescue", "pulse"),)),
    ),
    case("S2", "death", no("death"), "day 167 is before day 168", patient("LN", events=((167, "death"),))),
    case("S2", "week 20 for week 24", YES, "day 140 is 28 days before", patient("LN", missed=("W24",))),
    case(
        *("S2", "nothing within 35 days", no("missing"), "the last visit is day 112"),
        patient("LN", missed=("W20", "W24")),
    ),
    case(
        *("S2", "PGA unmeasured", YES, "week 20 has everything"),
        patient("LN", values=after(pga=None)),
    ),
    case(
        *("S2", "unscheduled nearer", no("pga"), "day 163 is within seven days and has everything"),
        patient("LN", missed=("W24",), unscheduled=((163, {"pga": 1.5}),)),
    ),
]

SRI: list[Case] = [
    case("S4", "nephritis", YES, "8 to 0, PGA 1.5 to 0.4, renal A to C", patient("LN")),
    case("S6", "nephritis", YES, "a fall of 8 is at least 6", patient("LN")),
    case("S6", "cytopenia", YES, "7 to 1 is a fall of 6", patient("LC")),
    case(
        *("S5", "fall of four", no("sledai"), "8 to 4 (hematuria)"),
        patient("LN", values=after(urine_rbc=6.0)),
    ),
    case("S4", "fall of four", YES, "8 to 4 is at least 4", patient("LN", values=after(urine_rbc=6.0))),
    case(
        *("S5", "baseline 4", OUT, "hematuria alone, 4: below 5"),
        patient("LN", values={"before": {"upcr": 0.5}}),
    ),
    case(
        *("S4", "baseline 4", YES, "hematuria alone, 4 to 0"),
        patient("LN", values={"before": {"upcr": 0.5}}),
    ),
    case(
        *("S6", "baseline 5", OUT, "hematuria and thrombocytopenia, 5"),
        patient("LN", values={"before": {"upcr": 0.5, "platelets": 80.0}}),
    ),
    case("S5", "baseline 5", YES, "5 to 0", patient("LN", values={"before": {"upcr": 0.5, "platelets": 80.0}})),
    case("S4", "no baseline", OUT, "SLEDAI-2K of day 0 missing", patient("LN", missed=("D0",))),
    case(
        *("S4", "PGA rises 0.2", YES, "1.5 to 1.7"),
        patient("LN", values=after(pga=1.7)),
    ),
    case(
        *("S4", "PGA rises 0.3", no("pga"), "1.5 to 1.8 is not less than 0.30"),
        patient("LN", values=after(pga=1.8)),
    ),
    case(
        *("S4", "PGA 0.9 to 1.2", no("pga"), "the difference is 0.30 but for the last bit"),
        patient("LN", values={"D0": {"pga": 0.9}, "W24": {"pga": 1.2}}),
    ),
    case("S4", "one new B", YES, "fewer than two", patient("LN", values=after(bilag_mucocutaneous="B"))),
    case(
        *("S4", "two new B", no("bilag"), "two from E"),
        patient("LN", values=after(bilag_mucocutaneous="B", bilag_musculoskeletal="B")),
    ),
    case("S4", "new A", no("bilag"), "one is enough", patient("LN", values=after(bilag_haematological="A"))),
    case(
        *("S4", "A to B is no new B", YES, "renal A to B is improvement; one other new B"),
        patient("LN", values=after(bilag_renal="B", bilag_mucocutaneous="B")),
    ),
    case("S4", "A stays A", YES, "renal A at both is not new", patient("LN", values=after(bilag_renal="A"))),
    case(
        *("S4", "B to A", no("bilag"), "renal B at baseline, A at week 24"),
        patient("LN", values={"D0": {"bilag_renal": "B"}, "W24": {"bilag_renal": "A"}}),
    ),
    case(
        *("S4", "C to B twice", no("bilag"), "from C counts as new"),
        patient(
            "LN",
            values={
                "D0": {"bilag_ophthalmic": "C", "bilag_constitutional": "D"},
                "W24": {"bilag_ophthalmic": "B", "bilag_constitutional": "B"},
            },
        ),
    ),
    case(
        *("S4", "baseline PGA missing", no("missing"), "nothing replaces day 0"),
        patient("LN", values={"D0": {"pga": None}}),
    ),
    case(
        *("S4", "baseline grade missing", no("missing"), "nothing replaces day 0"),
        patient("LN", values={"D0": {"bilag_ophthalmic": None}}),
    ),
    case(
        *("S4", "grade at week 24 missing", YES, "week 20 has all nine"),
        patient("LN", values=after(bilag_ophthalmic=None)),
    ),
    case("S4", "rescue", no("rescue"), "day 100", patient("LN", events=((100, "rescue", "immunosuppressant"),))),
    case("S4", "withdrawal", no("withdrawal"), "day 100", patient("LN", events=((100, "withdrawal", "other"),))),
    case(
        *("S4", "withdrawal on the day", YES, "day 168: the assessment counts"),
        patient("LN", events=((168, "withdrawal", "other"),)),
    ),
    case(
        *("S4", "steroid does not matter", YES, "the index has no dose"),
        patient("LN", doses=(*TAPER[:4], (84, 40.0))),
    ),
]

CASES: list[Case] = S2 + SRI
