"""Readings and thresholds that must be refused, each with its key and what is allowed."""

from pathlib import Path

import pytest
import yaml

from sim.config.build import build
from sim.config.protocol import Protocol
from sim.core.errors import InputError

CONF = Path(__file__).resolve().parents[2] / "conf" / "protocol" / "nct04835883.yaml"

REFUSED = [
    ({"ln_lab_rule": "ALL"}, "protocol.ln_lab_rule: 'ALL' is not allowed; it must be one of ALL3, ANY2, PROT_ANY"),
    ({"casts_scope": "all"}, "protocol.casts_scope: 'all' is not allowed; it must be one of sediment, everything"),
    ({"lymphopenia_counts": True}, "protocol.lymphopenia_counts: True is not allowed"),
    ({"ln_lab_samples": 2}, "protocol.ln_lab_samples: 2 is not a reading"),
    ({"age_min": 71.0}, "protocol.age_min: 71 is above age_max 70"),
    ({"donor_min_age": 70.0}, "protocol.donor_min_age: 70 is not below"),
    ({"creatinine_above": 260.0}, "protocol.creatinine_above: 260 is not below"),
    ({"biopsy_classes": ["II"]}, "protocol.biopsy_classes"),
    ({"regimen_min_dose": {"tacrolimus": 3.0}}, "protocol.regimen_min_dose.azathioprine: missing"),
    ({"screening_days": 14}, "protocol.screening_days: 14 is too short"),
    ({"sample_days_LN": [-7, -14, -21]}, "protocol.sample_days_LN"),
    ({"use_kct": False}, "protocol.use_kct: unknown key"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_an_impossible_protocol_is_refused(change, message):
    values = yaml.safe_load(CONF.read_text(encoding="utf-8")) | change
    with pytest.raises(InputError) as caught:
        build(Protocol, values, "protocol")
    assert any(problem.startswith(message) for problem in caught.value.problems), caught.value.problems


def test_every_leaf_of_the_shipped_file_has_unit_and_source():
    for line in CONF.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#") and not line.rstrip().endswith(":"):
            unit, bar, source = line.partition("  # ")[2].partition(" | ")
            assert unit, line
            assert bar, line
            assert source.strip(), line
