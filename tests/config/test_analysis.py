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
    ],
)
def test_impossible_values_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        build(Analysis, shipped() | change, "analysis")
