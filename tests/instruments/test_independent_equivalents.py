"""Prednisone equivalents and units against exact fractions: the last bit of a dose decides at 7.5 mg."""

import numpy as np
import pytest

from sim.instruments.conversions import creatinine_mg_dl, creatinine_umol_l, upcr_mg_mg, upcr_mg_mmol
from sim.instruments.steroid import MILLIGRAMS_EQUAL_TO_PREDNISONE_5, prednisone_equivalent
from tests.independent import equivalents as twin

DOSES = ("0", "0.375", "0.5", "1.125", "1.5", "4", "5.9999", "6", "7.5", "9", "16", "20", "37.5", "500")


def test_both_know_the_same_drugs() -> None:
    assert set(MILLIGRAMS_EQUAL_TO_PREDNISONE_5) == set(twin.EQUAL_TO_5)


@pytest.mark.parametrize("drug", twin.EQUAL_TO_5)
def test_equivalents_are_alike_and_fall_on_the_same_side_of_the_limit(drug: str) -> None:
    mine = prednisone_equivalent(drug, np.array([float(dose) for dose in DOSES]))
    theirs = [twin.prednisone(drug, dose) for dose in DOSES]
    np.testing.assert_allclose(mine, [float(dose) for dose in theirs], rtol=1e-15)
    assert (mine <= 7.5 + 1e-9).tolist() == [dose <= twin.Fraction("7.5") for dose in theirs]


@pytest.mark.parametrize("value", ["0.6", "1.199", "2.828", "0.5", "0.442", "0.884"])
def test_units_are_alike_there_and_back(value: str) -> None:
    number = np.array([float(value)])
    for there, back, exact in (
        (creatinine_umol_l, creatinine_mg_dl, twin.micromoles_per_liter(value)),
        (upcr_mg_mmol, upcr_mg_mg, twin.mg_per_mmol(value)),
    ):
        np.testing.assert_allclose(there(number), float(exact), rtol=1e-15)
        np.testing.assert_allclose(back(there(number)), number, rtol=1e-15)
