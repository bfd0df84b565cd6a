"""Hematologic flares: relapse after improvement, new grades, the flare index, and the confirmation of each."""

import numpy as np
import pytest

from sim.instruments import hematologic_flares as h
from sim.instruments.bilag import codes_of

NAN = np.nan
HEMOGLOBIN, NEUTROPHILS, PLATELETS = h.LINEAGES
DAYS = [0, 28, 56, 84, 112, 140, 168]


def flares(
    lineage: h.HematologicLineage,
    values: list[float],
    before: float,
    *,
    grades: str = "",
    hemolysis: int = 0,
    transfused: tuple[int, ...] = (),
    qualifying: bool = True,
    days: list[float] | None = None,
    **options: object,
) -> list[float]:
    """Days that date a flare; `grades` has a letter for each visit, ? where not assessed."""
    size = len(values)
    day = np.array(days or DAYS[:size], dtype=np.float64)
    course = h.HematologicCourse(
        value=np.array(values),
        pretreatment=np.full(size, before),
        qualifying=np.full(size, qualifying),
        grade=codes_of(np.array([letter.replace("?", "") for letter in (grades or "?" * size)], dtype="<U1")),
        hemolysis=np.full(size, hemolysis, dtype=np.int8),
        transfused=np.isin(day, transfused),
    )
    subject = np.zeros(size, dtype=np.int64)
    return day[h.hematologic_flare(lineage, subject, day, day == 0.0, course, **options)].tolist()


def test_lineages() -> None:
    assert [lineage.column for lineage in h.LINEAGES] == ["hemoglobin", "neutrophils", "platelets"]


@pytest.mark.parametrize(
    ("values", "dated"),
    [
        ([40, 150, 150, 75, 75], [112]),  # half of the best
        ([40, 150, 150, 76, 75], []),
        ([40, 150, 150, 75, 76], []),  # not confirmed
        ([40, 150, 150, 75, NAN, 75], [140]),
        ([40, 150, 150, 75], []),
        ([40, 210, 210, 100, 100], []),  # half, but not below 100 again
        ([40, 210, 210, 99, 99], [112]),
        ([40, 69, 69, 30, 30], []),  # had not improved by 30
        ([40, 70, 70, 35, 35], [112]),
        ([40, 150, 75, 75, 70], []),  # the mean of two is 112
        ([40, 150, 75, 56, 56], [112]),
        ([40, 150, 70, 70, 70], []),  # the best of two consecutive ones is not there yet
        ([40, 150, 150, 70, 70, 70], [112]),  # a plateau is one flare
        ([40, 150, 150, 70, 70, 150, 150], [112]),
        (
            [150, 150, 40, 40, 40],
            [84],
        ),  # by the flare index; D0 is no part of the best, which has no two samples yet
    ],
)
def test_platelets_relapse(values: list[float], dated: list[float]) -> None:
    assert flares(PLATELETS, values, 40.0) == dated


@pytest.mark.parametrize(
    ("values", "dated"),
    [
        ([8.5, 11.5, 11.5, 10.0, 10.0], [112]),
        ([8.5, 11.5, 11.5, 10.1, 10.0], []),  # above 10
        ([8.5, 11.4, 11.4, 10.0, 10.0], []),  # a fall of 1.4
        ([8.5, 9.9, 9.9, 8.0, 8.0], []),  # had not improved by 1.5
    ],
)
def test_hemoglobin_relapse(values: list[float], dated: list[float]) -> None:
    assert flares(HEMOGLOBIN, values, 8.5) == dated


@pytest.mark.parametrize(
    ("values", "dated"),
    [
        ([0.6, 2.0, 2.0, 0.99, 0.99], [112]),
        ([0.6, 2.0, 2.0, 1.0, 1.0], []),
        ([0.6, 1.9, 1.9, 0.96, 0.96], []),
        ([0.6, 1.0, 1.0, 0.5, 0.5], []),  # neither doubled
    ],
)
def test_neutrophils_relapse(values: list[float], dated: list[float]) -> None:
    assert flares(NEUTROPHILS, values, 0.6) == dated


def test_a_lineage_that_did_not_qualify_does_not_relapse() -> None:
    assert flares(PLATELETS, [40, 150, 150, 70, 70], 40.0, qualifying=False) == []


def test_need_for_transfusion_in_the_range_of_entry() -> None:
    values = [8.5, 11.0, 11.0, 9.9, 9.9]
    assert flares(HEMOGLOBIN, values, 8.5) == []
    assert flares(HEMOGLOBIN, values, 8.5, transfused=(84,)) == [112]
    assert flares(HEMOGLOBIN, [8.5, 11.0, 11.0, 9.9, 10.5], 8.5, transfused=(84,)) == []
    assert flares(HEMOGLOBIN, [8.5, 9.5, 9.5, 8.5, 8.5], 8.5, transfused=(84,)) == []


