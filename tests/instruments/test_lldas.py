"""LLDAS and DORIS 2021: five components, their thresholds, and where activity is new."""

import numpy as np
import pytest

from sim.instruments import lldas as s
from sim.instruments.nullable import all_of, at_most
from sim.instruments.sledai import NAMES, sledai_2k

NAN = np.nan


def flag(value: int) -> np.ndarray:
    return np.array([value], dtype=np.int8)


def descriptors(**present: int) -> dict[str, np.ndarray]:
    return {name: flag(present.get(name, 0)) for name in NAMES}


def low(hemolysis: int = 0, gastrointestinal: int = 4, **present: int) -> int:
    items = descriptors(**present)
    total, _ = sledai_2k(items)
    quiet = s.major_organs_quiet(items, flag(hemolysis), flag(gastrointestinal))
    return int(all_of(at_most(total, s.HIGHEST_SLEDAI), quiet)[0])


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({}, 1),
        ({"arthritis": 1}, 1),  # four points
        ({"rash": 1, "alopecia": 1, "thrombocytopenia": 1}, 0),  # five points
        ({"thrombocytopenia": 1, "leukopenia": 1, "low_complement": 1}, 1),
        ({"fever": 1}, 0),
        ({"pleurisy": 1}, 0),
        ({"pericarditis": 1}, 0),
        ({"hematuria": 1}, 0),
        ({"proteinuria": 1}, 0),
        ({"pyuria": 1}, 0),
        ({"urinary_casts": 1}, 0),
        ({"rash": -1}, -1),
        ({"rash": -1, "fever": 1}, 0),
    ],
)
def test_low_activity(present: dict[str, int], expected: int) -> None:
    assert low(**present) == expected


def test_major_organs_are_renal_nervous_serosal_vascular_and_fever() -> None:
    assert len(s.MAJOR_ORGAN) == 7 + 1 + 4 + 1 + 2 + 1 - 1
    assert set(NAMES) - set(s.MAJOR_ORGAN) == {
        "arthritis",
        "myositis",
        "rash",
        "alopecia",
        "mucosal_ulcers",
        "low_complement",
        "increased_dna_binding",
        "thrombocytopenia",
        "leukopenia",
    }


@pytest.mark.parametrize(
    ("hemolysis", "gastrointestinal", "expected"),
    [(1, 4, 0), (-1, 4, -1), (0, 0, 0), (0, 1, 0), (0, 2, 0), (0, 3, 1), (0, -1, -1), (1, -1, 0)],
)
def test_hemolysis_and_gastrointestinal_activity(hemolysis: int, gastrointestinal: int, expected: int) -> None:
    assert low(hemolysis, gastrointestinal) == expected


def new(days: list[float], scheduled: list[bool], **present: list[int]) -> list[int]:
    rows = len(days)
    items = {name: np.array(present.get(name, [0] * rows), dtype=np.int8) for name in NAMES}
    return s.new_activity(np.zeros(rows, dtype=np.int64), np.array(days), np.array(scheduled), items).tolist()


def test_new_activity_against_the_scheduled_visit_28_days_before() -> None:
    days, scheduled = [0.0, 27.0, 28.0, 40.0, 56.0], [True, True, True, False, True]
    assert new(days, scheduled, rash=[0, 1, 1, 1, 1]) == [-1, -1, 1, 1, 0]
    # Day 56 looks at day 28, day 40 at day 0.
    assert new(days, scheduled, rash=[0, 0, 0, 1, 1]) == [-1, -1, 0, 1, 1]
    assert new(days, scheduled, rash=[1, 0, 0, 0, 0]) == [-1, -1, 0, 0, 0]


def test_unscheduled_visits_are_not_looked_back_to() -> None:
    assert new([0.0, 20.0, 49.0], [True, False, True], rash=[0, 1, 1]) == [-1, -1, 1]
    assert new([0.0, 20.0, 49.0], [True, True, True], rash=[0, 1, 1]) == [-1, -1, 0]


def test_unknown_descriptors_leave_new_activity_open() -> None:
    days, scheduled = [0.0, 28.0], [True, True]
    assert new(days, scheduled, rash=[0, -1]) == [-1, -1]
    assert new(days, scheduled, rash=[-1, 1]) == [-1, -1]
    assert new(days, scheduled, rash=[1, -1]) == [-1, 0]
    assert new(days, scheduled, rash=[0, -1], fever=[0, 1]) == [-1, 1]


@pytest.mark.parametrize(("flare_day", "expected"), [(0.0, 0), (1.0, 1), (28.0, 1), (29.0, 0)])
def test_flares_after_the_previous_visit(flare_day: float, expected: int) -> None:
    subject, day, scheduled = np.zeros(2, dtype=np.int64), np.array([0.0, 28.0]), np.array([True, True])
    answer = s.flare_since_previous_visit(subject, day, scheduled, np.array([0]), np.array([flare_day]))
    assert answer.tolist() == [-1, expected]


