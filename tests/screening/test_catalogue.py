"""The catalogue is complete, in order, and means what the code does."""

import inspect

from sim.core.columns import TABLES
from sim.screening.catalogue import CRITERIA, EVALUATION_ORDER
from sim.screening.rules import RULES

IDS = [
    "I0a",
    "I0b",
    "I0",
    "I1",
    "I2a",
    "I2b",
    "I2",
    "I3",
    "I4a",
    "I4b",
    "I4",
    "I5_1E",
    "I5_1N",
    "I5_1L",
    "I5_1P",
    "I5_1",
    "I5_2a",
    "I5_2b",
    "I5_2",
    "I5",
    "E1",
    "E2a",
    "E2b",
    "E2c",
    "E2d",
    "E2e",
    "E2f",
    "E2g",
    "E2",
    "E3",
    "E4",
    "E5",
    "E6",
    "E7",
    "E8",
]


def test_criteria_are_those_of_the_protocol_in_its_order():
    assert [criterion.id for criterion in CRITERIA] == IDS


def test_parts_stand_before_what_reads_them():
    seen = set()
    for criterion in CRITERIA:
        assert all(name in seen for name in criterion.reads if name in IDS)
        seen.add(criterion.id)


def test_arguments_are_columns_then_settings():
    for criterion in CRITERIA:
        parameters = list(inspect.signature(criterion.function).parameters)
        assert len(parameters) == len(criterion.reads) + len(criterion.settings)
        assert tuple(parameters[len(criterion.reads) :]) == criterion.settings
        assert all(name in (RULES.names or ()) for name in criterion.settings)


def test_columns_read_are_columns_of_candidates():
    columns = set(TABLES["candidates"]) | {"female"}
    for criterion in CRITERIA:
        assert all(name in columns for name in criterion.reads)


def test_top_level_criteria_are_the_order_of_evaluation():
    top = [criterion.id for criterion in CRITERIA if criterion.kind != "part"]
    assert sorted(top) == sorted(EVALUATION_ORDER)
    assert all(c.kind == ("inclusion" if c.id[0] == "I" else "exclusion") for c in CRITERIA if c.kind != "part")
