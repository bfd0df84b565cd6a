"""Hand-worked times to event: S7, S9, S11 with its components, S12 and S13."""

from typing import Any

from tests.hand_worked.patients import Case, case, patient
from tests.independent.rows import Data, event_row

OUT = {"in_population": False, "time": None, "event": None, "reason": None}
REMISSION = {"upcr": 0.29, "serum_creatinine": 105.0}  # beside 2 red and 2 white cells and no casts


def at(day: int) -> dict[str, Any]:
    return {"in_population": True, "time": day, "event": True, "reason": None, "responder": None}


def censored(day: int, reason: str | None = None) -> dict[str, Any]:
    return {"in_population": True, "time": day, "event": False, "reason": reason}


def with_flares(data: Data, *flares: tuple[int, str]) -> Data:
    """Clinical flares (day, severity)."""
    data["events"] += [event_row(0, 0, day, "flare", severity=severity, detail="pga") for day, severity in flares]
    return data


S7: list[Case] = [
    case("S7", "no flare", censored(168), "everybody seen on day 168", patient("LN")),
    case("S7", "moderate", censored(168), "only severe ones count", with_flares(patient("LN"), (50, "moderate"))),
    case("S7", "severe", at(50), "severe on day 50", with_flares(patient("LC"), (30, "mild"), (50, "severe"))),
    case(
        *("S7", "first of two", at(40), "rows in any order"),
        with_flares(patient("LC"), (90, "severe"), (40, "severe")),
    ),
    case("S7", "day 0", censored(168), "events count from day 1", with_flares(patient("LC"), (0, "severe"))),
    case("S7", "day 168", at(168), "the last day counts", with_flares(patient("LC"), (168, "severe"))),
    case(
        *("S7", "day 170", censored(168), "after day 168, though week 24 is held on day 170"),
        with_flares(patient("LC", held={"W24": 170}), (170, "severe")),
    ),
    case(
        *("S7", "last visits missed", censored(112), "last seen on day 112 (W16)"),
        patient("LC", missed=("W20", "W24")),
    ),
    case(
        *("S7", "flare after the last visit", at(130), "recorded, so it counts"),
        with_flares(patient("LC", missed=("W20", "W24")), (130, "severe")),
    ),
    case(
        *("S7", "withdrawal", censored(91), "withdrawn on day 100, last seen on day 91"),
        patient("LC", events=((100, "withdrawal", "other"),)),
    ),
    case(
        *("S7", "withdrawal on a visit's day", censored(112), "seen and withdrawn on day 112"),
        patient("LC", events=((112, "withdrawal", "other"),)),
    ),
    case(
        *("S7", "rescue goes on", at(120), "treatment policy"),
        with_flares(patient("LC", events=((60, "rescue", "ivig"),)), (120, "severe")),
    ),
    case("S7", "week 24 early", censored(162), "last seen on day 162", patient("LN", held={"W24": 162})),
    case(
        *("S7", "unscheduled after week 24", censored(168), "never beyond day 168"),
        patient("LN", unscheduled=((180, {}),)),
    ),
    case(
        *("S7", "death", censored(91), "dead on day 95, last seen on day 91; death is not a flare"),
        patient("LN", events=((95, "death"),)),
    ),
]

S9_S13: list[Case] = [
    case(
        *("S9", "hematologic flare", at(70), "recorded on day 70"),
        patient("LC", events=((70, "hematologic_flare", "platelets"),)),
    ),
    case(
        *("S9", "nephritis", OUT, "cytopenia only"),
        patient("LN", events=((70, "hematologic_flare", "platelets"),)),
    ),
    case(
        *("S9", "other flare", censored(168), "a severe flare of the skin"),
        with_flares(patient("LC"), (70, "severe")),
    ),
    case(
        *("S13", "renal flare", at(112), "recorded on day 112"),
        patient("LN", events=((112, "renal_flare", "nephritic"),)),
    ),
    case("S13", "cytopenia", OUT, "nephritis only", patient("LC", events=((112, "renal_flare", "nephritic"),))),
    case(
        *("S13", "before day 0", censored(168), "day -3"),
        patient("LN", events=((-3, "renal_flare", "nephritic"),)),
    ),
]

