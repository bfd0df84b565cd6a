"""Hand-worked patients under the readings that are not the default, at the edge that tells them apart."""

from tests.hand_worked.patients import YES, Case, case, no, patient, spell
from tests.hand_worked.secondary_responses import after
from tests.hand_worked.secondary_responses import no as refused
from tests.hand_worked.secondary_times import REMISSION, at, censored, with_flares

RESPONDS = {"responder": True, "reason": None, "in_population": True}
RESCUED = ((60, "rescue", "immunosuppressant"),)

PRIMARY: list[Case] = [
    case(
        *("S1", "visits, between", YES, "10 mg on days 113 to 139 only, none of 84, 112, 140 and 168"),
        *(patient("LN", doses=spell(113, 139, 10.0)),),
        X27="visits",
    ),
    *(
        case(
            *("S1", f"visits, day {day}", no("dose"), "10 mg on the day of a visit"),
            *(patient("LN", doses=spell(day, day, 10.0)),),
            X27="visits",
        )
        for day in (84, 112, 140, 168)
    ),
    case(
        *(
            "P3",
            "as written, rescued",
            YES,
            "UPCR 0.4 and eGFR at least 60 are one way, rescue belongs to the other",
        ),
        *(patient("LN", values={"W24": {"serum_creatinine": 70.0}}, events=RESCUED),),
        X23="as_written",
    ),
    case(
        *("P3", "as written, UPCR high", YES, "UPCR 2.0, but no fall, no rescue and no excess"),
        *(patient("LN", values={"W24": {"upcr": 2.0}}),),
        X23="as_written",
    ),
    case(
        *("P3", "as written, neither", no("rescue"), "UPCR 0.51 closes the first way, rescue the second"),
        *(patient("LN", values={"W24": {"upcr": 0.51}}, events=RESCUED),),
        X23="as_written",
    ),
    case(
        *("P3", "as written, excess", no("dose"), "UPCR 2.0, and 10 mg on seven days"),
        *(patient("LN", values={"W24": {"upcr": 2.0}}, doses=spell(100, 106, 10.0)),),
        X23="as_written",
    ),
    case(
        *("S3", "excretion 0.8", YES, "UPCR 0.6 × 0.8 = 0.48 g is no proteinuria, 2.0 × 0.8 was: 8 to 0"),
        *(patient("LN", values={"W24": {"upcr": 0.6}}),),
        X29="0.8",
    ),
    case(
        *("S3", "excretion 1.2", no("sledai"), "0.45 × 1.2 = 0.54 g still counts, hematuria 6 cells too: 8 to 8"),
        *(patient("LN", values={"W24": {"upcr": 0.45, "urine_rbc": 6.0}}),),
        X29="1.2",
    ),
]

SECONDARY: list[Case] = [
    case(
        *("S4", "four points, five asked", refused("sledai"), "8 to 4: hematuria stays"),
        *(patient("LN", values=after(urine_rbc=6.0)),),
        X21="sri_5",
    ),
    case(
        *("S4", "six points, five asked", RESPONDS, "8 to 2: a rash"),
        *(patient("LN", values=after(sledai_rash=True)),),
        X21="sri_5",
    ),
    case(
        *("S4", "baseline of four, five asked", refused("sledai"), "4 points at baseline stay in the population"),
        *(patient("LN", values={"D0": {"urine_rbc": 2.0}}),),
        X21="sri_5",
    ),
    case(
        *("S12", "red cells alone", at(112), "six white cells and casts do not matter"),
        *(patient("LN", values={"W16": {**REMISSION, "urine_wbc": 6.0, "cellular_casts": True}}),),
        X30="red_cells",
    ),
    case(
        *("S12", "six red cells alone", censored(168), "over 5"),
        *(patient("LN", values={"W16": {**REMISSION, "urine_rbc": 6.0}}),),
        X30="red_cells",
    ),
    case(
        *("S12", "white cells unknown, red cells alone", at(112), "nobody asks for them"),
        *(patient("LN", values={"W16": {**REMISSION, "urine_wbc": None, "cellular_casts": None}}),),
        X30="red_cells",
    ),
    case(
        *("S12", "not confirmed", censored(168), "week 20 is not in remission"),
        *(patient("LN", values={"W16": REMISSION}),),
        X30_seen="confirmed",
    ),
    case(
        *("S12", "confirmed", at(112), "weeks 16 and 20: dated at the first"),
        *(patient("LN", values={"W16": REMISSION, "W20": REMISSION}),),
        X30_seen="confirmed",
    ),
    case(
        *("S12", "confirmed past one that cannot tell", at(112), "UPCR of week 20 unknown, week 24 confirms"),
        *(patient("LN", values={"W16": REMISSION, "W20": {**REMISSION, "upcr": None}, "W24": REMISSION}),),
        X30_seen="confirmed",
    ),
    case(
        *("S12", "denied by a part", censored(168), "week 20: UPCR unknown, but creatinine 106 is no remission"),
        *(
            patient(
                "LN",
                values={
                    "W16": REMISSION,
                    "W20": {"upcr": None, "serum_creatinine": 106.0},
                    "W24": {"upcr": 0.1, "serum_creatinine": 106.0},
                },
            ),
        ),
        X30_seen="confirmed",
    ),
    case(
        *("S12", "confirmed after day 168", at(168), "an unscheduled visit on day 172 confirms week 24"),
        *(patient("LN", values={"W24": REMISSION}, unscheduled=((172, REMISSION),)),),
        X30_seen="confirmed",
    ),
    case(
        *("S2", "recorded activity, read by flares", RESPONDS, "the physician's word is not read"),
        *(patient("LN", values=after(new_activity=True)),),
        X37="flare",
    ),
    case(
        *("S2", "flare since week 20", refused("new_activity"), "day 141 is after week 20 on day 140"),
        *(with_flares(patient("LN"), (141, "mild")),),
        X37="flare",
    ),
    case(
        *("S2", "flare on the day of week 20", RESPONDS, "day 140 is not since then"),
        *(with_flares(patient("LN"), (140, "severe")),),
        X37="flare",
    ),
    case(
        *("S2", "flare on the day itself", refused("new_activity"), "day 168"),
        *(with_flares(patient("LN"), (168, "moderate")),),
        X37="flare",
    ),
    case(
        *("S2", "flare since week 16", refused("new_activity"), "week 20 was held on day 141, 27 days before"),
        *(with_flares(patient("LN", held={"W20": 141}), (120, "mild")),),
        X37="flare",
    ),
]
