"""Serious events stop simulated trials: read again from the data sets, on either clock, from the command line."""

import numpy as np
import pytest

from sim import pipeline
from sim.cli import main
from sim.config.compose import load
from sim.core.errors import InputError
from sim.design.stopping import boundary
from sim.storage.parquet import read_table

EAGER = ["design.safety_stop=true", "design.settings.serious_certainty=0.6"]
TRIALS = range(60)


@pytest.fixture(scope="module")
def decided():
    return pipeline.run_chunk(load([*EAGER, "effect=neutral"]), TRIALS)


def stop_of(trial, tables, limits):
    """Treated and day of the stop of one trial, from its data set in plain Python; None where it goes on."""
    day_0 = {
        int(subject): int(day)
        for t, subject, day in zip(
            *(tables["candidates"][name] for name in ("trial", "subject", "enrolled_trial_day")), strict=True
        )
        if t == trial and subject >= 0
    }
    infused = {
        int(subject)
        for t, subject, number, day in zip(
            *(tables["infusions"][name] for name in ("trial", "subject", "infusion", "day")), strict=True
        )
        if t == trial and number == 1 and not np.isnan(day)
    }
    first = {}
    events = tables["events"]
    for t, subject, day, kind, detail in zip(
        *(events[name].tolist() for name in ("trial", "subject", "day", "kind", "detail")), strict=True
    ):
        if t == trial and (kind == "death" or (kind in ("infection", "adverse_event") and detail == "serious")):
            first[subject] = min(first.get(subject, 10**9), day_0[subject] + day)
    for today in sorted(first.values()):
        treated = sum(day_0[subject] <= today for subject in infused)
        if limits[treated - 1] is not None and sum(day <= today for day in first.values()) >= limits[treated - 1]:
            return treated, today
    return None


@pytest.mark.parametrize("effect", ["none", "neutral"])
def test_trials_stop_where_their_own_data_set_says(decided, effect):
    config = load([*EAGER, f"effect={effect}", "protocol.follow_up=week_24"])
    tables = pipeline.cohort_chunk(config, TRIALS)
    limits = boundary(10, config.design.settings)
    found = decided[effect]
    for trial in TRIALS:
        expected = stop_of(trial, tables, limits)
        assert bool(found["safety_stopped"][trial]) == (expected is not None)
        if expected is not None:
            assert (found["treated_at_stop"][trial], found["stop_day"][trial]) == expected
    assert 5 <= found["safety_stopped"].sum() <= 50
    for name in ("safety_stopped", "treated_at_stop", "stop_day", "n_serious", "exact_binomial_P1_success"):
        assert np.array_equal(tables["trials"][name], found[name], equal_nan=name.endswith(("stop", "day")))


def test_watching_changes_no_count_and_takes_successes_away(decided):
    fused = pipeline.run_chunk(load(["effect=neutral"]), TRIALS)
    for effect, table in fused.items():
        for name in table:
            if name.endswith("_success"):
                assert np.array_equal(decided[effect][name], table[name] & ~decided[effect]["safety_stopped"])
            else:
                assert np.array_equal(decided[effect][name], table[name]), name


def test_either_clock_stops_the_same_trials(decided):
    simpy = pipeline.run_chunk(load([*EAGER, "effect=neutral", "run.engine=simpy"]), range(8))["neutral"]
    for name in ("safety_stopped", "treated_at_stop", "stop_day", "n_serious", "n_treated"):
        assert simpy[name].tobytes() == decided["neutral"][name][:8].tobytes(), name


@pytest.mark.parametrize("rule", ["exact_binomial", "go_consider_stop"])
def test_the_power_table_and_the_table_of_stops_agree(tmp_path, monkeypatch, capsys, rule):
    monkeypatch.chdir(tmp_path)
    words = ["run.trials=60", "run.workers=1", "run.sample=0", "effect=neutral", "hydra.run.dir=A"]
    assert main([*EAGER, *words, f"design.rule={rule}", "report.formats=[]"]) == 0
    power, stops = (read_table(tmp_path / "A" / f"{name}.parquet") for name in ("power", "safety_stop"))
    assert np.isnan(power["exact_power"]).all()
    for row in range(stops.length):
        if stops["effect"][row] != "neutral":
            continue
        same = np.logical_and.reduce(
            [power[name] == stops[name][row] for name in ("endpoint", "population", "alpha")]
        )
        assert power["power"][same].tolist() == [stops["power"][row]]
    assert "Stopping for serious events (assumed" in capsys.readouterr().out
    if rule != "exact_binomial":
        rules = read_table(tmp_path / "A" / "rules.parquet")
        assert np.array_equal(rules["p_go"], power["power"])
        assert np.allclose(rules["p_go"] + rules["p_consider"] + rules["p_stop"], 1.0)


@pytest.mark.parametrize("task", ["decisions", "tournament", "readings", "family"])
def test_tasks_without_a_calendar_refuse_the_boundary(task):
    with pytest.raises(InputError, match=rf"design\.safety_stop: true is not read by task={task}.*task=power"):
        load(["design.safety_stop=true", f"task={task}"])


def test_a_data_set_says_where_it_stopped_and_nothing_where_it_did_not(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["task=cohort", "run.trials=40", "run.workers=1", "effect=neutral", "hydra.run.dir=A"]
    assert main([*EAGER, *words, "protocol.follow_up=week_24"]) == 0
    trials = read_table(tmp_path / "A" / "trials.parquet")
    stopped = trials["safety_stopped"] == 1
    assert 0 < stopped.sum() < 40
    for name in ("treated_at_stop", "stop_day"):
        assert np.array_equal(np.isnan(trials[name]), ~stopped)
