"""Two candidates who meet every criterion of NCT04835883, and what a hand-worked case is made of.

A case is one of the two with a few values changed. `expected` holds the columns that the case is about; a column
that is not named is not claimed. `readings` are those that are not the default.
"""

FLAGS_NOT_SET = dict.fromkeys(
    (
        *("ever_chronic_cutaneous", "ever_photosensitivity", "ever_discoid", "ever_alopecia", "ever_serositis"),
        *("ever_neurologic", "ever_hemolytic_anemia", "ever_leukopenia", "ever_thrombocytopenia"),
        *("ever_anti_sm", "ever_antiphospholipid", "ever_direct_coombs"),
        *("other_cause_hemoglobin", "other_cause_neutrophils", "other_cause_platelets", "lymphopenia_unexplained"),
        *("history_cancer", "history_allergy", "history_anaphylaxis", "history_substance_abuse"),
        *("active_peptic_ulcer", "heart_failure", "liver_disease", "coagulation_disorder", "active_severe_cns"),
        *("biologic_investigational", "pregnant_or_lactating", "major_infection"),
    ),
    False,
)
BOTH = FLAGS_NOT_SET | {
    "sex": "F",
    "weight": 56.0,
    "height": 160.0,
    "disease_duration": 6.0,
    "urine_wbc": 3.0,
    "c3": 70.0,
    "c4": 8.0,
    "anti_dsdna": 60.0,
    "ana_titer": 320.0,
    "ever_acute_cutaneous": True,
    "ever_oral_ulcers": True,
    "ever_synovitis": True,
    "ever_anti_dsdna": True,
    "ever_low_complement": True,
    "donor_found": True,
    "donor_age": 35.0,
    "consent": True,
    "biologic_days": None,
    "ivig_days": None,
}


def samples(serum_creatinine=None, upcr=None, urine_rbc=None, casts=None, menses=None, infection=None):
    """Columns of the three nephritis samples for the triples given, with those of the last screening sample."""
    named = {"serum_creatinine": serum_creatinine, "upcr": upcr, "urine_rbc": urine_rbc, "cellular_casts": casts}
    columns = {name: triple[2] for name, triple in named.items() if triple is not None}
    for name, triple in (named | {"menses": menses, "urinary_infection": infection}).items():
        if triple is not None:
            columns |= {f"{name}_{s}": value for s, value in zip((1, 2, 3), triple, strict=True)}
    return columns


NEVER = (False, False, False)
LN = (
    BOTH
    | samples((130.0, 128.0, 132.0), (2.5, 2.4, 2.6), (20.0, 25.0, 22.0), NEVER, NEVER, NEVER)
    | {"subgroup": "LN", "age": 34.0, "prednisone_dose": 20.0, "ever_renal": True}
    | {"hemoglobin": 11.5, "reticulocytes": 1.0, "wbc": 6.15, "neutrophils": 4.0, "lymphocytes": 1.8}
    | {"platelets": 220.0, "biopsy_class": "IV-G", "biopsy_lesions": "A/C", "biopsy_age_days": 120}
    | {"regimen_drug": "mycophenolate_mofetil", "regimen_dose": 2000.0, "regimen_days": 300}
    | {"regimen_response": "partial"}
)
NOT_SAMPLED = (None, None, None)
LC = (
    BOTH
    | samples(NOT_SAMPLED, NOT_SAMPLED, NOT_SAMPLED, NOT_SAMPLED, NOT_SAMPLED, NOT_SAMPLED)
    | {"subgroup": "LC", "age": 41.0, "prednisone_dose": 17.5, "ever_renal": False, "ever_leukopenia": True}
    | {"serum_creatinine": 62.0, "upcr": 0.2, "urine_rbc": 2.0, "cellular_casts": False}
    | {"hemoglobin": 12.0, "reticulocytes": 1.2, "wbc": 5.15, "neutrophils": 3.0, "lymphocytes": 1.8}
    | {"platelets": 45.0, "biopsy_class": None, "biopsy_lesions": None, "biopsy_age_days": None}
    | {"regimen_drug": "azathioprine", "regimen_dose": 200.0, "regimen_days": 365, "regimen_response": "none"}
)
FEW_ITEMS = {
    "ever_acute_cutaneous": False,
    "ever_oral_ulcers": False,
    "ever_synovitis": False,
    "ever_renal": False,
}
FEW_ITEMS |= {"ever_leukopenia": False, "ever_anti_dsdna": False, "ever_low_complement": False}
ELIGIBLE = {"eligible": True, "failed": [], "first_failure": None}


def case(name, base, changes, expected, why, **readings):
    stranger = set(changes) - set(base)
    if stranger:
        raise KeyError(f"{name}: no such columns: {stranger}")
    return {"name": name, "candidate": base | changes, "readings": readings, "expected": expected, "why": why}


def fails(*ids, **columns):
    """What is expected of a candidate who fails exactly these top-level criteria, in this order."""
    verdict = {"eligible": False, "failed": list(ids), "first_failure": ids[0]}
    return verdict | {name: name.startswith("E") for name in ids} | columns
