"""docs/decisions.md against conf/ and the catalogues: each reading is explained, and its key does what it says.

A reading's section is headed by its id, and each of its keys stands on a line of its own:
    Key: `group.name`; default `value`; alternatives `value`, `value`.
"""

import copy
import re
from pathlib import Path

import pytest
import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser

from sim.config.compose import load
from sim.config.config import configure, parts
from sim.config.location import conf_folder
from sim.endpoints.catalogue import ENDPOINTS
from sim.screening.catalogue import CRITERIA

TEXT = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")
READINGS = dict(re.findall(r"^### (X\d\d) .*\n((?:(?!#).*\n?)*)", TEXT, re.MULTILINE))
DECISIONS = re.findall(r"^- \*\*(D\d\d)\*\*", TEXT, re.MULTILINE)
KEY = re.compile(r"^Key: `([^`]+)`; default `([^`]*)`(?:; alternatives ((?:`[^`]+`(?:, )?)+))?\.", re.MULTILINE)
KEYS = [(*found, reading) for reading, body in READINGS.items() for found in KEY.findall(body)]
GROUPS = "analysis|protocol|design|taper|disease|effect|observation|population|run"
QUOTED = sorted(set(re.findall(rf"`((?:{GROUPS})\.[A-Za-z0-9_.]+)`", TEXT)))


@pytest.fixture(scope="module")
def shipped():
    return parts(load(["effect=neutral"]))


def value_of(values, key):
    for name in key.split("."):
        values = values[name]
    return values


ALTERNATIVES = [
    pytest.param(key, value, id=f"{reading}-{key}={value}")
    for key, _, listed, reading in KEYS
    for value in re.findall(r"`([^`]+)`", listed)
]


def test_all_41_readings_have_a_section():
    assert list(READINGS) == [f"X{number:02d}" for number in range(1, 42)]


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_has_a_key_or_says_why_not(reading):
    body = READINGS[reading]
    assert KEY.search(body) or re.search(r"^No key: \S", body, re.MULTILINE)
    assert len(KEY.findall(body)) == body.count("Key: `")


@pytest.mark.parametrize(("key", "default"), sorted({found[:2] for found in KEYS}))
def test_the_default_is_that_of_conf(shipped, key, default):
    assert value_of(shipped, key) == yaml.safe_load(default)


@pytest.mark.parametrize(("key", "value"), ALTERNATIVES)
def test_an_alternative_is_accepted_and_is_another(shipped, key, value):
    changed = copy.deepcopy(shipped)
    folder, _, name = key.rpartition(".")
    value_of(changed, folder)[name] = OverridesParser.create().parse_override(f"{key}={value}").value()
    assert value_of(parts(configure(changed)), key) != value_of(shipped, key)


@pytest.mark.parametrize("key", QUOTED)
def test_every_key_that_is_quoted_exists(shipped, key):
    value_of(shipped, key)


def test_every_reading_of_a_catalogue_or_of_conf_is_explained():
    cited = {reading for entry in (*CRITERIA, *ENDPOINTS) for reading in entry.readings}
    for path in conf_folder().rglob("*.yaml"):
        cited |= set(re.findall(r"\bX\d\d\b", path.read_text(encoding="utf-8")))
    assert cited <= set(READINGS)


def test_decisions_are_numbered_in_order():
    assert sorted(set(DECISIONS)) == DECISIONS
    assert DECISIONS
