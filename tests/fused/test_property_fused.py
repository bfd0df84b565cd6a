"""The fused path and the tables give the same trials, whatever the readings; what it does not cover it refuses."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.fused.readings import covers

MISSED = "observation.visits.p_missed=0.35"
READINGS = [
    ("effect=every",),
    ("effect=every", "protocol.ln_lab_rule=ANY2", "design.composition=random", "design.n=16"),
    ("effect=every", "design.max_candidates_LN_per_place=25", "taper=discretionary"),
    (MISSED, "analysis.sledai_population=all"),
    (MISSED, "analysis.visit_window_days=27", "analysis.carry_days=40"),
    (MISSED, "analysis.visit_window_days=0", "analysis.carry_days=0"),
    (MISSED, "analysis.egfr_decrease=single", "analysis.egfr_equation=mdrd"),
    (MISSED, "analysis.steroid_excess=consecutive_7", "analysis.egfr_equation=ckd_epi_2009"),
    ("analysis.steroid_excess=aurora", "analysis.steroid_days=visits"),
    ("analysis.steroid_grace_days=3", "analysis.low_dose_at_baseline=excluded"),
    ("analysis.lineages=all_qualifying", "analysis.lymphopenia_only=excluded"),
    ("analysis.lineages=any", "analysis.lymphopenia_only=doubled"),
    ("analysis.lymphopenia_only=doubled", "protocol.lymphopenia_counts=yes", "protocol.sample_day_LC=-3"),
    ("analysis.neutrophil_increase=billions_per_liter", "analysis.endpoints=[P2,S3]"),
    ("analysis.c3_lower_limit=60", "analysis.c4_lower_limit=6", "analysis.anti_dsdna_upper_limit=40"),
    ("analysis.maintained_days=visits", "analysis.creatinine_excretion=1.7"),
    ("disease.orders.pulse.p_severe=0.8", "disease.frailty_variance=1.0", "disease.drift=0.05"),
    (MISSED, "disease.orders.second_infusion=withheld_after_flare"),
    (MISSED, "observation.visits.counted_from=first_infusion"),
    ("disease.cytopenia.platelets=150", "disease.cytopenia.hemoglobin=11", "disease.cytopenia.neutrophils=2"),
]


def _config(*overrides):
    return load(["effect=neutral", "protocol.ln_lab_rule=ANY2", "run.progress=false", *overrides])


@pytest.mark.parametrize("readings", READINGS, ids=" ".join)
def test_fused_answers_are_those_of_the_tables(monkeypatch, readings):
    config = _config(*readings)
    assert covers(pipeline.until_decided(config))
    fused = pipeline.run_chunk(config, range(50, 80))
    monkeypatch.setattr(pipeline, "covers", lambda _config: False)
    tables = pipeline.run_chunk(config, range(50, 80))
    assert list(fused) == list(tables)
    for effect, expected in tables.items():
        assert list(fused[effect]) == list(expected)
        for name, column in expected.items():
            assert fused[effect][name].dtype == column.dtype
            np.testing.assert_array_equal(fused[effect][name], column, err_msg=f"{effect}: {name}")


@pytest.mark.parametrize(
    "reading",
    [
        "analysis.hematologic_duration=eight_weeks",
        "analysis.hematologic_duration=any_time",
        "analysis.ongoing_treatment=no_increase_for_flare",
        "analysis.renal_precedence=as_written",
        "analysis.carry_days=60",
        "observation.visits.window.W13=14",
        "analysis.endpoints=[P1,S2]",
        "analysis.missing.P3=worst",
        "analysis.intercurrent.S3=treatment_policy",
    ],
)
def test_what_is_not_covered_goes_to_the_tables(monkeypatch, reading):
    config = _config(reading)
    assert not covers(pipeline.until_decided(config))
    monkeypatch.setattr(pipeline, "judged", None)
    assert pipeline.run_chunk(config, range(2))["neutral"].length == 2


def test_long_courses_are_not_covered():
    config = _config()
    assert config.protocol.follow_up == "year_5"
    assert not covers(config)
    assert covers(pipeline.until_decided(config))


def test_every_answer_occurs():
    decided = pipeline.run_chunk(_config("effect=optimistic", "analysis.low_dose_at_baseline=excluded"), range(60))
    trials = decided["optimistic"]
    for endpoint in ("P1", "P2", "P3", "S1", "S3"):
        assert 0 < trials[f"{endpoint}_responders"].sum() < trials[f"{endpoint}_n"].sum()
    assert trials["P1_n"].sum() < trials["n_enrolled"].sum()
    assert trials["S3_n"].sum() < trials["n_enrolled"].sum()


def test_every_reading_is_known_to_the_fused_path():
    """A new key of conf/analysis sends every run to the tables until sim/fused/readings.py says what it does."""
    assert covers(pipeline.until_decided(_config()))
