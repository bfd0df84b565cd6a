"""Candidates drawn to be difficult: every threshold of the criteria just below, at and just above.

The distributions have no clinical meaning. Most values of a candidate are acceptable, so that one bad value
decides, and any of them may fall on a threshold, within or outside the tolerance of 1e-9, or be missing. `rng`
needs only a method `random()`: NumPy's generators and the standard library's serve alike. Values are plain Python.
"""

NEAR_LIMIT = 0.12  # probability that a value is taken from around its thresholds
MISSING = 0.01  # probability that a measurement is missing
CUMULATIVE_FLAGS = (
    "acute_cutaneous",
    "chronic_cutaneous",
    "photosensitivity",
    "discoid",
    "oral_ulcers",
    "alopecia",
    "synovitis",
    "serositis",
    "renal",
    "neurologic",
    "hemolytic_anemia",
    "leukopenia",
    "thrombocytopenia",
    "anti_dsdna",
    "anti_sm",
    "antiphospholipid",
    "low_complement",
    "direct_coombs",
)
EXCLUSION_FLAGS = (
    "history_cancer",
    "history_allergy",
    "history_anaphylaxis",
    "history_substance_abuse",
    "active_peptic_ulcer",
    "heart_failure",
    "liver_disease",
    "coagulation_disorder",
    "active_severe_cns",
    "pregnant_or_lactating",
    "major_infection",
)
# Each drug with the smallest dose that counts; 0 is any dose, "" no regimen.
DRUG_DOSES = {
    "": 0.0,
    "cyclophosphamide_iv": 500.0,
    "cyclophosphamide_oral": 0.0,
    "mycophenolate_mofetil": 2000.0,
    "mycophenolic_acid": 1440.0,
    "azathioprine": 200.0,
    "leflunomide": 20.0,
    "cyclosporine": 0.0,
    "mizoribine": 150.0,
    "tacrolimus": 3.0,
    "other": 0.0,
}


def chance(rng, probability):
    return bool(rng.random() < probability)


def pick(rng, values):
    values = list(values)
    return values[int(rng.random() * len(values))]


def between(rng, low, high):
    return float(low + (high - low) * rng.random())


def around(rng, *limits):
    """A value at one of the limits, or off it by less or more than the tolerance."""
    return float(pick(rng, limits)) + pick(rng, (-1.0, -1e-6, -2e-9, -5e-10, 0.0, 5e-10, 2e-9, 1e-6, 1.0))


def measured(rng, low, high, *limits, near_limit=NEAR_LIMIT):
    """Usually uniform on the acceptable range, sometimes around a limit, never negative, now and then missing."""
    if chance(rng, MISSING):
        return None
    return max(0.0, around(rng, *limits)) if chance(rng, near_limit) else between(rng, low, high)


def whole(rng, low, high, *limits, near_limit=NEAR_LIMIT):
    """A whole number: usually of the acceptable range, sometimes a limit or next to one."""
    near = chance(rng, near_limit)
    return pick(rng, limits) + pick(rng, (-1, 0, 1)) if near else int(between(rng, low, high))


def person(rng):
    return {
        "age": around(rng, 18.0, 70.0) if chance(rng, NEAR_LIMIT) else between(rng, 19.0, 69.0),
        "sex": pick(rng, "FFFM"),
        "weight": between(rng, 40.0, 90.0),
        "height": between(rng, 145.0, 185.0),
        "disease_duration": between(rng, 0.0, 25.0),
        "prednisone_dose": 2.5 * int(between(rng, 0.0, 14.0)) if chance(rng, 0.7) else around(rng, 15.0),
    }


def nephritis_samples(rng, sex):
    """The three samples of the nephritis stream; most show active nephritis."""
    # A shared fault makes all three samples alike, so that readings of "three" and "all three" come apart.
    low_creatinine, low_rbc, all_casts = chance(rng, 0.2), chance(rng, 0.15), chance(rng, 0.15)
    drawn = {}
    for s in (1, 2, 3):
        creatinine = (50.0, 106.0) if low_creatinine else (107.0, 240.0)
        drawn[f"serum_creatinine_{s}"] = measured(rng, *creatinine, 106.0, 250.0, near_limit=0.08)
        drawn[f"upcr_{s}"] = measured(rng, 1.01, 6.0, 1.0, near_limit=0.08)
        drawn[f"urine_rbc_{s}"] = measured(rng, *((0.0, 10.0) if low_rbc else (11.0, 60.0)), 10.0, near_limit=0.08)
        drawn[f"cellular_casts_{s}"] = all_casts or chance(rng, 0.08)
        drawn[f"menses_{s}"] = sex == "F" and chance(rng, 0.05)
        drawn[f"urinary_infection_{s}"] = chance(rng, 0.05)
    return drawn


