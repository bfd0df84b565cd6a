"""The digest knows what moves numbers, and nothing else."""

import pytest
import yaml

from sim.config.compose import load
from sim.config.config import canonical_yaml, configure, digest, parts


def of(*overrides):
    return digest(parts(load(list(overrides))))


@pytest.mark.parametrize("override", ["run.workers=3", "run.chunk=7", "run.engine=simpy", "run.progress=false"])
def test_how_it_is_computed_leaves_the_digest(override):
    assert of(override) == of()


@pytest.mark.parametrize(
    "override",
    ["run.seed=1", "run.trials=3", "design.n=11", "effect=none", "taper=t24", "task=cohort", "design.alpha=[0.1]"],
)
def test_whatever_moves_a_number_changes_the_digest(override):
    assert of(override) != of()


def test_two_ways_of_writing_a_number_have_one_digest():
    assert of("design.p_LN=5e-1", "design.arrivals_per_week=1") == of("design.p_LN=0.50")


@pytest.mark.parametrize("overrides", [[], ["effect=neutral"], ["task=cohort", "effect=none"]])
def test_the_plain_values_make_the_same_configuration_again(overrides):
    built = load(overrides)
    assert configure(parts(built)) == built


def test_canonical_yaml_does_not_know_the_order_of_keys():
    assert canonical_yaml({"b": 1, "a": {"d": [1.0], "c": None}}) == canonical_yaml(
        {"a": {"c": None, "d": [1.0]}, "b": 1}
    )


@pytest.mark.parametrize(
    "word", ["1e3", "1.5", "-3", ".inf", "nan", "yes", "no", "null", "a: b", "1_000", "é", "~", "0x1f"]
)
def test_the_canonical_text_is_read_back_as_it_was(word):
    from omegaconf import OmegaConf

    values = parts(load(["effect=every"]))
    values["design"]["name"] = word
    text = canonical_yaml(values)
    assert OmegaConf.to_container(OmegaConf.create(text)) == values
    assert yaml.safe_load(text) == values
