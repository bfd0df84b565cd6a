"""Hand-worked grades of BILAG-2004: items, kidney, blood, codes, and comparisons; and the damage index.

A case names a rule, its arguments and the answer.
"""

from typing import Any

from tests.hand_worked.patients import Case
from tests.independent.rows import DOMAINS

E_EVERYWHERE = dict.fromkeys(DOMAINS, "E")


def rule(name: str, title: str, expected: Any, why: str, **arguments: Any) -> Case:
    return {
        **{"name": f"{name} {title}", "rule": name, "expected": expected, "why": why},
        "arguments": arguments,
    }


def items(
    domain: str, codes: dict[str, int | None], expected: str | None, why: str, *, ever: bool = False
) -> Case:
    title = " ".join(f"{item} {code}" for item, code in codes.items()) or f"{domain} nothing, ever {ever}"
    return rule("item_grade", title, expected, why, domain=domain, codes=codes, ever=ever)


def constitutional(codes: dict[str, int], expected: str, why: str, *, ever: bool = False) -> Case:
    title = " ".join(f"{item} {code}" for item, code in codes.items()) or f"nothing, ever {ever}"
    return rule("constitutional_grade", title, expected, why, codes=codes, ever=ever)


def kidney(
    title: str, expected: str | None, why: str, now: Case, before: Case | None = None, *, ever: bool = False
) -> Case:
    """`now` and `before` say what differs from a healthy kidney; `before` None: no previous assessment."""
    return rule("renal_grade", title, expected, why, now=now, before=before, ever=ever)


def blood(title: str, expected: str | None, why: str, *, ever: bool = False, **now: Any) -> Case:
    return rule("hematological_grade", title, expected, why, now=now, ever=ever)


def code(title: str, expected: int, why: str, now: bool, before: bool, ratio: float = 1.0) -> Case:
    return rule("change_code", title, expected, why, now=now, before=before, ratio=ratio)


def compared(title: str, expected: tuple[int, int], why: str, now: Case, before: Case) -> Case:
    """New A and new B; domains not named are E at both."""
    return rule("new_grades", title, expected, why, grades=E_EVERYWHERE | now, before=E_EVERYWHERE | before)


def damage(title: str, expected: int, why: str, counts: dict[str, dict[str, int]]) -> Case:
    return rule("damage_index", title, expected, why, counts=counts)


ITEMS: list[Case] = [
    items("musculoskeletal", {"severe_arthritis": 2}, "A", "a severe item that is the same"),
    items("musculoskeletal", {"severe_arthritis": 1}, "B", "a severe item that improves"),
    items(
        *(
            "musculoskeletal",
            {"severe_arthritis": 1, "severe_myositis": 4},
            "A",
            "the worst item decides, in any order",
        ),
    ),
    items("musculoskeletal", {"moderate_arthritis": 3}, "B", "a moderate item that is worse"),
    items("musculoskeletal", {"moderate_arthritis": 1}, "C", "a moderate item that improves"),
    items("musculoskeletal", {"mild_arthritis": 1}, "C", "a mild item, whatever its course"),
    items("mucocutaneous", {"mild_alopecia": 4}, "C", "new, but mild"),
    items("mucocutaneous", {"severe_alopecia": 4}, "B", "severe alopecia stands in the moderate list"),
    items("mucocutaneous", {"severe_eruption": 0, "mild_eruption": 2}, "B", "absent items do not count"),
    items("neuropsychiatric", {"seizure_disorder": 4}, "B", "seizures stand in the moderate list"),
    items("neuropsychiatric", {"psychosis": 4}, "A", "psychosis stands in the severe list"),
    items("cardiorespiratory", {"pleurisy_or_pericarditis": 2}, "B", "moderate list"),
    items("gastrointestinal", {"hepatitis": None}, None, "what was not done could be there"),
    items("ophthalmic", {"episcleritis": 3}, "C", "mild list"),
    items("ophthalmic", {}, "D", "nothing now, but before", ever=True),
    items("ophthalmic", {}, "E", "never"),
    constitutional({"pyrexia": 4, "weight_loss": 2, "anorexia": 3}, "A", "fever and two others"),
    constitutional(
        *({"pyrexia": 4, "weight_loss": 2, "anorexia": 1}, "B", "an improving item is not the second other"),
    ),
    constitutional({"pyrexia": 2}, "B", "fever alone"),
    constitutional({"weight_loss": 2, "lymphadenopathy": 4}, "B", "two others without fever"),
    constitutional({"pyrexia": 1, "weight_loss": 3, "anorexia": 3}, "B", "fever that improves, with two others"),
    constitutional({"pyrexia": 1}, "C", "fever that improves"),
    constitutional({"anorexia": 4}, "C", "one other"),
    constitutional({}, "D", "nothing now", ever=True),
]

