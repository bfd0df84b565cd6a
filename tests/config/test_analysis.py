"""The shipped analysis is the documented default; impossible ones are refused with key, value and remedy."""

from pathlib import Path
from typing import Any

import pytest
from omegaconf import OmegaConf

from sim.config.analysis import ENDPOINTS, Analysis
from sim.config.build import build
from sim.core.errors import InputError

PATH = Path(__file__).parents[2] / "conf" / "analysis" / "default.yaml"


def shipped() -> dict[str, Any]:
    mapping = OmegaConf.to_container(OmegaConf.load(PATH))
    assert isinstance(mapping, dict)
    return {str(key): value for key, value in mapping.items()}


def test_the_shipped_file_is_complete() -> None:
    analysis = build(Analysis, shipped())
    assert analysis.endpoints == ("P1", "P2", "P3", "S1", "S3")
    assert set(analysis.endpoints) < set(ENDPOINTS)
    assert (analysis.visit_window_days, analysis.carry_days) == (7, 35)


def test_every_leaf_names_unit_and_source() -> None:
    for line in PATH.read_text().splitlines():
        if line and not line.startswith("#") and not line.endswith(":"):
            comment = line.split("  # ", 1)[1]
            assert all(part.strip() for part in comment.split(" | ", 1)) and " | " in comment, line


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lineages": "some"}, r"analysis.lineages: 'some' .* any_qualifying, all_qualifying, any"),
        ({"carry_days": 3}, r"analysis.carry_days: 3 .* visit_window_days \(7\)"),
        ({"endpoints": ["P1", "P1"]}, r"analysis.endpoints: P1 named more than once"),
        ({"endpoints": ["P9"]}, r"analysis.endpoints"),
        ({"endpoints": []}, r"analysis.endpoints"),
        ({"c3_lower_limit": 0.0}, r"analysis.c3_lower_limit: 0.0 .* above 0 \(mg/dL\)"),
        ({"steroid_grace_days": -1}, r"analysis.steroid_grace_days: -1"),
        ({"lineage": "any"}, r"analysis.lineage: unknown key; did you mean lineages"),
        ({"missing": {"P1": "mi"}}, r"analysis.missing.P1: 'mi' .* one of nri, .* no model can draw them"),
        ({"missing": {"S3": "bocf"}}, r"analysis.missing.S3: 'bocf' .* one of nri, obs, locf, best, worst, mi"),
        ({"missing": {"S7": "obs"}}, r"analysis.missing.S7: unknown key"),
        ({"intercurrent": {"P1": "treatment_policy"}}, r"intercurrent.P1: .* the dose is the endpoint itself"),
        ({"intercurrent": {"S9": "while_on_treatment"}}, r"intercurrent.S9: .* the time is censored there"),
        ({"intercurrent": {"S10": "composite"}}, r"intercurrent.S10: .* no value that stands for failure"),
        ({"intercurrent": {"S11": "hypothetical"}}, r"intercurrent.S11: .* one of the events that it waits for"),
        ({"intercurrent": {"S12": "composite"}}, r"intercurrent.S12: .* rescue competes with remission"),
        (
            {"intercurrent": {"S3": "hypothetical"}},
            r"analysis.intercurrent.S3: 'hypothetical' .* missing.S3='nri': .* the composite strategy; choose",
        ),
        (
            {"hematologic_duration": "any_time", "missing": {"P2": "locf"}},
            r"analysis.missing.P2: 'locf' .* hematologic_duration='any_time': .* choose",
        ),
        (
            {"hematologic_duration": "any_time", "intercurrent": {"P2": "while_on_treatment"}},
            r"analysis.intercurrent.P2: 'while_on_treatment' .* hematologic_duration='any_time'",
        ),
        ({"imputations": 1}, r"analysis.imputations: 1 .* from 2"),
        ({"imputation_prior": 0.0}, r"analysis.imputation_prior: 0.0 .* above 0"),
    ],
)
def test_impossible_values_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(Analysis, changed(change), "analysis")


def changed(change: dict[str, Any]) -> dict[str, Any]:
    """The shipped values with some changed; a mapping changes only the keys that it names."""
    usual = shipped()
    return usual | {key: usual[key] | new if isinstance(new, dict) else new for key, new in change.items()}


@pytest.mark.parametrize("strategy", ["treatment_policy", "hypothetical", "while_on_treatment"])
@pytest.mark.parametrize("policy", ["obs", "locf", "best", "worst", "mi"])
def test_what_makes_sense_is_accepted(strategy: str, policy: str) -> None:
    analysis = build(Analysis, changed({"missing": {"P3": policy}, "intercurrent": {"P3": strategy}}))
    assert [each.P3 for each in (analysis.missing, analysis.intercurrent)] == [policy, strategy]


def test_every_problem_is_told_at_once() -> None:
    change = {"intercurrent": {"P3": "hypothetical", "S3": "hypothetical"}, "carry_days": 3}
    with pytest.raises(InputError) as raised:
        build(Analysis, changed(change), "analysis")
    assert [text.split(":")[0] for text in raised.value.problems] == [
        "analysis.intercurrent.P3",
        "analysis.intercurrent.S3",
        "analysis.carry_days",
    ]
