"""--help is true: its defaults and choices are those of conf/."""

import re

from sim.cli.help import help_text
from sim.config.compose import TASKS, load
from sim.config.location import conf_folder


def setting(key):
    text = re.sub(r"\n {20,}", " ", help_text())
    return re.search(rf"^  {re.escape(key)}\s+(.*); default (.*)$", text, re.M)


def test_every_task_is_explained():
    assert re.findall(r"^  task=(\w+)", help_text(), re.M) == list(TASKS)


def test_defaults_are_the_configuration_s():
    config = load()
    assert setting("design.n")[2] == str(config.design.n)
    assert setting("run.trials")[2] == str(config.run.trials)
    assert setting("run.seed")[2] == str(config.run.seed)
    assert setting("run.workers")[2] == "null"
    assert setting("protocol.ln_lab_rule")[2] == config.protocol.ln_lab_rule
    assert setting("taper")[2] == "mandated"
    assert setting("design.alpha")[2] == "[0.05,0.1]"
    assert setting("design.benchmarks.P1.null_rate")[2] == str(config.design.benchmarks.P1.null_rate)
    assert setting("hydra.run.dir")[2] == "outputs/DATE/TIME"


def test_the_choices_named_exist_and_all_of_them_are_named():
    for group in ("effect", "taper"):
        shipped = {path.stem for path in (conf_folder() / group).glob("*.yaml")}
        assert shipped <= set(re.findall(r"\w+", setting(group)[1])), group


def test_the_examples_compose():
    from sim.config.compose import sweep_cells

    for line in re.findall(r"^  python -m sim(.*)$", help_text(), re.M):
        words = line.split()
        cells = sweep_cells(words[1:]) if words[:1] == ["-m"] else [tuple(words)]
        assert all(load(cell) for cell in cells)
