"""Numbers in columns and lines."""

from math import nan

import pytest

from sim.words.layout import error_of, with_error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (0.0123, ".012"),
        (0.00051, ".001"),
        (0.0005, ".001"),
        (0.00036, ".0004"),
        (0.00004, ".00004"),
        (0.0, ".000"),
    ],
)
def test_a_standard_error_shows_a_digit_however_small_it_is(error, said):
    assert error_of(error) == said


def test_an_estimate_with_its_error():
    assert with_error(0.1446, 0.00036) == "0.145 ±.0004"
    assert (with_error(0.5, nan), with_error(nan, 0.1)) == ("0.500 ±–", "–")
