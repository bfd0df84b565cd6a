"""The eligibility criteria of NCT04835883 written a second time: one candidate, one dict, plain Python.

This twin was written from the registry record and the trial's rules without sight of the vectorised code, imports
nothing of `sim`, and must stay so: its only use is to be compared with that code, candidate by candidate.

Missing (None): an inclusion criterion that needs a missing value is not met; an exclusion that needs one does not
exclude, except that consent which is not recorded is no consent. Numbers are compared with a tolerance of 1e-9.
A criterion that is not for the candidate's subgroup is None.
"""

from dataclasses import dataclass

from tests.independent.classification import TOLERANCE, acr_count, ana_positive, ever, flag, slicc_counts

EVALUATION_ORDER = ("I0", "I2", "I3", "I4", "I5", "E8", "E2", "E3", "E4", "E5", "E6", "E7", "E1", "I1")
COLUMNS = (
    *("I0a", "I0b", "I0", "I1", "I2a", "I2b", "I2", "I3", "I4a", "I4b", "I4"),
    *("I5_1E", "I5_1N", "I5_1L", "I5_1P", "I5_1", "I5_2a", "I5_2b", "I5_2", "I5"),
    *("E1", "E2a", "E2b", "E2c", "E2d", "E2e", "E2f", "E2g", "E2", "E3", "E4", "E5", "E6", "E7", "E8"),
)
ALLOWED = {
    "ln_lab_rule": ("ALL3", "ANY2", "PROT_ANY"),
    "casts_scope": ("sediment", "everything"),
    "ln_lab_samples": (1, 3),
    "ln_labs_and_biopsy": ("both", "either", True, False),
    "serology_rule": ("or", "and"),
    "refractory_rule": ("or", "and"),
    "subgroup_assignment": ("stream", "both"),
    "allergy_rule": ("significant", "any"),
    "biologic_rule": ("kct", "investigational", "any"),
    "ivig_rule": ("recent", "current"),
    "lymphopenia_counts": ("with_attribution", "yes", "no"),
    "lineage_rule": ("any", "white_both"),
}
# Smallest daily dose in mg (cyclophosphamide_iv: mg/m² a monthly pulse; tacrolimus: 1.5 mg twice); 0 is any dose.
MINIMUM_DOSE = {
    "cyclophosphamide_iv": 500.0,
    "cyclophosphamide_oral": 0.0,
    "mycophenolate_mofetil": 2000.0,
    "mycophenolic_acid": 1440.0,
    "azathioprine": 200.0,
    "leflunomide": 20.0,
    "cyclosporine": 0.0,
    "mizoribine": 150.0,
    "tacrolimus": 3.0,
}
PROLIFERATIVE_CLASSES = ("III", "IV-S", "IV-G", "III+V", "IV+V")


@dataclass(frozen=True)
class Readings:
    """How the places are read where the record allows more than one reading; the defaults are the trial's."""

    ln_lab_rule: str = "ALL3"  # X08: all three, any two, or proteinuria and one other
    casts_scope: str = "sediment"  # X09: casts stand for the hematuria, or for everything
    ln_lab_samples: int = 3  # X10: every one of three samples, or the last one
    ln_labs_and_biopsy: str | bool = "both"  # X11: True is both, False is either
    biopsy_max_age_days: float = 365.0  # X12
    serology_rule: str = "or"  # X13
    refractory_rule: str = "or"  # X14
    steroid_dependent_dose: float = 15.0  # X14, mg/day
    other_immunosuppressants: bool = False  # X15: an unlisted drug counts
    slicc_standalone: bool = False  # X16: nephritis by biopsy with ANA or anti-dsDNA suffices
    subgroup_assignment: str = "stream"  # X17
    allergy_rule: str = "significant"  # X18
    biologic_rule: str = "kct"  # X19
    ivig_rule: str = "recent"  # X20: within 90 days, or within 28
    donor_min_age: float = 18.0  # X39, year; 0 is no lower limit
    lymphopenia_counts: str = "with_attribution"  # yes, no, or only where not explained by steroids or drugs
    lineage_rule: str = "any"  # X06: any lineage, or neutrophils and lymphocytes together
    reticulocyte_min: float = 2.5  # X07, %, to be exceeded
    require_non_lymphopenia: bool = False  # lymphopenia alone does not qualify
    ana_positive_titer: float = 80.0  # where ANA counts as an item of SLICC 2012 and ACR 1997

    def __post_init__(self):
        for name, allowed in ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name}={getattr(self, name)!r}: allowed are {allowed}")


