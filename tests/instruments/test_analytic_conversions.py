"""Conversions at the figures of the literature."""

import numpy as np
import pytest

from sim.instruments import conversions as c
from sim.instruments.pga import pga_from_ten_centimeters, pga_in_steps, pga_worsened


def one(value: float) -> np.ndarray:
    return np.array([value])


def test_creatinine_thresholds_of_the_record() -> None:
    np.testing.assert_allclose(
        c.creatinine_mg_dl(np.array([106.0, 130.0, 250.0])), [1.199, 1.471, 2.828], atol=5e-4
    )
    np.testing.assert_allclose(c.creatinine_umol_l(c.creatinine_mg_dl(one(106.0))), 106.0)


def test_upcr_and_cells_and_proteins() -> None:
    np.testing.assert_allclose(c.upcr_mg_mmol(np.array([0.5, 0.3, 1.0])), [56.6, 33.9, 113.1], atol=0.05)
    np.testing.assert_allclose(c.upcr_mg_mg(np.array([50.0, 100.0])), [0.442, 0.884], atol=5e-4)
    assert c.cells_per_liter(one(500.0))[0] == 0.5
    np.testing.assert_allclose(c.complement_mg_dl(one(0.9)), 90.0)
    np.testing.assert_allclose(c.albumin_g_l(one(3.0)), 30.0)
    np.testing.assert_allclose(c.proteinuria_g_day(one(0.4), creatinine_excretion=0.5), 0.2)
    assert c.proteinuria_g_day(one(0.4))[0] == 0.4


def test_body_surface() -> None:
    assert c.body_surface_dubois(one(56.0), one(160.0))[0] == pytest.approx(1.575, abs=1e-3)
    assert c.body_surface_mosteller(one(56.0), one(160.0))[0] == pytest.approx(1.578, abs=1e-3)


def test_pga_scale_and_steps() -> None:
    np.testing.assert_allclose(pga_from_ten_centimeters(np.array([0.0, 1.0, 10.0])), [0.0, 0.3, 3.0])
    np.testing.assert_allclose(pga_in_steps(np.array([0.25, 0.24, 3.2, -0.4])), [0.3, 0.2, 3.0, 0.0])


@pytest.mark.parametrize(("value", "worse"), [(1.1, 0), (1.2, 1), (1.3, 1), (0.5, 0), (np.nan, -1)])
def test_a_rise_of_030_is_a_worsening(value: float, worse: int) -> None:
    assert pga_worsened(one(value), one(0.9))[0] == worse
