"""Hand-worked candidates: cytopenia (I5_1), nephritis (I5_2) and the subgroup (I5, E8)."""

from tests.hand_worked.candidates import ELIGIBLE, LC, LN, case, fails, samples

NOT_CYTOPENIC = {"platelets": 180.0}
UNEXPLAINED = NOT_CYTOPENIC | {"lymphopenia_unexplained": True}
CYTOPENIC = {"I5_1": True, "I5": True}
NEITHER = {"I5_1": False, "I5": False}
HEMOLYSIS = NOT_CYTOPENIC | {"hemoglobin": 10.0, "reticulocytes": 2.6}
CYTOPENIA = [
    case("platelets 100", LC, {"platelets": 100.0}, fails("I5", I5_1P=False, I5_1=False), "100 is not under 100"),
    case("platelets 99", LC, {"platelets": 99.0}, CYTOPENIC | {"I5_1P": True, "I5_1L": False}, "under 100"),
    case("platelets, other cause", LC, {"other_cause_platelets": True}, NEITHER | {"I5_1P": False}, "explained"),
    case("hemolysis", LC, HEMOLYSIS, CYTOPENIC | {"I5_1E": True, "I5_1P": False}, "10.0 included, 2.6 > 2.5"),
    case("hemoglobin 10.1", LC, HEMOLYSIS | {"hemoglobin": 10.1}, NEITHER | {"I5_1E": False}, "over 10"),
    case(
        "no reticulocytosis",
        LC,
        HEMOLYSIS | {"reticulocytes": 2.5},
        NEITHER | {"I5_1E": False},
        "X07: not over 2.5",
    ),
    case(
        "anemia, bleeding",
        LC,
        HEMOLYSIS | {"other_cause_hemoglobin": True},
        NEITHER | {"I5_1E": False},
        "explained",
    ),
    case(
        "reticulocytes over 2",
        LC,
        HEMOLYSIS | {"reticulocytes": 2.5},
        CYTOPENIC,
        "X07 at 2 %",
        reticulocyte_min=2.0,
    ),
    case("neutrophils 0.99", LC, NOT_CYTOPENIC | {"neutrophils": 0.99}, CYTOPENIC | {"I5_1N": True}, "under 1.0"),
    case(
        "neutrophils 1.0", LC, NOT_CYTOPENIC | {"neutrophils": 1.0}, NEITHER | {"I5_1N": False}, "1.0 is not under"
    ),
    case(
        "neutrophils, drug",
        LC,
        NOT_CYTOPENIC | {"neutrophils": 0.5, "other_cause_neutrophils": True},
        NEITHER | {"I5_1N": False},
        "explained",
    ),
    case("lymphocytes 1.49", LC, UNEXPLAINED | {"lymphocytes": 1.49}, CYTOPENIC | {"I5_1L": True}, "under 1.5"),
    case(
        "lymphocytes 1.5", LC, UNEXPLAINED | {"lymphocytes": 1.5}, NEITHER | {"I5_1L": False}, "1.5 is not under"
    ),
    case(
        "lymphopenia by steroids counts",
        LC,
        NOT_CYTOPENIC | {"lymphocytes": 1.49},
        CYTOPENIC | {"I5_1L": True},
        "the line on lymphocytes names no other cause",
        lymphopenia_counts="yes",
    ),
    case(
        "lymphopenia does not count",
        LC,
        UNEXPLAINED | {"lymphocytes": 0.6},
        NEITHER | {"I5_1L": False},
        "lymphopenia is ignored",
        lymphopenia_counts="no",
    ),
    case(
        "lymphopenia by steroids",
        LC,
        NOT_CYTOPENIC | {"lymphocytes": 0.6},
        NEITHER | {"I5_1L": False},
        "explained by steroids or drugs, as for neutrophils",
    ),
    case(
        "lymphopenia of lupus",
        LC,
        UNEXPLAINED | {"lymphocytes": 0.6},
        CYTOPENIC | {"I5_1L": True},
        "not explained",
    ),
    case(
        "lymphopenia alone refused",
        LC,
        UNEXPLAINED | {"lymphocytes": 0.6},
        NEITHER | {"I5_1L": True},
        "another lineage is wanted",
        require_non_lymphopenia=True,
    ),
    case(
        "lymphopenia with platelets",
        LC,
        {"lymphocytes": 0.6, "lymphopenia_unexplained": True},
        CYTOPENIC | {"I5_1L": True, "I5_1P": True},
        "platelets 45 are the other lineage",
        require_non_lymphopenia=True,
    ),
    case(
        "hemolysis, another lineage", LC, HEMOLYSIS, CYTOPENIC, "red cells qualify", require_non_lymphopenia=True
    ),
    case(
        "neutropenia, another lineage",
        LC,
        NOT_CYTOPENIC | {"neutrophils": 0.8},
        CYTOPENIC,
        "neutrophils are another lineage",
        require_non_lymphopenia=True,
    ),
    case(
        "both white cells wanted, one low",
        LC,
        UNEXPLAINED | {"lymphocytes": 0.6},
        NEITHER | {"I5_1L": True, "I5_1N": False},
        "X06: neutrophils and lymphocytes",
        lineage_rule="white_both",
    ),
    case(
        "both white cells wanted, both low",
        LC,
        UNEXPLAINED | {"lymphocytes": 0.6, "neutrophils": 0.8},
        CYTOPENIC,
        "X06: neutrophils and lymphocytes",
        lineage_rule="white_both",
    ),
    case("platelets, white rule", LC, {}, CYTOPENIC, "X06 concerns white cells only", lineage_rule="white_both"),
    case("blood not counted", LC, {"platelets": None}, fails("I5", I5_1P=False), "missing is not met"),
]
LOW_CREATININE = samples(serum_creatinine=(80.0, 85.0, 82.0))
FEW_CELLS = samples(urine_rbc=(4.0, 6.0, 5.0))
CASTS = samples(casts=(True, True, True))
LABS, NO_LABS = {"I5_2a": True, "I5": True}, fails("I5", I5_2a=False, I5_2b=True, I5_2=False)
NEPHRITIS = [
    case(
        "creatinine 106 once",
        LN,
        samples(serum_creatinine=(130.0, 106.0, 130.0)),
        NO_LABS,
        "X10: all three samples",
    ),
    case("creatinine 107", LN, samples(serum_creatinine=(107.0, 107.0, 107.0)), LABS, "over 106 three times"),
    case(
        "creatinine 106 + 5e-10", LN, samples((130.0, 130.0, 106.0 + 5e-10)), NO_LABS, "within 1e-9 of 106 is 106"
    ),
    case("UPCR 1", LN, samples(upcr=(1.0, 2.0, 2.0)), NO_LABS, "1 is not over 1"),
    case("UPCR 1.01", LN, samples(upcr=(1.01, 1.01, 1.01)), LABS, "over 1 three times"),
    case("10.2 red cells", LN, samples(urine_rbc=(10.2, 10.2, 10.2)), LABS, "a mean of fields over 10"),
    case("10 red cells", LN, samples(urine_rbc=(20.0, 20.0, 10.0)), NO_LABS, "10 are not more than 10, no casts"),
    case("11 red cells", LN, samples(urine_rbc=(11.0, 11.0, 11.0)), LABS, "more than 10"),
    case(
        "menses", LN, samples(menses=(False, True, False)), NO_LABS, "red cells of the second sample do not count"
    ),
    case(
        "infection", LN, samples(infection=(True, False, False)), NO_LABS, "urinary infection at the first sample"
    ),
    case("casts for red cells", LN, FEW_CELLS | CASTS, LABS, "X09: casts stand for the hematuria"),
    case("casts despite menses", LN, CASTS | samples(menses=(True, True, True)), LABS, "menses make no casts"),
    case("casts, creatinine normal", LN, LOW_CREATININE | CASTS, NO_LABS, "X09: casts replace the hematuria only"),
    case(
        "casts alone", LN, LOW_CREATININE | CASTS, LABS, "X09: casts replace everything", casts_scope="everything"
    ),
    case("ALL3 without creatinine", LN, LOW_CREATININE, NO_LABS, "X08: all three are wanted"),
    case(
        "ANY2 without creatinine", LN, LOW_CREATININE, LABS, "X08: proteinuria and hematuria", ln_lab_rule="ANY2"
    ),
    case(
        "ANY2 without proteinuria",
        LN,
        samples(upcr=(0.5, 0.5, 0.5)),
        LABS,
        "X08: creatinine and hematuria",
        ln_lab_rule="ANY2",
    ),
    case("ANY2, one", LN, LOW_CREATININE | FEW_CELLS, NO_LABS, "X08: proteinuria alone", ln_lab_rule="ANY2"),
    case(
        "PROT_ANY without proteinuria",
        LN,
        samples(upcr=(0.5, 0.5, 0.5)),
        NO_LABS,
        "X08: proteinuria is obligatory",
        ln_lab_rule="PROT_ANY",
    ),
    case(
        "PROT_ANY and creatinine", LN, FEW_CELLS, LABS, "X08: proteinuria and creatinine", ln_lab_rule="PROT_ANY"
    ),
    case("last sample", LN, samples(upcr=(0.4, 0.6, 1.1)), LABS, "X10: the last sample", ln_lab_samples=1),
    case("first two samples", LN, samples(upcr=(2.0, 2.0, 0.9)), NO_LABS, "X10: not the last", ln_lab_samples=1),
    case("sample not taken", LN, {"upcr_2": None}, NO_LABS, "missing is not met"),
    case("biopsy or labs", LN, LOW_CREATININE, fails("I5"), "X11: both", ln_labs_and_biopsy="both"),
    case(
        "biopsy only",
        LN,
        LOW_CREATININE,
        {"I5_2a": False, "I5_2b": True, "I5_2": True, "eligible": True},
        "X11: either",
        ln_labs_and_biopsy="either",
    ),
    case(
        "creatinine 250",
        LN,
        samples(serum_creatinine=(249.0, 249.0, 250.0)),
        ELIGIBLE | {"E8": False},
        "not over 250",
    ),
    case(
        "creatinine 251",
        LN,
        samples((200.0, 220.0, 251.0)),
        fails("E8", E8=True, I5_2a=True),
        "over 250, last value",
    ),
    case(
        "creatinine fell",
        LN,
        samples((300.0, 280.0, 240.0)),
        ELIGIBLE | {"E8": False},
        "only the last value counts",
    ),
    case(
        "cytopenia, creatinine 300",
        LC,
        {"serum_creatinine": 300.0},
        ELIGIBLE | {"E8": None},
        "E8 is for nephritis",
    ),
]


