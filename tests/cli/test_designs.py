"""Rules, decision tables, families and estimation from the command line."""

import numpy as np
import pytest

from sim.cli import main
from sim.config.compose import load
from sim.core.errors import InputError
from sim.storage.parquet import read_provenance, read_table

FEW = ["run.workers=1", "report.formats=[]", "hydra.run.dir=A"]
COINS = ["run.trials=60", "analysis.endpoints=[P1,S1,S3]", *FEW]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_exact_test_needs_no_characteristics_beside_its_power(coins, tmp_path, capsys):
    assert main([*COINS, "effect=neutral"]) == 0
    written = {path.name for path in (tmp_path / "A").iterdir() if path.is_file()}
    assert {"power.parquet", "power.csv", "summary.txt"} <= written
    assert not written & {"rules.parquet", "curve.parquet"}


@pytest.mark.parametrize("design", ["bayes", "go_consider_stop"])
def test_another_rule_writes_its_characteristics(coins, tmp_path, capsys, design):
    assert main([*COINS, "effect=neutral", f"design={design}"]) == 0
    rules, power = (read_table(tmp_path / "A" / f"{name}.parquet") for name in ("rules", "power"))
    assert set(rules["rule"].tolist()) == set(power["rule"].tolist()) == {design}
    assert np.array_equal(rules["p_go"], power["power"])
    assert read_table(tmp_path / "A" / "curve.parquet").length == 19 * rules.length
    assert "success with at least" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("design", ["simon_minimax", "simon_optimal", "ahern", "bayes", "go_consider_stop"])
@pytest.mark.parametrize("effect", ["none", "optimistic"])
def test_every_verdict_on_many_simulated_patients_has_its_exact_chance(tmp_path, capsys, design, effect):
    assert main([f"design={design}", f"effect={effect}", "run.trials=2000", "hydra.run.dir=A"]) == 0
    rules = read_table(tmp_path / "A" / "rules.parquet")
    for verdict in ("go", "consider", "stop", "stop_early"):
        error = np.hypot(rules[f"p_{verdict}_mcse"], rules[f"exact_{verdict}_mcse"]) + 1 / 2000
        assert np.all(np.abs(rules[f"p_{verdict}"] - rules[f"exact_{verdict}"]) <= 4.5 * error)


@pytest.mark.parametrize("design", ["simon_minimax", "simon_optimal", "ahern"])
def test_planned_designs_on_simulated_patients_agree_with_their_exact_power(tmp_path, capsys, design):
    words = [f"design={design}", "effect=neutral", "run.trials=150", *FEW]
    assert main(words) == 0
    power, rules = (read_table(tmp_path / "A" / f"{name}.parquet") for name in ("power", "rules"))
    error = np.hypot(power["power_mcse"], power["exact_power_mcse"]) + 1 / 150
    assert np.all(np.abs(power["power"] - power["exact_power"]) <= 4.5 * error)
    assert power["power"].max() > 0.3
    assert np.array_equal(rules["p_go"], power["power"])
    text = capsys.readouterr().out
    assert "Exact size" in text if design.startswith("simon") else "exact size" in text
    if design == "simon_minimax":
        assert "first 14 patients, stop with at most 7 responders; else 23 patients" in text
        assert "if accrual pauses for the outcomes of the first stage" in text


def test_given_stages_stand_in_the_trials_of_a_data_set(tmp_path, capsys):
    stages = ["design.rule=two_stage", "design.alpha=[0.05]", "design.settings.boundaries={P2:[0,2,1,4]}"]
    assert main(["task=cohort", *stages, "run.trials=2", "effect=neutral", "hydra.run.dir=A"]) == 0
    trials, endpoints = (read_table(tmp_path / "A" / f"{name}.parquet") for name in ("trials", "endpoints"))
    assert trials["P2_LC_first_n"].tolist() == trials["P2_LC_later_n"].tolist() == [2, 2]
    assert trials["P1_first_LN_n"].tolist() == [0, 0]  # no boundaries were given for P1
    for trial in (0, 1):
        rows = (endpoints["trial"] == trial) & (endpoints["endpoint"] == "P2") & (endpoints["in_population"] == 1)
        responses = endpoints["responder"][rows]  # in order of enrollment
        assert trials["P2_LC_first_responders"][trial] == responses[:2].sum()
        success = responses[:2].sum() > 0 and responses[:4].sum() > 1
        assert trials["two_stage_P2_success"][trial] == success


def test_decisions_are_a_document_and_tables(coins, tmp_path, capsys):
    assert main([*COINS, "task=decisions", "effect=neutral"]) == 0
    text = (tmp_path / "A" / "decisions.md").read_text()
    assert text.startswith("# Decision table\n\nSynthetic: virtual patients only. 60 trials")
    assert "| 9 of 10 | 0.90 | 0.555–0.997 |" in text
    assert "## Stopping for serious events" in text
    decisions, cells = (read_table(tmp_path / "A" / f"{name}.parquet") for name in ("decisions", "cells"))
    assert decisions.length == 3 * 11 and cells.length == 3 * 36
    assert set(decisions["n_trials"].tolist()) == {60}
    assert (tmp_path / "A" / "decisions.csv").read_text().count("\n") == 34
    assert read_provenance(tmp_path / "A" / "decisions.parquet")["synthetic"] == "true"
    assert "go with at least" in capsys.readouterr().out


