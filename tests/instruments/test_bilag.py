"""BILAG-2004: how conditions become a grade, and what follows from grades."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments import bilag
from sim.instruments.bilag import DOMAINS, codes_of, letters_of

LETTERS = [*"ABCDE", ""]


def codes(text: str) -> np.ndarray:
    """One grade per character; a question mark is unknown."""
    return codes_of(np.array([letter.replace("?", "") for letter in text], dtype="<U1"))


def panel(**changed: str) -> dict[str, np.ndarray]:
    """One visit: every domain E but those named."""
    return {domain: codes(changed.get(domain, "E")) for domain in DOMAINS}


def test_letters_and_codes_go_both_ways() -> None:
    letters = np.array(LETTERS)
    assert codes_of(letters).tolist() == [0, 1, 2, 3, 4, -1]
    np.testing.assert_array_equal(letters_of(codes_of(letters)), letters)
    with pytest.raises(ValueError, match="'F'"):
        codes_of(np.array(["A", "F"]))


@pytest.mark.parametrize(
    ("severe", "moderate", "mild", "ever", "grade"),
    [
        (1, 0, 0, 0, "A"),
        (1, -1, -1, -1, "A"),
        (0, 1, 0, 0, "B"),
        (0, 1, -1, -1, "B"),
        (-1, 1, 1, 1, ""),
        (0, 0, 1, 0, "C"),
        (0, -1, 1, 0, ""),
        (0, 0, 0, 1, "D"),
        (0, 0, 0, 0, "E"),
        (0, 0, 0, -1, ""),
        (0, 0, -1, 1, ""),
    ],
)
def test_the_highest_condition_that_holds_is_the_grade(
    severe: int, moderate: int, mild: int, ever: int, grade: str
) -> None:
    flags = (np.array([flag], dtype=np.int8) for flag in (severe, moderate, mild, ever))
    assert letters_of(bilag.graded(*flags)).tolist() == [grade]


@pytest.mark.parametrize(
    ("now", "reference", "new_a", "new_b"),
    [
        ("A", "B", 1, 0),
        ("A", "A", 0, 0),
        ("A", "E", 1, 0),
        ("B", "A", 0, 0),  # an improvement
        ("B", "B", 0, 0),
        ("B", "C", 0, 1),
        ("B", "D", 0, 1),
        ("B", "E", 0, 1),
        ("C", "?", 0, 0),
        ("A", "?", -1, 0),
        ("B", "?", 0, -1),
        ("?", "A", 0, 0),  # whatever it is, it is not new
        ("?", "B", -1, 0),
        ("?", "C", -1, -1),
    ],
)
def test_new_grades(now: str, reference: str, new_a: int, new_b: int) -> None:
    assert bilag.new_a(codes(now), codes(reference)).tolist() == [new_a]
    assert bilag.new_b(codes(now), codes(reference)).tolist() == [new_b]


@pytest.mark.parametrize(
    ("now", "reference", "met"),
    [
        ({}, {}, 1),
        ({"renal": "A"}, {}, 0),
        ({"renal": "A"}, {"renal": "A"}, 1),
        ({"renal": "B"}, {}, 1),
        ({"renal": "B", "ophthalmic": "B"}, {}, 0),
        ({"renal": "B", "ophthalmic": "B"}, {"renal": "A"}, 1),
        ({"renal": "B", "ophthalmic": "?"}, {}, -1),
        ({"renal": "?"}, {}, -1),
        ({"renal": "?"}, {"renal": "A"}, 1),
        ({"renal": "?", "ophthalmic": "A"}, {}, 0),
        ({"renal": "B"}, {"renal": "?"}, 1),  # one new B at most
        ({"renal": "B", "ophthalmic": "B"}, {"renal": "?"}, -1),
    ],
)
def test_no_worsening(now: dict[str, str], reference: dict[str, str], met: int) -> None:
    assert bilag.no_worsening(panel(**now), panel(**reference)).tolist() == [met]


def test_a_domain_left_out_is_unknown() -> None:
    now = panel()
    del now["renal"]
    assert bilag.no_worsening(now, panel()).tolist() == [-1]
    assert bilag.no_worsening(now, panel(renal="A")).tolist() == [1]


def grades_over_visits(**domains: str) -> dict[str, np.ndarray]:
    size = len(next(iter(domains.values())))
    return {domain: codes(domains.get(domain, "E" * size)) for domain in DOMAINS}


def test_flare_against_the_last_graded_visit() -> None:
    subject, day = np.zeros(5, dtype=np.int64), np.array([0.0, 28.0, 31.0, 56.0, 84.0])
    flare = bilag.bilag_flare(subject, day, grades_over_visits(renal="CB?BA", ophthalmic="CC?BB"))
    assert flare.tolist() == [False, False, False, False, True]
    together = bilag.bilag_flare(subject, day, grades_over_visits(renal="CC?BB", ophthalmic="CC?BB"))
    assert together.tolist() == [False, False, False, True, False]
    two_a = bilag.bilag_flare(subject, day, grades_over_visits(renal="CAAAA"), fewest_new_a=2)
    assert not two_a.any()


def test_the_first_visit_of_a_subject_is_no_flare() -> None:
    subject, day = np.array([0, 1]), np.array([28.0, 56.0])
    assert not bilag.bilag_flare(subject, day, grades_over_visits(renal="EA")).any()


def test_numeric_total() -> None:
    total, unknown = bilag.numeric_total(panel(renal="A", haematological="B", ophthalmic="C", mucocutaneous="D"))
    assert (total.tolist(), unknown.tolist()) == ([21.0], [0])
    older, _ = bilag.numeric_total(panel(renal="A", haematological="B"), points=bilag.EARLIER_POINTS)
    assert older.tolist() == [12.0]
    total, unknown = bilag.numeric_total(panel(renal="?", haematological="B"))
    assert np.isnan(total[0])
    assert unknown.tolist() == [1]
    highest, _ = bilag.numeric_total(dict.fromkeys(DOMAINS, codes("A")))
    assert highest.tolist() == [108.0]


def test_involvement_lasts_from_the_visit_after_the_first_activity() -> None:
    subject = np.array([0, 0, 0, 1, 1])
    day = np.array([0.0, 28.0, 56.0, 0.0, 28.0])
    history = np.array([0, 0, 0, -1, -1], dtype=np.int8)
    involved = bilag.ever_involved(subject, day, codes("EC?EE"), history)
    assert involved.tolist() == [0, 0, 1, -1, -1]


@settings(deadline=None)
@given(st.lists(st.sampled_from("ABCDE"), min_size=9, max_size=9), st.integers(0, 8))
def test_a_higher_grade_never_lowers_the_total_nor_heals(grades: list[str], which: int) -> None:
    before = {domain: codes(grade) for domain, grade in zip(DOMAINS, grades, strict=True)}
    higher = before | {DOMAINS[which]: np.maximum(before[DOMAINS[which]] - 1, 0).astype(np.int8)}
    assert bilag.numeric_total(higher)[0][0] >= bilag.numeric_total(before)[0][0]
    assert bilag.no_worsening(before, before).tolist() == [1]
    reference = panel()
    assert bilag.no_worsening(higher, reference)[0] <= bilag.no_worsening(before, reference)[0]


@pytest.mark.parametrize("word", ["AB", "F", "a", "@", "-"])
def test_what_is_no_grade_is_refused(word):
    with pytest.raises(ValueError, match="is unknown; allowed: A, B, C, D, E"):
        codes_of(np.array(["A", word, ""]))
    assert codes_of(np.array(["A", "E", ""])).tolist() == [0, 4, -1]
