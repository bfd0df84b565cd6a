"""A folder that runs share: litter of the dead goes, work of the living stays."""

import subprocess
import sys

import pytest

from sim.storage.atomic import whole_file
from sim.storage.claim import claimed

fcntl = pytest.importorskip("fcntl", reason="folders cannot be locked on this system")


def test_unfinished_files_beside_the_configuration_go_too(tmp_path):
    hidden = tmp_path / ".hydra"
    hidden.mkdir()
    (hidden / ".config.yaml.x1.partial").touch()
    (hidden / "config.yaml").touch()
    with claimed(tmp_path):
        assert [path.name for path in hidden.iterdir()] == ["config.yaml"]


def test_unfinished_files_of_a_killed_run_are_removed(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; from sim.storage.atomic import whole_file\n"
        "with whole_file(Path(sys.argv[1]) / 'a') as path: os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    (tmp_path / "finished").touch()
    with claimed(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == ["finished"]


def test_an_unfinished_file_of_a_run_that_is_alive_stays(tmp_path):
    with claimed(tmp_path), whole_file(tmp_path / "a") as unfinished:
        with claimed(tmp_path):
            pass
        assert unfinished.exists()
        unfinished.write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_in_which_nothing_was_put_is_removed(tmp_path):
    with claimed(tmp_path / "b"):
        assert (tmp_path / "b").is_dir()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_there_stays(tmp_path):
    with claimed(tmp_path):
        pass
    assert tmp_path.is_dir()
