"""Each criterion just below, at and just above its threshold, and under each reading."""

import math

import pytest

from sim.screening.matrix import criterion_matrix

LC = {"subgroup": "LC"}
HIGH = {"platelets": 200.0} | LC


def each_sample(**values):
    """The same values in all three samples."""
    return {f"{name}_{k}": value for name, value in values.items() for k in (1, 2, 3)}


HEMOLYSIS = {"hemoglobin": 10.0, "reticulocytes": 2.6} | HIGH
CASTS = each_sample(serum_creatinine=80.0, upcr=0.5, urine_rbc=2.0, cellular_casts=1)
OLD_DRUG = {"prednisone_dose": 5.0}
CASES = [
    # id, readings, changes, expected
    ("I0a", (), {"age": 17.99}, 0),
    ("I0a", (), {"age": 18.0}, 1),
    ("I0a", (), {"age": 70.0}, 1),
    ("I0a", (), {"age": 70.01}, 0),
    ("I0a", (), {"age": math.nan}, 0),
    ("I0b", (), {"sex": "M"}, 1),
    ("I1", (), {"donor_age": 17.9}, 0),
    ("I1", (), {"donor_age": 18.0}, 1),
    ("I1", (), {"donor_age": 69.99}, 1),
    ("I1", (), {"donor_age": 70.0}, 0),
    ("I1", ("donor_min_age=0",), {"donor_age": 10.0}, 1),
    ("I1", (), {"donor_found": False, "donor_age": math.nan}, 0),
    ("I2a", (), {}, 1),  # renal, synovitis; ANA, anti-dsDNA, low complement
    ("I2a", (), {"ever_synovitis": False, "ever_low_complement": False}, 0),
    ("I2a", (), {"ever_synovitis": False}, 1),  # one clinical, three immunologic
    ("I2a", (), {"ever_renal": False, "ever_synovitis": False, "ever_anti_sm": True}, 0),  # none clinical
    ("I2a", (), {"ever_synovitis": False, "ever_low_complement": False, "biopsy_class": "II"}, 0),
    ("I2a", ("slicc_standalone=true",), {"ever_synovitis": False, "ever_low_complement": False}, 1),
    ("I2a", ("slicc_standalone=true",), LC | {"ever_synovitis": False, "ever_low_complement": False}, 0),
    ("I2b", (), {}, 1),  # renal, arthritis, immunologic, ANA
    ("I2b", (), {"ever_synovitis": False}, 0),
    ("I2b", (), {"ever_synovitis": False, "ever_photosensitivity": True}, 1),
    ("I2b", (), {"ana_titer": 40.0}, 0),
    ("I3", (), {"ana_titer": 80.0, "anti_dsdna": 1.0}, 1),
    ("I3", (), {"ana_titer": 40.0, "anti_dsdna": 15.0}, 0),
    ("I3", (), {"ana_titer": 0.0, "anti_dsdna": 15.1}, 1),
    ("I3", ("serology_rule=and",), {"ana_titer": 80.0, "anti_dsdna": 15.0}, 0),
    ("I3", ("serology_rule=and",), {"ana_titer": 80.0, "anti_dsdna": 15.1}, 1),
    ("I4a", (), {"regimen_days": 181.0}, 0),
    ("I4a", (), {"regimen_days": 182.0}, 1),
    ("I4a", (), {"regimen_response": "partial"}, 1),
    ("I4a", (), {"regimen_response": "complete"}, 0),
    ("I4a", (), {"regimen_response": ""}, 0),
    ("I4a", (), {"regimen_drug": "", "regimen_dose": math.nan, "regimen_days": math.nan}, 0),
    *(
        ("I4a", (), {"regimen_drug": drug, "regimen_dose": dose}, expected)
        for drug, least in (
            ("cyclophosphamide_iv", 500.0),
            ("mycophenolate_mofetil", 2000.0),
            ("mycophenolic_acid", 1440.0),
            ("azathioprine", 200.0),
            ("leflunomide", 20.0),
            ("mizoribine", 150.0),
            ("tacrolimus", 3.0),
        )
        for dose, expected in ((least - 0.5, 0), (least, 1), (2.0 * least, 1))
    ),
    ("I4a", (), {"regimen_drug": "cyclophosphamide_oral", "regimen_dose": 1.0}, 1),
    ("I4a", (), {"regimen_drug": "cyclosporine", "regimen_dose": 1.0}, 1),
    ("I4a", (), {"regimen_drug": "other", "regimen_dose": 1000.0}, 0),
    ("I4a", ("other_immunosuppressants=true",), {"regimen_drug": "other", "regimen_dose": 1.0}, 1),
    ("I4b", (), {"prednisone_dose": 14.9}, 0),
    ("I4b", (), {"prednisone_dose": 15.0 - 1e-12}, 1),
    ("I4b", (), {"prednisone_dose": 15.0}, 1),
    ("I4", (), {"prednisone_dose": 5.0}, 1),
    ("I4", (), {"regimen_response": "complete"}, 1),
    ("I4", (), {"regimen_response": "complete", "prednisone_dose": 5.0}, 0),
    ("I4", ("refractory_rule=and",), {"prednisone_dose": 5.0}, 0),
    ("I4", ("refractory_rule=and",), {}, 1),
    ("I5_1E", (), HEMOLYSIS, 1),
    ("I5_1E", (), HEMOLYSIS | {"hemoglobin": 10.1}, 0),
    ("I5_1E", (), HEMOLYSIS | {"reticulocytes": 2.5}, 0),
    ("I5_1E", (), HEMOLYSIS | {"other_cause_hemoglobin": True}, 0),
    ("I5_1N", (), HIGH | {"neutrophils": 0.99}, 1),
    ("I5_1N", (), HIGH | {"neutrophils": 1.0}, 0),
    ("I5_1N", (), HIGH | {"neutrophils": 0.99, "other_cause_neutrophils": True}, 0),
    ("I5_1L", (), HIGH | {"lymphocytes": 1.49, "lymphopenia_unexplained": True}, 1),
    ("I5_1L", (), HIGH | {"lymphocytes": 1.5, "lymphopenia_unexplained": True}, 0),
    ("I5_1L", ('lymphopenia_counts="yes"',), HIGH | {"lymphocytes": 1.49}, 1),
    ("I5_1L", ('lymphopenia_counts="no"',), HIGH | {"lymphocytes": 0.2}, 0),
    ("I5_1L", ("lymphopenia_counts=with_attribution",), HIGH | {"lymphocytes": 0.2}, 0),
    (
        "I5_1L",
        ("lymphopenia_counts=with_attribution",),
        HIGH | {"lymphocytes": 0.2, "lymphopenia_unexplained": True},
        1,
    ),
    ("I5_1P", (), LC | {"platelets": 99.0}, 1),
    ("I5_1P", (), LC | {"platelets": 100.0}, 0),
    ("I5_1P", (), LC | {"platelets": 99.0, "other_cause_platelets": True}, 0),
    ("I5_1", (), HIGH, 0),
    ("I5_1", (), HIGH | {"lymphocytes": 1.0, "lymphopenia_unexplained": True}, 1),
    ("I5_1", ("lineage_rule=white_both",), HIGH | {"lymphocytes": 1.0}, 0),
    ("I5_1", ("lineage_rule=white_both",), HIGH | {"neutrophils": 0.5}, 0),
    (
        "I5_1",
        ("lineage_rule=white_both",),
        HIGH | {"neutrophils": 0.5, "lymphocytes": 1.0, "lymphopenia_unexplained": True},
        1,
    ),
    ("I5_1", ("lineage_rule=white_both",), LC, 1),
    ("I5_1", ("require_non_lymphopenia=true",), HIGH | {"lymphocytes": 1.0}, 0),
    ("I5_1", ("require_non_lymphopenia=true",), HIGH | {"neutrophils": 0.5}, 1),
    ("I5_2a", (), {}, 1),
    ("I5_2a", (), {"serum_creatinine_2": 106.0}, 0),
    ("I5_2a", (), {"serum_creatinine_2": 107.0}, 1),
    ("I5_2a", (), {"upcr_1": 1.0}, 0),
    ("I5_2a", (), {"upcr_1": 1.01}, 1),
    ("I5_2a", (), {"urine_rbc_3": 10.0}, 0),
    ("I5_2a", (), {"urine_rbc_3": 11.0}, 1),
    ("I5_2a", (), {"menses_3": 1}, 0),
    ("I5_2a", (), {"urinary_infection_1": 1}, 0),
    ("I5_2a", (), {"menses_3": 1, "cellular_casts_3": 1}, 1),
    ("I5_2a", (), CASTS, 0),
    ("I5_2a", ("casts_scope=everything",), CASTS, 1),
    ("I5_2a", ("casts_scope=everything",), each_sample(urine_rbc=2.0, cellular_casts=0), 0),
    ("I5_2a", ("ln_lab_samples=1",), {"serum_creatinine_1": 80.0, "upcr_2": 0.1}, 1),
    ("I5_2a", ("ln_lab_samples=1",), {"serum_creatinine_3": 80.0}, 0),
    ("I5_2a", ("ln_lab_rule=ANY2",), each_sample(serum_creatinine=80.0), 1),
    ("I5_2a", ("ln_lab_rule=ANY2",), each_sample(upcr=0.5), 1),
    ("I5_2a", ("ln_lab_rule=ANY2",), each_sample(upcr=0.5, urine_rbc=2.0), 0),
    ("I5_2a", ("ln_lab_rule=PROT_ANY",), each_sample(upcr=0.5), 0),
    ("I5_2a", ("ln_lab_rule=PROT_ANY",), each_sample(serum_creatinine=80.0), 1),
    ("I5_2a", ("ln_lab_rule=PROT_ANY",), each_sample(urine_rbc=2.0), 1),
    ("I5_2a", ("ln_lab_rule=PROT_ANY",), each_sample(serum_creatinine=80.0, urine_rbc=2.0), 0),
    ("I5_2b", (), {"biopsy_age_days": 365.0}, 1),
    ("I5_2b", (), {"biopsy_age_days": 366.0}, 0),
    ("I5_2b", (), {"biopsy_lesions": "A/C"}, 1),
    ("I5_2b", (), {"biopsy_lesions": "C"}, 0),
    ("I5_2b", (), {"biopsy_class": "V", "biopsy_lesions": ""}, 1),
    ("I5_2b", (), {"biopsy_class": "III+V", "biopsy_lesions": "C"}, 0),
    *(("I5_2b", (), {"biopsy_class": name}, 1) for name in ("III", "IV-S", "IV-G", "III+V", "IV+V")),
    *(("I5_2b", (), {"biopsy_class": name}, 0) for name in ("I", "II", "VI", "")),
    ("I5_2", (), {"biopsy_class": "II"}, 0),
    ("I5_2", ("ln_labs_and_biopsy=either",), {"biopsy_class": "II"}, 1),
    ("I5_2", ("ln_labs_and_biopsy=either",), {"upcr_1": 0.2}, 1),
    ("I5", (), {"upcr_1": 0.2, "platelets": 50.0}, 0),
    ("I5", ("subgroup_assignment=both",), {"upcr_1": 0.2, "platelets": 50.0}, 1),
    ("I5", (), LC, 1),
    ("E1", (), {"consent": False}, 1),
    ("E1", (), {}, 0),
    *(
        (name, (), {column: True}, 1)
        for name, column in (
            ("E2a", "history_cancer"),
            ("E2b", "history_anaphylaxis"),
            ("E2c", "history_substance_abuse"),
            ("E2d", "active_peptic_ulcer"),
            ("E2e", "heart_failure"),
            ("E2f", "liver_disease"),
            ("E2g", "coagulation_disorder"),
            ("E3", "active_severe_cns"),
            ("E6", "pregnant_or_lactating"),
            ("E7", "major_infection"),
        )
    ),
    ("E2b", (), {"history_allergy": True}, 0),
    ("E2b", ("allergy_rule=any",), {"history_allergy": True}, 1),
    ("E4", (), {"biologic_days": 182.0}, 1),
    ("E4", (), {"biologic_days": 183.0}, 0),
    ("E4", (), {"biologic_days": 365.0, "biologic_investigational": True}, 1),
    ("E4", (), {"biologic_days": 366.0, "biologic_investigational": True}, 0),
    ("E4", ("biologic_rule=investigational",), {"biologic_days": 10.0}, 0),
    ("E4", ("biologic_rule=any",), {"biologic_days": 365.0}, 1),
    ("E4", ("biologic_rule=any",), {"biologic_days": 366.0}, 0),
    ("E5", (), {"ivig_days": 90.0}, 1),
    ("E5", (), {"ivig_days": 91.0}, 0),
    ("E5", ("ivig_rule=current",), {"ivig_days": 28.0}, 1),
    ("E5", ("ivig_rule=current",), {"ivig_days": 29.0}, 0),
    ("E8", (), {"serum_creatinine": 250.0}, 0),
    ("E8", (), {"serum_creatinine": 251.0}, 1),
]


@pytest.mark.parametrize(("name", "readings", "changes", "expected"), CASES)
def test_criterion_at_its_threshold(candidates, rules, name, readings, changes, expected):
    assert criterion_matrix(candidates(changes), rules(*readings))[name][0] == expected
