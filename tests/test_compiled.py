"""What compilation promises: a borrowed array is the same memory, and the caller's count of it stays as it was;
compiled code is kept where every process of a command finds it, and never takes the place of other code.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import TypingError

from sim.core import compiled as module
from sim.core import uncounted
from sim.core.compiled import borrowed, compiled

ROOT = Path(__file__).resolve().parents[1]


@compiled
def _double(values):
    view = borrowed(values)
    for place in range(view.size):
        view[place] *= 2.0
    return view[0]


def test_a_borrowed_array_is_written_through_and_not_counted():
    values = np.array([1.5, 2.0])
    before = sys.getrefcount(values)
    assert [_double(values) for _ in range(3)] == [3.0, 6.0, 12.0]
    np.testing.assert_array_equal(values, [12.0, 16.0])
    assert sys.getrefcount(values) == before


def test_two_processes_that_compile_at_once_never_name_a_file_alike():
    """Both find the same index, so both would take the first free number."""
    names = {_double._cache._cache_file._data_name(1) for _ in range(2)}
    assert len(names) == 2
    assert all(name.endswith(".nbc") for name in names)


PROGRAM = """
import subprocess, sys
from pathlib import Path
import numba
from sim.core.compiled import unwritable_cache
own = Path(numba.config.CACHE_DIR)
print(unwritable_cache(), own, own.is_dir(), sep="\\n")
if len(sys.argv) == 1:
    subprocess.run([sys.executable, "-c", Path(__file__).read_text(), "child"], check=True)
"""


def test_without_a_cache_folder_the_processes_of_a_command_share_one_that_goes_with_it(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "file").touch()
    environment = {key: value for key, value in os.environ.items() if key != "NUMBA_CACHE_DIR"}
    environment |= {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "program.py")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    wanted, own, there, child_wanted, child_own, child_there = done.stdout.splitlines()
    assert Path(wanted).parents[1] == tmp_path / "file"
    assert (there, child_wanted, child_own, child_there) == ("True", "None", own, "True")
    assert not Path(own).exists()
    assert Path(own).parent == tmp_path


@pytest.mark.parametrize("complete", [True, False])
def test_a_cache_that_can_only_be_read_is_used_if_it_is_complete(complete, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(module, "_unwritable", [])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    usual = module._cache_folder()
    (usual / "code.nbc").touch()
    if complete:
        (usual / module._complete()).touch()

    def refused(**place):
        raise PermissionError(13, "read-only", str(place["dir"]))

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    own = module._cache_folder()
    assert own != usual
    assert (own / "code.nbc").exists() is complete
    assert module.unwritable_cache() == usual


@uncounted.compiled
def _rest(values):
    rest = values[1:]
    rest[0] += 1.0
    return rest.sum()


@uncounted.compiled
def _make(size):
    return np.zeros(size)


def test_without_the_count_arrays_are_used_and_given_back_as_they_came():
    values = np.arange(4.0)
    before = sys.getrefcount(values)
    assert [_rest(values) for _ in range(3)] == [7.0, 8.0, 9.0]
    assert sys.getrefcount(values) == before


def test_a_function_that_makes_an_array_is_not_compiled_without_the_count():
    with pytest.raises(TypingError, match="zeros"):
        _make(3)
