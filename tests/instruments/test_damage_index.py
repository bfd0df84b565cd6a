"""SLICC/ACR damage index: the catalogue, the sum with its caps, and the rule of six months."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.instruments import damage_index as d

NAN = np.nan


def score(**items: float) -> float:
    return float(d.damage_index({name: np.array([value]) for name, value in items.items()})[0][0])


def test_catalogue() -> None:
    assert len(d.ITEMS) == len({item.name for item in d.ITEMS}) == 41
    highest: dict[str, int] = {}
    for item in d.ITEMS:
        replaced = item.name in ("low_filtration", "proteinuria")
        highest[item.system] = highest.get(item.system, 0) + (0 if replaced else item.highest)
    assert highest == {
        "ocular": 2,
        "neuropsychiatric": 6,
        "renal": 3,
        "pulmonary": 5,
        "cardiovascular": 6,
        "peripheral vascular": 5,
        "gastrointestinal": 6,
        "musculoskeletal": 7,
        "skin": 3,
        "gonadal": 1,
        "endocrine": 1,
        "malignancy": 2,
    }
    assert score(**{item.name: 9.0 for item in d.ITEMS}) == sum(highest.values()) == 47


@pytest.mark.parametrize(
    ("items", "points"),
    [
        ({"cataract": 2.0}, 1.0),
        ({"cva": 1.0}, 1.0),
        ({"cva": 2.0}, 2.0),
        ({"cva": 3.0}, 2.0),
        ({"low_filtration": 1.0, "proteinuria": 1.0}, 2.0),
        ({"low_filtration": 1.0, "proteinuria": 1.0, "end_stage_renal_disease": 1.0}, 3.0),
        ({"low_filtration": 1.0, "end_stage_renal_disease": 0.0}, 1.0),
        ({"low_filtration": NAN, "end_stage_renal_disease": 1.0}, 3.0),
        ({"low_filtration": NAN}, NAN),
        ({"low_filtration": 1.0, "end_stage_renal_disease": NAN}, NAN),
        ({"diabetes": 1.0, "malignancy": 2.0, "cataract": 0.0}, 3.0),
    ],
)
def test_score(items: dict[str, float], points: float) -> None:
    np.testing.assert_equal(score(**items), points)


def test_missing_items_are_counted() -> None:
    _, missing = d.damage_index({"cva": np.array([NAN, 1.0]), "diabetes": np.array([NAN, NAN])})
    assert missing.tolist() == [2, 1]


def test_unknown_items_are_refused() -> None:
    with pytest.raises(ValueError, match="headache"):
        d.damage_index({"headache": np.array([1.0])})
    with pytest.raises(ValueError, match="no damage item"):
        d.damage_index({})


def lasting(days: list[float], present: list[int], *, uninterrupted: bool = False) -> list[bool]:
    subject, flags = np.zeros(len(days), dtype=np.int64), np.array(present, dtype=np.int8)
    return d.persistent(subject, np.array(days), flags, uninterrupted=uninterrupted).tolist()


def test_six_months() -> None:
    assert lasting([0.0, 84.0, 181.0], [1, 1, 1]) == [False] * 3
    assert lasting([0.0, 84.0, 182.0, 365.0], [1, 1, 1, 0]) == [False, False, True, True]
    assert lasting([0.0, 84.0, 182.0], [1, -1, 1]) == [False, False, True]
    assert lasting([0.0, 84.0, 182.0], [1, 1, -1]) == [False] * 3
    assert lasting([0.0, 84.0, 182.0], [1, 0, 1]) == [False, False, True]
    assert lasting([0.0, 84.0, 182.0, 266.0], [1, 0, 1, 1], uninterrupted=True) == [False] * 4
    assert lasting([0.0, 84.0, 182.0, 266.0], [0, 1, 1, 1], uninterrupted=True) == [False, False, False, True]
    assert lasting([0.0, 84.0, 182.0], [1, -1, 1], uninterrupted=True) == [False, False, True]


def test_each_subject_has_its_own_six_months() -> None:
    subject, days = np.array([0, 1, 1]), np.array([0.0, 200.0, 400.0])
    assert d.persistent(subject, days, np.ones(3, dtype=np.int8)).tolist() == [False, False, True]


def test_the_recorded_index_does_not_fall() -> None:
    subject, recorded = np.array([0, 0, 0, 0, 1]), np.array([NAN, 2.0, 1.0, 3.0, 0.0])
    np.testing.assert_equal(d.accumulated(subject, recorded), [NAN, 2.0, 2.0, 3.0, 0.0])


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([item.name for item in d.ITEMS]), st.integers(0, 3), min_size=1))
def test_more_damage_never_scores_less(items: dict[str, int]) -> None:
    fewer, more = score(**items), score(**{name: number + 1 for name, number in items.items()})
    assert 0 <= fewer <= more <= 47