def last_sample(rng, nephritis):
    """The last screening sample; for the nephritis stream, whose samples are given, it is the third of them."""
    urine = ("serum_creatinine", "upcr", "urine_rbc", "cellular_casts")
    if nephritis is not None:
        drawn = {name: nephritis[name + "_3"] for name in urine}
    else:
        drawn = {
            "serum_creatinine": measured(rng, 40.0, 120.0, 106.0, 250.0),
            "upcr": measured(rng, 0.0, 1.0, 1.0),
            "urine_rbc": measured(rng, 0.0, 10.0, 10.0),
            "cellular_casts": chance(rng, 0.05),
        }
    neutrophils = measured(rng, *pick(rng, ((0.2, 0.99), (1.01, 6.0))), 1.0)
    lymphocytes = measured(rng, *pick(rng, ((0.2, 1.49), (1.51, 3.0))), 1.5)
    known = neutrophils is not None and lymphocytes is not None
    return drawn | {
        "urine_wbc": measured(rng, 0.0, 20.0, 5.0),
        "hemoglobin": measured(rng, *pick(rng, ((6.0, 10.0), (10.1, 14.0))), 10.0),
        "reticulocytes": measured(rng, *pick(rng, ((0.5, 2.5), (2.6, 9.0))), 2.5, 2.0),
        "wbc": neutrophils + lymphocytes + 0.35 if known else None,
        "neutrophils": neutrophils,
        "lymphocytes": lymphocytes,
        "platelets": measured(rng, *pick(rng, ((10.0, 99.0), (101.0, 300.0))), 100.0),
        "c3": measured(rng, 30.0, 130.0, 90.0),
        "c4": measured(rng, 2.0, 30.0, 10.0),
        "anti_dsdna": measured(rng, 0.0, 60.0, 15.0),
        "other_cause_hemoglobin": chance(rng, 0.15),
        "other_cause_neutrophils": chance(rng, 0.15),
        "other_cause_platelets": chance(rng, 0.15),
        "lymphopenia_unexplained": chance(rng, 0.4),
    }


def history(rng):
    """Cumulative items, few in some candidates and many in others, and antinuclear antibody."""
    density = pick(rng, (0.1, 0.25, 0.5, 0.7))
    drawn = {"ever_" + name: chance(rng, density) for name in CUMULATIVE_FLAGS}
    titers = (0.0, 40.0, 79.0, 80.0, 80.0, 160.0, 160.0, 320.0, 320.0, 640.0, 1280.0)
    return drawn | {"ana_titer": pick(rng, titers)}


def regimen(rng):
    """One earlier regimen, or none: often at the smallest listed dose, often for about 182 days."""
    drug = pick(rng, DRUG_DOSES)
    if not drug:
        return {"regimen_drug": "", "regimen_dose": None, "regimen_days": None, "regimen_response": ""}
    dose = DRUG_DOSES[drug] * pick(rng, (0.5, 1.0, 1.0, 1.5, 2.0)) + pick(rng, (0.0, 0.0, -1e-6, 5e-10, -5e-10))
    return {
        "regimen_drug": drug,
        "regimen_dose": dose if DRUG_DOSES[drug] else between(rng, 1.0, 200.0),
        "regimen_days": pick(rng, (181, 182, 183)) if chance(rng, 0.4) else int(between(rng, 90, 900)),
        "regimen_response": pick(rng, ("none", "none", "partial", "complete")),
    }


def biopsy(rng):
    """A biopsy of the nephritis stream; only pure class V has no active or chronic lesions."""
    common = ("III", "IV-S", "IV-G", "V", "III+V", "IV+V")
    named = pick(rng, common) if chance(rng, 0.85) else pick(rng, ("I", "II", "VI"))
    lesions = "" if named == "V" else ("C" if chance(rng, 0.15) else pick(rng, ("A", "A/C")))
    age = None if chance(rng, MISSING) else whole(rng, 1, 364, 365, 366, 180)
    return {"biopsy_class": named, "biopsy_lesions": lesions, "biopsy_age_days": age}


def donor_and_exclusions(rng):
    found = chance(rng, 0.9)
    biologic = whole(rng, 1, 1200, 182, 365, near_limit=0.5) if chance(rng, 0.2) else None
    return {
        "donor_found": found,
        "donor_age": measured(rng, 19.0, 69.0, 18.0, 70.0) if found else None,
        "consent": chance(rng, 0.95),
        **{name: chance(rng, 0.03) for name in EXCLUSION_FLAGS},
        "biologic_days": biologic,
        "biologic_investigational": biologic is not None and chance(rng, 0.5),
        "ivig_days": whole(rng, 1, 200, 28, 90, near_limit=0.5) if chance(rng, 0.2) else None,
    }


def random_candidate(rng):
    """One candidate as the dict that `criteria.evaluate` reads: every column, missing ones as None."""
    subgroup = pick(rng, ("LN", "LC"))
    drawn = {"subgroup": subgroup, **person(rng)}
    samples, tissue = nephritis_samples(rng, drawn["sex"]), biopsy(rng)
    last = last_sample(rng, samples if subgroup == "LN" else None)
    if subgroup == "LC":
        samples, tissue = dict.fromkeys(samples), dict.fromkeys(tissue)
    return drawn | samples | last | history(rng) | regimen(rng) | tissue | donor_and_exclusions(rng)
