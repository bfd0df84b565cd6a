"""The record sentence by sentence: none is missing, each leads into the program, docs/protocol.md holds them all.

The ids and figures below were taken from the registry record itself, and not from the file that is tested.
"""

import importlib
import re
from pathlib import Path

import pytest

from sim.cli import record
from sim.cli.catalogue import catalogue_text, page_text
from sim.cli.command import main
from sim.config.compose import load
from sim.config.config import parts
from sim.config.readings import READINGS

PAGE = Path(__file__).parents[2] / "docs" / "protocol.md"
SENTENCES = {
    "inclusion": """
        I0-age I0-sex I0-patients I1-match I1-age I2-slicc I2-both I2-or I2-acr I3-ana I3-dna
        I4-response I4-such-as I4-cyclophosphamide I4-mycophenolate I4-azathioprine I4-leflunomide
        I4-oral-cyclophosphamide I4-cyclosporine I4-mizoribine I4-mycophenolic-acid I4-tacrolimus I4-combination
        I4-months I4-or I4-prednisone
        I5-1-any I5-1-cause I5-1-anemia I5-1-reticulocytes I5-1-neutrophils I5-1-neutrophil-cause I5-1-and-or
        I5-1-lymphocytes I5-1-platelets I5-1-platelet-cause
        I5-2-active I5-2-three-times I5-2-creatinine I5-2-protein I5-2-and I5-2-hematuria I5-2-other-blood
        I5-2-casts I5-2-classes I5-2-lesions I5-2-biopsy-age
    """,
    "exclusion": """
        E1-consent E2-any E2-cancer E2-allergy E2-abuse E2-ulcer E2-heart E2-liver E2-coagulation E3-nervous-system
        E4-biologic E5-immunoglobulin E5-plasma-exchange E6-pregnant E7-infection E8-creatinine
    """,
    "primary": """
        P1-reduction P1-taper P1-week-4 P1-equivalent P1-continued P1-frame
        P2-treatment P2-subgroup P2-hemoglobin P2-or P2-neutrophils-share P2-neutrophils-count P2-platelets-high
        P2-platelets-low P2-before P2-frame
        P3-subgroup P3-week-24 P3-protein P3-filtration P3-decrease P3-rescue P3-steroid
    """,
    "secondary": """
        S1-reach S1-maintain S2-state S2-week-24 S3-fall S3-score S4-title S4-baseline S4-i S4-ii S4-iii
        S5-baseline S5-i S5-ii S5-iii S6-baseline S6-i S6-ii S6-iii S7-first S7-index
        S8-white-cells S8-platelets S8-hemoglobin S8-times S9-flare S10-title S10-description
        S11-failure S11-death S11-end-stage S11-doubling S11-renal-flare S11-extrarenal-flare S11-rescue
        S12-remission S12-creatinine S12-protein S12-sediment S13-flare
    """,
    "other": "O1-sledai O1-damage O1-times O1-bilag O2-treg O2-th17 O2-times O2-cytometry",
    "intervention": """
        A-arm A-places A-centre A-population A-product A-infusions A-route A-cells A-days A-taper A-visits A-safety
    """,
}
# What the record prints in the sentence, and the key that holds it with its value in the unit of the key.
FIGURES = {
    "I0-age": ("18 70", {"protocol.age_min": 18, "protocol.age_max": 70}),
    "I1-age": ("70", {"protocol.donor_age_below": 70}),
    "I2-slicc": ("4 2012", {}),
    "I2-both": ("1 1", {}),
    "I2-acr": ("4 11 1982 1997", {}),
    "I3-ana": ("1:80", {"protocol.ana_titer_min": 80}),
    "I4-cyclophosphamide": ("500 1000", {"protocol.regimen_min_dose.cyclophosphamide_iv": 500}),
    "I4-mycophenolate": ("2", {"protocol.regimen_min_dose.mycophenolate_mofetil": 2000}),
    "I4-azathioprine": ("200", {"protocol.regimen_min_dose.azathioprine": 200}),
    "I4-leflunomide": ("20", {"protocol.regimen_min_dose.leflunomide": 20}),
    "I4-mizoribine": ("150", {"protocol.regimen_min_dose.mizoribine": 150}),
    "I4-mycophenolic-acid": ("1.44", {"protocol.regimen_min_dose.mycophenolic_acid": 1440}),
    "I4-tacrolimus": ("1.5", {"protocol.regimen_min_dose.tacrolimus": 3}),
    "I4-months": ("6", {"protocol.regimen_min_days": 182}),
    "I4-prednisone": ("15", {"protocol.steroid_dependent_dose": 15}),
    "I5-1-anemia": ("10", {"protocol.hemoglobin_max": 10}),
    "I5-1-neutrophils": ("1,000", {"protocol.neutrophils_below": 1}),
    "I5-1-lymphocytes": ("1,500", {"protocol.lymphocytes_below": 1.5}),
    "I5-1-platelets": ("100,000", {"protocol.platelets_below": 100}),
    "I5-2-creatinine": ("106", {"protocol.creatinine_above": 106}),
    "I5-2-protein": ("1", {"protocol.upcr_above": 1}),
    "I5-2-hematuria": ("10", {"protocol.urine_rbc_above": 10}),
    "I5-2-classes": (
        "III IV-S IV-G V",
        {"protocol.biopsy_classes": ["III", "IV-S", "IV-G", "V", "III+V", "IV+V"]},
    ),
    "I5-2-biopsy-age": ("1", {"protocol.biopsy_max_age_days": 365}),
    "E8-creatinine": ("250", {"protocol.creatinine_excluded_above": 250}),
    "P1-taper": ("24", {"taper.final_day": 168}),
    "P1-week-4": ("7.5 4", {}),
    "P1-continued": ("12", {}),
    "P2-hemoglobin": ("1.5", {}),
    "P2-neutrophils-share": ("100 %", {}),
    "P2-neutrophils-count": ("500/mm³ 10⁹/L", {}),
    "P2-platelets-high": ("20 30", {}),
    "P2-platelets-low": ("20 20 100 %", {}),
    "P3-protein": ("0.5", {}),
    "P3-filtration": ("60 1.73", {}),
    "P3-decrease": ("20 %", {}),
    "P3-steroid": ("7.5 7 12 24", {}),
    "S1-reach": ("7.5 12", {}),
    "S1-maintain": ("12 24", {}),
    "S3-fall": ("4 24", {}),
    **{f"S{points}-i": (f"{points}", {}) for points in (4, 5, 6)},
    **{f"S{points}-ii": ("0.30", {}) for points in (4, 5, 6)},
    "S7-first": ("24", {}),
    "S8-times": ("3 1 4 12 24", {}),
    "S12-creatinine": ("106", {}),
    "S12-protein": ("0.3 24", {}),
    "O1-times": ("3 1 4 12 24", {}),
    "O1-bilag": ("4 12 24", {}),
    "O2-times": ("3 1 4 12 24 0.5 1 1.5 2 3", {}),
    "A-places": ("10", {"design.n": 10}),
    "A-cells": ("2.0 10⁶", {"protocol.cells_per_kg": 2e6}),
    "A-days": ("0 12", {}),
    "A-visits": ("3 1 4 24", {}),
    "A-safety": ("1 3 5", {}),
}


