"""Result folders made once for all tests of the report, and a browser where there is one."""

import contextlib
import io

import pytest

from sim.cli import main
from sim.report.browser import installed, running

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>&\"'"
"""Free text that would do something in a page, and something else in a figure."""
SMALL = ("run.trials=24", "run.workers=1", "run.progress=false", "run.sample=3")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Makes a result folder from overrides; the same overrides give the same folder."""
    made = {}

    def make(*overrides):
        if overrides not in made:
            path = tmp_path_factory.mktemp("run") / "A"
            with contextlib.redirect_stdout(io.StringIO()):
                assert main([*SMALL, *overrides, f"hydra.run.dir={path}"]) == 0
            made[overrides] = path
        return made[overrides]

    return make


@pytest.fixture(scope="session")
def run(folder):
    """A run under every assumption about the cells."""
    return folder()


@pytest.fixture(scope="session")
def hostile(folder):
    """A run whose names would be markup."""
    quoted = HOSTILE.replace("\\", "\\\\").replace("'", "\\'")
    return folder("effect=neutral", f"design.name='{quoted}'", f"effect.name='{quoted}'", f"taper.name='{quoted}'")


@pytest.fixture(scope="session")
def hopeless(folder):
    """A run in which no trial fills, no endpoint has a critical value and every power is 0."""
    return folder(
        "effect=neutral",
        "design.n=3",
        "design.max_candidates_LN_per_place=1",
        "design.max_candidates_LC_per_place=1",
    )


@pytest.fixture(scope="session")
def sweep(tmp_path_factory):
    """A small sweep over the taper."""
    path = tmp_path_factory.mktemp("sweep") / "S"
    words = ["-m", *SMALL, "run.sample=1", "effect=none,neutral", "taper=mandated,t24", f"hydra.sweep.dir={path}"]
    words.remove("run.sample=3")
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(words) == 0
    return path


@pytest.fixture(scope="session")
def browser():
    """A browser without a window; the tests that need it are skipped where there is none."""
    program = installed()
    if program is None:
        pytest.skip("no Chromium or Chrome is installed (Debian: apt-get install chromium)")
    with running(program) as found:
        yield found