def tissue(biopsy_class, lesions, days=100):
    return {"biopsy_class": biopsy_class, "biopsy_lesions": lesions, "biopsy_age_days": days}


BIOPSIED, NOT_BIOPSIED = {"I5_2b": True, "eligible": True}, fails("I5", I5_2a=True, I5_2b=False, I5_2=False)
BIOPSY = [
    case("III active", LN, tissue("III", "A"), BIOPSIED, "X12"),
    case("IV-S active/chronic", LN, tissue("IV-S", "A/C"), BIOPSIED, "X12"),
    case("IV-G chronic", LN, tissue("IV-G", "C"), NOT_BIOPSIED, "X12: chronic lesions only"),
    case("V", LN, tissue("V", ""), BIOPSIED, "X12: class V has no such lesions"),
    case("III+V active", LN, tissue("III+V", "A"), BIOPSIED, "X12"),
    case("IV+V chronic", LN, tissue("IV+V", "C"), NOT_BIOPSIED, "X12: chronic lesions only"),
    case("II", LN, tissue("II", "A"), NOT_BIOPSIED, "X12: class II is not admitted"),
    case("I", LN, tissue("I", "A"), NOT_BIOPSIED, "X12: class I is not admitted"),
    case("VI", LN, tissue("VI", "C"), NOT_BIOPSIED, "X12: class VI is not admitted"),
    case("365 days", LN, tissue("III", "A", 365), BIOPSIED, "within one year"),
    case("366 days", LN, tissue("III", "A", 366), NOT_BIOPSIED, "over one year"),
    case("180 days wanted", LN, tissue("III", "A", 181), NOT_BIOPSIED, "over 180 days", biopsy_max_age_days=180),
]
STREAM = [
    case(
        "other subgroup", LN, LOW_CREATININE | {"platelets": 40.0}, fails("I5", I5_1=None), "X17: own stream only"
    ),
    case(
        "nephritis stream admitted for cytopenia",
        LN,
        LOW_CREATININE | {"platelets": 40.0},
        ELIGIBLE | {"I5_2": False, "I5_1": True, "I5_1P": True, "I5": True},
        "X17 both: platelets qualify",
        subgroup_assignment="both",
    ),
    case(
        "cytopenia stream has no biopsy",
        LC,
        NOT_CYTOPENIC,
        fails("I5", I5_1=False, I5_2a=False, I5_2b=False, I5_2=False),
        "X17 both: no samples, no biopsy",
        subgroup_assignment="both",
    ),
    case(
        "referred for nephritis, both met, creatinine 260",
        LN,
        {"platelets": 40.0} | samples((260.0, 260.0, 260.0)),
        fails("E8", I5_1=True, I5_2=True, I5=True, E8=True),
        "X17 both: of the nephritis subgroup, and creatinine 260 excludes",
        subgroup_assignment="both",
    ),
    case(
        "referred for nephritis, admitted for cytopenia, creatinine 260",
        LN,
        samples((260.0, 260.0, 260.0), upcr=(0.5, 0.5, 0.5)) | {"platelets": 40.0},
        fails("E8", I5_2=False, I5_1=True, I5=True, E8=True),
        "X17 both: the referral makes the subgroup, whichever rule admits",
        subgroup_assignment="both",
    ),
    case(
        "referred for nephritis, neither met, creatinine 260",
        LN,
        samples((260.0, 260.0, 260.0), upcr=(0.5, 0.5, 0.5)),
        fails("I5", "E8", I5_2=False, I5_1=False),
        "X17 both: who meets neither rule fails inclusion 5, and creatinine 260 excludes",
        subgroup_assignment="both",
    ),
]
