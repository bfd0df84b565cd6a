"""Values under several readings: the numbers of the command line, and the same trials everywhere."""

import numpy as np

from sim import pipeline
from sim.config.compose import load
from sim.montecarlo.readings import BASE, Alternative
from sim.montecarlo.value_readings import values_under

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
            for name in ("trial", "subject", "S9_day", "S9_event")
        ]
        assert all(same) == (each.kind != "world"), each.name  # a world keeps the patients of the base
    people = [found.patients[name]["none"]["subject"].tolist() for name in (BASE, "no_noise")]
    assert people[0] == people[1]


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
