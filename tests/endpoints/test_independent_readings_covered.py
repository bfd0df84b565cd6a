"""The twin knows every alternative of the analysis that docs/decisions.md names: none may slip in without it."""

import re
from pathlib import Path

import yaml

from tests.endpoints.test_independent_endpoints import NAMES, OTHER_NAMES
from tests.independent.flare_readings import FLARE_OPTIONS

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions.md"
KEY = re.compile(r"^Key: `analysis\.(\w+)`; default `([^`]+)`; alternatives (.+)\.$", re.MULTILINE)
OF_FLARES = {
    **{"proteinuric_flare": "proteinuric", "upcr_nadir": "nadir", "renal_flare_date": "dated"},
    **{"extrarenal_flare_new_b": "extrarenal_new_b", "sustained_renal_event": "sustained"},
    **{"hematologic_best": "hematologic_best", "hematologic_fall_needed": "hematologic_fall_needed"},
    "hematologic_flare_confirmed": "hematologic_confirmed",
}
OF_THE_FLARE_INDEX = {
    **{"flare_index": {"modified", "original"}, "sfi_requires_recognition": {True, False}},
    "sfi_use_medication": {True, False},
}


def known() -> dict[str, set[object]]:
    """By key of the analysis, the values that the twin was compared under."""
    found: dict[str, set[object]] = dict(OF_THE_FLARE_INDEX)
    for values in (NAMES | OTHER_NAMES).values():
        for changes in values.values():
            for key, value in changes.items():
                found.setdefault(key, set()).add(value)
    return found | {key: set(FLARE_OPTIONS[name]) for key, name in OF_FLARES.items()}


def test_every_alternative_has_a_twin() -> None:
    compared, keys = known(), KEY.findall(DECISIONS.read_text(encoding="utf-8"))
    assert len(keys) > 25
    for key, default, others in keys:
        values = {yaml.safe_load(value) for value in (default, *re.findall(r"`([^`]+)`", others))}
        assert values <= compared.get(key, set()), key
