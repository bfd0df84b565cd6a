"""Result folders made once for all tests of the report, and a browser where there is one."""

import contextlib
import io

import numpy as np
import pytest

from sim.cli import main
from sim.config.compose import load
from sim.report.browser import installed, running
from sim.storage.parquet import read_provenance, read_table, write_table

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>&\"'"
"""Free text that would do something in a page, and something else in a figure."""
SMALL = ("run.trials=24", "run.workers=1", "run.progress=false", "run.sample=3")

FEW = ("run.trials=60", "run.workers=1", "run.progress=false", "question.n_high=20")
DECLARED = load().null_readings
ASIDE = [
    f"~null_readings.{kind}.{name}"
    for kind in ("readings", "assumptions", "worlds")
    for name in getattr(DECLARED, kind)
    if name not in ("X36_no_fall", "X26_visits", "taper_discretionary", "no_noise")
]
QUESTIONS = {
    "tournament": ("experiment=endpoint_tournament", *FEW),
    "sample_size": ("experiment=sample_size", "endpoint=P2", "power=0.8", *FEW),
    "alternatives": ("experiment=randomised_alternative", "effect=neutral", "endpoint=P1", *FEW),
    "composition": ("experiment=composition", *FEW),
    "assurance": ("experiment=assurance", "priors.draws=12", *FEW),
    "decisions": ("task=decisions", *FEW),
    "family": ("experiment=family", *FEW),
    "estimation": ("experiment=estimation",),
    "changes": ("experiment=changes", "endpoint=O1", "question.n_shown=[12,15]", *FEW[:3]),
    "times": ("experiment=times", "endpoint=S11", "question.n_shown=[12,15]", *FEW[:3]),
    "readings": ("experiment=readings", "endpoint=P1", "run.trials=20", *FEW[1:]),
    "value_readings": ("experiment=readings", "endpoint=S9", "run.trials=20", *FEW[1:], *ASIDE),
}
"""What asks each question in a small way; the prediction needs the data of a trial beside."""


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
def answered(tmp_path_factory):
    """The folder of a question, and what the terminal said; asked once."""
    made = {}

    def ask(name):
        if name not in made:
            path = tmp_path_factory.mktemp(name) / "A"
            data = _running_trial(tmp_path_factory.mktemp("data")) if name == "prediction" else None
            words = QUESTIONS.get(
                name, ("experiment=prediction", f"data={data}", "prediction.neighbours=20", *FEW)
            )
            with contextlib.redirect_stdout(io.StringIO()) as said:
                assert main([*words, f"hydra.run.dir={path}"]) == 0
            made[name] = (path, said.getvalue())
        return made[name]

    return ask


def _running_trial(path):
    """A trial of which the last three patients are not enrolled yet, and which may still succeed."""
    source, words = (
        path / "whole",
        ("task=cohort", "effect=neutral", "run.trials=1", "run.seed=3", "run.workers=1"),
    )
    with contextlib.redirect_stdout(io.StringIO()):
        assert main([*words, f"hydra.run.dir={source}"]) == 0
    people = read_table(source / "candidates.parquet")
    late = people["subject"][people["enrolled_trial_day"] >= np.sort(people["enrolled_trial_day"])[7]]
    (path / "data").mkdir()
    for name in ("candidates", "visits", "dosing", "infusions", "events"):
        table = read_table(source / f"{name}.parquet")
        kept = table.where(~np.isin(table["subject"], late))
        said = read_provenance(source / f"{name}.parquet")
        write_table(path / "data" / f"{name}.parquet", name, kept, said)
    return path / "data"


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
