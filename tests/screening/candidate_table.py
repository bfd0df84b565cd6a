"""Candidates as rows (dicts, None where missing) as the table that the criteria read."""

from typing import Any

import numpy as np

from sim.core.tables import Table

TEXTS = ("subgroup", "sex", "regimen_drug", "regimen_response", "biopsy_class", "biopsy_lesions")
FLAGS = (
    *("consent", "donor_found", "pregnant_or_lactating", "major_infection", "active_severe_cns"),
    *("history_cancer", "history_allergy", "history_anaphylaxis", "history_substance_abuse"),
    *("active_peptic_ulcer", "heart_failure", "liver_disease", "coagulation_disorder"),
    *("biologic_investigational", "lymphopenia_unexplained"),
)
FLAG_KINDS = ("ever_", "other_cause_", "cellular_casts", "menses_", "urinary_infection_")


def column(name: str, values: list[Any]) -> np.ndarray:
    if name in TEXTS:
        return np.array([value or "" for value in values], dtype=np.str_)
    if name in FLAGS or name.startswith(FLAG_KINDS):
        return np.array([-1 if value is None else value for value in values], dtype=np.int8)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def candidate_table(candidates: list[dict[str, Any]]) -> Table:
    """The columns of the candidates, all of whom have the same ones."""
    return Table({name: column(name, [row[name] for row in candidates]) for name in candidates[0]})
