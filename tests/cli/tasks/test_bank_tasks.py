"""The tasks that ask a patient bank, as a user meets them: files, text, refusals."""

import re

import numpy as np
import pytest

from sim.cli import main
from sim.core.columns import TABLES
from sim.storage.parquet import read_provenance, read_table

QUICK = ["run.trials=60", "run.workers=1", "run.progress=false", "question.n_high=20", "report.formats=[]"]
TASKS = {
    "endpoint_tournament": "tournament",
    "sample_size": "sample_size",
    "randomised_alternative": "alternatives",
    "composition": "composition",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("experiment", TASKS)
def test_an_experiment_writes_its_table_and_tells_it(experiment, tmp_path, capsys):
    words = [f"experiment={experiment}", "effect=neutral", "endpoint=P2", *QUICK, "hydra.run.dir=A"]
    assert main(words) == 0
    text, name = capsys.readouterr().out, TASKS[experiment]
    assert text.startswith("Synthetic: virtual patients only. 60 trials")
    assert f"  A/{name}.parquet" in text
    table = read_table(tmp_path / "A" / f"{name}.parquet")
    assert list(TABLES[name]) and set(table) == set(TABLES[name])
    assert read_provenance(tmp_path / "A" / f"{name}.parquet")["synthetic"] == "true"
    assert set(table["n_requested"].tolist()) == {60}
    for estimate in ("power", "rate", "false_go_inert"):
        known = ~np.isnan(table[estimate])
        assert known.any()
        assert np.isfinite(table[f"{estimate}_mcse"][known]).all()


AT_FIVE = {
    "endpoint_tournament": ("n", 5),
    "sample_size": ("n", 5),
    "randomised_alternative": ("alternative", "single arm"),
    "composition": ("n_LC", 5),
}


@pytest.mark.parametrize("experiment", TASKS)
@pytest.mark.parametrize(("rule", "low", "high"), [("bayes", 0.7, 0.95), ("simon_minimax", 0.0, 0.0)])
def test_another_rule_decides_and_is_named(experiment, rule, low, high, tmp_path, capsys):
    """P2 with five places: the posterior asks for 2 of 5 (3 by the exact test), Simon's design has no room."""
    words = [f"experiment={experiment}", "effect=optimistic", *QUICK, "hydra.run.dir=A", f"design.rule={rule}"]
    assert main([*words, "endpoint=P2", "design.alpha=[0.1]"]) == 0
    said, table = capsys.readouterr().out, read_table(tmp_path / "A" / f"{TASKS[experiment]}.parquet")
    assert f"\nDecided by design.rule={rule}: " in said
    external = experiment == "randomised_alternative" and rule == "bayes"
    assert ("\nexternal 50" in said) == external
    assert ("no external control" in said) == (experiment == "randomised_alternative" and not external)
    name, value = AT_FIVE[experiment]
    first = np.flatnonzero((table[name] == value) & (table["effect"] == "optimistic"))[0]
    assert low <= table["power"][first] <= high


def test_a_size_that_cannot_be_shown_is_said(capsys):
    assert main(["experiment=sample_size", "effect=neutral", "endpoint=P2", *QUICK, "hydra.run.dir=A"]) == 0
    said = capsys.readouterr().out
    assert "Warning: P2: n = 30 is not shown, because question.n_low to n_high are 5 to 20" in said
    assert "\n20  0, 20" in said
    assert "Warning: P2 under neutral: 300 patients in the bank are few for 20 in a trial" in said


def test_the_tournament_writes_its_patients(tmp_path):
    assert main(["experiment=endpoint_tournament", "effect=neutral", *QUICK, "hydra.run.dir=A"]) == 0
    bank = read_table(tmp_path / "A" / "bank.parquet")
    table = read_table(tmp_path / "A" / "tournament.parquet")
    assert bank.length == 2 * 600
    for endpoint in ("P1", "ITP_complete"):
        answer = bank[endpoint][bank["effect"] == "neutral"]
        row = np.flatnonzero((table["endpoint"] == endpoint) & (table["effect"] == "neutral"))[0]
        assert (answer >= 0).sum() == table["n_patients"][row]
        assert (answer == 1).sum() / (answer >= 0).sum() == pytest.approx(table["rate"][row])


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["experiment=sample_size", "run.trials=8"], "run.trials: the bank has 40 patients"),
        (["experiment=sample_size", "question.n_low=30"], "question.n_low: 30 is above n_high = 20"),
        (["experiment=composition", "design.composition=random"], "design.composition: random"),
        (["experiment=composition", "run.precision=0.01"], "run.precision: 0.01 is not read by task=composition"),
        (
            ["task=alternatives", "+question.worlds.x='design.n=20'"],
            "question.worlds.x: 'design.n=20' is not allowed",
        ),
        (["task=alternatives", "+question.worlds.x='taper=foo'"], "question.worlds.x: taper=foo: no such choice"),
        (
            ["task=tournament", "endpoint=S3", "design.n=40", "analysis.missing.S3=mi", "analysis.endpoints=[P1]"],
            "analysis.missing.S3: 'mi' is not allowed with task=tournament",
        ),
        (["run.precision=0"], "run.precision: 0 is not allowed"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_message(words, message, capsys, tmp_path):
    assert main([*QUICK, "effect=neutral", "endpoint=P1", *words]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_precision_is_told(capsys):
    words = ["effect=neutral", "analysis.endpoints=[P1]", "run.workers=1", "run.progress=false", "hydra.run.dir=A"]
    assert main([*words, "run.trials=300", "run.precision=0.2"]) == 0
    said = capsys.readouterr().out
    assert "Precision: after 300 of at most 300 trials the widest interval of power is ± 0.0" in said
    assert re.search(r"\(P1, (all|LN|LC), alpha 0\.[01]5?, neutral\), enough for ± 0\.2\.", said)
    assert main([*words, "run.trials=300", "run.precision=0.001"]) == 0
    assert "Precision not reached: after 300 of at most 300 trials" in capsys.readouterr().out


def test_a_sweep_puts_the_tables_together_and_does_nothing_twice(tmp_path, capsys):
    words = ["-m", "experiment=sample_size", "effect=neutral", "endpoint=P2,P3", *QUICK, "hydra.sweep.dir=S"]
    assert main(words) == 0
    together = read_table(tmp_path / "S" / "sample_size.parquet")
    cells = [read_table(tmp_path / "S" / str(cell) / "sample_size.parquet") for cell in range(2)]
    assert together["endpoint"].tolist() == [name for cell in cells for name in cell["endpoint"].tolist()]
    capsys.readouterr()
    assert main(words) == 0
    said = capsys.readouterr()
    assert "2 of 2 cells are done" in said.err
    assert "S/1/summary.txt" in said.out
