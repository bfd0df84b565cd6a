"""Safety against theory: a hazard that is known must come back as events over years."""

import math

import pytest

from sim.config.compose import load
from sim.endpoints import safety_rates
from sim.pipeline import cohort_chunk

RATE = 4.0  # serious events that are no infections, a year


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_constant_hazard_is_the_rate_of_safety(dropout: float) -> None:
    """Years of observation must end where events do, however long ago the last visit was.

    Some 1,600 events with many leaving: four standard errors are 10 %. Years that end with the last visit before
    somebody leaves make the rate 16 % too high.
    """
    words = ["effect=neutral", "protocol.ln_lab_rule=ANY2", f"disease.clocks.adverse_event={RATE}"]
    outcomes = cohort_chunk(load([*words, f"disease.clocks.dropout={dropout}"]), range(30))["endpoints"]
    totals = safety_rates.totals(outcomes)
    events = totals["serious_adverse_event"] - totals["serious_infection"]
    expected = RATE * totals["person_years"]
    assert events > 1500
    assert abs(events - expected) < 4 * math.sqrt(expected)