def test_mean_dose_of_the_seven_days_that_end_at_the_visit() -> None:
    daily = np.array([[20.0] * 7 + [10.0] * 7 + [5.0], [NAN] + [5.0] * 14])
    row, day = np.array([0, 0, 0, 0, 0, 1, 1, 0]), np.array([0.0, 6.0, 7.0, 13.0, 30.0, 6.0, 7.0, -7.0])
    means = s.mean_dose(daily, row, day)
    np.testing.assert_allclose(means, [20.0, 20.0, 130.0 / 7.0, 10.0, 5.0, NAN, 5.0, NAN], rtol=1e-12)
    assert np.isnan(s.mean_dose(np.zeros((1, 0)), np.array([0]), np.array([3.0]))).all()


@pytest.mark.parametrize(
    ("drug", "dose", "expected"),
    [
        ("hydroxychloroquine", 400.0, 1),
        ("hydroxychloroquine", 401.0, 0),
        ("methotrexate", 30.0, 1),
        ("methotrexate", 30.1, 0),
        ("azathioprine", 200.1, 0),
        ("mycophenolate_mofetil", 3000.0, 1),
        ("mycophenolate_mofetil", 3250.0, 0),
        ("mycophenolic_acid", 2160.0, 1),
        ("mycophenolic_acid", 2161.0, 0),
        ("leflunomide", 20.5, 0),
        ("leflunomide", NAN, -1),
    ],
)
def test_standard_doses(drug: str, dose: float, expected: int) -> None:
    assert s.standard_doses({drug: np.array([dose])}).tolist() == [expected]
    both = s.standard_doses({drug: np.array([dose]), "azathioprine": np.array([50.0])})
    assert drug == "azathioprine" or both.tolist() == [expected]


def test_doses_that_cannot_be_judged_are_refused() -> None:
    with pytest.raises(ValueError, match="mizoribine"):
        s.standard_doses({"mizoribine": np.array([150.0])})
    with pytest.raises(ValueError, match="no drug"):
        s.standard_doses({})


@pytest.mark.parametrize(("rescue_day", "expected"), [(55.0, 1), (56.0, 0), (84.0, 0), (85.0, 1)])
def test_pulse_within_28_days(rescue_day: float, expected: int) -> None:
    subject, day = np.zeros(1, dtype=np.int64), np.array([84.0])
    answer = s.standard_treatment(flag(1), subject, day, np.array([0]), np.array([rescue_day]))
    assert answer.tolist() == [expected]
    unstable = s.standard_treatment(flag(0), subject, day, np.array([0]), np.array([rescue_day]))
    assert unstable.tolist() == [0]


@pytest.mark.parametrize(
    ("total", "quiet", "new_activity", "pga", "dose", "treatment", "expected"),
    [
        (4.0, 1, 0, 1.0, 7.5, 1, 1),
        (5.0, 1, 0, 1.0, 7.5, 1, 0),
        (4.0, 0, 0, 1.0, 7.5, 1, 0),
        (4.0, 1, 1, 1.0, 7.5, 1, 0),
        (4.0, 1, 0, 1.1, 7.5, 1, 0),
        (4.0, 1, 0, 1.0, 7.6, 1, 0),
        (4.0, 1, 0, 1.0, 7.5, 0, 0),
        (NAN, 1, 0, 1.0, 7.5, 1, -1),
        (4.0, -1, 0, 1.0, 7.5, 1, -1),
        (4.0, 1, -1, 1.0, 7.5, 1, -1),
        (4.0, 1, 0, NAN, 7.5, 1, -1),
        (4.0, 1, 0, 1.0, NAN, 1, -1),
        (4.0, 1, -1, 1.1, NAN, 1, 0),
    ],
)
def test_every_component(
    total: float, quiet: int, new_activity: int, pga: float, dose: float, treatment: int, expected: int
) -> None:
    numbers = (np.array([number]) for number in (pga, dose))
    arguments = (np.array([total]), flag(quiet), flag(new_activity), *numbers, flag(treatment))
    assert s.lldas(*arguments).tolist() == [expected]
    assert tuple(s.lldas_components(*arguments)) == s.COMPONENTS


@pytest.mark.parametrize(
    ("clinical", "pga", "dose", "stable", "expected"),
    [
        (0.0, 0.4, 5.0, 1, 1),
        (0.0, 0.5, 5.0, 1, 0),
        (1.0, 0.4, 5.0, 1, 0),
        (0.0, 0.4, 5.1, 1, 0),
        (0.0, 0.4, 5.0, 0, 0),
        (NAN, 0.4, 5.0, 1, -1),
    ],
)
def test_doris(clinical: float, pga: float, dose: float, stable: int, expected: int) -> None:
    answer = s.doris_2021(np.array([clinical]), np.array([pga]), np.array([dose]), flag(stable))
    assert answer.tolist() == [expected]
