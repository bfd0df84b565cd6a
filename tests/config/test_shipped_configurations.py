"""Every file of conf/ composes, builds, says unit and source of each number, and avoids YAML's traps."""

import re

import pytest
import yaml

from sim.config import compose, config
from sim.config.location import conf_folder

GROUPS = (
    "task",
    "design",
    "protocol",
    "taper",
    "population",
    "disease",
    "effect",
    "observation",
    "analysis",
    "null_readings",
    "priors",
    "prediction",
    "question",
    "run",
    "report",
)
CHOICES = sorted(
    (path.parent.name, path.stem) for path in conf_folder().glob("*/*.yaml") if path.parent.name != "experiment"
)
FILES = sorted(conf_folder().rglob("*.yaml"))
LEAF = re.compile(r"^\s*(?:- )?(?P<key>[^\s#:][^#:]*):\s+(?P<value>[^#\s][^#]*?)\s*(?:#\s*(?P<comment>.*))?$")


def named(path):
    return path.relative_to(conf_folder()).as_posix()


def test_every_group_has_a_folder():
    assert {group for group, _ in CHOICES} == set(GROUPS)


@pytest.mark.parametrize(("group", "name"), CHOICES, ids=lambda value: value)
def test_every_shipped_choice_composes_and_builds(group, name):
    built = compose.load([f"{group}={name}"])
    assert isinstance(built, config.Config)


@pytest.mark.parametrize("name", sorted(path.stem for path in conf_folder().glob("experiment/*.yaml")))
def test_every_experiment_composes_and_builds(name):
    assert compose.load([f"experiment={name}"]) != compose.load()


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_leaf_states_unit_and_source(path):
    bare = []
    in_defaults = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line and not line[0].isspace():
            in_defaults = line.startswith(("defaults:", "hydra:"))
        found = LEAF.match(line)
        if found is None or in_defaults or line.lstrip().startswith("#") or found["key"] in ("name", "kind"):
            continue
        unit, bar, source = (found["comment"] or "").partition("|")
        if not (unit.strip() and bar and source.strip()):
            bare.append(f"{number}: {line.strip()}")
    assert not bare, "\n".join(bare)


def scalars(node, place=""):
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(value, f"{place}.{key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from scalars(value, place)
    else:
        yield place, node


@pytest.mark.parametrize("path", FILES, ids=named)
def test_no_scalar_falls_into_a_yaml_trap(path):
    # YAML 1.1 reads NO as false, 12:30 as 750 and 0123 as 83.
    for place, node in scalars(yaml.compose(path.read_text(encoding="utf-8"))):
        if node.style is None and node.tag.endswith(":bool"):
            assert node.value in ("true", "false"), f"{place}: {node.value}"
        if node.style is None and node.tag.endswith((":int", ":float")):
            assert re.fullmatch(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", node.value), f"{place}: {node.value}"


def test_the_default_is_power_of_every_effect_on_ten_patients():
    built = compose.load()
    assert built.task == "power"
    assert built.design.n == 10
    assert [effect.name for effect in built.effects] == ["none", "pessimistic", "neutral", "optimistic"]


def test_each_effect_in_every_equals_the_effect_chosen_alone():
    for effect in compose.load().effects:
        assert compose.load([f"effect={effect.name}"]).effects == (effect,)


def test_none_differs_from_neutral_in_the_responders_alone():
    none, neutral = (config.parts(compose.load([f"effect={name}"]))["effect"] for name in ("none", "neutral"))
    assert {key for key in none if none[key] != neutral[key]} == {"name", "p_responder"}
    assert none["p_responder"] == 0.0
