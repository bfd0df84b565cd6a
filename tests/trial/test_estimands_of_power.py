"""task=power under another estimand counts what task=cohort and the calculator say of the same trials."""

import numpy as np
import pytest

from sim.config.compose import load
from sim.core.tables import Table
from sim.pipeline import cohort_chunk, run_chunk

TRIALS = range(12)
CHOICES = (
    ("analysis.missing.P3=best", "analysis.missing.P1=obs"),
    ("analysis.intercurrent.P3=treatment_policy", "analysis.missing.S3=locf"),
    (
        "analysis.intercurrent.S3=while_on_treatment",
        "analysis.intercurrent.P2=hypothetical",
        "analysis.missing.P2=obs",
    ),
)


def counts(table: Table) -> dict[str, list[int]]:
    names = [f"{endpoint}_{what}" for endpoint in ("P1", "P2", "P3", "S1", "S3") for what in ("n", "responders")]
    return {name: table[name].tolist() for name in names}


@pytest.fixture(scope="module")
def usual() -> dict[str, list[int]]:
    return counts(run_chunk(load(["effect=neutral"]), TRIALS)["neutral"])


@pytest.mark.parametrize("choices", CHOICES, ids=" ".join)
def test_power_and_cohort_count_the_same_responders(usual, choices: tuple[str, ...]) -> None:
    words = ["effect=neutral", *choices]
    power = counts(run_chunk(load(words), TRIALS)["neutral"])
    assert power == counts(cohort_chunk(load(["task=cohort", *words]), TRIALS)["trials"])
    assert power != usual


def test_a_cohort_of_large_trials_can_be_imputed() -> None:
    words = ["task=cohort", "effect=neutral", "design.n=80", "analysis.intercurrent.S3=treatment_policy"]
    table = cohort_chunk(load([*words, "analysis.missing.S3=mi"]), range(1))["endpoints"]
    plain = cohort_chunk(load([*words, "analysis.missing.S3=obs"]), range(1))["endpoints"]
    chance = table["response_probability"]
    open_ones = (table["endpoint"] == "S3") & table["in_population"] & (table["responder"] == -1)
    assert open_ones.sum() > 0
    assert ((chance[open_ones] >= 0) & (chance[open_ones] <= 1)).all()
    for name in plain:
        np.testing.assert_array_equal(table[name], plain[name], err_msg=name)
