"""What is typed for a folder is that folder; a key of Hydra that nothing reads is refused."""

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

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


def values(words):
    """What Hydra reads in them."""
    return [OverridesParser.create().parse_override(word).value() for word in words]


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_the_one_that_was_typed(name):
    assert values(as_meant([f"{key}={name}" for key in ("data", "run.store", "hydra.run.dir")], sweep=False)) == [
        name,
        name,
        name,
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "a,b"])
def test_a_folder_of_a_sweep_is_the_one_that_was_typed(name):
    words = as_meant(["design.n=10,20", f"hydra.sweep.dir={name}", f"data={name}"], sweep=True)
    assert values(words[1:]) == [name, name]


def test_names_reach_the_configuration_and_every_cell_of_a_sweep_as_they_were_typed():
    name = "O'Brien, \\ Müller (2026)\\"
    composed = compose.compose(
        as_meant([f"data={name}", f"run.store={name}", f"hydra.run.dir={name}"], sweep=False)
    )
    assert (composed.values["data"], composed.values["run"]["store"], str(composed.run_folder)) == (name,) * 3
    name = name.replace(",", "")
    for cell in compose.sweep_cells(as_meant(["design.n=10,20", f"hydra.sweep.dir={name}"], sweep=True)):
        assert str(compose.compose(cell).sweep_folder) == name


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
    composed = compose.compose(words).values
    assert composed["design"]["name"] == "Müller (A), <b>"
    assert composed["effect"]["name"] == "7"


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
