"""Hand-worked candidates: classification (I2), serology (I3) and failed treatment (I4)."""

from tests.hand_worked.candidates import FEW_ITEMS, LC, LN, case, fails

LITTLE_PREDNISONE = {"prednisone_dose": 10.0}
SIX_IMMUNOLOGIC = FEW_ITEMS | {"ever_anti_dsdna": True, "ever_anti_sm": True, "ever_antiphospholipid": True}
CLASSIFICATION = [
    case("nothing but ANA", LC, FEW_ITEMS, fails("I2", I2a=False, I2b=False), "one item of each"),
    case(
        "no clinical item",
        LC,
        SIX_IMMUNOLOGIC | {"ever_low_complement": True, "ever_direct_coombs": True},
        fails("I2", I2a=False, I2b=False),
        "SLICC has 6 immunologic items but none clinical; ACR has 2, immunologic and ANA",
    ),
    case(
        "one clinical, three immunologic",
        LC,
        FEW_ITEMS | {"ever_alopecia": True, "ever_anti_sm": True, "ever_low_complement": True},
        {"I2a": True, "I2b": False, "I2": True},
        "SLICC alopecia, ANA, Sm, complement = 4; ACR has neither alopecia nor complement: 2",
    ),
    case(
        "three items",
        LC,
        FEW_ITEMS | {"ever_alopecia": True, "ever_anti_sm": True},
        fails("I2", I2a=False),
        "alopecia, ANA, Sm = 3 of SLICC",
    ),
    case(
        "no immunologic item",
        LC,
        FEW_ITEMS
        | {"ana_titer": 0.0, "ever_acute_cutaneous": True, "ever_oral_ulcers": True, "ever_synovitis": True}
        | {"ever_serositis": True},
        {"I2a": False, "I2b": True, "I2": True, "I3": True},
        "four clinical items: SLICC wants an immunologic one, ACR does not; I3 by anti-dsDNA 60 at screening",
    ),
    case(
        "ACR by photosensitivity and discoid rash",
        LC,
        FEW_ITEMS | {"ever_photosensitivity": True, "ever_discoid": True, "ever_synovitis": True},
        {"I2a": False, "I2b": True, "I2": True},
        "ACR photosensitivity, discoid, arthritis, ANA = 4; SLICC discoid, synovitis, ANA = 3",
    ),
    case(
        "discoid counts once",
        LC,
        FEW_ITEMS | {"ever_chronic_cutaneous": True, "ever_discoid": True, "ever_synovitis": True},
        {"I2a": False, "I2b": False},
        "SLICC chronic cutaneous, synovitis, ANA = 3; ACR discoid, arthritis, ANA = 3",
    ),
    case(
        "Coombs without hemolysis",
        LC,
        FEW_ITEMS | {"ever_direct_coombs": True, "ever_synovitis": True, "ever_thrombocytopenia": True},
        {"I2a": True, "I2b": False},
        "SLICC synovitis, thrombocytopenia, ANA, Coombs = 4; ACR arthritis, hematologic, ANA = 3",
    ),
    case(
        "Coombs with hemolysis",
        LC,
        FEW_ITEMS | {"ever_direct_coombs": True, "ever_synovitis": True, "ever_hemolytic_anemia": True},
        {"I2a": False, "I2b": False},
        "the Coombs item needs absence of hemolytic anemia: synovitis, hemolysis, ANA = 3",
    ),
    case(
        "three blood items are one of ACR",
        LC,
        FEW_ITEMS | {"ever_hemolytic_anemia": True, "ever_leukopenia": True, "ever_thrombocytopenia": True},
        {"I2a": True, "I2b": False},
        "SLICC three and ANA = 4; ACR hematologic and ANA = 2",
    ),
    case(
        "three antibodies are one of ACR",
        LC,
        SIX_IMMUNOLOGIC | {"ever_serositis": True, "ever_neurologic": True},
        {"I2a": True, "I2b": True},
        "ACR serositis, neurologic, immunologic, ANA = 4 exactly; SLICC 6",
    ),
    case(
        "ANA 80 is the fourth item",
        LC,
        FEW_ITEMS | {"ever_alopecia": True, "ever_synovitis": True, "ever_serositis": True, "ana_titer": 80.0},
        {"I2a": True, "I2b": False},
        "SLICC alopecia, synovitis, serositis, ANA = 4; ACR has no alopecia: 3",
    ),
    case(
        "ANA 40 is no item",
        LC,
        FEW_ITEMS | {"ever_alopecia": True, "ever_synovitis": True, "ever_serositis": True, "ana_titer": 40.0},
        {"I2a": False, "I2b": False, "I3": True},
        "positive means 1:80 for the classification, too; I3 by anti-dsDNA 60",
    ),
    case(
        "biopsy alone",
        LN,
        FEW_ITEMS | {"ever_renal": True},
        fails("I2", I2a=False, I2b=False),
        "X16: renal and ANA = 2; nephritis by biopsy does not stand alone",
    ),
    case(
        "biopsy alone, admitted",
        LN,
        FEW_ITEMS | {"ever_renal": True},
        {"I2a": True, "I2b": False, "eligible": True},
        "X16 as published: nephritis by biopsy and ANA",
        slicc_standalone=True,
    ),
    case(
        "standing alone needs a biopsy",
        LC,
        FEW_ITEMS,
        {"I2a": False},
        "no biopsy in the cytopenia stream",
        slicc_standalone=True,
    ),
    case(
        "standing alone needs an antibody",
        LN,
        FEW_ITEMS | {"ana_titer": 0.0},
        {"I2a": False},
        "biopsy without ANA or anti-dsDNA",
        slicc_standalone=True,
    ),
]
SEROLOGY = [
    case(
        "ANA 80 alone", LC, {"ana_titer": 80.0, "anti_dsdna": 2.0}, {"I3": True, "eligible": True}, "at least 1:80"
    ),
    case("ANA 40 alone", LC, {"ana_titer": 40.0, "anti_dsdna": 2.0}, fails("I3"), "1:40 < 1:80"),
    case("anti-dsDNA alone", LC, {"ana_titer": 0.0, "anti_dsdna": 15.1}, {"I3": True}, "X13: or; 15.1 > 15"),
    case(
        "anti-dsDNA at the limit", LC, {"ana_titer": 0.0, "anti_dsdna": 15.0}, fails("I3"), "15.0 is not above 15"
    ),
    case("past anti-dsDNA", LC, {"ana_titer": 40.0, "anti_dsdna": 9.0}, {"I3": False}, "at screening, not ever"),
    case(
        "ANA and anti-dsDNA wanted, one",
        LC,
        {"ana_titer": 0.0},
        {"I3": False},
        "X13 read as and: ANA missing",
        serology_rule="and",
    ),
    case(
        "ANA and anti-dsDNA wanted, both",
        LC,
        {"ana_titer": 80.0},
        {"I3": True},
        "X13 read as and: 1:80 and 60",
        serology_rule="and",
    ),
    case(
        "anti-dsDNA not measured", LC, {"ana_titer": 40.0, "anti_dsdna": None}, {"I3": False}, "missing is not met"
    ),
]