def test_single_best_and_no_confirmation() -> None:
    values = [40, 150, 80, 75, 90]
    assert flares(PLATELETS, values, 40.0) == []
    assert flares(PLATELETS, values, 40.0, best="single") == []
    assert flares(PLATELETS, values, 40.0, best="single", confirmed=False) == [84]
    with pytest.raises(ValueError, match="highest"):
        flares(PLATELETS, values, 40.0, best="highest")


@pytest.mark.parametrize(
    ("values", "grades", "dated"),
    [
        ([60, 60, 42, 42], "CCBB", [84]),
        ([60, 60, 43, 42], "CCBB", []),  # fell by less than 30 % from the last assessment
        ([60, 60, 42, 43], "CCBB", []),
        ([60, 60, 42, 42], "CCBC", []),  # the next visit is graded and no longer B
        ([60, 60, 42, 42], "CCB?", [84]),
        ([60, 60, 42, 42], "BBBB", []),
        ([60, 60, 24, 24], "BBAA", [84]),
        ([60, 60, 42, 42], "AABB", []),
        ([50, 80, 49, 49], "CCBB", []),  # above 70 % of D0
        ([80, 50, 49, 49], "CCBB", []),  # above 70 % of the last assessment
        ([NAN, 60, 42, 42], "?CBB", []),  # no D0
        ([60, 60, NAN, 42], "CCBB", []),
    ],
)
def test_new_grade_needs_a_fall(values: list[float], grades: str, dated: list[float]) -> None:
    assert flares(PLATELETS, values, 200.0, grades=grades, qualifying=False) == dated


def test_new_grade_is_compared_with_the_last_graded_visit() -> None:
    days = [0, 28, 31, 56, 84]
    assert flares(PLATELETS, [80, 80, 45, 40, 40], 200.0, grades="CC?BB", days=days) == [84]


def test_new_grade_without_a_fall_by_option() -> None:
    assert flares(PLATELETS, [60, 60, 49, 48], 200.0, grades="CCBB", fall_needed=False) == [84]
    assert flares(PLATELETS, [60, 60, 49], 200.0, grades="CCB", fall_needed=False) == []
    assert flares(PLATELETS, [60, 60, 49], 200.0, grades="CCB", fall_needed=False, confirmed=False) == [56]


def test_after_an_improvement_a_new_grade_does_not_count_and_the_flare_index_does() -> None:
    values = [65, 65, 65, 44, 44]  # a new B and a fall of 32 %, but less than half of the best
    assert flares(PLATELETS, values, 30.0, grades="CCCBB") == []
    assert flares(PLATELETS, values, 65.0, grades="CCCBB") == [112]
    halved = [90, 60, 118, 59, 59]  # since the last sample, but not to half of the best two, which is 89
    assert flares(PLATELETS, halved, 30.0) == [112]
    assert flares(PLATELETS, halved, 118.0) == [112]


@pytest.mark.parametrize(
    ("values", "dated"),
    [([130, 118, 59, 59], [84]), ([130, 118, 60, 59], []), ([130, 117, 59, 59], []), ([130, 118, 59, 60], [])],
)
def test_platelets_below_60_and_halved(values: list[float], dated: list[float]) -> None:
    assert flares(PLATELETS, values, 130.0, qualifying=False) == dated


@pytest.mark.parametrize(
    ("values", "hemolysis", "dated"),
    [
        ([9.0, 9.0, 6.9, 6.9], 1, [84]),
        ([9.0, 9.0, 7.0, 6.9], 1, []),
        ([9.0, 9.0, 6.9, 6.9], 0, []),
        ([9.0, 9.0, 6.9, 6.9], -1, []),
        ([12.0, 12.0, 8.9, 8.9], 1, [84]),
        ([12.0, 12.0, 9.0, 9.0], 1, []),
        ([7.5, 7.4, 6.9, 6.9], 1, []),  # a fall of half a gram
    ],
)
def test_hemolysis_with_severe_anemia(values: list[float], hemolysis: int, dated: list[float]) -> None:
    assert flares(HEMOGLOBIN, values, values[0], hemolysis=hemolysis, qualifying=False) == dated


def test_neutrophils_have_no_manifestation_in_the_index() -> None:
    assert flares(NEUTROPHILS, [3.0, 3.0, 0.1, 0.1], 3.0, qualifying=False) == []


def test_nothing_before_day_1_is_a_flare() -> None:
    assert flares(PLATELETS, [130, 118, 59, 59], 130.0, qualifying=False, days=[-60, -30, 0, 28]) == []
    worse_at_baseline = {"grades": "CBB", "days": [-7, 0, 28], "fall_needed": False}
    assert flares(PLATELETS, [80, 45, 45], 200.0, **worse_at_baseline) == []