KIDNEY: list[Case] = [
    kidney("healthy", "E", "nothing now or ever", {}),
    kidney("healthy, ever", "D", "nothing now", {}, {}, ever=True),
    kidney(
        *("proteinuria at first", "B", "UPCR 2 is 226 mg/mmol, and nothing to compare with: R1 alone"),
        {"upcr": 2.0},
    ),
    kidney("proteinuria and hematuria", "A", "R1 and R4", {"upcr": 2.0, "urine_rbc": 6.0}, {"upcr": 2.0}),
    kidney(
        *("proteinuria improved by a quarter", "C", "2.0 to 1.5 is exactly 25 %: improved; above 25 mg/mmol"),
        {"upcr": 1.5},
        {"upcr": 2.0},
    ),
    kidney("proteinuria improved by less", "B", "2.0 to 1.51 is 24.5 %: R1", {"upcr": 1.51}, {"upcr": 2.0}),
    kidney("improved, with sediment", "B", "R4 alone", {"upcr": 1.5, "urine_wbc": 6.0}, {"upcr": 2.0}),
    kidney(
        *("UPCR 0.884", "B", "100.0 mg/mmol is 99.998: not R1, but at least 50 and not improved"),
        {"upcr": 0.884},
        {"upcr": 0.9},
    ),
    kidney(
        *("UPCR 0.885 and casts", "A", "100.1 mg/mmol is R1, casts are R4"),
        {"upcr": 0.885, "cellular_casts": True},
        {"upcr": 0.9},
    ),
    kidney(
        *("UPCR 0.88 and casts", "B", "99.5 mg/mmol is not R1; casts alone"),
        {"upcr": 0.88, "cellular_casts": True},
        {"upcr": 0.9},
    ),
    kidney("UPCR 0.44", "C", "49.8 mg/mmol is below 50 and over 25", {"upcr": 0.44}, {"upcr": 0.44}),
    kidney("UPCR 0.45", "B", "50.9 mg/mmol, not improved", {"upcr": 0.45}, {"upcr": 0.45}),
    kidney("UPCR 0.22", "D", "24.9 mg/mmol is not over 25", {"upcr": 0.22}, {"upcr": 0.22}, ever=True),
    kidney("five cells", "E", "5 is not over 5", {"urine_rbc": 5.0, "urine_wbc": 5.0}),
    kidney("six cells", "B", "R4 alone", {"urine_rbc": 6.0}),
    kidney(
        *("creatinine at first", "E", "no deterioration without a previous value"),
        {"serum_creatinine": 200.0, "egfr": 26.0},
    ),
    kidney(
        *("creatinine up by 31 %", "B", "R3: 131 is over 130 and over 1.3 × 100"),
        {"serum_creatinine": 131.0},
        {"serum_creatinine": 100.0},
    ),
    kidney(
        *("creatinine up by 15 %", "B", "138 is over 130 and 115 % of 120"),
        *({"serum_creatinine": 138.0}, {"serum_creatinine": 120.0}),
    ),
    kidney(
        *("creatinine up by 20 %", "B", "144 is over 130 and 120 % of 120"),
        {"serum_creatinine": 144.0},
        {"serum_creatinine": 120.0},
    ),
    kidney("creatinine up by 14 %", "E", "below 115 %", {"serum_creatinine": 137.0}, {"serum_creatinine": 120.0}),
    kidney(
        *("creatinine 130", "E", "not over 130, though 130 % of 100"),
        {"serum_creatinine": 130.0},
        {"serum_creatinine": 100.0},
    ),
    kidney("filtration 66 %", "B", "R3: 66 is below 80 and below 67 % of 100", {"egfr": 66.0}, {"egfr": 100.0}),
    kidney("filtration 67 %", "E", "67 is not below 67 % of 100", {"egfr": 67.0}, {"egfr": 100.0}),
    kidney("filtration below 50", "B", "R3: 49 now, 51 before", {"egfr": 49.0}, {"egfr": 51.0}),
    kidney("filtration below 50 before", "E", "49 now, 50 before is not over 50", {"egfr": 49.0}, {"egfr": 50.0}),
    kidney(
        *("function and pressure", "B", "R2 and R3 are two, but none of R1, R4, R5"),
        {"egfr": 40.0, "systolic_bp": 180.0, "diastolic_bp": 115.0, "retinopathy": True},
        {"egfr": 90.0},
    ),
    kidney("function and biopsy", "A", "R3 and R5", {"egfr": 40.0, "biopsy_age_days": 60}, {"egfr": 90.0}),
    kidney(
        *("old biopsy", "B", "R3 alone: the biopsy is 92 days old"),
        {"egfr": 40.0, "biopsy_age_days": 92},
        {"egfr": 90.0},
    ),
    kidney(
        *("nephrotic", "A", "R1 and R6: 3.1 is 350.7 mg/mmol, albumin 29, edema"),
        {"upcr": 3.1, "albumin": 29.0, "edema": True},
        {"upcr": 3.1},
    ),
    kidney(
        *("nephrotic, improved", "B", "R6 alone: 6.0 to 3.1 is improved"),
        {"upcr": 3.1, "albumin": 29.0, "edema": True},
        {"upcr": 6.0},
    ),
    kidney(
        *("pressure", "C", "150/95 after 120/80: +30 and +15"),
        {"systolic_bp": 150.0, "diastolic_bp": 95.0},
        {"systolic_bp": 120.0, "diastolic_bp": 80.0},
    ),
    kidney(
        *("systolic only", "E", "diastolic +14"),
        {"systolic_bp": 150.0, "diastolic_bp": 94.0},
        {"systolic_bp": 120.0, "diastolic_bp": 80.0},
    ),
    kidney("albumin missing", "E", "without heavy proteinuria albumin is not asked for", {"albumin": None}),
    kidney(
        "albumin missing, edema",
        None,
        "it decides whether there is a second criterion",
        {"albumin": None, "edema": True, "upcr": 3.2},
    ),
]

