"""Every shipped choice of every group is composed and run small, on both tasks."""

from pathlib import Path

import pytest

from sim import pipeline
from sim.config.compose import load

CONF = Path(__file__).resolve().parents[2] / "conf"
CHOICES = [
    f"{folder.name}={file.stem}"
    for folder in sorted(CONF.iterdir())
    if folder.is_dir() and folder.name not in ("task", "hydra")
    for file in sorted(folder.glob("*.yaml"))
]


@pytest.mark.parametrize("choice", CHOICES)
def test_a_shipped_choice_runs(choice):
    config = load([choice])
    decided = pipeline.run_chunk(config, range(2))
    assert {effect.name for effect in config.effects} | {"none"} == set(decided)
    for table in decided.values():
        assert table.length == 2
        assert table["P1_n"].sum() > 0


@pytest.mark.parametrize("effect", ["none", "pessimistic", "neutral", "optimistic"])
def test_a_cohort_of_each_effect_has_every_table(effect):
    tables = pipeline.cohort_chunk(load(["task=cohort", f"effect={effect}"]), range(1))
    assert all(table.length > 0 for table in tables.values())
    assert set(tables) == {"candidates", "visits", "dosing", "infusions", "events", "endpoints", "trials"}
