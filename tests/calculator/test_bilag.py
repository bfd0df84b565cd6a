"""BILAG-2004 of an outside data set: grades from items and measurements where none is recorded, by hand."""

import dataclasses

import pytest

from sim.calculator.grades import gradable, items_of
from sim.config.compose import load
from sim.core.columns import TABLES
from sim.endpoints.evaluate import evaluate
from sim.instruments.bilag import DOMAINS
from sim.instruments.bilag_items import ITEM_DOMAINS, ITEMS
from sim.pipeline import cohort_chunk
from sim.storage.parquet import write_table
from tests.calculator.clinic import clinic, examined, place, write_csv
from tests.endpoints.records import analysis

FOR_BLOOD = {"coombs": False}
FOR_KIDNEY = {"albumin": 40.0, "systolic_bp": 120.0, "diastolic_bp": 75.0, "edema": False}


def with_grades(tables, *without):
    """Every visit with a D in every domain but some, and no arthritis, so that nothing contradicts them."""
    for row in tables["visits"]:
        row |= {f"bilag_{name}": "D" for name in DOMAINS if name not in without}
        row |= {"sledai_arthritis": False, "sledai_rash": False}
        for name in without:
            row.pop(f"bilag_{name}", None)
    return tables


def item(tables, subject, visit, **codes):
    """Items of one visit; in all others they were looked for and not found."""
    for row in tables["visits"]:
        for name in codes:
            row.setdefault(f"bilag_item_{name}", 0)
    row = tables["visits"][place(tables["visits"], subject=subject, visit=visit)]
    row |= {f"bilag_item_{name}": code for name, code in codes.items()}


def grade(result, subject, visit, domain):
    visits = result.data.visits
    row = (visits["subject"] == subject) & (visits["visit"] == visit)
    return str(visits[f"bilag_{domain}"][row][0])


def test_the_dictionary_has_the_items_of_the_instrument():
    columns = {name for name in TABLES["visits"] if name.startswith("bilag_item_")}
    assert columns == {name for domain in ITEM_DOMAINS for name in items_of(domain)}
    assert len(columns) == sum(len(names) for lists in ITEMS.values() for names in lists.values()) == 77


@pytest.mark.parametrize(
    ("domain", "codes", "expected"),
    [
        # An item of list A that is new, worse or the same makes an A, an improving one a B.
        ("musculoskeletal", {"severe_arthritis": 4}, "A"),
        ("musculoskeletal", {"severe_arthritis": 2}, "A"),
        ("musculoskeletal", {"severe_arthritis": 1}, "B"),
        # List B: B, improving C. List C: C.
        ("musculoskeletal", {"moderate_arthritis_or_tendonitis": 3}, "B"),
        ("musculoskeletal", {"moderate_arthritis_or_tendonitis": 1}, "C"),
        ("musculoskeletal", {"mild_arthritis_or_myalgia": 1}, "C"),
        ("musculoskeletal", {"mild_arthritis_or_myalgia": 0}, "D"),
        # The highest counts: improving severe arthritis beside a new mild one is B.
        ("musculoskeletal", {"severe_arthritis": 1, "mild_arthritis_or_myalgia": 4}, "B"),
        ("gastrointestinal", {"lupus_hepatitis": 2}, "B"),
        ("ophthalmic", {"optic_neuritis": 4}, "A"),
        # Fever and two others, none improving: A. Fever alone, or two others: B. One other: C.
        ("constitutional", {"pyrexia": 2, "weight_loss": 2, "anorexia": 4}, "A"),
        ("constitutional", {"pyrexia": 1, "weight_loss": 2, "anorexia": 4}, "B"),
        ("constitutional", {"pyrexia": 3, "weight_loss": 1}, "B"),
        ("constitutional", {"weight_loss": 2}, "C"),
        # An item that was not looked for could be an A, unless there is an A already.
        ("ophthalmic", {"optic_neuritis": None, "episcleritis": 2}, ""),
        ("ophthalmic", {"optic_neuritis": None, "severe_scleritis": 2}, "A"),
    ],
)
def test_a_domain_without_a_grade_is_graded_on_its_items(tmp_path, domain, codes, expected):
    tables = with_grades(clinic(), domain)
    item(tables, 1, "W24", **codes)
    result = examined(write_csv(tmp_path, tables))
    assert result.found.findings == []
    assert grade(result, 1, "W24", domain) == expected
    assert grade(result, 2, "W24", domain) == "D"
    (compared,) = (each for each in result.compared if each.column == f"bilag_{domain}")
    assert (compared.visits, compared.filled) == (0, 72 if expected else 71)


def test_the_kidney_and_the_blood_are_graded_on_measurements(tmp_path):
    """Subject 1 has UPCR 1.5 on day 0, above 0.884 with nothing before (R1) and red cells above 5 (R4): A."""
    tables = with_grades(clinic(), "renal", "haematological")
    for row in tables["visits"]:
        row.update(FOR_BLOOD | FOR_KIDNEY)
    for row in tables["candidates"]:
        row["biopsy_age_days"] = None
    start = tables["visits"][place(tables["visits"], subject=1, visit="D0")]
    start |= {"upcr": 1.5, "urine_rbc": 20, "platelets": 40.0, "reticulocytes": 1.0}
    result = examined(write_csv(tmp_path, tables))
    assert grade(result, 1, "D0", "renal") == "A"
    assert grade(result, 1, "D0", "haematological") == "B"  # platelets 25 to 49
    assert grade(result, 1, "D3", "renal") == ""  # no BILAG three days after an infusion


