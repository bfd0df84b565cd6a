"""The flare index, modified and as written, at its thresholds; columns and compiled scalars agree."""

import numba
import numpy as np
import pytest

from sim.instruments import sfi


@pytest.mark.parametrize(
    ("severe", "ordered", "before", "drug", "manifestation", "expected"),
    [
        (True, 30.0, 20.0, False, False, False),  # exactly 0.5 mg/kg is not above it
        (True, 35.0, 20.0, False, False, True),
        (True, 10.0, 5.0, False, False, True),  # doubled
        (True, 9.9, 5.0, False, False, False),
        (True, 0.0, 0.0, False, False, False),  # nothing doubled is nothing
        (True, 7.5, 7.5, True, False, True),
        (True, 7.5, 7.5, False, True, True),
        (False, 60.0, 5.0, True, True, False),  # a moderate flare stays moderate
    ],
)
def test_modified_index(
    severe: bool, ordered: float, before: float, drug: bool, manifestation: bool, expected: bool
) -> None:
    arguments = (severe, ordered, before, 60.0, drug, manifestation)
    assert sfi.modified_sfi_severe(*arguments) == expected
    assert numba.njit(sfi.modified_sfi_severe)(*arguments) == expected
    columns = [np.array([value]) for value in arguments]
    assert sfi.modified_sfi_severe(*columns).tolist() == [expected]


@pytest.mark.parametrize(
    ("platelets", "platelets_before", "hemoglobin", "hemoglobin_before", "hemolysis", "expected"),
    [
        (59.0, 120.0, 12.0, 12.0, False, True),
        (60.0, 120.0, 12.0, 12.0, False, False),
        (50.0, 50.0, 12.0, 12.0, False, False),  # low already
        (50.0, np.nan, 12.0, 12.0, False, True),
        (np.nan, 120.0, 12.0, 12.0, False, False),
        (120.0, 120.0, 6.9, 8.0, True, True),
        (120.0, 120.0, 6.9, 8.0, False, False),
        (120.0, 120.0, 6.9, 6.9, True, False),  # low already
        (120.0, 120.0, 6.8, 6.9, True, True),
        (120.0, 120.0, 6.9, np.nan, True, True),
        (120.0, 120.0, 8.0, 11.0, True, False),
        (120.0, 120.0, 8.0, 11.1, True, True),
    ],
)
def test_hematologic_manifestations(
    platelets: float,
    platelets_before: float,
    hemoglobin: float,
    hemoglobin_before: float,
    hemolysis: bool,
    expected: bool,
) -> None:
    numbers = (platelets, platelets_before, hemoglobin, hemoglobin_before, hemolysis)
    assert sfi.severe_manifestation(False, False, False, False, *numbers) == expected
    assert numba.njit(sfi.severe_manifestation)(False, False, False, False, *numbers) == expected
    assert sfi.severe_manifestation(False, True, False, False, *numbers)


QUIET = {
    "sledai": 6.0,
    "sledai_previous": 6.0,
    "pga": 1.0,
    "pga_previous": 1.0,
    "dose": 10.0,
    "dose_previous": 10.0,
    "weight": 60.0,
    "mild_manifestation": False,
    "manifestation": False,
    "added_mild_drug": False,
    "starts_immunosuppressant": False,
    "hospitalised": False,
    "sledai_alone_severe": False,
    "use_medication": True,
}


@pytest.mark.parametrize(
    ("changes", "index"),
    [
        ({}, sfi.NO_FLARE),
        ({"sledai": 8.0}, sfi.NO_FLARE),
        ({"sledai": 9.0}, sfi.MODERATE),
        ({"sledai": 14.0}, sfi.MODERATE),
        ({"sledai": 14.0, "sledai_alone_severe": True}, sfi.SEVERE),
        ({"sledai": 13.0, "sledai_previous": 13.0, "sledai_alone_severe": True}, sfi.NO_FLARE),
        ({"pga": 1.9}, sfi.NO_FLARE),
        ({"pga": 2.0}, sfi.MODERATE),
        ({"pga": 2.5}, sfi.MODERATE),
        ({"pga": 2.6, "pga_previous": 2.5}, sfi.SEVERE),
        ({"dose": 12.5}, sfi.MODERATE),
        ({"dose": 12.5, "use_medication": False}, sfi.NO_FLARE),
        ({"dose": 35.0}, sfi.SEVERE),
        ({"dose": 35.0, "dose_previous": 40.0}, sfi.NO_FLARE),
        ({"starts_immunosuppressant": True}, sfi.SEVERE),
        ({"starts_immunosuppressant": True, "use_medication": False}, sfi.NO_FLARE),
        ({"added_mild_drug": True}, sfi.MODERATE),
        ({"mild_manifestation": True}, sfi.MODERATE),
        ({"manifestation": True}, sfi.MODERATE),
        ({"manifestation": True, "dose": 20.0}, sfi.SEVERE),
        ({"hospitalised": True}, sfi.SEVERE),
        ({"sledai": np.nan, "pga": np.nan}, sfi.NO_FLARE),
    ],
)
def test_index_as_written(changes: dict[str, float], index: int) -> None:
    values = QUIET | changes
    assert sfi.sfi_as_written(*values.values()) == index
    assert numba.njit(sfi.sfi_as_written)(*values.values()) == index
    assert sfi.sfi_as_written(*(np.array([value]) for value in values.values())).tolist() == [index]
