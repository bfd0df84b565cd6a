"""Hand-worked renal and extrarenal flares, doubling of creatinine and end-stage disease from measurements."""

from typing import Any

from tests.hand_worked.bilag import rule
from tests.hand_worked.patients import Case
from tests.independent.rows import Row, visit_row


def course(**columns: dict[int, Any]) -> list[Row]:
    """Attended visits from {day: value} of each column."""
    days = sorted({day for values in columns.values() for day in values})
    return [
        visit_row(
            0, 0, "D0" if day == 0 else f"U{day}", day, **{c: v[day] for c, v in columns.items() if day in v}
        )
        for day in days
    ]


def protein(title: str, expected: int | None, why: str, upcr: dict[int, float]) -> Case:
    return rule("proteinuric_flare", title, expected, why, visits=course(upcr=upcr))


def nephritic(
    title: str, expected: int | None, why: str, creatinine: dict[int, float], cells: dict[int, float], **more: Any
) -> Case:
    visits = course(serum_creatinine=creatinine, urine_rbc=cells, **more)
    return rule("nephritic_flare", title, expected, why, visits=visits)


def doubled(
    title: str, expected: int | None, why: str, creatinine: dict[int, float], *events: tuple[int, str]
) -> Case:
    rows = [{"day": day, "kind": kind, "detail": None} for day, kind in events]
    return rule(
        "sustained_doubling", title, expected, why, visits=course(serum_creatinine=creatinine), events=rows
    )


def end_stage(title: str, expected: int | None, why: str, rates: dict[int, float]) -> Case:
    return rule("end_stage", title, expected, why, rates=list(rates.items()))


def extrarenal(title: str, expected: int | None, why: str, grades: dict[int, dict[str, str]]) -> Case:
    quiet = {f"bilag_{domain}": "E" for domain in ("constitutional", "mucocutaneous", "musculoskeletal", "renal")}
    visits = [
        visit_row(0, 0, "D0" if day == 0 else f"U{day}", day, **quiet, **{})
        | {f"bilag_{domain}": grade for domain, grade in given.items()}
        for day, given in grades.items()
    ]
    return rule("extrarenal_flare", title, expected, why, visits=visits)