@pytest.fixture(scope="module")
def config():
    return load([])


@pytest.fixture(scope="module")
def rows(config):
    return {row.id: row for row in record.sentences(config)}


def test_every_sentence_of_the_record_has_its_row_in_the_order_of_the_record():
    found = {section: " ".join(listed) for section, listed in record.rows().items()}
    assert found == {section: " ".join(listed.split()) for section, listed in SENTENCES.items()}


@pytest.mark.parametrize("name", FIGURES)
def test_a_row_has_the_figures_of_the_record_and_the_configuration_has_them_too(rows, config, name):
    printed, keys = FIGURES[name]
    words = rows[name].says
    for figure in printed.split(" "):
        assert re.search(rf"(?<![\d.,]){re.escape(figure)}(?![\d]|[.,]\d)", words), figure
    for key, value in keys.items():
        held = parts(config)
        for part in key.split("."):
            held = held[part]
        assert (list(held) if isinstance(value, list) else held) == value
        stated = " ".join([*rows[name].keys, *(each for _, chosen in rows[name].readings for each in chosen)])
        assert f"{key}=" in stated


@pytest.mark.parametrize("name", [name for listed in SENTENCES.values() for name in listed.split()])
def test_a_sentence_leads_into_the_program_or_says_why_not(rows, name):
    row = rows[name]
    assert row.places or len(row.not_simulated) > 20
    assert all(entry in record.entries() for entry in row.entries)
    for place in row.places:
        module, _, function = place.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), place
    assert all(reading in READINGS for reading, _ in row.readings)


