"""The weights add up to 105, the thresholds bite where the instrument says, the missing rule holds."""

import numpy as np
import pytest

from sim.instruments import sledai as s

ROWS = np.zeros(1, dtype=np.int8)


def present(*names: str, unknown: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    return {name: ROWS + (1 if name in names else -1 if name in unknown else 0) for name in s.NAMES}


def test_all_descriptors_make_105_points() -> None:
    assert len(s.DESCRIPTORS) == 24
    assert s.sledai_2k(present(*s.NAMES))[0][0] == 105
    by_group = {name: s.sledai_2k(present(*s.NAMES), names=s.SUMS[name])[0][0] for name in s.SUMS}
    assert by_group == {"total": 105, "clinical": 101, "renal": 16, "serologic": 4, "hematologic": 2}
    assert sum(descriptor.weight for descriptor in s.DESCRIPTORS) == 105


@pytest.mark.parametrize(
    ("names", "points"),
    [
        (("proteinuria", "hematuria", "low_complement", "increased_dna_binding"), 12),
        (("thrombocytopenia", "low_complement", "increased_dna_binding"), 5),
        (("arthritis", "rash", "fever"), 7),
        (("seizure",), 8),
        ((), 0),
    ],
)
def test_worked_patients(names: tuple[str, ...], points: int) -> None:
    assert s.sledai_2k(present(*names))[0][0] == points


def test_an_unknown_descriptor_leaves_the_total_unknown_and_is_counted() -> None:
    points, unknown = s.sledai_2k(present("rash", unknown=("fever", "cva")))
    assert np.isnan(points[0])
    assert unknown[0] == 2
    assert s.sledai_2k(present("hematuria", unknown=("fever",)), names=s.SUMS["renal"])[0][0] == 4


@pytest.mark.parametrize(
    ("function", "values", "flags"),
    [
        (s.hematuria, [5.0, 5.0 + 1e-10, 6.0, np.nan], [0, 0, 1, -1]),
        (s.pyuria, [5.0, 6.0, np.nan], [0, 1, -1]),
        (s.proteinuria, [0.49, 0.5, 0.51, np.nan], [0, 0, 1, -1]),
        (s.increased_dna_binding, [15.0, 15.1, np.nan], [0, 1, -1]),
        (s.thrombocytopenia, [99.0, 100.0, 101.0, np.nan], [1, 0, 0, -1]),
        (s.leukopenia, [2.99, 3.0, np.nan], [1, 0, -1]),
    ],
)
def test_thresholds(function, values: list[float], flags: list[int]) -> None:
    assert function(np.array(values)).tolist() == flags


@pytest.mark.parametrize(
    ("c3", "c4", "flag"),
    [
        (90.0, 10.0, 0),
        (89.0, 20.0, 1),
        (100.0, 9.9, 1),
        (np.nan, 9.0, 1),
        (np.nan, 20.0, -1),
        (np.nan, np.nan, -1),
    ],
)
def test_complement(c3: float, c4: float, flag: int) -> None:
    assert s.low_complement(np.array([c3]), np.array([c4]))[0] == flag


def test_recorded_flags_of_laboratory_descriptors_are_never_read() -> None:
    visits = {f"sledai_{name}": np.ones(1, dtype=np.bool_) for name in s.NAMES}
    visits |= {"cellular_casts": np.zeros(1, dtype=np.bool_)}
    normal = {"urine_rbc": 0, "upcr": 0.1, "urine_wbc": 0, "c3": 120, "c4": 30, "anti_dsdna": 1, "platelets": 250}
    visits |= {name: np.array([float(value)]) for name, value in (normal | {"wbc": 6}).items()}
    flags = s.descriptors(visits)
    assert {name for name in s.NAMES if flags[name][0] == 0} == set(s.LABORATORY)


def serology(days: list[int], values: list[float], baseline: int | None = None, **window: int) -> list[float]:
    marks = np.array([day == baseline for day in days])
    subject = np.zeros(len(days), dtype=np.int64)
    return s.nearest_serology(subject, np.array(days, float), marks, np.array(values), **window).tolist()


def test_serology_comes_from_ten_days_before_to_three_after() -> None:
    nan = np.nan
    assert serology([0, 3, 7], [80.0, nan, nan]) == [80.0, 80.0, 80.0]
    assert serology([0, 10], [80.0, nan]) == [80.0, 80.0]
    assert np.isnan(serology([0, 11], [80.0, nan])[1])
    assert serology([10, 13], [nan, 70.0]) == [70.0, 70.0]
    assert np.isnan(serology([10, 14], [nan, 70.0])[0])
    assert serology([0, 3, 6], [80.0, nan, 70.0])[1] == 70.0, "of two equally near the later"
    assert serology([0, 3, 5], [80.0, nan, 70.0])[1] == 70.0, "the nearer"
    assert serology([0, 2, 5], [80.0, nan, 70.0])[1] == 80.0, "the nearer"


def test_baseline_takes_nothing_from_after_day_0() -> None:
    nan = np.nan
    assert np.isnan(serology([0, 2], [nan, 70.0], baseline=0)[0])
    assert serology([-7, 0, 2], [60.0, nan, 70.0], baseline=0)[1] == 60.0
    assert serology([0, 0], [nan, 70.0], baseline=0)[0] == 70.0


def test_serology_never_crosses_subjects() -> None:
    subject, day = np.array([0, 1, 2]), np.array([5.0, 5.0, 5.0])
    found = s.nearest_serology(subject, day, np.zeros(3, np.bool_), np.array([np.nan, 80.0, np.nan]))
    assert np.isnan(found[[0, 2]]).all()
