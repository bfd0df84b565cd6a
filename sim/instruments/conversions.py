"""Units: from what a laboratory or a paper reports to what the tables hold, and body surface."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CREATININE_UMOL_PER_MG: Final = 88.4
"""µmol/L of creatinine in 1 mg/dL (molar mass 113.12 g/mol)."""
CREATININE_MG_PER_MMOL: Final = 113.12
MILLIGRAMS_PER_DECILITER_PER_GRAM_PER_LITER: Final = 100.0


def creatinine_mg_dl(serum_creatinine: Floats) -> Floats:
    """Serum creatinine in mg/dL from µmol/L; NaN stays NaN."""
    return serum_creatinine / CREATININE_UMOL_PER_MG


def creatinine_umol_l(creatinine_mg_dl: Floats) -> Floats:
    """Serum creatinine in µmol/L from mg/dL; NaN stays NaN."""
    return creatinine_mg_dl * CREATININE_UMOL_PER_MG


def upcr_mg_mmol(upcr: Floats) -> Floats:
    """Urine protein/creatinine ratio in mg/mmol from mg/mg; 0.5 mg/mg is 56.6 mg/mmol."""
    return upcr * CREATININE_MG_PER_MMOL


def upcr_mg_mg(upcr_mg_mmol: Floats) -> Floats:
    """Urine protein/creatinine ratio in mg/mg from mg/mmol."""
    return upcr_mg_mmol / CREATININE_MG_PER_MMOL


def proteinuria_g_day(upcr: Floats, *, creatinine_excretion: float = 1.0) -> Floats:
    """Proteinuria in g/24 h from UPCR in mg/mg.

    creatinine_excretion : g/day; 1.0 takes the ratio itself as the daily amount (reading X29).
    """
    return upcr * creatinine_excretion


def cells_per_liter(cells_per_cubic_millimeter: Floats) -> Floats:
    """Cell count in 10⁹/L from cells per mm³."""
    return cells_per_cubic_millimeter / 1000.0


def complement_mg_dl(complement_g_l: Floats) -> Floats:
    """C3 or C4 in mg/dL from g/L."""
    return complement_g_l * MILLIGRAMS_PER_DECILITER_PER_GRAM_PER_LITER


def albumin_g_l(albumin_g_dl: Floats) -> Floats:
    """Serum albumin in g/L from g/dL."""
    return albumin_g_dl * 10.0


def body_surface_dubois(weight: Floats, height: Floats) -> Floats:
    """Body surface in m² from weight (kg) and height (cm).

    Source : DuBois 1916, Archives of Internal Medicine 17:863.
    """
    return np.asarray(0.007184 * weight**0.425 * height**0.725, dtype=np.float64)


def body_surface_mosteller(weight: Floats, height: Floats) -> Floats:
    """Body surface in m² from weight (kg) and height (cm).

    Source : Mosteller 1987, New England Journal of Medicine 317:1098.
    """
    return np.asarray(np.sqrt(weight * height / 3600.0), dtype=np.float64)
