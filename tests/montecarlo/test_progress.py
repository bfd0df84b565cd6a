"""Progress: a bar on a terminal, lines in a log, nothing where the run asks for silence."""

import io
import sys
from functools import partial

import numpy as np
import pytest

from sim.config.compose import load
from sim.montecarlo.power import run_power
from sim.montecarlo.progress import Progress
from sim.montecarlo.watch import Watch
from sim.storage.chunks import ChunkStore
from tests.montecarlo.chunk_functions import of_both_effects


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("shown", "stream", "expected"), [(True, Terminal, True), (False, Terminal, False), (True, io.StringIO, False)]
)
def test_a_bar_is_for_a_terminal(monkeypatch, shown, stream, expected):
    errors = stream()
    monkeypatch.setattr(sys, "stderr", errors)
    with Progress(10, shown=shown) as progress:
        progress.advance(10, "power of P1 known")
        if expected:
            assert progress._bar.postfix == "power of P1 known"
    assert ("/10 " in errors.getvalue()) is expected


def test_a_log_gets_a_plain_line_every_half_minute(monkeypatch, capsys):
    now = iter([0.0, 10.0, 29.0, 40.0, 40.0, 50.0, 75.0, 75.0, 76.0])
    with Progress(1000, shown=True, clock=partial(next, now)) as progress:
        for known in ("a", "b", "c", "d", "", "f"):
            progress.advance(100, known)
        progress.say("at the end")
    written = capsys.readouterr().err
    assert written.splitlines() == [
        "trials: 300 of 1,000, 8 a second, about 2 min to go; c",
        "trials: 500 of 1,000, 7 a second, about 75 s to go",
        "at the end",
    ]
    assert "\r" not in written and "\x1b" not in written


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (40.0, "trials: 20 of 100, 30 a minute, about 3 min to go"),
        (3600.0, "trials: 20 of 100, 20 an hour, about 4.0 h to go"),
    ],
)
def test_a_slow_run_says_its_pace_in_a_longer_unit(capsys, seconds, line):
    now = iter([0.0, seconds, seconds])
    with Progress(100, shown=True, clock=partial(next, now)) as progress:
        progress.advance(20)
    assert capsys.readouterr().err.splitlines() == [line]


def test_a_run_that_has_nothing_yet_says_no_pace(capsys):
    now = iter([0.0, 40.0, 40.0])
    with Progress(100, shown=True, clock=partial(next, now)) as progress:
        progress.advance(0)
    assert capsys.readouterr().err.splitlines() == ["trials: 0 of 100"]


def test_silence_is_silence(monkeypatch, capsys):
    now = iter(np.arange(0.0, 1000.0, 100.0))
    with Progress(10, shown=False, clock=partial(next, now)) as progress:
        progress.advance(5)
        progress.advance(5)
        progress.say("never heard")
    assert capsys.readouterr().err == ""


def test_the_error_so_far_is_that_of_the_first_endpoint_under_the_first_acting_effect():
    watch = Watch(load(["effect=every", "analysis.endpoints=[S1,P1]"]))
    assert watch.words() == ""
    watch.add({})
    for trials, successes in ((range(30), 6), (range(30, 100), 14)):
        tables = of_both_effects(trials)
        column = np.arange(len(trials)) < successes
        marked = tables["neutral"].adding(
            {"exact_binomial_P1_success": column, "exact_binomial_S1_success": ~column}
        )
        watch.add({"none": tables["none"], "pessimistic": marked, "neutral": tables["neutral"]})
    assert watch.words() == "power of P1 under pessimistic 0.200 ± 0.0400"


def test_without_the_cells_the_error_is_that_of_none():
    watch = Watch(load(["effect=none"]))
    table = of_both_effects(range(10))["none"].adding({"exact_binomial_P1_success": np.arange(10) < 5})
    watch.add({"none": table})
    assert watch.words().startswith("power of P1 under none 0.500 ± 0.158")


@pytest.mark.parametrize("precision", ["null", "0.2"])
def test_a_resumed_run_counts_what_the_store_has(precision, coins, tmp_path, monkeypatch):
    """The last words are those of all trials, not of those that were missing."""
    whole, said = coins.run_chunk, []

    def with_decision(config, trials):
        return {
            effect: table.adding({"exact_binomial_P1_success": table["trial"] < 60})
            for effect, table in whole(config, trials).items()
        }

    coins.run_chunk = with_decision
    monkeypatch.setattr(Progress, "advance", lambda _self, _trials, known: said.append(known))
    store = ChunkStore(tmp_path / "chunks", "seed: 1\n")
    words = ["run.workers=1", "effect=neutral", f"run.precision={precision}"]
    run_power(load([*words, "run.trials=60"]), store)
    run_power(load([*words, "run.trials=100"]), store)
    assert said[-1].startswith("power of P1 under neutral 0.600 ± 0.0490")
