"""All nine grades of BILAG-2004 at one visit, from descriptors, measurements and observed activity."""

from tests.independent.bilag import ITEMS, constitutional_grade, item_codes, item_grade
from tests.independent.bilag_laboratory import Blood, Kidney, hematological_grade, renal_grade
from tests.independent.kidney import egfr
from tests.independent.lldas import hemolytic
from tests.independent.rows import CLINICAL_DESCRIPTORS, DOMAINS, Row

MIN_DAYS = 14


def previous(visits: list[Row], position: int) -> int | None:
    """Position of the last attended visit at least 14 days before."""
    earlier = [i for i in range(position) if visits[i]["day"] <= visits[position]["day"] - MIN_DAYS]
    return earlier[-1] if earlier else None


def clinical(visit: Row) -> dict[str, bool]:
    return {name: bool(visit[f"sledai_{name}"]) for name in CLINICAL_DESCRIPTORS}


def kidney_of(visit: Row, age: float, sex: str) -> Kidney:
    """A data set has no retinopathy and no date of biopsy; both count as absent."""
    columns = ("upcr", "serum_creatinine", "urine_rbc", "urine_wbc", "cellular_casts", "albumin", "edema")
    values = {name: visit[name] for name in (*columns, "systolic_bp", "diastolic_bp")}
    return Kidney(**values, egfr=egfr(visit["serum_creatinine"], age, sex))


def blood_of(visit: Row) -> Blood:
    columns = ("hemoglobin", "platelets", "wbc", "neutrophils", "lymphocytes", "coombs")
    return Blood(**{name: visit[name] for name in columns}, hemolysis=hemolytic(visit))


def grades(
    visits: list[Row], position: int, activity: list[float], *, age: float, sex: str, ever: dict[str, bool]
) -> dict[str, str | None]:
    """The grades of `visits[position]`; `activity` is the observed extrarenal activity at each visit.

    Without a visit 14 days before, what is present counts as the same as before (code 2). Where a measurement of
    the kidney or the blood is missing the recorded grade stands. `ever` says which domains were involved before.
    """
    visit, reference = visits[position], previous(visits, position)
    now = clinical(visit)
    before = now if reference is None else clinical(visits[reference])
    codes = item_codes(now, before, activity[position], activity[position if reference is None else reference])
    found: dict[str, str | None] = {
        domain: item_grade(domain, codes.get(domain, {}), ever[domain]) for domain in ITEMS
    }
    found["constitutional"] = constitutional_grade(codes.get("constitutional", {}), ever["constitutional"])
    earlier = None if reference is None else kidney_of(visits[reference], age, sex)
    found["renal"] = renal_grade(kidney_of(visit, age, sex), earlier, ever["renal"])
    found["haematological"] = hematological_grade(blood_of(visit), ever["haematological"])
    return {domain: visit[f"bilag_{domain}"] if found[domain] is None else found[domain] for domain in DOMAINS}
