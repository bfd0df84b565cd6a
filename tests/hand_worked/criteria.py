"""Candidates worked by hand against the eligibility criteria, with the answer and its reason: `CASES`."""

from tests.hand_worked.candidates import ELIGIBLE, FEW_ITEMS, LC, LN, case, fails, samples
from tests.hand_worked.criteria_disease import CLASSIFICATION, REFRACTORY, SEROLOGY
from tests.hand_worked.criteria_subgroup import BIOPSY, CYTOPENIA, NEPHRITIS, STREAM

SHARED = dict.fromkeys(("I0a", "I0b", "I0", "I1", "I2a", "I2b", "I2", "I3", "I4a", "I4b", "I4", "I5"), True)
SHARED |= dict.fromkeys(("E1", "E2a", "E2b", "E2c", "E2d", "E2e", "E2f", "E2g", "E2", "E3"), False)
SHARED |= dict.fromkeys(("E4", "E5", "E6", "E7"), False)
NEPHRITIS_MET = {"I5_2a": True, "I5_2b": True, "I5_2": True, "E8": False}
NEPHRITIS_MET |= dict.fromkeys(("I5_1E", "I5_1N", "I5_1L", "I5_1P", "I5_1"))
CYTOPENIA_MET = {"I5_1E": False, "I5_1N": False, "I5_1L": False, "I5_1P": True, "I5_1": True}
CYTOPENIA_MET |= dict.fromkeys(("I5_2a", "I5_2b", "I5_2", "E8"))
WHOLE = [
    case(
        "nephritis, all met", LN, {}, ELIGIBLE | {"I5_1": None, "I5_1P": None, "E8": False}, "the base candidate"
    ),
    case("cytopenia, all met", LC, {}, ELIGIBLE | SHARED | CYTOPENIA_MET, "the base candidate, all columns"),
    case(
        "every failure, in order",
        LN,
        FEW_ITEMS
        | {
            "age": 71.0,
            "ana_titer": 0.0,
            "anti_dsdna": 5.0,
            "prednisone_dose": 5.0,
            "regimen_response": "complete",
        }
        | {"biopsy_class": "II", "serum_creatinine": 260.0, "serum_creatinine_3": 260.0, "heart_failure": True}
        | {"active_severe_cns": True, "biologic_days": 10, "ivig_days": 10, "pregnant_or_lactating": True}
        | {"major_infection": True, "consent": False, "donor_found": False, "donor_age": None},
        fails(*("I0", "I2", "I3", "I4", "I5", "E8", "E2", "E3", "E4", "E5", "E6", "E7", "E1", "I1")),
        "evaluation order I0, I2, I3, I4, I5, E8, E2 to E7, E1, I1",
    ),
    case("donor last", LC, {"donor_age": 70.0, "consent": False}, fails("E1", "I1"), "consent before the donor"),
    case(
        "E8 before E2", LN, samples((200.0, 220.0, 251.0)) | {"history_cancer": True}, fails("E8", "E2"), "order"
    ),
]
PERSON = [
    case("age 18", LC, {"age": 18.0}, {"I0a": True, "I0": True, "eligible": True}, "18 is included"),
    case("age under 18", LC, {"age": 17.99}, fails("I0", I0a=False, I0b=True), "under 18"),
    case("age 70", LN, {"age": 70.0}, {"I0a": True, "eligible": True}, "70 is included"),
    case("age over 70", LN, {"age": 70.01}, fails("I0", I0a=False), "70.01 > 70, age being in exact years"),
    case("man", LC, {"sex": "M"}, {"I0b": True, "eligible": True}, "both sexes are admitted"),
    case(
        "age within tolerance", LC, {"age": 70.0 + 5e-10}, {"I0a": True}, "within 1e-9 of the limit is the limit"
    ),
]
DONOR = [
    case("no donor", LN, {"donor_found": False, "donor_age": None}, fails("I1", I1=False), "nobody found"),
    case("donor 70", LN, {"donor_age": 70.0}, fails("I1"), "less than 70 years is strict"),
    case("donor 69.99", LN, {"donor_age": 69.99}, {"I1": True}, "under 70"),
    case("donor 18", LC, {"donor_age": 18.0}, {"I1": True}, "X39: of age"),
    case("donor 17", LC, {"donor_age": 17.0}, fails("I1"), "X39: not of age"),
    case(
        "donor 17, no limit",
        LC,
        {"donor_age": 17.0},
        {"I1": True},
        "the record has no lower limit",
        donor_min_age=0.0,
    ),
    case(
        "donor within tolerance of 70",
        LC,
        {"donor_age": 70.0 - 5e-10},
        {"I1": False},
        "x < 70 means x < 70 - 1e-9",
    ),
]
EXCLUSIONS = [
    case("cancer", LC, {"history_cancer": True}, fails("E2", E2a=True, E2=True), "E2a"),
    case("any allergy", LC, {"history_allergy": True}, ELIGIBLE | {"E2b": False}, "X18: significant ones only"),
    case("any allergy counts", LC, {"history_allergy": True}, fails("E2", E2b=True), "X18", allergy_rule="any"),
    case("anaphylaxis", LN, {"history_anaphylaxis": True}, fails("E2", E2b=True), "X18: significant"),
    case("substance abuse", LN, {"history_substance_abuse": True}, fails("E2", E2c=True, E2a=False), "E2c"),
    case("peptic ulcer", LN, {"active_peptic_ulcer": True}, fails("E2", E2d=True), "E2d"),
    case("heart failure", LN, {"heart_failure": True}, fails("E2", E2e=True), "E2e"),
    case("liver disease", LC, {"liver_disease": True}, fails("E2", E2f=True), "E2f"),
    case("coagulation disorder", LC, {"coagulation_disorder": True}, fails("E2", E2g=True), "E2g"),
    case("severe CNS lupus", LC, {"active_severe_cns": True}, fails("E3", E3=True, E2=False), "E3"),
    case("pregnant", LC, {"pregnant_or_lactating": True}, fails("E6", E6=True), "E6"),
    case("infected", LN, {"major_infection": True}, fails("E7", E7=True), "E7"),
    case("no consent", LN, {"consent": False}, fails("E1", E1=True), "E1"),
    case("marketed, 182 days", LC, {"biologic_days": 182}, fails("E4", E4=True), "X19: marketed within 182 days"),
    case("marketed, 183 days", LC, {"biologic_days": 183}, ELIGIBLE | {"E4": False}, "X19: over 182 days"),
    case(
        "investigational, 365 days",
        LC,
        {"biologic_days": 365, "biologic_investigational": True},
        fails("E4", E4=True),
        "X19: within the year",
    ),
    case(
        "investigational, 366 days",
        LC,
        {"biologic_days": 366, "biologic_investigational": True},
        ELIGIBLE | {"E4": False},
        "X19: over a year",
    ),
    case(
        "marketed, literal",
        LC,
        {"biologic_days": 10},
        ELIGIBLE | {"E4": False},
        "X19: investigational agents only",
        biologic_rule="investigational",
    ),
    case(
        "marketed, any", LC, {"biologic_days": 300}, fails("E4"), "X19: any within the year", biologic_rule="any"
    ),
    case("IVIG 90 days", LC, {"ivig_days": 90}, fails("E5", E5=True), "X20: within 90 days"),
    case("IVIG 91 days", LC, {"ivig_days": 91}, ELIGIBLE | {"E5": False}, "X20: over 90 days"),
    case("IVIG 29 days, current", LC, {"ivig_days": 29}, {"E5": False}, "X20: not under way", ivig_rule="current"),
    case("IVIG 28 days, current", LC, {"ivig_days": 28}, {"E5": True}, "X20: under way", ivig_rule="current"),
]
CASES = [
    *(WHOLE + PERSON + DONOR + CLASSIFICATION + SEROLOGY + REFRACTORY),
    *(CYTOPENIA + NEPHRITIS + BIOPSY + STREAM + EXCLUSIONS),
]
