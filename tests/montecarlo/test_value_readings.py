"""Values under several readings: the numbers of the command line, and the same trials everywhere."""

from dataclasses import replace

import numpy as np

from sim import pipeline
from sim.config.compose import load
from sim.core.tables import Table
from sim.montecarlo.readings import BASE, Alternative
from sim.montecarlo.value_readings import Bank, values_under

COMMON = ["effect=neutral", "run.trials=6", "run.workers=1", "run.chunk=2", "run.progress=false"]
CASES = {
    "X36_no_fall": ("reading", "analysis.hematologic_fall_needed=false"),
    "taper_discretionary": ("assumption", "taper=discretionary"),
    "no_noise": ("world", "observation=noiseless"),
}


def alternatives():
    yield Alternative(BASE, "base", "", load(COMMON))
    for name, (kind, words) in CASES.items():
        yield Alternative(name, kind, words, load([*COMMON, words]))


def test_each_alternative_shows_what_its_own_run_shows():
    found = values_under(list(alternatives()), "S9")
    assert list(found.patients) == [BASE, *CASES] and not found.failures
    for each in alternatives():
        own = pipeline.values_chunk(each.config, ("S9",), range(6))
        same = [
            np.array_equal(own[effect][name], table[name], equal_nan=table[name].dtype.kind == "f")
            for effect, table in found.patients[each.name].items()
            for name in ("trial", "S9_day", "S9_event")
        ]
        assert all(same) == (each.kind != "world"), each.name
        assert list(found.patients[each.name]["none"]) == ["trial", "S9_day", "S9_event"]
    base = next(alternatives()).config
    own = pipeline.compared_values([load([*COMMON, CASES["no_noise"][1]])], ("S9",), range(6), base)[0]
    for name, column in found.patients["no_noise"]["neutral"].items():  # a world keeps the patients of the base
        np.testing.assert_array_equal(column, own["neutral"][name])


def test_values_are_kept_to_the_last_bit_and_equal_columns_once():
    odd = np.array([0.1 + 0.2, np.nan, -3.0, 1e300, -np.inf])
    whole = np.array([-32767.0, 32767.0, np.nan, 0.0, 168.0])
    columns = [odd, whole, np.array([32768.0]), np.array([-32768.0]), np.array([np.nan]), np.array([2.5, 3.0])]
    for values in columns:
        bank, pool = Bank(), {}
        for part in (values, values[:1]):
            bank.add("none", Table({"trial": np.arange(len(part)), "subject": part, "x": part}), pool)
        bank.add("neutral", Table({"trial": np.arange(len(values)), "x": values.copy()}), pool)
        np.testing.assert_array_equal(bank["none"]["x"], np.append(values, values[:1]))
        np.testing.assert_array_equal(bank["neutral"]["x"], values)
        assert len(pool) == 2 * (1 + (len(values) > 1))
    assert bank["none"]["x"].dtype == np.float64


def test_what_is_kept_is_said_before_it_begins_and_is_less_than_said(monkeypatch, capsys):
    first = next(alternatives()).config
    many = [
        Alternative(name, "base", "", replace(first, run=replace(first.run, trials=10**6))) for name in (BASE, "B")
    ]
    asked = {}
    monkeypatch.setattr("sim.montecarlo.value_readings.under_all", lambda *_, **more: (asked.update(more), 0))
    values_under(many, "S9")
    assert asked["words"] == (
        "1,000,000 trials: what every patient shows is kept, which takes at most 610 MiB of memory"
    )
    base = pipeline.values_chunk(first, ("S9",), range(6))
    at_most = 610 * 2**20 * 6 / 10**6
    assert 0 < asked["size"]([base, base]) == asked["size"]([base]) < at_most / 4
    monkeypatch.undo()
    monkeypatch.setattr("sim.montecarlo.forecast._MUCH", 0)
    values_under([Alternative(BASE, "base", "", replace(first, run=replace(first.run, progress=True)))], "S9")
    assert capsys.readouterr().err.startswith(
        "6 trials: what every patient shows is kept, which takes at most 0 MiB"
    )


def test_trials_that_fail_under_one_alternative_are_left_out_under_all(monkeypatch):
    def fake(configs, endpoints, trials, screened):
        assert endpoints == ("S9",)
        if screened is not None and 2 in trials:
            raise RuntimeError("no world today")
        row = {"trial": np.array(trials), "S9_day": np.array(trials, float)}
        return [{effect: pipeline.Table(dict(row)) for effect in ("none", "neutral")} for _ in configs]

    monkeypatch.setattr(pipeline, "compared_values", fake)
    found = values_under(list(alternatives()), "S9")
    assert found.n_failed == 2 and len(found.failures) == 1
    for bank in found.patients.values():
        assert all(table["trial"].tolist() == [0, 1, 4, 5] for table in bank.values())
