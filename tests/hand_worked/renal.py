"""Hand-worked P3: renal response on day 168 in lupus nephritis.

By CKD-EPI 2021 a woman of 35 has 60.6 mL/min/1.73 m² at 106 µmol/L and 59.9 at 107. Above 61.9 µmol/L the rate
goes with creatinine to the power −1.2, so that from 100 µmol/L it falls by 19.7 % at 120 and by 20.4 % at 121.
"""

from tests.hand_worked.patients import OUT, TAPER, YES, Case, Dose, case, no, patient, spell
from tests.independent.rows import Data


def p3(name: str, expected: tuple[object, ...], why: str, data: Data, **readings: str) -> Case:
    return case("P3", name, expected, why, data, **readings)


def upcr(value: float | None) -> Data:
    return patient("LN", values={"W24": {"upcr": value}})


def creatinine(baseline: float | None, week_20: float, week_24: float, *later: tuple[int, float]) -> Data:
    values = {name: {"serum_creatinine": v} for name, v in (("D0", baseline), ("W20", week_20), ("W24", week_24))}
    return patient("LN", values=values, unscheduled=tuple((day, {"serum_creatinine": v}) for day, v in later))


def single_days(*days: int) -> tuple[Dose, ...]:
    """10 mg on these days after day 84 and 5 mg between them."""
    return TAPER + tuple(period for day in days for period in ((day, 10.0), (day + 1, 5.0)))


KIDNEY = [
    p3("usual", YES, "UPCR 0.4, creatinine unchanged", patient("LN")),
    p3("UPCR 0.5", YES, "at the limit", upcr(0.5)),
    p3("UPCR 0.51", no("upcr"), "above", upcr(0.51)),
    p3("UPCR in binary", YES, "0.1 + 0.4 to 1e-9", upcr(0.5 + 5e-10)),
    p3("eGFR just over 60", YES, "100 to 106 µmol/L", creatinine(100, 106, 106)),
    p3("eGFR over 60, halved", YES, "60 to 106 µmol/L: at least 60 is enough", creatinine(60, 106, 106)),
    p3("eGFR under 60, halved", no("egfr"), "60 to 107 µmol/L, twice", creatinine(60, 107, 107)),
    p3("eGFR under 60, small fall", YES, "100 to 107 µmol/L is −8 %", creatinine(100, 107, 107)),
    p3("fall of 19.7 %", YES, "100 to 120 µmol/L, twice", creatinine(100, 120, 120)),
    p3("fall of 20.4 %", no("egfr"), "100 to 121 µmol/L, twice", creatinine(100, 121, 121)),
    p3("fall not confirmed", YES, "121 at W24, 100 at W20, no repeat", creatinine(100, 100, 121)),
    p3("fall at W20 only", YES, "recovered at W24", creatinine(100, 121, 120)),
    p3("single fall counts", no("egfr"), "one sample is enough", creatinine(100, 100, 121), X24="single"),
    p3("repeat on day 196", no("egfr"), "28 days later", creatinine(100, 100, 121, (196, 121))),
    p3("repeat on day 197", YES, "29 days later is too late", creatinine(100, 100, 121, (197, 121))),
    p3(
        "adjacent repeat normal",
        YES,
        "121 on day 185, but 100 on day 175",
        creatinine(100, 100, 121, (175, 100), (185, 121)),
    ),
    p3(
        *("unscheduled between", YES, "the measurement before W24 is that of day 155, not W20"),
        creatinine(100, 121, 121, (155, 100)),
    ),
    p3("2009 equation", no("egfr"), "58.6 at 106 µmol/L", creatinine(60, 106, 106), egfr_equation="ckd_epi_2009"),
    p3("no baseline, eGFR over 60", YES, "no baseline needed", creatinine(None, 106, 106)),
    p3("no baseline, eGFR under 60", no("missing"), "the fall cannot be judged", creatinine(None, 107, 107)),
    p3(
        *("UPCR named before eGFR", no("upcr"), "both fail"),
        patient("LN", values={"after": {"upcr": 0.6, "serum_creatinine": 150.0}}),
    ),
    p3("cytopenia", OUT, "the endpoint is for lupus nephritis", patient("LC")),
]

