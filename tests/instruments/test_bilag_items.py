"""The seven item domains of BILAG-2004: lists, change codes, and items derived from SLEDAI-2K."""

import numpy as np
import pytest

from sim.instruments import bilag_items as b
from sim.instruments.bilag import DOMAINS, letters_of
from sim.instruments.sledai import LABORATORY, NAMES

NEVER, BEFORE, UNSURE = (np.array([flag], dtype=np.int8) for flag in (0, 1, -1))


def grade(domain: str, ever: np.ndarray = NEVER, **items: int) -> str:
    codes = {item: np.array([code], dtype=np.int8) for item, code in items.items()}
    return str(letters_of(b.item_grade(domain, codes, ever))[0])


SIX = [domain for domain in b.ITEM_DOMAINS if domain != "constitutional"]


def test_catalogue() -> None:
    assert set(b.ITEM_DOMAINS) == set(DOMAINS) - {"renal", "haematological"}
    items = [item for lists in b.ITEMS.values() for names in lists.values() for item in names]
    assert len(items) == len(set(items)) == 77
    counts = {domain: [len(names) for names in b.ITEMS[domain].values()] for domain in SIX}
    assert counts == {
        "mucocutaneous": [5, 4, 5],
        "neuropsychiatric": [13, 7],
        "musculoskeletal": [2, 2, 1],
        "cardiorespiratory": [10, 2],
        "gastrointestinal": [5, 4],
        "ophthalmic": [7, 4, 2],
    }


@pytest.mark.parametrize(
    ("listed", "answers"), [("A", "EBAAA"), ("B", "ECBBB"), ("C", "ECCCC")], ids=["list A", "list B", "list C"]
)
def test_every_item_with_every_code(listed: str, answers: str) -> None:
    for domain in SIX:
        for item in b.ITEMS[domain].get(listed, ()):
            assert "".join(grade(domain, **{item: code}) for code in range(5)) == answers


def test_an_improving_severe_item_does_not_hide_a_later_one() -> None:
    assert grade("musculoskeletal", severe_myositis=1, severe_arthritis=4) == "A"
    assert grade("musculoskeletal", severe_myositis=1, mild_arthritis_or_myalgia=4) == "B"
    assert grade("musculoskeletal", mild_myositis=1, mild_arthritis_or_myalgia=0) == "C"


def test_inactive_domains() -> None:
    assert grade("ophthalmic") == "E"
    assert grade("ophthalmic", BEFORE) == "D"
    assert grade("ophthalmic", UNSURE) == ""


def test_an_item_that_was_not_looked_for() -> None:
    assert grade("mucocutaneous", severe_angioedema=-1) == ""
    assert grade("mucocutaneous", severe_angioedema=-1, severe_skin_eruption=2) == "A"
    assert grade("mucocutaneous", mild_alopecia=-1, mild_skin_eruption=2) == "B"
    assert grade("mucocutaneous", severe_angioedema=-1, mild_skin_eruption=2) == ""


@pytest.mark.parametrize(
    ("pyrexia", "weight_loss", "nodes", "anorexia", "expected"),
    [
        (2, 2, 2, 0, "A"),
        (4, 3, 0, 2, "A"),
        (2, 2, 1, 0, "B"),  # one of the two is improving
        (1, 2, 2, 2, "B"),  # fever is improving, two others are not
        (2, 0, 0, 0, "B"),
        (0, 2, 2, 0, "B"),
        (1, 0, 0, 0, "C"),
        (0, 2, 0, 0, "C"),
        (0, 1, 1, 1, "C"),
        (0, 0, 0, 0, "E"),
        (2, 2, -1, 0, ""),
        (2, 2, -1, 3, "A"),
        (-1, 2, 0, 0, ""),
    ],
)
def test_constitutional_disease_is_counted(
    pyrexia: int, weight_loss: int, nodes: int, anorexia: int, expected: str
) -> None:
    items = {
        "pyrexia": pyrexia,
        "weight_loss": weight_loss,
        "lymphadenopathy_or_splenomegaly": nodes,
        "anorexia": anorexia,
    }
    assert grade("constitutional", **items) == expected


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValueError, match="renal"):
        grade("renal")
    with pytest.raises(ValueError, match="headache"):
        grade("ophthalmic", headache=2)


@pytest.mark.parametrize(
    ("present", "previous", "activity", "before", "code"),
    [
        (0, 1, 1.0, 1.0, 0),
        (1, 0, 1.0, 1.0, 4),
        (1, -1, 1.0, np.nan, 2),  # no previous assessment
        (1, 1, 0.69, 1.0, 1),
        (1, 1, 0.70, 1.0, 1),
        (1, 1, 0.71, 1.0, 2),
        (1, 1, 1.29, 1.0, 2),
        (1, 1, 1.30, 1.0, 3),
        (1, 1, np.nan, 1.0, -1),
        (1, 1, 1.0, np.nan, -1),
        (-1, 1, 1.0, 1.0, -1),
        (1, 0, np.nan, np.nan, 4),
    ],
)
def test_change_code(present: int, previous: int, activity: float, before: float, code: int) -> None:
    flags = (np.array([flag], dtype=np.int8) for flag in (present, previous))
    assert b.change_code(*flags, np.array([activity]), np.array([before])).tolist() == [code]


