"""Estimated glomerular filtration rate from serum creatinine, three equations."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.instruments.conversions import creatinine_mg_dl

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def _ckd_epi(
    serum_creatinine: Floats,
    age: Floats,
    female: Flags,
    *,
    scale: float,
    low_exponent: tuple[float, float],
    high_exponent: float,
    yearly: float,
    female_factor: float,
) -> Floats:
    relative = creatinine_mg_dl(serum_creatinine) / np.where(female, 0.7, 0.9)
    exponent = np.where(female, low_exponent[0], low_exponent[1])
    shape = np.minimum(relative, 1.0) ** exponent * np.maximum(relative, 1.0) ** high_exponent
    return np.asarray(scale * shape * yearly**age * np.where(female, female_factor, 1.0), dtype=np.float64)


def egfr_ckd_epi_2021(serum_creatinine: Floats, age: Floats, female: Flags) -> Floats:
    """CKD-EPI 2021, without a term for race; mL/min/1.73 m².

    serum_creatinine : µmol/L; age : years; female : flags; one shape, NaN stays NaN.
    Source           : Inker 2021, New England Journal of Medicine 385:1737.
    """
    return _ckd_epi(
        serum_creatinine,
        age,
        female,
        scale=142.0,
        low_exponent=(-0.241, -0.302),
        high_exponent=-1.200,
        yearly=0.9938,
        female_factor=1.012,
    )


def egfr_ckd_epi_2009(serum_creatinine: Floats, age: Floats, female: Flags) -> Floats:
    """CKD-EPI 2009 for people who are not Black; mL/min/1.73 m².

    serum_creatinine : µmol/L; age : years; female : flags; one shape, NaN stays NaN.
    Source           : Levey 2009, Annals of Internal Medicine 150:604.
    """
    return _ckd_epi(
        serum_creatinine,
        age,
        female,
        scale=141.0,
        low_exponent=(-0.329, -0.411),
        high_exponent=-1.209,
        yearly=0.993,
        female_factor=1.018,
    )


def egfr_mdrd(serum_creatinine: Floats, age: Floats, female: Flags) -> Floats:
    """MDRD with four variables, creatinine traceable to isotope dilution, not Black; mL/min/1.73 m².

    serum_creatinine : µmol/L; age : years; female : flags; one shape, NaN stays NaN.
    Source           : Levey 2006, Annals of Internal Medicine 145:247.
    """
    sex_factor = np.where(female, 0.742, 1.0)
    return np.asarray(
        175.0 * creatinine_mg_dl(serum_creatinine) ** -1.154 * age**-0.203 * sex_factor, dtype=np.float64
    )


EQUATIONS: Final[dict[str, Callable[[Floats, Floats, Flags], Floats]]] = {
    "ckd_epi_2021": egfr_ckd_epi_2021,
    "ckd_epi_2009": egfr_ckd_epi_2009,
    "mdrd": egfr_mdrd,
}


def egfr(serum_creatinine: Floats, age: Floats, female: Flags, *, equation: str = "ckd_epi_2021") -> Floats:
    """Estimated glomerular filtration rate by the named equation of EQUATIONS; mL/min/1.73 m².

    Errors : ValueError for an unknown equation.
    """
    if equation not in EQUATIONS:
        raise ValueError(f"equation {equation!r} is unknown; allowed: {', '.join(EQUATIONS)}")
    return EQUATIONS[equation](serum_creatinine, age, female)
