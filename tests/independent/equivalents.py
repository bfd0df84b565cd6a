"""Prednisone equivalents in exact fractions (milligrams that equal 5 mg of prednisone), and units."""

from fractions import Fraction

EQUAL_TO_5 = {
    **{"prednisone": "5", "prednisolone": "5", "methylprednisolone": "4", "triamcinolone": "4"},
    **{"hydrocortisone": "20", "cortisone": "25", "dexamethasone": "0.75", "betamethasone": "0.75"},
    "deflazacort": "6",
}


def prednisone(drug: str, dose: str) -> Fraction:
    """Milligrams of prednisone; an unknown drug raises."""
    return Fraction(dose) * 5 / Fraction(EQUAL_TO_5[drug])


def micromoles_per_liter(creatinine_mg_dl: str) -> Fraction:
    return Fraction(creatinine_mg_dl) * Fraction("88.4")


def mg_per_mmol(upcr_mg_mg: str) -> Fraction:
    return Fraction(upcr_mg_mg) * Fraction("113.12")
