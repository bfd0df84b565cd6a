"""Compiling before the first run: said, marked when whole, tried again when not, one command at a time."""

import threading

import numba
import pytest

from sim import rehearsal
from sim.config.compose import load
from sim.core import compiled
from sim.montecarlo.warm import compile_once


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache in which nothing has been compiled; what this process has loaded stays loaded."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    """The parts that were compiled here."""
    parts = []
    monkeypatch.setattr(rehearsal, "rehearse", lambda config, chosen: parts.extend(chosen))
    return parts


def test_all_parts_are_compiled_once_and_said(asked, capsys):
    config = load(["run.workers=1"])
    compile_once(config)
    assert asked == list(range(len(rehearsal.PARTS)))
    assert capsys.readouterr().err.startswith("Compiling the model, once for this version")
    compile_once(config)
    assert asked == list(range(len(rehearsal.PARTS)))
    assert capsys.readouterr().err == ""


def test_silence_is_kept(asked, capsys):
    compile_once(load(["run.workers=1", "run.progress=false"]))
    assert asked
    assert capsys.readouterr().err == ""


def test_what_failed_is_said_and_tried_again(monkeypatch, capsys):
    def failing(config, chosen):
        raise RuntimeError("no room")

    monkeypatch.setattr(rehearsal, "rehearse", failing)
    compile_once(load(["run.workers=1"]))
    assert "(compiling failed: RuntimeError: no room)" in capsys.readouterr().err
    assert compiled.is_cold()


def test_two_processes_compile_for_two_workers(cache, capsys):
    compile_once(load(["run.workers=2"]))
    assert not compiled.is_cold()
    assert "failed" not in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(asked, monkeypatch, capsys):
    monkeypatch.setattr("sim.montecarlo.warm.unwritable_cache", lambda: "/nowhere/cache")
    compile_once(load(["run.workers=1"]))
    assert "/nowhere/cache cannot be written; name a folder with XDG_CACHE_HOME=FOLDER" in capsys.readouterr().err


@pytest.mark.skipif(compiled.fcntl is None, reason="no locks on this system")
def test_a_second_command_waits_for_the_first(asked, capsys):
    """It compiles nothing, since all is compiled when its turn comes."""
    waiting = threading.Event()
    second = threading.Thread(target=compile_once, args=(load(["run.workers=1"]),))
    with compiled.alone(waiting.set):
        second.start()
        second.join(0.3)
        assert second.is_alive()
        compiled.now_warm()
    second.join(60)
    assert asked == []
    assert not waiting.is_set()
    assert capsys.readouterr().err.startswith("Another command is compiling the model; this one waits")