def derived(activity: list[float], day: list[float], **present: list[int]) -> dict[str, list[int]]:
    size = len(day)
    flags = {name: np.array(present.get(name, [0] * size), dtype=np.int8) for name in NAMES}
    days = np.array(day)
    items = b.items_from_sledai(np.zeros(size, dtype=np.int64), days, days == 0.0, flags, np.array(activity))
    return {name: codes.tolist() for name, codes in items.items()}


def test_every_clinical_descriptor_has_an_item_of_a_domain() -> None:
    covered = {name for row in b.FROM_SLEDAI for name in row.descriptors}
    assert covered == set(NAMES) - set(LABORATORY)
    items = {item for lists in b.ITEMS.values() for names in lists.values() for item in names}
    for row in b.FROM_SLEDAI:
        assert row.item in items
        assert row.severe == "" or row.severe in items


@pytest.mark.parametrize(
    ("descriptor", "domain", "activity", "expected"),
    [
        ("arthritis", "musculoskeletal", 1.49, "B"),
        ("arthritis", "musculoskeletal", 1.5, "A"),
        ("myositis", "musculoskeletal", 1.49, "B"),
        ("myositis", "musculoskeletal", 1.5, "A"),
        ("rash", "mucocutaneous", 1.79, "B"),
        ("rash", "mucocutaneous", 1.8, "A"),
        ("alopecia", "mucocutaneous", 1.79, "C"),
        ("alopecia", "mucocutaneous", 1.8, "B"),
        ("mucosal_ulcers", "mucocutaneous", 1.79, "C"),
        ("mucosal_ulcers", "mucocutaneous", 1.8, "A"),
        ("vasculitis", "mucocutaneous", 1.49, "B"),
        ("vasculitis", "mucocutaneous", 1.5, "A"),
        ("pleurisy", "cardiorespiratory", 3.0, "B"),
        ("pericarditis", "cardiorespiratory", 3.0, "B"),
        ("fever", "constitutional", 3.0, "B"),
        ("psychosis", "neuropsychiatric", 0.1, "A"),
        ("organic_brain_syndrome", "neuropsychiatric", 0.1, "A"),
        ("cranial_nerve_disorder", "neuropsychiatric", 0.1, "A"),
        ("seizure", "neuropsychiatric", 3.0, "B"),
        ("cva", "neuropsychiatric", 3.0, "B"),
        ("lupus_headache", "neuropsychiatric", 3.0, "B"),
        ("visual_disturbance", "ophthalmic", 0.1, "A"),
    ],
)
def test_grade_from_one_descriptor_at_baseline(
    descriptor: str, domain: str, activity: float, expected: str
) -> None:
    items = {name: codes[0] for name, codes in derived([activity], [0.0], **{descriptor: [1]}).items()}
    assert grade(domain, **items) == expected


def test_previous_assessment_is_at_least_14_days_earlier() -> None:
    items = derived([1.0, 1.0, 1.3, 0.9], [0.0, 13.0, 27.0, 41.0], rash=[0, 1, 1, 1])
    # Day 13 has no assessment before it that is old enough; days 27 and 41 look back to days 13 and 27.
    assert items["mild_skin_eruption"] == [0, 2, 3, 1]


def test_baseline_is_the_same_whatever_the_screening_showed() -> None:
    assert derived([1.0, 1.0], [-28.0, 0.0], rash=[0, 1])["mild_skin_eruption"] == [0, 2]


def test_a_severe_form_that_became_mild_is_not_new() -> None:
    items = derived([2.0, 1.3], [0.0, 28.0], arthritis=[1, 1])
    assert items["severe_arthritis"] == [2, 0]
    assert items["moderate_arthritis_or_tendonitis"] == [0, 1]
    worse = derived([1.4, 1.5], [0.0, 28.0], arthritis=[1, 1])
    assert worse["severe_arthritis"] == [0, 2]


def test_serositis_is_one_item() -> None:
    items = derived([1.0, 1.0], [0.0, 28.0], pleurisy=[1, 0], pericarditis=[0, 1])
    assert items["pleurisy_or_pericarditis"] == [2, 2]


def test_without_an_observed_activity_the_severity_is_unknown() -> None:
    items = derived([np.nan, np.nan], [0.0, 28.0], rash=[1, 0], fever=[1, 0])
    assert items["severe_skin_eruption"] == items["mild_skin_eruption"] == [-1, 0]
    assert items["pyrexia"] == [2, 0]