BLOOD: list[Case] = [
    blood("healthy", "E", "nothing now or ever"),
    blood("healthy, ever", "D", "nothing now", ever=True),
    blood("platelets 24", "A", "below 25", platelets=24.0),
    blood("platelets 25", "B", "25 belongs to 25 to 49", platelets=25.0),
    blood("platelets 50", "C", "50 belongs to 50 to 149", platelets=50.0),
    blood("platelets 149", "C", "below 150", platelets=149.0),
    blood("platelets 150", "E", "normal", platelets=150.0),
    blood("hemolysis, 7.9", "A", "below 8", hemoglobin=7.9, hemolysis=True),
    blood("hemolysis, 8.0", "B", "8 to below 10", hemoglobin=8.0, hemolysis=True),
    blood("hemolysis, 10.0", "C", "10 or more", hemoglobin=10.0, hemolysis=True),
    blood("anemia, 7.9", "B", "below 8 without hemolysis", hemoglobin=7.9),
    blood("anemia, 8.0", "C", "8 to below 11", hemoglobin=8.0),
    blood("anemia, 11.0", "E", "11 is no anemia here", hemoglobin=11.0),
    blood("white cells 0.9", "B", "below 1.0", wbc=0.9),
    blood("white cells 3.9", "C", "below 4", wbc=3.9),
    blood("white cells 4.0", "E", "normal", wbc=4.0),
    blood("neutrophils 0.49", "B", "below 0.5", neutrophils=0.49),
    blood("neutrophils 0.5", "C", "0.5 to below 2", neutrophils=0.5),
    blood("lymphocytes 0.99", "C", "below 1", lymphocytes=0.99),
    blood("lymphocytes 0.2", "C", "never more than C", lymphocytes=0.2),
    blood("Coombs alone", "C", "isolated", coombs=True),
    blood("thrombotic microangiopathy, new", "A", "code 4", ttp=4),
    blood("thrombotic microangiopathy, improving", "B", "code 1", ttp=1),
    blood("reticulocytes unknown", None, "hemolysis cannot be told", hemolysis=None),
]

CODES: list[Case] = [
    code("absent", 0, "not there now", now=False, before=True),
    code("new", 4, "not there before", now=True, before=False, ratio=0.5),
    code("improving", 1, "0.70 counts as improving", now=True, before=True, ratio=0.70),
    code("the same", 2, "0.71", now=True, before=True, ratio=0.71),
    code("nearly worse", 2, "1.29", now=True, before=True, ratio=1.29),
    code("worse", 3, "1.30", now=True, before=True, ratio=1.30),
    compared("nothing", (0, 0), "E at both", {}, {}),
    compared("A to B", (0, 0), "improvement", {"renal": "B"}, {"renal": "A"}),
    compared("B to A", (1, 0), "new A", {"renal": "A"}, {"renal": "B"}),
    compared("B, B", (0, 0), "not new", {"renal": "B"}, {"renal": "B"}),
    compared(
        *("C, D and E to B", (0, 3), "all new"),
        {"renal": "B", "ophthalmic": "B", "constitutional": "B"},
        {"renal": "C", "ophthalmic": "D"},
    ),
    rule(
        *("bilag_points", "A, B, C, D", 21, "12 + 8 + 1 + 0"),
        grades=E_EVERYWHERE | {"renal": "A", "ophthalmic": "B", "constitutional": "C", "mucocutaneous": "D"},
    ),
]

DAMAGE: list[Case] = [
    damage("none", 0, "nothing counted", {}),
    damage(
        *("two infarctions", 2, "myocardial infarction counts twice"),
        {"cardiovascular": {"myocardial_infarction": 2}},
    ),
    damage("two cataracts", 1, "cataract counts once", {"ocular": {"cataract": 2}}),
    damage(
        *("end-stage", 3, "3, in place of filtration and proteinuria"),
        {"renal": {"esrd": 1, "gfr_below_half": 1, "proteinuria": 1}},
    ),
    damage("kidney without end-stage", 2, "1 + 1", {"renal": {"gfr_below_half": 1, "proteinuria": 1}}),
]

CASES: list[Case] = ITEMS + KIDNEY + BLOOD + CODES + DAMAGE