def test_decisions_of_one_endpoint(coins, tmp_path, capsys):
    assert main([*COINS, "task=decisions", "endpoint=S1"]) == 0
    assert set(read_table(tmp_path / "A" / "decisions.parquet")["endpoint"].tolist()) == {"S1"}


def test_a_family_has_every_procedure_and_effect(coins, tmp_path, capsys):
    assert main([*COINS, "experiment=family", "design.settings.sequence=[S1,P1]"]) == 0
    family = read_table(tmp_path / "A" / "family.parquet")
    assert family.length == 4 * 2 * 6 * 4  # effects, alphas, procedures, claims
    assert set(family["claim"].tolist()) == {"S1", "P1", "any", "all"}
    assert "Family in this order: S1" in (tmp_path / "A" / "family.txt").read_text()


def test_estimation_needs_no_patient(tmp_path, capsys):
    assert main(["experiment=estimation", "design.n=8", "hydra.run.dir=A"]) == 0
    table = read_table(tmp_path / "A" / "estimation.parquet")
    assert set(table["n"].tolist()) == {4, 8}
    assert set(read_table(tmp_path / "A" / "rare_events.parquet")["n"].tolist()) == {4, 8}
    assert "no patients simulated" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["design.rule=mmrm"], "design.rule: 'mmrm' is not computed: it estimates more from the patients"),
        (
            ["design.rule=signed_rank"],
            "design.rule: 'signed_rank' is not computed: it is for changes from baseline",
        ),
        (["design.rule=kaplan_meier"], "design.rule: 'kaplan_meier' is not computed: it is for times to event"),
        (["design.rule=magic"], "design.rule: 'magic' is not allowed; it must be one of exact_binomial, bayes"),
        (["endpoint=S7"], "endpoint: 'S7' is not tested: it is a time to event"),
        (
            ["design.settings.prior=robust_mixture"],
            "design.settings.prior: 'robust_mixture' is refused: a mixture",
        ),
        (["design.settings.prior_failures=-1"], "design.settings.prior_failures: -1 is not allowed; it must be"),
        (["design.settings.power=1"], "design.settings.power: 1.0 is not allowed; it must be above 0 and below 1"),
        (["design.alpha=[0.0]"], "design.alpha: [0.0] is not allowed; it must be a list of different levels"),
        (
            ["design=simon_optimal", "design.alpha=[0.05,0.1]"],
            "design.alpha: [0.05, 0.1] is not allowed with rule",
        ),
        (["design=ahern", "design.benchmarks.P1.target=0.4"], "design.benchmarks.P1.target: 0.4 is not allowed"),
        (
            ["design=ahern", "design.composition=random", "design.n_LN=null", "design.n_LC=null"],
            "design.composition",
        ),
        (["design.rule=two_stage", "design.alpha=[0.05]"], "design.settings.boundaries: null is not allowed"),
        (
            ["design.settings.boundaries={P1:[3,3,4,8]}"],
            "design.settings.boundaries.P1: [3, 3, 4, 8] is impossible",
        ),
        (["design.settings.boundaries={P1:[1,3,4,8]}"], "design.settings.boundaries: only rule = two_stage reads"),
        (
            ["design.rule=two_stage", "design.alpha=[0.05]", "design.settings.boundaries={P2:[1,3,4,8]}"],
            "design.settings.boundaries.P2: [1, 3, 4, 8] needs 8 patients, and 5 are planned",
        ),
        (["experiment=readings", "design=ahern"], "design.rule: 'ahern' decides on its own numbers of patients"),
        (["task=family", "design=bayes"], "design.rule: 'bayes' gives no p-values, which task=family needs"),
        (["design.settings.boundaries={P1:[3,4]}"], "design.settings.boundaries: {'P1': [3, 4]} is not allowed"),
        (["design.settings.boundaries={P9:[1,3,4,8]}"], "design.settings.boundaries.P9: no such endpoint"),
        (["design.settings.sequence=[P1,P1]"], "design.settings.sequence: P1 named more than once"),
        (["task=decisions", "design.n=61"], "design.n: 61 is not allowed with task=decisions"),
        (
            ["task=decisions", "design.composition=random"],
            "design.composition: 'random' leaves the numbers to chance",
        ),
        (["task=decisions", "endpoint=S2"], "endpoint: S2 is not decided; add it to analysis.endpoints"),
        (["task=family", "design.settings.sequence=[P1,S2]"], "design.settings.sequence: S2 is not decided"),
    ],
)
def test_what_cannot_be_is_refused_by_name(coins, tmp_path, capsys, words, said):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith(said), shown.err
    assert "Traceback" not in shown.err and shown.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_benchmark_above_every_rate_is_a_finding_and_no_error():
    assert load(["design.benchmarks.P1.null_rate=0.99"]).design.benchmarks.P1.null_rate == 0.99
    with pytest.raises(InputError, match="target"):
        load(["design.benchmarks.P1.null_rate=0.99", "design=go_consider_stop"])