THREE = ((120, "renal_flare", "proteinuric"), (98, "extrarenal_flare", "mucocutaneous"), (133, "rescue", "pulse"))
S11: list[Case] = [
    case("S11", "first of three", at(98), "extrarenal on day 98 before the others", patient("LN", events=THREE)),
    case("S11d", "of three", at(120), "its own day", patient("LN", events=THREE)),
    case("S11e", "of three", at(98), "its own day", patient("LN", events=THREE)),
    case("S11f", "of three", at(133), "its own day", patient("LN", events=THREE)),
    case("S11b", "of three", censored(168), "no dialysis", patient("LN", events=THREE)),
    case(
        *("S11c", "doubling", at(56), "the first of the pair, as recorded"),
        patient("LN", events=((56, "doubling_of_creatinine"),)),
    ),
    case("S11b", "end-stage", at(150), "recorded on day 150", patient("LN", events=((150, "esrd"),))),
    case("S11a", "death", at(95), "though last seen on day 91", patient("LN", events=((95, "death"),))),
    case("S11a", "death on day 0", at(0), "death counts from day 0", patient("LN", events=((0, "death"),))),
    case("S11", "death", at(95), "a component", patient("LN", events=((95, "death"),))),
    case(
        *("S11f", "death", censored(91), "last seen on day 91, before the death on day 95"),
        patient("LN", events=((95, "death"),)),
    ),
    case("S11a", "alive", censored(168), "nobody died", patient("LN")),
    case("S11", "cytopenia", OUT, "nephritis only", patient("LC", events=THREE)),
    case(
        *("S11", "flare of the skin", censored(168), "a `flare` alone is no component"),
        with_flares(patient("LN"), (60, "severe")),
    ),
]

S12: list[Case] = [
    case("S12", "never", censored(168), "UPCR 0.4 throughout", patient("LN")),
    case(
        *("S12", "week 16", at(112), "UPCR 0.29, creatinine 105, 2 cells"),
        patient("LN", values={"W16": REMISSION}),
    ),
    case(
        *("S12", "first of two", at(3), "day 3 before day 112"),
        patient("LN", values={"D3": REMISSION, "W16": REMISSION}),
    ),
    case(
        *("S12", "day 0 does not count", censored(168), "before the infusion"),
        patient("LN", values={"D0": {**REMISSION, "urine_rbc": 2.0}}),
    ),
    case(
        *("S12", "UPCR 0.3", censored(168), "not below 0.3"),
        patient("LN", values={"W16": {**REMISSION, "upcr": 0.3}}),
    ),
    case(
        *("S12", "collection of 24 hours ignored", at(112), "UPCR 0.29 × 1.0, though 0.6 g were collected"),
        patient("LN", values={"W16": {**REMISSION, "proteinuria_24h": 0.6}}),
    ),
    case(
        *("S12", "creatinine 106", censored(168), "not below 106"),
        patient("LN", values={"W16": {**REMISSION, "serum_creatinine": 106.0}}),
    ),
    case(
        *("S12", "six white cells", censored(168), "over 5"),
        patient("LN", values={"W16": {**REMISSION, "urine_wbc": 6.0}}),
    ),
    case(
        *("S12", "five of each", at(112), "5 is normal"),
        patient("LN", values={"W16": {**REMISSION, "urine_wbc": 5.0, "urine_rbc": 5.0}}),
    ),
    case(
        *("S12", "casts", censored(168), "sediment is not normal"),
        patient("LN", values={"W16": {**REMISSION, "cellular_casts": True}}),
    ),
    case(
        *("S12", "casts unknown", at(140), "day 112 cannot be told, day 140 can"),
        patient("LN", values={"W16": {**REMISSION, "cellular_casts": None}, "W20": REMISSION}),
    ),
    case("S12", "unscheduled visit", at(77), "any attended visit", patient("LN", unscheduled=((77, REMISSION),))),
    case(
        *("S12", "rescue first", censored(100, "rescue"), "day 100 before day 112"),
        patient("LN", values={"W16": REMISSION}, events=((100, "rescue", "pulse"),)),
    ),
    case(
        *("S12", "rescue on the day", at(112), "the same day counts as remission"),
        patient("LN", values={"W16": REMISSION}, events=((112, "rescue", "pulse"),)),
    ),
    case(
        *("S12", "rescue later", at(112), "after remission"),
        patient("LN", values={"W16": REMISSION}, events=((113, "rescue", "pulse"),)),
    ),
    case(
        *("S12", "end-stage", censored(60, "esrd"), "competes"),
        patient("LN", events=((60, "esrd"), (70, "rescue", "pulse"))),
    ),
    case("S12", "death", censored(95, "death"), "competes on its own day", patient("LN", events=((95, "death"),))),
    case(
        *("S12", "renal flare does not compete", at(112), "only death, end-stage disease and rescue do"),
        patient("LN", values={"W16": REMISSION}, events=((60, "renal_flare", "nephritic"),)),
    ),
    case(
        *("S12", "withdrawal", censored(91), "last seen on day 91"),
        patient("LN", events=((95, "withdrawal", "other"),)),
    ),
    case(
        *("S12", "remission on day 170", censored(168), "times stop at day 168"),
        patient("LN", held={"W24": 170}, values={"W24": REMISSION}),
    ),
    case("S12", "cytopenia", OUT, "nephritis only", patient("LC")),
]

CASES: list[Case] = S7 + S9_S13 + S11 + S12