def regimen(drug, dose, days=200, response="none"):
    columns = {"regimen_drug": drug, "regimen_dose": dose, "regimen_days": days, "regimen_response": response}
    return LITTLE_PREDNISONE | columns


MET, NOT_MET = {"I4a": True, "I4b": False, "I4": True, "eligible": True}, fails("I4", I4a=False, I4b=False)
REFRACTORY = [
    case("mycophenolate 2 g", LC, regimen("mycophenolate_mofetil", 2000.0), MET, "at least 2 g a day"),
    case("mycophenolate 1.75 g", LC, regimen("mycophenolate_mofetil", 1750.0), NOT_MET, "under 2 g a day"),
    case("mycophenolic acid 1.44 g", LC, regimen("mycophenolic_acid", 1440.0), MET, "at least 1.44 g a day"),
    case("mycophenolic acid 1.08 g", LC, regimen("mycophenolic_acid", 1080.0), NOT_MET, "under 1.44 g a day"),
    case("azathioprine 150", LN, regimen("azathioprine", 150.0), NOT_MET, "under 200 mg a day"),
    case("azathioprine 200", LN, regimen("azathioprine", 200.0), MET, "at least 200 mg a day"),
    case("pulses 500", LN, regimen("cyclophosphamide_iv", 500.0), MET, "from 500 mg/m²"),
    case("pulses 400", LN, regimen("cyclophosphamide_iv", 400.0), NOT_MET, "under 500 mg/m²"),
    case("oral cyclophosphamide 50", LN, regimen("cyclophosphamide_oral", 50.0), MET, "any dose"),
    case("cyclosporine 75", LC, regimen("cyclosporine", 75.0), MET, "any dose"),
    case("leflunomide 10", LC, regimen("leflunomide", 10.0), NOT_MET, "under 20 mg a day"),
    case("leflunomide 20", LC, regimen("leflunomide", 20.0), MET, "20 mg a day"),
    case("mizoribine 149", LN, regimen("mizoribine", 149.0), NOT_MET, "under 150 mg a day"),
    case("mizoribine 150", LN, regimen("mizoribine", 150.0), MET, "at least 150 mg a day"),
    case(
        "tacrolimus 1 twice", LN, regimen("tacrolimus", 2.0), NOT_MET, "2 mg a day is 1 mg twice, under 1.5 twice"
    ),
    case("tacrolimus 1.5 twice", LN, regimen("tacrolimus", 3.0), MET, "3 mg a day is 1.5 mg twice"),
    case("182 days", LN, regimen("tacrolimus", 3.0, 182), MET, "six months are 182 days"),
    case("181 days", LN, regimen("tacrolimus", 3.0, 181), NOT_MET, "under six months"),
    case(
        "partial response", LC, regimen("cyclosporine", 75.0, 200, "partial"), MET, "a partial responder qualifies"
    ),
    case("complete response", LC, regimen("cyclosporine", 75.0, 200, "complete"), NOT_MET, "responded"),
    case("no regimen", LC, regimen("", None, None, ""), NOT_MET, "nothing was tried"),
    case("another drug", LC, regimen("other", 20.0), NOT_MET, "X15: not in the list"),
    case("another drug counts", LC, regimen("other", 20.0), MET, "X15: such as", other_immunosuppressants=True),
    case(
        "prednisone 15",
        LC,
        {"prednisone_dose": 15.0, "regimen_response": "complete"},
        {"I4a": False, "I4b": True, "I4": True, "eligible": True},
        "15 mg a day or more, X14: or",
    ),
    case(
        "prednisone 12.5",
        LC,
        {"prednisone_dose": 12.5, "regimen_response": "complete"},
        NOT_MET,
        "under 15 mg a day and responded",
    ),
    case(
        "both kinds wanted, one",
        LC,
        LITTLE_PREDNISONE,
        fails("I4", I4a=True, I4b=False),
        "X14 read as and",
        refractory_rule="and",
    ),
    case(
        "both kinds wanted, both",
        LC,
        {},
        {"I4a": True, "I4b": True, "I4": True},
        "X14 read as and",
        refractory_rule="and",
    ),
]
