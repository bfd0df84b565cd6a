"""Estimated glomerular filtration rate, one patient at a time, written from the published equations."""

MICROMOL_PER_MG_DL = 88.4


def ckd_epi_2021(creatinine: float, age: float, sex: str) -> float:
    """CKD-EPI 2021 without race (Inker 2021). Creatinine in µmol/L, age in years; mL/min/1.73 m²."""
    kappa, alpha, factor = (0.7, -0.241, 1.012) if sex == "F" else (0.9, -0.302, 1.0)
    ratio = creatinine / MICROMOL_PER_MG_DL / kappa
    return 142.0 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.200 * 0.9938**age * factor


def ckd_epi_2009(creatinine: float, age: float, sex: str) -> float:
    """CKD-EPI 2009 (Levey 2009), no race term."""
    kappa, alpha, factor = (0.7, -0.329, 1.018) if sex == "F" else (0.9, -0.411, 1.0)
    ratio = creatinine / MICROMOL_PER_MG_DL / kappa
    return 141.0 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.209 * 0.993**age * factor


def mdrd(creatinine: float, age: float, sex: str) -> float:
    """MDRD with four variables, IDMS-traceable creatinine (Levey 2006), no race term."""
    factor = 0.742 if sex == "F" else 1.0
    return 175.0 * (creatinine / MICROMOL_PER_MG_DL) ** -1.154 * age**-0.203 * factor


EQUATIONS = {"ckd_epi_2021": ckd_epi_2021, "ckd_epi_2009": ckd_epi_2009, "mdrd": mdrd}


def egfr(
    creatinine: float | None, age: float | None, sex: str | None, equation: str = "ckd_epi_2021"
) -> float | None:
    """The rate by the equation named; None if an input is missing."""
    if creatinine is None or age is None or sex is None:
        return None
    return EQUATIONS[equation](creatinine, age, sex)