def over(value, limit):
    return value is not None and bool(value > limit + TOLERANCE)


def under(value, limit):
    return value is not None and bool(value < limit - TOLERANCE)


def at_least(value, limit):
    return value is not None and bool(value >= limit - TOLERANCE)


def at_most(value, limit):
    return value is not None and bool(value <= limit + TOLERANCE)


def age_in_range(c):
    """I0a: 18 to 70 years, both included; age in exact years, so 70.5 is over 70."""
    return at_least(c["age"], 18.0) and at_most(c["age"], 70.0)


def donor(c, r):
    """I1: a fit, willing, haplo-identical relative, of age and under 70."""
    return flag(c, "donor_found") and at_least(c["donor_age"], r.donor_min_age) and under(c["donor_age"], 70.0)


def slicc(c, r):
    """I2a: four SLICC 2012 items, of both kinds; option: nephritis by biopsy with ANA or anti-dsDNA alone."""
    clinical, immunologic = slicc_counts(c, r.ana_positive_titer)
    if clinical >= 1 and immunologic >= 1 and clinical + immunologic >= 4:
        return True
    biopsied = c["biopsy_class"] not in (None, "")
    return r.slicc_standalone and biopsied and (ana_positive(c, r.ana_positive_titer) or ever(c, "anti_dsdna"))


def serology(c, r):
    """I3: antinuclear antibody at least 1:80, anti-dsDNA over 15 IU/mL, at screening."""
    ana, anti_dsdna = at_least(c["ana_titer"], 80.0), over(c["anti_dsdna"], 15.0)
    return (ana or anti_dsdna) if r.serology_rule == "or" else (ana and anti_dsdna)


def unresponsive(c, r):
    """I4a: a listed drug at its dose for 182 days, with no response or a partial one."""
    drug = c["regimen_drug"]
    if drug == "other":
        enough = r.other_immunosuppressants
    elif drug in MINIMUM_DOSE:
        enough = MINIMUM_DOSE[drug] == 0.0 or at_least(c["regimen_dose"], MINIMUM_DOSE[drug])
    else:
        enough = False
    return enough and at_least(c["regimen_days"], 182) and c["regimen_response"] in ("none", "partial")


def steroid_dependent(c, r):
    """I4b: prednisone 15 mg/day or more; the dose is constant over the last 28 days."""
    return at_least(c["prednisone_dose"], r.steroid_dependent_dose)


def refractory_cytopenia(c, r):
    """I5_1E, I5_1N, I5_1L, I5_1P and I5_1 from the last screening sample, each without another cause."""
    hemolytic = at_most(c["hemoglobin"], 10.0) and over(c["reticulocytes"], r.reticulocyte_min)
    red = hemolytic and not flag(c, "other_cause_hemoglobin")
    neutrophil = under(c["neutrophils"], 1.0) and not flag(c, "other_cause_neutrophils")
    lymphocyte = under(c["lymphocytes"], 1.5)
    if r.lymphopenia_counts == "no":
        lymphocyte = False
    if r.lymphopenia_counts == "with_attribution":
        lymphocyte = lymphocyte and flag(c, "lymphopenia_unexplained")
    platelet = under(c["platelets"], 100.0) and not flag(c, "other_cause_platelets")
    white = (neutrophil or lymphocyte) if r.lineage_rule == "any" else (neutrophil and lymphocyte)
    met = red or white or platelet
    if r.require_non_lymphopenia:
        met = met and (red or neutrophil or platelet)
    return {"I5_1E": red, "I5_1N": neutrophil, "I5_1L": lymphocyte, "I5_1P": platelet, "I5_1": met}


def active_nephritis_in_sample(c, s, r):
    """One screening sample (s of 1, 2, 3): creatinine over 106, UPCR over 1, more than 10 red cells or casts."""
    creatinine = over(c[f"serum_creatinine_{s}"], 106.0)
    proteinuria = over(c[f"upcr_{s}"], 1.0)
    casts = flag(c, f"cellular_casts_{s}")
    explained = flag(c, f"menses_{s}") or flag(c, f"urinary_infection_{s}")
    sediment = (over(c[f"urine_rbc_{s}"], 10.0) and not explained) or casts
    if r.casts_scope == "everything" and casts:
        return True
    if r.ln_lab_rule == "ALL3":
        return creatinine and proteinuria and sediment
    if r.ln_lab_rule == "ANY2":
        return creatinine + proteinuria + sediment >= 2
    return proteinuria and (creatinine or sediment)


