"""task=changes and task=times on simulated patients: the values of the data set, sizes drawn and simulated."""

import numpy as np
import pytest

from sim import pipeline
from sim.cli import main
from sim.config.compose import load
from sim.config.measures import CHANGES, KNOWN, MEASURES, TIMES, VISITS, measures_at
from sim.core.errors import InputError
from sim.endpoints.catalogue import IDS
from sim.endpoints.changes_from_baseline import NOMINAL_DAYS
from sim.storage.parquet import read_table

TRIALS = range(6)
NO_PAGE = "report.formats=[]"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("effect", ["none", "neutral"])
def test_the_values_are_those_of_the_data_set(effect):
    words = [f"effect={effect}", "protocol.follow_up=week_24"]
    rows = pipeline.cohort_chunk(load(words), TRIALS)["endpoints"]
    bank = pipeline.values_chunk(load(["effect=neutral", "task=changes"]), (*CHANGES, *TIMES), TRIALS)[effect]
    infused = bank.where(bank["infused"] == 1)
    assert infused.length > 40
    for measure in MEASURES:
        same = (
            (rows["variable"] == measure.variable)
            & (rows["visit"] == "W24")
            & (rows["endpoint"] == measure.endpoint)
        )
        assert np.array_equal(infused[measure.variable], rows["value"][same], equal_nan=True), measure.variable
        outside = (
            np.zeros(infused.length, bool)
            if measure.population == "all"
            else infused["subgroup"] != (0 if measure.population == "LN" else 1)
        )
        assert np.isnan(infused[measure.variable][outside]).all()
    for endpoint in TIMES:
        same = rows["endpoint"] == endpoint
        assert np.array_equal(infused[f"{endpoint}_day"], rows["time"][same], equal_nan=True), endpoint
        event = rows["event"][same].astype(float)
        assert np.array_equal(infused[f"{endpoint}_event"], np.where(event < 0, np.nan, event), equal_nan=True)


def test_every_endpoint_of_the_record_has_one_kind_and_every_visit_is_known():
    assert sorted(KNOWN) == sorted(IDS)
    assert set(VISITS) == set(NOMINAL_DAYS)
    bank = pipeline.values_chunk(load(["effect=neutral", "task=changes", "question.visit=Y1"]), ("O2",), range(3))
    assert np.isfinite(bank["none"]["treg"]).any()
    found = pipeline.cohort_chunk(load(["effect=neutral"]), range(1))["endpoints"]
    places = set(zip(*(found[name].tolist() for name in ("visit", "endpoint", "variable")), strict=True))
    for visit in VISITS:
        expected = {(endpoint, variable) for at, endpoint, variable in places if at == visit}
        assert {(each.endpoint, each.variable) for each in measures_at(visit, None)} == expected


def test_changes_are_told_and_written(tmp_path, capsys):
    words = ["experiment=changes", "run.trials=60", "run.workers=1", "effect=neutral", "question.n_shown=[12]"]
    assert main([*words, NO_PAGE, "hydra.run.dir=A", "endpoint=S10"]) == 0
    table = read_table(tmp_path / "A" / "changes.parquet")
    assert set(table["variable"].tolist()) == {"serum_creatinine", "egfr", "upcr", "log_upcr"}
    assert set(table["origin"].tolist()) == {"simulated", "resampled"}
    assert table.length == 4 * 2 * 2 * 2
    assert table["circular"].all() and set(table["n_requested"].tolist()) == {60}
    text = capsys.readouterr().out
    assert "Synthetic" in text and "In short: of the changes at W24" in text
    assert "5 patients: the smallest one-sided signed-rank p is 0.0312" in text
    assert (tmp_path / "A" / "summary.txt").read_text() in text


def test_only_endpoints_of_patients_who_are_planned_are_asked(tmp_path, capsys):
    words = ["run.trials=20", "run.workers=1", "effect=none", "question.n_shown=[]", "design.n_LC=8", "design.n=8"]
    for task in ("changes", "times"):
        assert main([f"task={task}", *words, NO_PAGE, f"hydra.run.dir={task}"]) == 0
        populations = read_table(tmp_path / task / f"{task}.parquet")["population"]
        assert set(populations.tolist()) == {"all", "LC"}