def test_a_biopsy_counts_where_it_shows_active_nephritis(tmp_path):
    """Ninety days old on day 0 and nothing else: R5 alone is a B; chronic lesions are no activity."""
    tables = with_grades(clinic(), "renal")
    for row in tables["visits"]:
        row.update(FOR_KIDNEY | {"upcr": 0.1, "urine_rbc": 0, "urine_wbc": 0, "cellular_casts": False})
    lesions = dict(zip(range(1, 5), ("A", "A/C", None, "C"), strict=True))
    for row in tables["candidates"]:
        row |= {"biopsy_age_days": 90, "biopsy_lesions": lesions.get(row["subject"])}
    result = examined(write_csv(tmp_path, tables))
    assert [grade(result, subject, "D0", "renal") for subject in lesions] == ["B", "B", "B", "D"]
    assert grade(result, 1, "W4", "renal") == "D"  # three months are over


def test_the_simulated_clinic_counts_the_same_biopsies(tmp_path):
    """By the other reading of X11 the laboratory alone admits people whose biopsy has chronic lesions."""
    words = ("protocol.ln_labs_and_biopsy=either", "protocol.ln_lab_rule=ANY2", "protocol.follow_up=week_24")
    biopsies = ("population.biopsy.chronic_only=0.5", "population.biopsy.within_a_year=0.99")
    tables = cohort_chunk(load(["task=cohort", "effect=none", *words, *biopsies]), range(2))
    for name, table in tables.items():
        write_table(tmp_path / f"{name}.parquet", name, table, {"synthetic": "true"})
    candidates = tables["candidates"]
    chronic = (candidates["subject"] >= 0) & (candidates["biopsy_lesions"] == "C")
    assert (chronic & (candidates["biopsy_age_days"] <= 60)).any()
    (compared,) = (each for each in examined(tmp_path).compared if each.column == "bilag_renal")
    assert compared.visits > 100
    assert compared.differ == 0


def test_the_grade_that_is_recorded_counts(tmp_path):
    tables = with_grades(clinic())
    item(tables, 1, "W24", severe_arthritis=4)
    result = examined(write_csv(tmp_path, tables))
    assert grade(result, 1, "W24", "musculoskeletal") == "D"
    assert [each.kind for each in result.found.findings] == ["grade_differs"]
    assert "differs in 1 of 72 visits" in result.found.lines(fatal=False)[0]
    assert "row 24 has D or E, recomputed A" in result.found.lines(fatal=False)[0]


def test_a_responder_index_reads_the_grades_of_items(tmp_path):
    """A new A fails it; one new B does not, two do; without all items of week 24 week 20 stands in."""
    tables = with_grades(clinic(), "musculoskeletal", "gastrointestinal")
    for row in tables["visits"]:
        row["sledai_psychosis"] = row["subject"] != 5 and row["day"] <= 0
        row["bilag_neuropsychiatric"] = "B" if row["sledai_psychosis"] else "D"
    item(tables, 0, "W24", severe_arthritis=4)
    item(tables, 1, "W24", moderate_arthritis_or_tendonitis=4)
    item(tables, 2, "W24", moderate_arthritis_or_tendonitis=4, lupus_hepatitis=3)
    item(tables, 3, "W24", severe_arthritis=None)
    result = examined(write_csv(tmp_path, tables))
    outcomes = evaluate(result.data, analysis(), ["S4"])
    found = dict(zip(outcomes["subject"].tolist(), outcomes["reason"].tolist(), strict=True))
    assert [found[subject] for subject in range(5)] == ["bilag", "", "bilag", "", ""]


def test_a_code_that_is_none_is_not_looked_for(tmp_path):
    tables = with_grades(clinic(), "ophthalmic")
    item(tables, 1, "W24", optic_neuritis=5)
    result = examined(write_csv(tmp_path, tables))
    assert [(each.kind, each.column) for each in result.found.findings if each.kind != "outlier"] == [
        ("unknown_category", "bilag_item_optic_neuritis")
    ]
    assert grade(result, 1, "W24", "ophthalmic") == ""


def test_grades_that_follow_from_other_columns_need_not_be_there(tmp_path):
    readings = dataclasses.replace(analysis(), endpoints=("S4",))
    lines = examined(write_csv(tmp_path / "none", clinic()), endpoints=("S4",)).found.lines(fatal=True)
    assert {line.split("bilag_")[1].split(":")[0] for line in lines} == set(DOMAINS) - {"renal"}
    tables = clinic()
    for domain in ITEM_DOMAINS:
        item(tables, 1, "W24", **{items_of(domain)[0].removeprefix("bilag_item_"): 0})
    for row in tables["visits"]:
        row.update(FOR_BLOOD)
    result = examined(write_csv(tmp_path / "items", tables), endpoints=readings.endpoints)
    assert result.found.lines(fatal=True) == []


def test_the_kidney_needs_the_date_of_a_biopsy():
    kidney = ("upcr", "serum_creatinine", "urine_rbc", "urine_wbc", "cellular_casts", *FOR_KIDNEY)
    assert gradable((), kidney) == ()
    assert gradable(("biopsy_age_days",), kidney) == ("renal",)
    assert gradable(("biopsy_age_days",), kidney[1:]) == ()