STEROID = [
    p3("six days over 7.5", YES, "10 mg on days 100–105", patient("LN", doses=spell(100, 105, 10.0))),
    p3("seven days over 7.5", no("dose"), "10 mg on days 100–106", patient("LN", doses=spell(100, 106, 10.0))),
    p3("seven days at 7.5", YES, "not above", patient("LN", doses=spell(100, 106, 7.5))),
    p3("seven single days", no("dose"), "seven in total", patient("LN", doses=single_days(*range(90, 104, 2)))),
    p3(
        *("seven single days, consecutive reading", YES, "never two running"),
        *(patient("LN", doses=single_days(*range(90, 104, 2))),),
        X25="CONSEC7",
    ),
    p3(
        *("seven running, consecutive reading", no("dose"), "10 mg on days 100–106"),
        *(patient("LN", doses=spell(100, 106, 10.0)),),
        X25="CONSEC7",
    ),
    p3(
        "three running, AURORA",
        no("dose"),
        "days 100–102",
        patient("LN", doses=spell(100, 102, 10.0)),
        X25="AURORA",
    ),
    p3("two running, AURORA", YES, "days 100–101", patient("LN", doses=spell(100, 101, 10.0)), X25="AURORA"),
    p3(
        *("seven single days, AURORA", no("dose"), "seven in total"),
        *(patient("LN", doses=single_days(*range(90, 104, 2))),),
        X25="AURORA",
    ),
    p3("before day 84", YES, "days 78–83 and 84–89: six count", patient("LN", doses=spell(78, 89, 10.0))),
    p3("to day 167", no("dose"), "days 161–167", patient("LN", doses=spell(161, 167, 10.0))),
    p3("day 168 not counted", YES, "days 162–168: six count", patient("LN", doses=spell(162, 168, 10.0))),
    p3(
        *("late assessment", no("dose"), "W24 on day 172: days 165–171 all count"),
        patient("LN", held={"W24": 172}, doses=spell(165, 171, 10.0), until=172),
    ),
    p3(
        *("early assessment", no("dose"), "W24 on day 161: days 161–167 count all the same"),
        patient("LN", held={"W24": 161}, doses=spell(161, 167, 10.0)),
    ),
]

INTERCURRENT = [
    p3("rescue on day 0", YES, "before the window", patient("LN", events=((0, "rescue", "pulse"),))),
    p3("rescue on day 1", no("rescue"), "in the window", patient("LN", events=((1, "rescue", "pulse"),))),
    p3("any rescue", no("rescue"), "immunoglobulin counts, too", patient("LN", events=((90, "rescue", "ivig"),))),
    p3("rescue on day 169", YES, "after day 168 and W24", patient("LN", events=((169, "rescue", "pulse"),))),
    p3(
        *("assessment used is later", no("rescue"), "W24 lacks the UPCR; day 171 is used, rescue on day 170"),
        patient(
            *("LN",),
            values={"W24": {"upcr": None}, "W20": {"upcr": None}},
            unscheduled=((171, {}),),
            events=((170, "rescue", "pulse"),),
        ),
    ),
    p3("transfusion", YES, "does not matter here", patient("LN", events=((90, "transfusion", "red_cells"),))),
    p3(
        *("rescue before dose", no("rescue"), "both"),
        patient("LN", doses=spell(100, 120, 30.0), events=((100, "rescue", "steroid"),)),
    ),
    p3(
        *("dose before missing", no("dose"), "no assessment either"),
        patient("LN", doses=spell(100, 120, 10.0), missed=("W20", "W24")),
    ),
    p3("missing", no("missing"), "no W20, no W24", patient("LN", missed=("W20", "W24"))),
    p3(
        *("W24 without creatinine", no("upcr"), "W20 is used, with UPCR 0.6"),
        patient("LN", values={"W24": {"serum_creatinine": None}, "W20": {"upcr": 0.6}}),
    ),
    p3("death on day 167", no("death"), "before day 168", patient("LN", events=((167, "death"),))),
    p3("lost on day 168", YES, "W24 held", patient("LN", events=((168, "lost_to_follow_up"),))),
    p3("age missing", no("missing"), "no rate without an age", patient("LN", candidate={"age": None})),
]

CASES: list[Case] = KIDNEY + STEROID + INTERCURRENT
