"""Configurations and hand-made candidates for the tests of the screening."""

import functools
from pathlib import Path

import numpy as np
import pytest
import yaml

from sim.config.build import build
from sim.config.compose import compose
from sim.config.config import configure
from sim.config.protocol import Protocol
from sim.core.tables import Table
from sim.screening.rules import screening_rules

PROTOCOL = Path(__file__).resolve().parents[2] / "conf" / "protocol" / "nct04835883.yaml"


@pytest.fixture(scope="session")
def configured():
    """configured("protocol.ln_lab_rule=ANY2", …) -> Config."""

    @functools.cache
    def make(*overrides):
        composed = compose(["task=power", *overrides])
        assert composed.problems == ()
        return configure(composed.values)

    return make


@pytest.fixture(scope="session")
def rules():
    """rules("serology_rule=and", …) -> record of RULES."""
    shipped = yaml.safe_load(PROTOCOL.read_text(encoding="utf-8"))

    def make(*readings):
        changes = dict(reading.split("=") for reading in readings)
        values = shipped | {key: yaml.safe_load(value) for key, value in changes.items()}
        return screening_rules(build(Protocol, values, "protocol"))

    return make


LN_SAMPLE = {
    "serum_creatinine": 150.0,
    "upcr": 2.5,
    "urine_rbc": 30.0,
    "cellular_casts": 0,
    "menses": 0,
    "urinary_infection": 0,
}
FLAGS_ON = ("consent", "donor_found", "ever_renal", "ever_synovitis", "ever_anti_dsdna", "ever_low_complement")
FLAGS_OFF = (
    "ever_anti_sm",
    "ever_antiphospholipid",
    "ever_direct_coombs",
    "ever_acute_cutaneous",
    "ever_chronic_cutaneous",
    "ever_photosensitivity",
    "ever_discoid",
    "ever_oral_ulcers",
    "ever_alopecia",
    "ever_serositis",
    "ever_neurologic",
    "ever_hemolytic_anemia",
    "ever_leukopenia",
    "ever_thrombocytopenia",
    "other_cause_hemoglobin",
    "other_cause_neutrophils",
    "other_cause_platelets",
    "lymphopenia_unexplained",
    "history_cancer",
    "history_allergy",
    "history_anaphylaxis",
    "history_substance_abuse",
    "active_peptic_ulcer",
    "heart_failure",
    "liver_disease",
    "coagulation_disorder",
    "active_severe_cns",
    "biologic_investigational",
    "pregnant_or_lactating",
    "major_infection",
)
NUMBERS = {
    "age": 35.0,
    "prednisone_dose": 20.0,
    "ana_titer": 640.0,
    "anti_dsdna": 40.0,
    "regimen_dose": 2000.0,
    "regimen_days": 200.0,
    "donor_age": 50.0,
    "biologic_days": np.nan,
    "ivig_days": np.nan,
    "hemoglobin": 12.0,
    "reticulocytes": 1.0,
    "neutrophils": 4.0,
    "lymphocytes": 2.0,
    "platelets": 200.0,
    "serum_creatinine": 150.0,
    "biopsy_age_days": 100.0,
}
WORDS = {
    "subgroup": "LN",
    "sex": "F",
    "regimen_drug": "mycophenolate_mofetil",
    "regimen_response": "none",
    "biopsy_class": "IV-G",
    "biopsy_lesions": "A",
}


@pytest.fixture(scope="session")
def candidates():
    """candidates({"age": 17.9}, …) -> Table: one eligible candidate each, but for what is named.

    A cytopenia candidate has 60 platelets and no nephritis unless it says so.
    """

    def one(changes):
        row = {f"{name}_{k}": value for k in (1, 2, 3) for name, value in LN_SAMPLE.items()}
        row |= dict.fromkeys(FLAGS_ON, True) | dict.fromkeys(FLAGS_OFF, False) | NUMBERS | WORDS
        if changes.get("subgroup") == "LC":
            row |= {"platelets": 60.0, "biopsy_class": "", "biopsy_lesions": "", "biopsy_age_days": np.nan}
            row |= {f"{name}_{k}": np.nan for k in (1, 2, 3) for name in ("serum_creatinine", "upcr", "urine_rbc")}
            row |= {
                f"{name}_{k}": -1 for k in (1, 2, 3) for name in ("cellular_casts", "menses", "urinary_infection")
            }
        unknown = set(changes) - set(row)
        assert not unknown
        return row | changes

    def make(*rows):
        full = [one(changes) for changes in rows]
        columns = {name: np.array([row[name] for row in full]) for name in full[0]}
        for name, column in columns.items():
            if name.rstrip("_123") in ("cellular_casts", "menses", "urinary_infection"):
                columns[name] = column.astype(np.int8)
        return Table(columns)

    return make
