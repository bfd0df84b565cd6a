"""Published worked values of the three equations, to 0.01 mL/min/1.73 m²."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.instruments.kidney import EQUATIONS, egfr

MG = 88.4
VECTORS = [
    (0.6 * MG, 30, "F", 123.76, 122.31, 117.38),
    (0.7 * MG, 30, "F", 119.24, 116.26, 98.25),
    (1.2 * MG, 35, "F", 60.54, 58.50, 51.12),
    (1.2 * MG, 35, "M", 80.88, 77.87, 68.90),
    (106.0, 40, "F", 58.74, 56.54, 49.80),
    (250.0, 40, "F", 20.98, 20.04, 18.50),
    (0.9 * MG, 50, "M", 104.05, 99.24, 89.32),
    (2.0 * MG, 60, "M", 37.50, 35.23, 34.25),
]


@pytest.mark.parametrize(("position", "equation"), list(enumerate(("ckd_epi_2021", "ckd_epi_2009", "mdrd"))))
def test_worked_values(position: int, equation: str) -> None:
    creatinine, age, sex = (np.array(column) for column in list(zip(*VECTORS, strict=True))[:3])
    expected = [row[3 + position] for row in VECTORS]
    rates = egfr(creatinine, age.astype(float), sex == "F", equation=equation)
    np.testing.assert_allclose(rates, expected, atol=0.01)


@given(
    st.floats(20, 900), st.floats(1.001, 3.0), st.floats(18, 70), st.booleans(), st.sampled_from(list(EQUATIONS))
)
def test_more_creatinine_is_less_filtration(
    creatinine: float, ratio: float, age: float, female: bool, equation: str
) -> None:
    pair = egfr(np.array([creatinine, creatinine * ratio]), np.full(2, age), np.full(2, female), equation=equation)
    assert pair[1] < pair[0]


def test_missing_stays_missing_and_unknown_equations_are_refused() -> None:
    assert np.isnan(egfr(np.array([np.nan]), np.array([40.0]), np.array([True]))).all()
    with pytest.raises(ValueError, match=r"cockcroft.*allowed: ckd_epi_2021"):
        egfr(np.array([90.0]), np.array([40.0]), np.array([True]), equation="cockcroft")
