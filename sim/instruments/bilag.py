"""BILAG-2004: grades of nine domains, and what follows from them.

A severe, B moderate, C mild or stable, D inactive now but affected before, E never affected. In memory a grade
is a code, the position in GRADES, with -1 where it cannot be told. The rules of the domains are in
bilag_items.py (seven domains of items), bilag_renal.py and bilag_haematological.py.
Sources: Isenberg 2005, Rheumatology 44:902; Yee 2010, Rheumatology 49:1665 (numbers).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.nullable import Nullable, all_of, any_of, negated
from sim.instruments.visit_order import earlier, ever, flag_at, rows_before, usable_until

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]
Codes = NDArray[np.int8]

DOMAINS: Final = (
    "constitutional",
    "mucocutaneous",
    "neuropsychiatric",
    "musculoskeletal",
    "cardiorespiratory",
    "gastrointestinal",
    "ophthalmic",
    "renal",
    "haematological",
)
GRADES: Final = ("A", "B", "C", "D", "E")
A, B, C, D, E = range(5)
UNKNOWN: Final = -1
POINTS: Final = (12.0, 8.0, 1.0, 0.0, 0.0)
"""Numbers for the grades A to E (Yee 2010)."""
EARLIER_POINTS: Final = (9.0, 3.0, 1.0, 0.0, 0.0)
"""The numbers in use before."""
PREVIOUS_ASSESSMENT_DAYS: Final = 14
"""Improvement or worsening is judged against the last assessment at least so many days earlier."""


def codes_of(letters: NDArray[np.str_]) -> Codes:
    """Codes of grade letters; "" is unknown.

    Errors : ValueError for a letter that is no grade.
    """
    width = letters.dtype.itemsize // 4
    signs = np.ascontiguousarray(letters).view(np.uint32).reshape(len(letters), width)
    codes = np.where(signs[:, 0] == 0, UNKNOWN, signs[:, 0].astype(np.int64) - ord("A"))
    wrong = (codes < UNKNOWN) | (codes >= len(GRADES)) | ((codes == UNKNOWN) & (signs[:, 0] != 0))
    wrong |= signs[:, 1:].any(axis=1)
    if wrong.any():
        raise ValueError(f"BILAG grade {str(letters[wrong][0])!r} is unknown; allowed: {', '.join(GRADES)}")
    return codes.astype(np.int8)


def letters_of(codes: Codes) -> NDArray[np.str_]:
    """Grade letters of codes; "" where unknown."""
    return np.array((*GRADES, ""))[codes]


def graded(severe: Nullable, moderate: Nullable, mild: Nullable, ever_involved: Nullable) -> Codes:
    """The grade of a domain from whether its conditions for A, B and C hold; the highest that holds counts.

    ever_involved : was the domain ever active before: D or E. An unknown condition that could raise the grade
    leaves it unknown; one below a grade already reached does not matter.
    """
    unknown = np.int8(UNKNOWN)
    grade = np.where(ever_involved == -1, unknown, np.where(ever_involved == 1, np.int8(D), np.int8(E)))
    for condition, code in ((mild, C), (moderate, B), (severe, A)):
        grade = np.where(condition == 1, np.int8(code), np.where(condition == -1, unknown, grade))
    return grade


def ever_involved(subject: NDArray[Any], day: Floats, grade: Codes, history: Nullable) -> Nullable:
    """Was a domain involved before each visit: by history (any row's own flag), or graded A, B, C or D before?

    grade : what earlier visits were graded; those of C and above make the domain involved from then on.
    """
    before = earlier(subject, day, np.ones(len(day), dtype=np.bool_))
    seen = flag_at(ever(subject, (grade >= A) & (grade <= D)), before) == 1
    return np.where(seen, 1, history).astype(np.int8)


def new_a(grade: Codes, reference: Codes) -> Nullable:
    """A now and not A in the reference assessment: 1, 0, or -1 where that cannot be told."""
    return all_of(_known(grade, grade == A), _known(reference, reference != A))


def new_b(grade: Codes, reference: Codes) -> Nullable:
    """B now, and C, D or E in the reference assessment (A to B is an improvement): 1, 0, or -1 if unknown."""
    return all_of(_known(grade, grade == B), _known(reference, reference >= C))


def _known(grade: Codes, answer: Flags) -> Nullable:
    return np.where(grade == UNKNOWN, np.int8(-1), answer.astype(np.int8))


def count_new(grades: Mapping[str, Codes], reference: Mapping[str, Codes]) -> tuple[Integers, Integers]:
    """In how many of the nine domains is there a new A, and in how many a new B? What is unknown is not new."""
    size = len(next(iter(grades.values())))
    severe, moderate = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for domain in DOMAINS:
        now, then = grades[domain], reference[domain]
        severe += (now == A) & (then > A)
        moderate += (now == B) & (then > B)
    return severe, moderate


def no_worsening(grades: Mapping[str, Codes], reference: Mapping[str, Codes]) -> Nullable:
    """No new A and fewer than two new B in the nine domains, as SRI asks: 1, 0, or -1 where unknown.

    grades, reference : grade codes by domain, one length; a domain left out is unknown.
    Source            : Furie 2009, Arthritis & Rheumatism 61:1143; NCT04835883, secondary outcomes.
    """
    size = len(next(iter(grades.values())))
    unknown = np.full(size, UNKNOWN, dtype=np.int8)
    any_new_a: Nullable = np.zeros(size, dtype=np.int8)
    certain, possible = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    for domain in DOMAINS:
        now, then = grades.get(domain, unknown), reference.get(domain, unknown)
        severe, moderate = new_a(now, then), new_b(now, then)
        any_new_a = any_of(any_new_a, severe)
        certain += moderate == 1
        possible += moderate != 0
    two_new_b = np.where(certain >= 2, 1, np.where(possible >= 2, -1, 0)).astype(np.int8)
    return negated(any_of(any_new_a, two_new_b))


def bilag_flare(
    subject: NDArray[Any],
    day: Floats,
    grades: Mapping[str, Codes],
    *,
    domains: Sequence[str] = DOMAINS,
    fewest_new_a: int = 1,
    fewest_new_b: int = 2,
) -> Flags:
    """At least one new A or two new B against the previous assessment, at each visit.

    subject, day : (visits,), sorted by subject, then day; grades : codes by domain, -1 where not assessed.
    Each domain is compared with the subject's last visit at which it was graded. What is unknown is not new.
    Source       : Furie 2021, Lupus 30:1254 (visit to visit); numbers can be changed.
    """
    severe, moderate = np.zeros(len(day), dtype=np.int16), np.zeros(len(day), dtype=np.int16)
    limit = rows_before(subject, day)
    for domain in domains:
        grade = grades[domain]
        previous = flag_at(grade, usable_until(subject, limit, grade != UNKNOWN))
        severe += new_a(grade, previous) == 1
        moderate += new_b(grade, previous) == 1
    return np.asarray((severe >= fewest_new_a) | (moderate >= fewest_new_b), dtype=np.bool_)


def numeric_total(grades: Mapping[str, Codes], *, points: tuple[float, ...] = POINTS) -> tuple[Floats, Integers]:
    """Sum over the nine domains of the points of their grades, and how many domains are unknown.

    Returns : points, NaN where any domain is unknown; number of unknown domains, those left out included.
    """
    size = len(next(iter(grades.values())))
    total, unknown = np.zeros(size), np.zeros(size, dtype=np.int64)
    worth = np.array((*points, 0.0))
    for domain in DOMAINS:
        grade = grades.get(domain, np.full(size, UNKNOWN, dtype=np.int8))
        total += worth[grade]
        unknown += grade == UNKNOWN
    total[unknown > 0] = np.nan
    return total, unknown
