"""Columns of candidates: one row for each person screened."""

from typing import Final

from sim.core.dictionary.entry import SUBGROUP, TRIAL, Entry, count, flag, level, real, word

_DRUGS: Final = (
    "cyclophosphamide_iv",
    "cyclophosphamide_oral",
    "mycophenolate_mofetil",
    "mycophenolic_acid",
    "azathioprine",
    "leflunomide",
    "cyclosporine",
    "mizoribine",
    "tacrolimus",
    "other",
)
_CLASSES: Final = ("I", "II", "III", "IV-S", "IV-G", "V", "III+V", "IV+V", "VI")
_MONTH: Final = 31 * 12 * 80

_PERSON: Final = (
    TRIAL,
    count("candidate", "Candidate, from 0 within a trial, in order of arrival"),
    Entry("subject", "int32", "1", "Subject number once enrolled", nullable=True, low=0),
    SUBGROUP,
    Entry("arrival_trial_day", "int32", "day", "Trial day of arrival", nullable=False, low=0, high=73_050),
    Entry("enrolled_trial_day", "int32", "day", "Trial day of enrolment", nullable=True, low=0, high=73_050),
    real("age", "year", "Age at consent", 15, 90),
    level("sex", "Sex", "F", "M"),
    real("weight", "kg", "Body weight", 30, 160),
    real("height", "cm", "Body height", 130, 210),
    real("disease_duration", "year", "Time since diagnosis of lupus", 0, 70),
    real("prednisone_dose", "mg/day", "Corticosteroid dose at screening, prednisone equivalent", 0, 100),
)


def _sample(number: int, when: str) -> tuple[Entry, ...]:
    return (
        real(f"serum_creatinine_{number}", "µmol/L", f"Serum creatinine, {when}", 20, 1500),
        real(f"upcr_{number}", "mg/mg", f"Urine protein-creatinine ratio, {when}", 0, 50),
        real(f"urine_rbc_{number}", "cells/hpf", f"Urine red cells, {when}", 0, 5000),
        flag(f"cellular_casts_{number}", f"Cellular casts, {when}"),
        flag(f"menses_{number}", f"Menses, {when}"),
        flag(f"urinary_infection_{number}", f"Urinary infection, {when}"),
    )


_SAMPLES: Final = (*_sample(1, "first sample"), *_sample(2, "second sample"), *_sample(3, "third sample"))

_LAST_SAMPLE: Final = (
    real("serum_creatinine", "µmol/L", "Serum creatinine, last screening sample", 20, 1500),
    real("upcr", "mg/mg", "Urine protein-creatinine ratio, last screening sample", 0, 50),
    real("urine_rbc", "cells/hpf", "Urine red cells, last screening sample", 0, 5000),
    real("urine_wbc", "cells/hpf", "Urine white cells, last screening sample", 0, 5000),
    flag("cellular_casts", "Cellular casts, last screening sample"),
    real("hemoglobin", "g/dL", "Hemoglobin, last screening sample", 2, 20),
    real("reticulocytes", "%", "Reticulocytes, last screening sample", 0, 40),
    real("wbc", "10^9/L", "White cells, last screening sample", 0, 60),
    real("neutrophils", "10^9/L", "Neutrophils, last screening sample", 0, 50),
    real("lymphocytes", "10^9/L", "Lymphocytes, last screening sample", 0, 15),
    real("platelets", "10^9/L", "Platelets, last screening sample", 0, 1500),
    real("c3", "mg/dL", "Complement C3, last screening sample", 0, 300),
    real("c4", "mg/dL", "Complement C4, last screening sample", 0, 100),
    real("anti_dsdna", "IU/mL", "Anti-dsDNA antibody, last screening sample", 0, 20_000),
    flag("other_cause_hemoglobin", "Low hemoglobin has another cause"),
    flag("other_cause_neutrophils", "Low neutrophils have another cause"),
    flag("other_cause_platelets", "Low platelets have another cause"),
    flag("lymphopenia_unexplained", "Low lymphocytes not explained by steroids or drugs"),
)

