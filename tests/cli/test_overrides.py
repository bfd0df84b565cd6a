"""What is typed for a folder is that folder; a key of Hydra that nothing reads is refused."""

import pytest

from sim.cli.overrides import as_meant
from sim.config import compose
from sim.core.errors import InputError

NAMES = [
    "A",
    "two words",
    "Müller/Ergebnisse",
    "C:\\results\\run 1",
    "C:\\ends with\\",
    "O'Brien (2026)",
    'say "so"',
    "both ' and \"",
    "a,b",
    "2026",
    "1e5",
    "true",
    "[a]",
    "a=b",
    "{x: 1}",
    " blanks around ",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_the_one_that_was_typed(name):
    words = as_meant([f"data={name}", f"run.store={name}", f"hydra.run.dir={name}"], sweep=False)
    composed = compose.compose(words)
    assert composed.values["data"] == name
    assert composed.values["run"]["store"] == name
    assert str(composed.run_folder) == name.rstrip("/")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a,b"])
def test_a_folder_of_a_sweep_is_the_one_that_was_typed(name):
    words = as_meant(["design.n=10,20", f"hydra.sweep.dir={name}", f"data={name}"], sweep=True)
    for cell in compose.sweep_cells(words):
        assert str(compose.compose(cell).sweep_folder) == name
        assert compose.compose(cell).values["data"] == name


def test_a_sweep_takes_several_folders_of_data():
    cells = compose.sweep_cells(as_meant(["data=A,B C"], sweep=True))
    assert [compose.compose(cell).values["data"] for cell in cells] == ["A", "B C"]


def test_what_is_quoted_null_or_points_elsewhere_is_left_alone():
    words = ["data='A b'", "run.store=null", "data=null", "hydra.run.dir=${task}/x", "population.name=Müller"]
    assert as_meant(words, sweep=False) == words


def test_results_can_go_into_a_folder_called_null():
    assert str(compose.compose(as_meant(["hydra.run.dir=null"], sweep=False)).run_folder) == "null"


def test_a_label_is_the_one_that_was_typed():
    words = as_meant(["design.name=Müller (A), <b>", "effect=neutral", "effect.name=7"], sweep=False)
    values = compose.compose(words).values
    assert values["design"]["name"] == "Müller (A), <b>"
    assert values["effect"]["name"] == "7"


@pytest.mark.parametrize(
    ("word", "sweep", "said"),
    [
        ("hydra.run.dir=", False, "hydra.run.dir: '' is not allowed; name a folder with hydra.run.dir=FOLDER"),
        ("data= ", False, "data: ' ' is not allowed; name a folder with data=FOLDER"),
        (
            "hydra.sweep.dir=S",
            False,
            "hydra.sweep.dir: is read only with -m; name the folder of a run with hydra.run",
        ),
        (
            "hydra.run.dir=S",
            True,
            "hydra.run.dir: is not read with -m; name the folder of a sweep with hydra.sweep",
        ),
        (
            "hydra.job.name=x",
            False,
            "hydra.job.name: is not read; of Hydra's own keys there are hydra.run.dir and",
        ),
        ("hydra/launcher=joblib", True, "hydra/launcher: is not read"),
        ("source=A", False, "source: is read by task=report and task=rerun alone; leave it out"),
        ("rerun.trial=7", True, "rerun.trial: is read by task=report and task=rerun alone"),
        ("task=report", True, "task=report: is for one run at a time; leave out -m"),
        ("+hydra.verbose=true", False, "hydra.verbose: is not read"),
    ],
)
def test_what_would_be_passed_over_is_refused(word, sweep, said):
    with pytest.raises(InputError) as caught:
        as_meant(["design.n=10", word], sweep=sweep)
    (problem,) = caught.value.problems
    assert problem.startswith(said)
