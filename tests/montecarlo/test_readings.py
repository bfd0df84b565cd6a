"""Trials under several readings: each alternative is the run that the command line would have given."""

import dataclasses

import numpy as np
import pytest

from sim.config.compose import load
from sim.config.config import INERT
from sim.montecarlo.power import run_power
from sim.montecarlo.readings import BASE, Alternative, compare, effects_of

COMMON = ["effect=neutral", "run.trials=24", "run.workers=1", "run.progress=false", "analysis.endpoints=[P1,P3]"]
CASES = {
    "X26_visits": ("reading", "analysis.steroid_days=visits"),
    "X25_consecutive": ("reading", "analysis.steroid_excess=consecutive_7"),
    "X08_any_two": ("reading", "protocol.ln_lab_rule=ANY2"),
    "taper_discretionary": ("assumption", "taper=discretionary"),
    "no_taper": ("world", "taper.skip=1.0"),
    "no_noise": ("world", "observation=noiseless"),
}


def alternatives(*extra):
    yield Alternative(BASE, "base", "", load([*COMMON, *extra]))
    for name, (kind, words) in CASES.items():
        yield Alternative(name, kind, words, load([*COMMON, *extra, words]))


def same(first, second):
    return list(first) == list(second) and all(np.array_equal(first[name], second[name]) for name in first)


@pytest.fixture(scope="module")
def compared():
    return compare(list(alternatives()))


@pytest.mark.parametrize("name", [name for name, (kind, _) in CASES.items() if kind != "world"])
def test_an_alternative_is_the_run_the_command_line_gives(compared, name):
    config = load([*COMMON, CASES[name][1]])
    alone = run_power(config).power
    decided = compared.decided[name]["neutral"]
    for row in range(alone.length):
        if alone["population"][row] == "all" or alone["endpoint"][row] == "P3":
            stem = alone["endpoint"][row]
            rate = decided[f"{stem}_responders"].sum() / decided[f"{stem}_n"].sum()
            assert rate == pytest.approx(alone["response_rate"][row], abs=1e-12)


@pytest.mark.parametrize("effect", [INERT, "neutral"])
def test_worlds_keep_the_patients(compared, effect):
    base = compared.decided[BASE][effect]
    for name in ("no_taper", "no_noise"):
        world = compared.decided[name][effect]
        assert np.array_equal(world["n_screened"], base["n_screened"])
        assert not np.array_equal(world["P1_responders"], base["P1_responders"]) or name == "no_noise"


def test_without_a_taper_hardly_anybody_reaches_the_dose(compared):
    world = compared.decided["no_taper"][INERT]
    assert world["P1_responders"].sum() < 0.2 * compared.decided[BASE][INERT]["P1_responders"].sum()


def test_chunks_and_workers_leave_no_trace(compared):
    again = compare(list(alternatives("run.chunk=7", "run.workers=2")))
    for name, effects in compared.decided.items():
        for effect, table in effects.items():
            assert same(table, again.decided[name][effect])


def test_a_failed_trial_is_left_out_everywhere(compared, monkeypatch):
    from sim import pipeline

    whole = pipeline.compared_chunk

    def failing(configs, trials, screened=None):
        if configs[0].taper.name == "discretionary" and 8 in trials:
            raise RuntimeError("lost")
        return whole(configs, trials, screened)

    monkeypatch.setattr(pipeline, "compared_chunk", failing)
    found = compare(list(alternatives("run.chunk=8")))
    assert found.n_failed == 8
    kept = [trial for trial in range(24) if not 8 <= trial < 16]
    for name, effects in found.decided.items():
        for effect, table in effects.items():
            assert table["trial"].tolist() == kept
            assert same(table, compared.decided[name][effect].where(kept))


def test_none_comes_first_and_once():
    config = load(["effect=neutral"])
    assert effects_of(config) == (INERT, "neutral")
    assert effects_of(dataclasses.replace(config, effects=load(["effect=none"]).effects)) == (INERT,)
