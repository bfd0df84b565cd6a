"""The visit SCR of a data set is the last sample of screening, on the day that the protocol has for it."""

import numpy as np
import pytest

from sim import pipeline
from sim.config.compose import load
from sim.core.columns import TABLES

OVERRIDES = (
    *("task=cohort", "effect=none", "protocol.follow_up=week_24", "protocol.ln_lab_rule=ANY2"),
    *("protocol.sample_days_LN=[-35,-28,-14]", "protocol.sample_day_LC=-10"),
)
MEASURED = (
    *("serum_creatinine", "upcr", "urine_rbc", "urine_wbc", "cellular_casts", "hemoglobin", "reticulocytes"),
    *("wbc", "neutrophils", "lymphocytes", "platelets", "c3", "c4", "anti_dsdna", "prednisone_dose"),
)


@pytest.fixture(scope="module")
def tables():
    return pipeline.cohort_chunk(load(OVERRIDES), range(2))


def test_it_is_the_sample_that_screening_judged(tables):
    candidates, visits = tables["candidates"], tables["visits"]
    enrolled = candidates.where(~np.isnan(candidates["subject"]))
    enrolled = enrolled.where(np.lexsort((enrolled["subject"], enrolled["trial"])))
    screening = visits.where(visits["visit"] == "SCR")
    assert screening["subject"].tolist() == enrolled["subject"].tolist() == list(range(10)) * 2
    expected = np.where(enrolled["subgroup"] == "LN", -14.0, -10.0)
    np.testing.assert_array_equal(screening["day"], expected)
    np.testing.assert_array_equal(screening["planned_day"], expected)
    for name in MEASURED:
        np.testing.assert_array_equal(screening[name], enrolled[name], name)


def test_white_cells_are_recorded_to_a_hundredth(tables):
    for name in ("candidates", "visits"):
        recorded = tables[name]["wbc"]
        recorded = recorded[~np.isnan(recorded)]
        np.testing.assert_array_equal(recorded, recorded.round(2))


def test_columns_stand_in_the_order_of_the_dictionary(tables):
    for name, table in tables.items():
        described = [column for column in TABLES[name] if column in table]
        assert list(table)[: len(described)] == described, name