def biopsy(c, r):
    """I5_2b: ISN/RPS class III or IV with active lesions, alone or with V, or class V, at most a year old."""
    active = c["biopsy_class"] in PROLIFERATIVE_CLASSES and c["biopsy_lesions"] in ("A", "A/C")
    return (active or c["biopsy_class"] == "V") and at_most(c["biopsy_age_days"], r.biopsy_max_age_days)


def active_nephritis(c, r):
    """I5_2a, I5_2b and I5_2; a sample that was not taken is not one that shows active nephritis."""
    samples = (1, 2, 3) if r.ln_lab_samples == 3 else (3,)
    labs = all(active_nephritis_in_sample(c, s, r) for s in samples)
    biopsied = biopsy(c, r)
    both = r.ln_labs_and_biopsy in ("both", True)
    return {"I5_2a": labs, "I5_2b": biopsied, "I5_2": (labs and biopsied) if both else (labs or biopsied)}


def recent_biologic(c, r):
    """E4: an investigational biologic within 365 days; a marketed one within 182 (kct), never, or within 365."""
    if flag(c, "biologic_investigational") or r.biologic_rule == "any":
        return at_most(c["biologic_days"], 365)
    return r.biologic_rule == "kct" and at_most(c["biologic_days"], 182)


def exclusions(c, r):
    """E1 to E7, true where the candidate is excluded."""
    allergy = flag(c, "history_anaphylaxis") or (r.allergy_rule == "any" and flag(c, "history_allergy"))
    parts = {
        "E2a": flag(c, "history_cancer"),
        "E2b": allergy,
        "E2c": flag(c, "history_substance_abuse"),
        "E2d": flag(c, "active_peptic_ulcer"),
        "E2e": flag(c, "heart_failure"),
        "E2f": flag(c, "liver_disease"),
        "E2g": flag(c, "coagulation_disorder"),
    }
    return parts | {
        "E1": not flag(c, "consent"),
        "E2": any(parts.values()),
        "E3": flag(c, "active_severe_cns"),
        "E4": recent_biologic(c, r),
        "E5": at_most(c["ivig_days"], 90 if r.ivig_rule == "recent" else 28),
        "E6": flag(c, "pregnant_or_lactating"),
        "E7": flag(c, "major_infection"),
    }


def subgroup_criteria(c, r):
    """I5 with its parts, and E8 (creatinine over 250).

    By stream, only the stream's own rule is looked at. With `both`, either rule admits. The subgroup is that of
    the referral in any case, and E8 is for those referred for nephritis.
    """
    result = dict.fromkeys(("I5_1E", "I5_1N", "I5_1L", "I5_1P", "I5_1", "I5_2a", "I5_2b", "I5_2", "E8"))
    both = r.subgroup_assignment == "both"
    if both or c["subgroup"] == "LC":
        result |= refractory_cytopenia(c, r)
    if both or c["subgroup"] == "LN":
        result |= active_nephritis(c, r)
    result["I5"] = result["I5_1"] is True or result["I5_2"] is True
    if c["subgroup"] == "LN":
        result["E8"] = over(c["serum_creatinine"], 250.0)
    return result


def evaluate(candidate, **readings):
    """Every criterion of one candidate, with `eligible`, `failed` (ids in order) and `first_failure` (or None).

    candidate : dict of the values observed at screening; missing or not applicable is None.
    readings  : fields of `Readings`; an unknown name is a TypeError, a value not allowed a ValueError.
    """
    c, r = candidate, Readings(**readings)
    if c["subgroup"] not in ("LN", "LC"):
        raise ValueError(f"subgroup={c['subgroup']!r}: allowed are LN and LC")
    found = {"I0a": age_in_range(c), "I0b": True, "I1": donor(c, r), "I3": serology(c, r)}
    found |= {"I2a": slicc(c, r), "I2b": acr_count(c, r.ana_positive_titer) >= 4}
    found |= {"I4a": unresponsive(c, r), "I4b": steroid_dependent(c, r)}
    found |= exclusions(c, r) | subgroup_criteria(c, r)
    found["I0"] = found["I0a"] and found["I0b"]
    found["I2"] = found["I2a"] or found["I2b"]
    either = r.refractory_rule == "or"
    found["I4"] = (found["I4a"] or found["I4b"]) if either else (found["I4a"] and found["I4b"])
    result = {name: found[name] for name in COLUMNS}
    failed = [name for name in EVALUATION_ORDER if result[name] is (name[0] == "E")]
    return result | {"eligible": not failed, "failed": failed, "first_failure": failed[0] if failed else None}