_HISTORY: Final = (
    real("ana_titer", "reciprocal titer", "Antinuclear antibody; 0 if negative", 0, 100_000),
    flag("ever_anti_dsdna", "Anti-dsDNA antibody ever"),
    flag("ever_anti_sm", "Anti-Sm antibody ever"),
    flag("ever_antiphospholipid", "Antiphospholipid antibody ever"),
    flag("ever_low_complement", "Low complement ever"),
    flag("ever_direct_coombs", "Direct Coombs test positive ever"),
    flag("ever_acute_cutaneous", "Acute cutaneous lupus or malar rash ever"),
    flag("ever_chronic_cutaneous", "Chronic cutaneous lupus ever"),
    flag("ever_photosensitivity", "Photosensitivity ever"),
    flag("ever_discoid", "Discoid rash ever"),
    flag("ever_oral_ulcers", "Oral or nasal ulcers ever"),
    flag("ever_alopecia", "Nonscarring alopecia ever"),
    flag("ever_synovitis", "Synovitis or arthritis ever"),
    flag("ever_serositis", "Serositis ever"),
    flag("ever_renal", "Renal disorder ever"),
    flag("ever_neurologic", "Neurologic disorder ever"),
    flag("ever_hemolytic_anemia", "Hemolytic anemia ever"),
    flag("ever_leukopenia", "Leukopenia or lymphopenia ever"),
    flag("ever_thrombocytopenia", "Thrombocytopenia ever"),
    level("regimen_drug", "Previous immunosuppressant; null if none", *_DRUGS, nullable=True),
    real("regimen_dose", "mg/day", "Its dose; mg/m² a month for intravenous cyclophosphamide", 0, 10_000),
    real("regimen_days", "day", "How long it was taken", 0, _MONTH),
    level("regimen_response", "Response to it", "none", "partial", "complete", nullable=True),
    level("biopsy_class", "Class of nephritis (ISN/RPS 2003)", *_CLASSES, nullable=True),
    level("biopsy_lesions", "Lesions of the biopsy; null for pure class V", "A", "A/C", "C", nullable=True),
    real("biopsy_age_days", "day", "Days from biopsy to day 0", 0, _MONTH),
    flag("donor_found", "A fit, willing, haplo-identical relative exists"),
    real("donor_age", "year", "Age of that donor", 0, 100),
)

_EXCLUSIONS: Final = (
    flag("consent", "Consent given"),
    flag("history_cancer", "Cancer ever"),
    flag("history_allergy", "Allergy ever"),
    flag("history_anaphylaxis", "Anaphylaxis or hypersensitivity to excipients or antibiotics ever"),
    flag("history_substance_abuse", "Alcohol or substance abuse ever"),
    flag("active_peptic_ulcer", "Active peptic ulcer"),
    flag("heart_failure", "Heart failure"),
    flag("liver_disease", "Liver disease"),
    flag("coagulation_disorder", "Coagulation disorder"),
    flag("active_severe_cns", "Active severe central nervous system lupus"),
    real("biologic_days", "day", "Days since the last biologic", 0, _MONTH),
    flag("biologic_investigational", "That biologic was investigational"),
    real("ivig_days", "day", "Days since the last immunoglobulin or plasma exchange", 0, _MONTH),
    flag("pregnant_or_lactating", "Pregnant or lactating"),
    flag("major_infection", "Evidence of major infection"),
)

_CRITERIA: Final = (
    ("I0a", "Age within the limits"),
    ("I0b", "Either sex"),
    ("I0", "Age and sex"),
    ("I1", "Haplo-identical donor"),
    ("I2a", "SLICC 2012 classification"),
    ("I2b", "ACR 1997 classification"),
    ("I2", "Classified as lupus"),
    ("I3", "Antinuclear antibody or anti-dsDNA at screening"),
    ("I4a", "Standard treatment failed"),
    ("I4b", "Dependent on corticosteroid"),
    ("I4", "No or partial response to treatment"),
    ("I5_1E", "Hemolytic anemia qualifies"),
    ("I5_1N", "Neutropenia qualifies"),
    ("I5_1L", "Lymphopenia qualifies"),
    ("I5_1P", "Thrombocytopenia qualifies"),
    ("I5_1", "Refractory cytopenia"),
    ("I5_2a", "Nephritis by laboratory"),
    ("I5_2b", "Nephritis by biopsy"),
    ("I5_2", "Refractory nephritis"),
    ("I5", "Qualifies for the subgroup"),
    ("E1", "Excluded: no consent"),
    ("E2a", "Excluded: cancer"),
    ("E2b", "Excluded: allergy"),
    ("E2c", "Excluded: alcohol or substance abuse"),
    ("E2d", "Excluded: active peptic ulcer"),
    ("E2e", "Excluded: heart failure"),
    ("E2f", "Excluded: liver disease"),
    ("E2g", "Excluded: coagulation disorder"),
    ("E2", "Excluded: history or comorbidity"),
    ("E3", "Excluded: active severe central nervous system lupus"),
    ("E4", "Excluded: biologic"),
    ("E5", "Excluded: immunoglobulin or plasma exchange"),
    ("E6", "Excluded: pregnant or lactating"),
    ("E7", "Excluded: major infection"),
    ("E8", "Excluded: serum creatinine too high"),
)

_VERDICT: Final = (
    flag("eligible", "Meets every inclusion and no exclusion", nullable=False),
    Entry("failed", "words", "", "Criteria that fail, in the order of evaluation", nullable=False),
    word("first_failure", "The first of them; null if eligible"),
)

CANDIDATES: Final = (
    *_PERSON,
    *_SAMPLES,
    *_LAST_SAMPLE,
    *_HISTORY,
    *_EXCLUSIONS,
    *(flag(name, label) for name, label in _CRITERIA),
    *_VERDICT,
)
