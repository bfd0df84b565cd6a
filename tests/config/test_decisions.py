"""docs/decisions.md against conf/ and the catalogues: each reading is explained, and its key does what it says.

A reading's section is headed by its id, and each of its keys stands on a line of its own:
    Key: `group.name`; default `value`; alternatives `value`, `value`.
A reading that we see and that has no value of its own says so, with the reason:
    Not offered: the reading; the reason.
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
from sim.config.readings import READINGS as KEYS_OF
from sim.endpoints.catalogue import ENDPOINTS
from sim.screening.catalogue import CRITERIA

TEXT = (Path(__file__).parents[2] / "docs" / "decisions.md").read_text(encoding="utf-8")
READINGS = dict(re.findall(r"^### (X\d\d) .*\n((?:(?!#).*\n?)*)", TEXT, re.MULTILINE))
DECISIONS = re.findall(r"^- \*\*(D\d\d)\*\*", TEXT, re.MULTILINE)
KEY = re.compile(r"^Key: `([^`]+)`; default `([^`]*)`(?:; alternatives ((?:`[^`]+`(?:, )?)+))?\.", re.MULTILINE)
KEYS = [(*found, reading) for reading, body in READINGS.items() for found in KEY.findall(body)]
NOT_OFFERED = re.compile(r"^Not offered: ([^;\n]+); (\S[^\n]{20,})\.$", re.MULTILINE)
GROUPS = "analysis|protocol|design|taper|disease|effect|observation|population|run"
QUOTED = sorted(set(re.findall(rf"`((?:{GROUPS})\.[A-Za-z0-9_.]+)`", TEXT)))


@pytest.fixture(scope="module")
def shipped():
    return parts(load(["effect=neutral"]))


def value_of(values, key):
    for name in key.split("."):
        values = values[name]
    return values


# Every reading of each ambiguous sentence beside the default: the value that chooses it, or words of the line that
# says why none does.
SEEN = {
    "X01": ["neutrophil_increase=billions_per_liter"],
    "X02": ["lineages=all_qualifying", "lineages=any"],
    "X03": ["hematologic_duration=eight_weeks", "hematologic_duration=any_time"],
    "X04": ["ongoing_treatment=no_increase_for_flare", "without any drug", "without immunosuppressants"],
    "X05": [
        "lymphopenia_only=excluded",
        "lymphopenia_only=doubled",
        'lymphopenia_counts="yes"',
        "lymphopenia_counts=no",
    ],
    "X06": ["lineage_rule=white_both"],
    "X07": ["reticulocyte_min=2.0", "absolute count"],
    "X08": ["ln_lab_rule=ANY2", "ln_lab_rule=PROT_ANY"],
    "X09": ["casts_scope=everything"],
    "X10": ["ln_lab_samples=1", "sample_days_LN=[-42,-28,-14]"],
    "X11": ["ln_labs_and_biopsy=either"],
    "X12": ["biopsy_classes=[III,IV-S,IV-G]", "biopsy_max_age_days=182", "active lesions in class V"],
    "X13": ["serology_rule=and"],
    "X14": ["refractory_rule=and", "number of days"],
    "X15": ["other_immunosuppressants=true", "regimen_min_days=84", "whole of a sequence"],
    "X16": ["slicc_standalone=true"],
    "X17": ["subgroup_assignment=both", "counted as nephritis"],
    "X18": ["allergy_rule=any"],
    "X19": ["biologic_rule=investigational", "biologic_rule=any"],
    "X20": ["ivig_rule=current"],
    "X21": ["lowest_responder_index=sri_5"],
    "X22": ["sledai_population=all"],
    "X23": ["renal_precedence=as_written"],
    "X24": ["egfr_decrease=single"],
    "X25": ["steroid_excess=consecutive_7", "steroid_excess=aurora"],
    "X26": ["steroid_days=visits", "steroid_grace_days=3"],
    "X27": ["maintained_days=visits"],
    "X28": ["low_dose_at_baseline=excluded"],
    "X29": ["creatinine_excretion=1.2", "24-hour collection"],
    "X30": ["urine_sediment=red_cells", "remission=confirmed"],
    "X31": ["nothing to choose"],
    "X32": ["counted_from=first_infusion"],
    "X33": ["follow-up"],
    "X34": ["follow-up"],
    "X35": ["flare_index=original", "sfi_requires_recognition=false", "sfi_use_medication=false"],
    "X36": [
        "proteinuric_flare=multiples",
        "proteinuric_flare=response_only",
        "sustained_renal_event=any_later",
        "renal_flare_date=confirmation",
        "extrarenal_flare_new_b=3",
        "hematologic_flare_confirmed=false",
    ],
    "X37": ["lldas_new_activity=flare"],
    "X38": ["classic index"],
    "X39": ["donor_min_age=0"],
    "X40": ["n_LN=3", "composition=random", "p_LN=0.7"],
    "X41": ["second_infusion=withheld_after_rescue", "second_infusion=withheld_after_flare"],
}
ALTERNATIVES = [
    pytest.param(key, value, id=f"{reading}-{key}={value}")
    for key, _, listed, reading in KEYS
    for value in re.findall(r"`([^`]+)`", listed)
]


def test_all_41_readings_have_a_section():
    assert list(READINGS) == [f"X{number:02d}" for number in range(1, 42)]


@pytest.mark.parametrize("reading", READINGS)
def test_a_reading_has_keys_with_alternatives_or_says_why_not(reading):
    body = READINGS[reading]
    keys = KEY.findall(body)
    assert len(keys) == body.count("Key: `")
    assert all(alternatives for _, _, alternatives in keys)
    assert bool(keys) != bool(re.search(r"^No key: \S.{10,}", body, re.MULTILINE))
    assert len(NOT_OFFERED.findall(body)) == body.count("Not offered:")
    assert tuple(key for key, _, _ in keys) == KEYS_OF[reading]


@pytest.mark.parametrize("reading", READINGS)
def test_every_reading_that_is_seen_can_be_chosen_or_has_a_reason(reading):
    values = {
        f"{key.rpartition('.')[2]}={value}"
        for key, _, listed in KEY.findall(READINGS[reading])
        for value in re.findall(r"`([^`]+)`", listed)
    }
    why_not = re.findall(r"^(?:Not offered|No key): (.+)$", READINGS[reading], re.MULTILINE)
    for seen in SEEN[reading]:
        assert seen in values or any(seen in line for line in why_not), seen
    assert len(why_not) >= len([seen for seen in SEEN[reading] if "=" not in seen])


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


def test_no_two_decisions_share_a_number():
    assert len(DECISIONS) >= 50
    assert len(set(DECISIONS)) == len(DECISIONS)