def test_every_key_of_a_row_is_a_key_of_the_configuration(rows):
    for section in record.rows().values():
        for name, row in section.items():
            stated = " ".join([*rows[name].keys, *(each for _, chosen in rows[name].readings for each in chosen)])
            assert all(f"{key}=" in stated for key in row.get("keys", ())), name


def test_every_criterion_and_endpoint_has_a_sentence(rows):
    parts_of = {"I0": "I0a", "I5": "I5_1"}  # I0 and I5 join what the record lists one by one
    reached = {entry for row in rows.values() for entry in row.entries}
    assert all(whole not in reached and part in reached for whole, part in parts_of.items())
    assert set(record.entries()) - reached == set(parts_of)


def test_every_reading_but_those_of_no_sentence_stands_beside_one(rows):
    assert {reading for row in rows.values() for reading, _ in row.readings} == set(READINGS)


def test_docs_protocol_is_what_the_program_writes(config):
    assert PAGE.read_text(encoding="utf-8") == page_text(config), (
        "write it again: python -m sim task=protocol hydra.run.dir=docs"
    )


def test_a_link_of_docs_protocol_opens_the_file_that_defines_the_function():
    page = PAGE.read_text()
    links = set(re.findall(r"\[`[\w.]*?(\w+)`\]\(([^)]+)\)", page))
    assert len(links) > 90
    for function, path in links:
        source = (PAGE.parent / path).read_text()
        assert re.search(rf"^(def {function}\(|{function} = )", source, re.M), (function, path)


def test_a_rule_that_many_criteria_share_says_what_each_reads():
    (row,) = re.findall(r"^\| E2f \|.*$", PAGE.read_text(), re.M)
    assert "`liver_disease`" in row


def test_every_row_that_is_programmed_is_named_by_a_test():
    for line in page_text(load([])).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) == 6 and "-" in cells[0] and "`sim." in cells[3]:
            assert cells[5] not in ("none", ""), line


def test_the_terminal_has_every_row_in_columns_of_its_width(config):
    for width in (96, 118, 140):
        lines = catalogue_text(config, width).splitlines()
        assert [line for line in lines if len(line.rpartition(" ")[0]) > width] == []
    shown = {line.split()[0] for line in lines if line.strip()}
    assert {name for listed in SENTENCES.values() for name in listed.split()} <= shown


def test_another_reading_is_shown_with_its_value():
    text = catalogue_text(load(["protocol.ln_lab_rule=ANY2", "analysis.flare_index=original"]))
    assert "X08  protocol.ln_lab_rule=ANY2" in text
    assert "analysis.flare_index=original" in text


def test_the_page_is_written_into_a_folder_that_is_named_and_nothing_otherwise(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["task=protocol"]) == 0
    assert not list(tmp_path.iterdir())
    assert main(["task=protocol", "hydra.run.dir=pages"]) == 0
    assert (tmp_path / "pages" / "protocol.md").read_text(encoding="utf-8") == page_text(load([]))
    assert "pages/protocol.md" in capsys.readouterr().out
    assert [path.name for path in (tmp_path / "pages").iterdir()] == ["protocol.md"]
