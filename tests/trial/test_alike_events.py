"""Two events of one day in one patient are two rows that can be told apart (D170)."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.core.tables import rows_of, table_of
from sim.endpoints.safety_rates import totals
from sim.trial.tables import told_apart

EVENT = {"row": 0, "day": 5, "kind": "infection", "severity": "mild", "domain": "", "detail": "not serious"}


def test_the_second_and_third_alike_say_so():
    others = [{"row": 1}, {"day": 6}, {"kind": "adverse_event"}, {"severity": "moderate"}, {"detail": "serious"}]
    events = table_of([EVENT, *(EVENT | other for other in others), EVENT, EVENT | {"row": 1}, EVENT])
    found = told_apart(events)
    assert found["detail"].tolist() == [
        *["not serious"] * 5,
        "serious",
        "not serious; number 2 of the day",
        "not serious; number 2 of the day",
        "not serious; number 3 of the day",
    ]
    for name in set(events) - {"detail"}:
        np.testing.assert_array_equal(found[name], events[name])


def test_nothing_is_nothing():
    nothing = table_of([EVENT]).where(slice(0))
    assert told_apart(nothing).length == 0


@pytest.fixture(scope="module")
def ill():
    """A trial in which infections are so frequent that many fall on one day."""
    return pipeline.cohort_chunk(
        load(["task=cohort", "effect=none", "disease.clocks.mild_infection=60", "protocol.follow_up=week_24"]),
        range(1),
    )


def test_a_cohort_holds_no_row_twice_and_counts_every_infection(ill):
    rows = [tuple(row.values()) for row in rows_of(ill["events"])]
    assert len(set(rows)) == len(rows)
    again = [row for row in rows_of(ill["events"]) if "of the day" in row["detail"]]
    assert len(again) > 10
    assert {row["kind"] for row in again} == {"infection"}
    infections = int((ill["events"]["kind"] == "infection").sum())
    assert totals(ill["endpoints"])["infection"] == infections