RENAL: list[Case] = [
    protein(
        *("after a response, nadir 0.15", 84, "0.15 and 0.15, then 1.2 confirmed by 1.1: over 1.0"),
        {0: 2.0, 28: 0.15, 56: 0.15, 84: 1.2, 112: 1.1},
    ),
    protein("not confirmed", None, "0.9 is not over 1.0", {0: 2.0, 28: 0.15, 56: 0.15, 84: 1.2, 112: 0.9}),
    protein(
        *("nadir 0.2", None, "the nadir 0.2 is not below 0.2: over 2.0 is needed"),
        {0: 2.0, 28: 0.2, 56: 0.2, 84: 1.9, 112: 1.9},
    ),
    protein("nadir 0.5", 84, "2.1 and 2.2 are over 2.0", {0: 2.0, 28: 0.5, 56: 0.5, 84: 2.1, 112: 2.2}),
    protein(
        *("nadir is a geometric mean", 84, "√(0.1 × 0.3) = 0.173: over 1.0"),
        {0: 2.0, 28: 0.1, 56: 0.3, 84: 1.2, 112: 1.2},
    ),
    protein(
        *(
            "one low sample is no response",
            None,
            "0.1 beside 2.0 and 1.1: nadir √(0.1 × 1.1) = 0.33, but 1.5 × 2.0 is 3.0",
        ),
        {0: 2.0, 28: 0.1, 56: 1.1, 84: 1.2, 112: 1.2},
    ),
    protein(
        *("without a response", 56, "nadir √(1.0 × 1.2) = 1.095; 2.2 and 2.3 are twice that and over 1.5 × 1.0"),
        {0: 1.0, 28: 1.2, 56: 2.2, 84: 2.3},
    ),
    protein(
        *("below 1.5 times day 0", None, "nadir 1.0, but 1.5 × 2.0 is 3.0"),
        {0: 2.0, 28: 1.0, 56: 1.0, 84: 2.5, 112: 2.5},
    ),
    protein("both limits", 84, "3.0 is 1.5 × 2.0 and over 2 × 1.0", {0: 2.0, 28: 1.0, 56: 1.0, 84: 3.0, 112: 3.0}),
    protein(
        *("response at 0.7", 84, "0.7 twice is a response: 2.1 is over 2.0"),
        {0: 2.0, 28: 0.7, 56: 0.7, 84: 2.1, 112: 2.1},
    ),
    protein(
        *("no response at 0.71", None, "without a response 3.0 is needed"),
        {0: 2.0, 28: 0.7, 56: 0.71, 84: 2.1, 112: 2.1},
    ),
    protein("nobody to compare with", None, "one sample before makes no nadir", {0: 1.0, 28: 5.0}),
    protein(
        *("confirmed too soon", None, "day 87 is 3 days later; day 91 (0.9) is asked and is not over 1.0"),
        {0: 2.0, 28: 0.15, 56: 0.15, 84: 1.2, 87: 1.3, 91: 0.9},
    ),
    protein(
        *("confirmed after seven days", 84, "day 91 is asked, day 87 is not"),
        {0: 2.0, 28: 0.15, 56: 0.15, 84: 1.2, 87: 0.4, 91: 1.2},
    ),
    nephritic(
        *("creatinine and cells", 56, "125 is 1.25 × 100; 12 cells after 8"),
        {0: 110, 28: 100, 56: 125, 84: 130},
        {0: 8, 28: 8, 56: 12},
    ),
    nephritic(
        *("creatinine not confirmed", None, "124 is below 125"),
        {0: 110, 28: 100, 56: 125, 84: 124},
        {0: 8, 28: 8, 56: 12},
    ),
    nephritic(
        *("below 106", None, "1.25 × 80 is 100, but 105 is normal"),
        {0: 80, 28: 80, 56: 105, 84: 105},
        {0: 8, 28: 8, 56: 12},
    ),
    nephritic("106", 56, "at least 106", {0: 80, 28: 80, 56: 106, 84: 106}, {0: 8, 28: 8, 56: 12}),
    nephritic(
        *("cells not doubled", None, "20 before, 39 now"),
        {0: 110, 28: 100, 56: 125, 84: 130},
        {0: 8, 28: 20, 56: 39},
    ),
    nephritic(
        *("cells doubled", 56, "20 before, 40 now"),
        {0: 110, 28: 100, 56: 125, 84: 130},
        {0: 8, 28: 20, 56: 40},
    ),
    nephritic("ten cells", None, "10 is not over 10", {0: 110, 28: 100, 56: 125, 84: 130}, {0: 2, 28: 2, 56: 10}),
    nephritic(
        *("new casts", 56, "casts now, none before"),
        {0: 110, 28: 100, 56: 125, 84: 130},
        {0: 2},
        cellular_casts={28: False, 56: True},
    ),
    nephritic(
        *("casts as before", None, "casts at both"),
        {0: 110, 28: 100, 56: 125, 84: 130},
        {0: 2},
        cellular_casts={28: True, 56: True},
    ),
    doubled("sustained", 28, "200 on days 28 and 56, 28 days apart", {0: 100, 28: 200, 56: 200}),
    doubled("27 days", None, "29 to 56 is 27 days", {0: 100, 29: 200, 56: 200}),
    doubled("interrupted", None, "190 between the two", {0: 100, 28: 200, 40: 190, 60: 200}),
    doubled("not double", None, "199 is below 200", {0: 100, 28: 199, 56: 250}),
    doubled("last before death", 56, "stands alone", {0: 100, 28: 120, 56: 200}, (60, "death")),
    doubled(
        *("last before withdrawal", None, "withdrawal is no proof"),
        {0: 100, 28: 120, 56: 200},
        (60, "withdrawal"),
    ),
    doubled("no baseline", None, "day 0 is not replaced", {28: 100, 56: 220, 84: 220}),
    end_stage("sustained", 84, "14 on days 56 and 84: known on day 84", {0: 40, 56: 14, 84: 14}),
    end_stage("15", None, "15 is not below 15", {0: 40, 56: 15, 84: 14, 100: 14}),
]

EXTRARENAL: list[Case] = [
    extrarenal("new A", 28, "skin E to A", {0: {}, 28: {"mucocutaneous": "A"}}),
    extrarenal("renal A", None, "the kidney does not count", {0: {}, 28: {"renal": "A"}}),
    extrarenal("one new B", None, "two are needed", {0: {}, 28: {"mucocutaneous": "B"}}),
    extrarenal("two new B", 28, "at one visit", {0: {}, 28: {"mucocutaneous": "B", "musculoskeletal": "B"}}),
    extrarenal(
        *("one B after the other", None, "each visit is compared with the one before"),
        {0: {}, 28: {"mucocutaneous": "B"}, 56: {"mucocutaneous": "B", "musculoskeletal": "B"}},
    ),
    extrarenal(
        *("against the previous visit", 56, "A at day 0, D on day 28, A on day 56"),
        {0: {"mucocutaneous": "A"}, 28: {"mucocutaneous": "D"}, 56: {"mucocutaneous": "A"}},
    ),
    extrarenal("day 0", None, "before the infusion", {-7: {}, 0: {"mucocutaneous": "A"}}),
]

CASES: list[Case] = RENAL + EXTRARENAL
