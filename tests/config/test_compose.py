"""What the command line may say, and what is answered where it may not."""

import re

import pytest

from sim.config import compose
from sim.config.location import conf_folder
from sim.core.errors import InputError


def problems(*overrides):
    with pytest.raises(InputError) as caught:
        compose.load(list(overrides))
    return caught.value.problems


@pytest.mark.parametrize(
    ("override", "place", "remedy"),
    [
        ("design.n=0", "design.n", "whole number from 1"),
        ("run.trials=1e3", "run.trials", "a whole number"),
        ("run.trials=ten", "run.trials", "a whole number"),
        ("run.trials=null", "run.trials", "null"),
        ("run.seed=-1", "run.seed", "from 0"),
        ("run.seed=9223372036854775808", "run.seed", "to 9223372036854775807"),
        ("run.engine=fast", "run.engine", "auto, batch, simpy"),
        ("run.trals=3", "run.trals", "did you mean run.trials?"),
        ("n=12", "n", "did you mean design.n?"),
        ("alpha=0.1", "alpha", "did you mean design.alpha"),
        ("design.alpha=0.025", "design.alpha", "must be a list; write 'design.alpha=[0.025]'"),
        ("analysis.endpoints=P1", "analysis.endpoints", "write 'analysis.endpoints=[P1]'"),
        ("design.benchmarks.P1=0.4", "design.benchmarks.P1", "set the keys below it: null_rate, LN, LC"),
        ("run.trials=1e4", "run.trials", "a whole number; write run.trials=10000"),
        ("+run.x=3", "run.x", "allowed: chunk, engine"),
        ("++nonsense=3", "nonsense", "allowed"),
        ("~run.trials", "run.trials", "missing"),
        ("effect=nutral", "effect=nutral", "did you mean neutral?"),
        ("effect=foo", "effect=foo", "available: every, neutral, none, optimistic, pessimistic"),
        ("taper=fast", "taper=fast", "mandated"),
        ("experiment=foo", "experiment=foo", "quick"),
        ("task=banana", "task=banana", "available: "),
        ("task=feasibility", "task=feasibility", "not built yet; available: power, cohort, endpoints, protocol"),
        ("task=validate", "task=validate", "not built yet"),
        ("run=3", "run=3", "by name"),
        ("run.trials", "run.trials", "KEY=VALUE"),
        ("run.trials=[1", "run.trials=[1", "KEY=VALUE"),
        ("run.trials=1,2", "run.trials=1,2", "add -m"),
        ("run.trials=${nowhere}", "run.trials", "nowhere"),
        ("effect.p_responder=0.5", "effect.p_responder", "effect.scenarios.NAME.p_responder"),
        ("effect.scenarios.neutral.p_responder=1.5", "effect.scenarios.neutral.p_responder", "0 to 1"),
        ("effect.scenarios.none.p_responder=0.5", "effect.p_responder", "must be 0"),
    ],
)
def test_one_wrong_word_gives_one_message_with_place_and_remedy(override, place, remedy):
    found = problems(override)
    assert len(found) == 1, found
    assert found[0].startswith(place)
    assert remedy in found[0]


def test_everything_wrong_is_said_at_once():
    found = problems("design.n=0", "effect=foo", "run.trals=1", "+task2=1", "run.seed=-1", "protocol=x")
    assert len(found) == 6
    for place in ("design.n:", "effect=foo:", "run.trals:", "task2:", "run.seed:", "protocol=x:"):
        assert sum(line.startswith(place) for line in found) == 1


def test_quotas_that_do_not_add_up_are_refused():
    (found,) = problems("design.n_LN=3", "design.n_LC=3")
    assert "design.n_LN" in found
    assert "6" in found
    assert "10" in found


def test_a_later_task_is_named_alone_even_with_keys_that_only_it_knows():
    assert len(problems("task=feasibility", "chairs=2")) == 1


def test_the_name_of_an_effect_stands_once():
    (found,) = problems("effect.scenarios.neutral.name=optimistic")
    assert "'optimistic' stands 2 times" in found


def test_a_further_folder_adds_choices_and_conf_stays_first(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "night.yaml").write_text("defaults: [default]\ntrials: 7\n")
    (tmp_path / "run" / "default.yaml").write_text("trials: 8\n")
    assert compose.load(["run=night"], str(tmp_path)).run.trials == 7
    assert compose.load([], str(tmp_path)).run.trials == 2000


def test_conf_is_found_beside_the_package_in_a_checkout():
    assert (conf_folder() / "config.yaml").is_file()


def test_cells_of_a_sweep_are_every_combination_with_the_last_key_fastest():
    cells = compose.sweep_cells(["effect=none,neutral", "run.trials=5", "design.n=10,20"])
    assert cells == [
        ("effect=none", "run.trials=5", "design.n=10"),
        ("effect=none", "run.trials=5", "design.n=20"),
        ("effect=neutral", "run.trials=5", "design.n=10"),
        ("effect=neutral", "run.trials=5", "design.n=20"),
    ]
    assert compose.swept_values(cells)[2] == {"effect": "neutral", "design.n": "10"}


def test_a_range_and_a_list_value_are_swept_or_kept_as_hydra_reads_them():
    cells = compose.sweep_cells(["run.seed=range(1,4)", "design.alpha=[0.05,0.1]"])
    assert [cell[0] for cell in cells] == ["run.seed=1", "run.seed=2", "run.seed=3"]
    assert {cell[1] for cell in cells} == {"design.alpha=[0.05,0.1]"}


def test_sweeps_of_a_configuration_file_are_included(tmp_path):
    (tmp_path / "experiment").mkdir()
    text = "# @package _global_\nhydra:\n  sweeper:\n    params:\n      design.n: 10,20\n"
    (tmp_path / "experiment" / "sizes.yaml").write_text(text)
    cells = compose.sweep_cells(["experiment=sizes"], str(tmp_path))
    assert [compose.load(cell, str(tmp_path)).design.n for cell in cells] == [10, 20]


def test_a_sweep_that_cannot_be_read_is_refused():
    with pytest.raises(InputError, match="KEY=VALUE"):
        compose.sweep_cells(["design.n=[1,2"])


@pytest.mark.parametrize(
    "words",
    [
        ["design.n=12"],
        ["taper=t24", "taper.skip=0.1", "design.alpha=[0.01,0.05]"],
        ["effect=neutral", "effect.name='a b'", "design.n_LN=null", "protocol.lymphopenia_counts='yes'"],
        ["analysis.endpoints=[P1,P3]", "disease.flares.rate.renal.severe=1"],
        ["observation.pga.sd=1e-1", "run.progress=false", "design.name=no"],
        ["design.benchmarks.P1={null_rate:0.4,LN:null,LC:null,low:0.2,high:0.6,assumed:true}"],
    ],
)
def test_values_set_in_kept_files_are_those_that_hydra_sets(words, monkeypatch):
    quick = compose.compose(words)
    monkeypatch.setattr(compose, "_VALUE", re.compile(r"(?!)"))
    whole = compose.compose(words)
    assert whole.values == quick.values
    assert all(type(value) is type(whole.values[key]) for key, value in quick.values.items())


def test_what_one_composition_sets_does_not_reach_the_next():
    compose.compose(["design.n=12", "taper.skip=0.5"])
    assert compose.load(["effect=neutral"]).design.n == 10
    assert compose.load(["run.trials=5"]).taper.skip == compose.load().taper.skip
