"""Trials under several readings: each alternative is the run that the command line would have given."""

import dataclasses

import numpy as np
import pytest

from sim.config.compose import load
from sim.config.config import INERT
from sim.design.evaluation import power_table
from sim.design.paired import BEFORE
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
    assert (first.n_trials, first.screened) == (second.n_trials, second.screened)
    assert list(first.endpoints) == list(second.endpoints)
    for name, table in first.endpoints.items():
        for column in table:
            np.testing.assert_array_equal(
                table[column], second.endpoints[name][column], err_msg=f"{name}: {column}"
            )


def same_everywhere(first, second):
    assert list(first.pairs) == list(second.pairs)
    for name, effects in first.pairs.items():
        assert list(effects) == list(second.pairs[name])
        for effect, pairs in effects.items():
            same(pairs, second.pairs[name][effect])


def changed(pairs, endpoint):
    """Trials with other responders than under the base."""
    counted = pairs.endpoints[endpoint]
    name = f"{endpoint}_responders"
    return int(counted["trials"] @ (counted[name] != counted[f"{BEFORE}{name}"]))


@pytest.fixture(scope="module")
def compared():
    return compare(list(alternatives()))


@pytest.mark.parametrize("name", [name for name, (kind, _) in CASES.items() if kind != "world"])
def test_an_alternative_is_the_run_the_command_line_gives(compared, name):
    config = load([*COMMON, CASES[name][1]])
    alone = run_power(config)
    for effect in (INERT, "neutral"):
        pairs, power = compared.pairs[name][effect], alone.tallies[effect]
        assert pairs.n_trials == power.n_trials
        table = power_table(pairs, compared.pairs[name][INERT], config.design, effect, "batch", 24, 0)
        expected = power_table(power, alone.tallies[INERT], config.design, effect, "batch", 24, 0)
        for column in ("response_rate", "power", "exact_power", "false_go_inert", "n_trials", "p_filled"):
            np.testing.assert_allclose(table[column], expected[column], rtol=1e-12, err_msg=column)


def test_the_base_is_beside_itself(compared):
    for pairs in compared.pairs[BASE].values():
        assert changed(pairs, "P1") == changed(pairs, "P3") == pairs.screened["change_squares"] == 0


@pytest.mark.parametrize("effect", [INERT, "neutral"])
def test_worlds_keep_the_patients(compared, effect):
    for name in ("no_taper", "no_noise"):
        world = compared.pairs[name][effect]
        assert world.screened["change_squares"] == 0
        assert changed(world, "P1") or name == "no_noise"
    assert compared.pairs["X08_any_two"][effect].screened["change_squares"] > 0


def test_without_a_taper_hardly_anybody_reaches_the_dose(compared):
    counted = compared.pairs["no_taper"][INERT].endpoints["P1"]
    responders, usual = (counted["trials"] @ counted[f"{way}P1_responders"].astype(int) for way in ("", BEFORE))
    assert responders < 0.2 * usual


def test_chunks_and_workers_leave_no_trace(compared):
    same_everywhere(compared, compare(list(alternatives("run.chunk=7", "run.workers=2"))))


def test_a_failed_trial_is_left_out_everywhere(monkeypatch):
    """The last eight of 24 fail under one alternative: what is left is what 16 trials give."""
    from sim import pipeline

    whole = pipeline.compared_chunk

    def failing(configs, trials, screened=None):
        if configs[0].taper.name == "discretionary" and 20 in trials:
            raise RuntimeError("lost")
        return whole(configs, trials, screened)

    monkeypatch.setattr(pipeline, "compared_chunk", failing)
    found = compare(list(alternatives("run.chunk=8")))
    assert (found.n_failed, [each.error for each in found.failures]) == (8, ["RuntimeError: lost"])
    same_everywhere(found, compare(list(alternatives("run.trials=16"))))


def test_where_every_trial_fails_nothing_is_compared(monkeypatch):
    from sim import pipeline

    def failing(configs, trials, screened=None):
        raise RuntimeError("lost")

    monkeypatch.setattr(pipeline, "compared_chunk", failing)
    found = compare(list(alternatives()))
    assert (found.pairs, found.n_failed) == ({}, 24)


def test_none_comes_first_and_once():
    config = load(["effect=neutral"])
    assert effects_of(config) == (INERT, "neutral")
    assert effects_of(dataclasses.replace(config, effects=load(["effect=none"]).effects)) == (INERT,)