def test_the_result_knows_neither_workers_nor_chunks(tmp_path, capsys):
    words = [
        "experiment=times",
        "run.trials=60",
        "effect=neutral",
        "question.n_shown=[12]",
        "endpoint=S9",
        NO_PAGE,
    ]
    assert main([*words, "run.workers=1", "run.chunk=60", "hydra.run.dir=A"]) == 0
    assert main([*words, "run.workers=2", "run.chunk=7", "hydra.run.dir=B"]) == 0
    one, other = (read_table(tmp_path / name / "times.parquet") for name in "AB")
    for name in one:
        assert one[name].tobytes() == other[name].tobytes(), name


def test_drawn_trials_agree_with_trials_simulated_at_that_size(tmp_path, capsys):
    words = ["run.workers=2", "effect=optimistic", "run.trials=400", NO_PAGE]
    assert main(["task=changes", *words, "question.n_shown=[16]", "hydra.run.dir=A"]) == 0
    assert (
        main(["task=changes", *words, "design.n=16", "question.n_shown=[]", "run.seed=9", "hydra.run.dir=B"]) == 0
    )
    small, large = (read_table(tmp_path / name / "changes.parquet") for name in "AB")
    small = small.where(small["n"] == 16)
    keys = ("variable", "rule", "alpha", "effect")
    drawn = {tuple(small[name][row] for name in keys): row for row in range(small.length)}
    compared = 0
    for row in range(large.length):
        other = drawn[tuple(large[name][row] for name in keys)]
        if large["variable"][row] == "sdi":  # so few values that its test turns with the reference
            continue
        for name in ("power", "false_go_inert"):
            error = np.hypot(large[f"{name}_mcse"][row], small[f"{name}_mcse"][other]) + 1e-3
            assert abs(large[name][row] - small[name][other]) < 4.5 * error, tuple(large[key][row] for key in keys)
            compared += 1
    assert compared == 2 * 11 * 2 * 2


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["task=changes", "endpoint=P1"], ["'P1' does not fit task=changes", "yes or no", "task=power"]),
        (["task=changes", "endpoint=S7"], ["'S7' does not fit task=changes", "time to event", "task=times"]),
        (["task=times", "endpoint=S10"], ["'S10' does not fit task=times", "change from baseline"]),
        (["task=times", "endpoint=S12"], ["'S12' does not fit", "compete", "Aalen-Johansen"]),
        (["task=readings", "endpoint=S9", "design.rule=bayes"], ["design.rule: 'bayes'", "kaplan_meier"]),
        (["task=readings", "endpoint=O2", "design.rule=bayes"], ["design.rule: 'bayes'", "signed_rank, t_test"]),
        (["task=readings", "endpoint=S12"], ["'S12' does not fit", "compete", "Aalen-Johansen"]),
        (["task=power", "endpoint=O1"], ["'O1' does not fit task=power", "task=changes"]),
        (["task=changes", "endpoint=SAF"], ["'SAF' does not fit", "count of events"]),
        (["task=changes", "design.rule=bayes"], ["design.rule: 'bayes'", "signed_rank, t_test", "exact_binomial"]),
        (["design.rule=signed_rank"], ["design.rule: 'signed_rank'", "experiment=changes"]),
        (["design.rule=kaplan_meier"], ["design.rule: 'kaplan_meier'", "experiment=times"]),
        (["task=times", "design.n=61"], ["design.n: 61", "at most 60"]),
        (["task=changes", "question.n_shown=[12,90]"], ["question.n_shown: 90", "at most 60"]),
        (["task=changes", "endpoint=S8", "question.visit=Y1"], ["question.visit: 'Y1' has no S8", "W24"]),
        (["task=times", "endpoint=S7", "question.event_free=0.8"], ["for S7", "10 of 10", "0.794", "no outcome"]),
        (["task=times", "endpoint=S9", "design.n_LN=10"], ["'S9' is for LC patients", "no place"]),
        (["task=times", "question.event_free=1.0"], ["question.event_free: 1.0", "below 1"]),
    ],
)
def test_what_does_not_fit_is_refused_by_name(words, parts):
    with pytest.raises(InputError) as refused:
        load(words)
    (message,) = refused.value.problems
    assert all(part in message for part in parts), message


def test_too_few_patients_to_draw_from_are_refused(tmp_path, capsys):
    words = ["task=times", "endpoint=S9", "run.trials=20", "run.workers=1", "effect=neutral", "hydra.run.dir=A"]
    assert main(words) == 2
    assert "run.trials: 20 trials give 100 patients" in capsys.readouterr().err
    assert not (tmp_path / "A" / "times.parquet").exists()
